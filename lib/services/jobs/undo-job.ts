import { formatPlural } from '@/lib/format/numbers';
import { createJob, type NewItem } from '@/lib/jobs/create';
import { countItems, eachItem } from '@/lib/jobs/rows';
import type { Job, JobItem } from '@/lib/jobs/types';
import { isRecord } from '@/lib/mirror/resource';
import { type AppFacts, appOf, buildNames, groupsOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';
import { creatorOf } from '../imports/service';
import { type TesterPayload, testerPayload } from '../job-steps/tester-payload';
import { titleOf } from '../testers/bulk';
import { type BulkConsequences, consequencesOf } from '../testers/bulk-consequences';
import type { BulkKind } from '../testers/bulk-kinds';
import { loadTesters, testerLabel } from '../testers/selection';
import { IMPORT, INVERSE, isJobUndoable, undoneJobs } from './undoable';

/** What taking a job back would do. */
export interface UndoPreview extends BulkConsequences {
  /** What the job that does it is called. */
  readonly title: string;
  readonly count: number;
}

/** Says whom the opposite of a job would touch and what they lose; nothing is sent. @throws as {@link undoJob} */
export async function previewUndo(ctx: Ctx, job: Job): Promise<UndoPreview> {
  const { app, kind, title, people, way } = await planUndo(ctx, job);
  const groups = await groupsOf(ctx, app);
  const targets = [...new Set(people.flatMap(({ targetIds }) => targetIds))];
  const each = await Promise.all(
    targets.map((id) =>
      consequencesOf(
        ctx,
        app,
        { kind, ...(way === 'groupIds' ? { groupId: id } : { buildId: id }) },
        people.filter(({ targetIds }) => targetIds.includes(id)).map(({ tester }) => tester),
        groups,
      ),
    ),
  );
  const untouched = job.total - people.length;
  return {
    title,
    count: people.length,
    takesAway: [...new Set(each.flatMap(({ takesAway }) => takesAway))],
    warnings: [
      ...new Set(each.flatMap(({ warnings }) => warnings)),
      ...(untouched > 0
        ? [`${formatPlural(untouched, 'row')} of the job changed nothing that could be taken back.`]
        : []),
      ...(job.kind === IMPORT ? ['Invitations that were sent cannot be called back.'] : []),
    ],
  };
}

/**
 * Queues the opposite of a job for those whom it changed, and for nobody who was so before. Gives the new job's id.
 * @throws RefusedError 409 FLIGHTDECK.NOT_UNDOABLE with the reason
 */
export async function undoJob(ctx: Ctx, job: Job): Promise<string> {
  const { app, kind, title, people, way } = await planUndo(ctx, job);
  const targets = [...new Set(people.flatMap(({ targetIds }) => targetIds))];
  const [only] = targets.length === 1 ? targets : [];
  const items: NewItem[] = people.map(({ tester, label, targetIds }) => ({
    payload: only === undefined ? { ...tester, targetIds } : tester,
    label,
  }));
  const named = only === undefined ? { [way]: targets } : { [way.slice(0, -1)]: only };
  return createJob(
    ctx.db,
    {
      kind,
      title,
      accountId: app.accountId,
      appId: app.appId,
      params: { ...named, undoes: job.id },
      ...creatorOf(ctx),
      items,
    },
    ctx.clock.now(),
  );
}

type Way = 'groupIds' | 'buildIds';

/** Somebody whom the job changed, and what is to be changed back. */
interface Person {
  readonly tester: TesterPayload;
  readonly label: string | null;
  readonly targetIds: readonly string[];
}

interface Plan {
  readonly app: AppFacts;
  readonly kind: BulkKind;
  readonly title: string;
  readonly way: Way;
  readonly people: readonly Person[];
}

const STILL_OPEN =
  'What was on its way when the job was cancelled is still being looked up at App Store Connect, and would be left out. Take the job back once its page says that nothing is being checked.';

async function planUndo(ctx: Ctx, job: Job): Promise<Plan> {
  const refuse = (reason: string) => conflict('FLIGHTDECK.NOT_UNDOABLE', reason);
  const way = wayOf(job);
  const kind = INVERSE[job.kind === IMPORT ? (way === 'groupIds' ? 'add-to-group' : 'add-build') : job.kind];
  if (kind === undefined || job.appId === null) throw refuse('There is no way back from this job.');
  if (job.finishedAt === null) throw refuse('The job is not over yet. Cancel it first.');
  const { sending, ambiguous } = await countItems(ctx.db, job.id);
  if (sending + ambiguous > 0) throw refuse(`${job.waitReason ?? ''} ${STILL_OPEN}`.trim());
  if ((await undoneJobs(ctx, [job.id])).size > 0) throw refuse('This job was taken back already.');
  if (!isJobUndoable(ctx, job)) throw refuse('The job changed nothing that you could take back.');
  const app = await appOf(ctx, job.appId, job.accountId ?? undefined);
  const changed =
    job.kind === IMPORT ? await broughtIn(ctx, app, job, way) : await changedBy(ctx, job, targetOf(job));
  const names = await namesOf(ctx, app, way, changed);
  if (changed.length > 0 && names.size === 0) {
    throw refuse(`The ${way === 'groupIds' ? 'group' : 'build'} is gone.`);
  }
  // Nobody is to be taken out of what is gone.
  const people = changed.flatMap((person) => {
    const targetIds = person.targetIds.filter((id) => names.has(id));
    return targetIds.length > 0 ? [{ ...person, targetIds }] : [];
  });
  if (people.length === 0) {
    throw refuse('Everybody was so before the job, or is so no more: there is nothing to take back.');
  }
  return { app, kind, way, people, title: titleOf(kind, people.length, together([...names.values()], way)) };
}

/** The names of the groups or builds that are still there. */
async function namesOf(
  ctx: Ctx,
  app: AppFacts,
  way: Way,
  people: readonly Person[],
): Promise<Map<string, string>> {
  const ids = [...new Set(people.flatMap(({ targetIds }) => targetIds))];
  if (way === 'buildIds') return buildNames(ctx, app, ids);
  const groups = new Map((await groupsOf(ctx, app)).map(({ id, name }) => [id, name]));
  return new Map(
    ids.flatMap((id) => {
      const name = groups.get(id);
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}

function together(names: readonly string[], way: Way): string {
  if (names.length > 3) return formatPlural(names.length, way === 'groupIds' ? 'group' : 'build');
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

function wayOf({ kind, params }: Job): Way {
  if (kind !== IMPORT) return kind.endsWith('-build') ? 'buildIds' : 'groupIds';
  return isRecord(params) && Array.isArray(params.buildIds) && params.buildIds.length > 0
    ? 'buildIds'
    : 'groupIds';
}

function targetOf({ params }: Job): string | null {
  if (!isRecord(params)) return null;
  const { groupId, buildId } = params;
  return typeof groupId === 'string' ? groupId : typeof buildId === 'string' ? buildId : null;
}

async function changedBy(ctx: Ctx, job: Job, target: string | null): Promise<Person[]> {
  const people: Person[] = [];
  for await (const item of eachItem(ctx.db, job.id, ['done'])) {
    const parsed = testerPayload.safeParse(item.payload);
    if (!parsed.success) continue;
    const targetIds = parsed.data.targetIds ?? (target === null ? [] : [target]);
    const { targetIds: _, ...before } = parsed.data;
    // Apple says nothing when somebody is added who is in already: what was so before is not to be taken away.
    const changed = targetIds.filter((id) => !wasSoBefore(job, before, id));
    if (changed.length === 0) continue;
    people.push({ tester: afterwards(job, before, changed), label: item.label, targetIds: changed });
  }
  return people;
}

/** Those whom an import gave something that they still have, by what each of its rows says it gave. */
async function broughtIn(ctx: Ctx, app: AppFacts, job: Job, way: Way): Promise<Person[]> {
  const given = new Map<string, Set<string>>();
  for await (const item of eachItem(ctx.db, job.id, ['done'])) {
    const { testerId, ids } = addedBy(item, way);
    if (testerId === null || ids.length === 0) continue;
    const all = given.get(testerId) ?? new Set();
    for (const id of ids) all.add(id);
    given.set(testerId, all);
  }
  return (await loadTesters(ctx, app, [...given.keys()])).flatMap((tester) => {
    const targetIds = tester[way].filter((id) => given.get(tester.testerId)?.has(id));
    return targetIds.length > 0 ? [{ tester, label: testerLabel(tester), targetIds: targetIds.sort() }] : [];
  });
}

function addedBy({ result }: JobItem, way: Way): { testerId: string | null; ids: readonly string[] } {
  const { testerId, added } = isRecord(result) ? result : {};
  const ids = isRecord(added) ? added[way] : undefined;
  return {
    testerId: typeof testerId === 'string' ? testerId : null,
    ids: Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [],
  };
}

/** The person with what the job gave or took. */
function afterwards(job: Job, tester: TesterPayload, ids: readonly string[]): TesterPayload {
  const way = wayOf(job);
  const changed = job.kind.startsWith('add-')
    ? [...tester[way], ...ids]
    : tester[way].filter((one) => !ids.includes(one));
  return { ...tester, [way]: changed };
}

function wasSoBefore(job: Job, tester: TesterPayload, id: string): boolean {
  return tester[wayOf(job)].includes(id) === job.kind.startsWith('add-');
}
