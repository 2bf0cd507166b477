import type { Names } from '@/lib/audit/entry';
import { appHref } from '@/lib/format/app-address';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import type { Job } from '@/lib/jobs/types';
import { isRecord } from '@/lib/mirror/resource';
import { lead, list, type Part } from './parts';

/** What a job's sentence is made of. */
export interface ToldJob {
  readonly job: Job;
  /** What its first rows called things when it was done. */
  readonly names: Names;
  /** The only thing of it, by its name. */
  readonly only: string | null;
  readonly appName: string | null;
  /** Where the app's pages are. */
  readonly home?: string | undefined;
}

type Say = (
  who: Part,
  to: readonly Part[],
  app: readonly Part[],
) => readonly [past: readonly Part[], base: readonly Part[]];

const verb =
  (
    past: string,
    base: string,
    rest: (who: Part, to: readonly Part[], app: readonly Part[]) => readonly Part[],
  ): Say =>
  (who, to, app) => [
    [`${past} `, ...rest(who, to, app)],
    [`${base} `, ...rest(who, to, app)],
  ];

const KINDS: Readonly<Record<string, Say>> = {
  'import-testers': verb('invited', 'invite', (who, to, app) => [who, ' to ', ...(to.length > 0 ? to : app)]),
  'restore-testers': verb('invited', 'invite', (who, _, app) => [
    who,
    ' to ',
    ...app,
    ' again after a removal',
  ]),
  'resend-invitations': verb('sent', 'send', (who, _, app) => [who, ' the invitation to ', ...app, ' again']),
  'add-to-group': verb('added', 'add', (who, to) => [who, ' to ', ...to]),
  'remove-from-group': verb('removed', 'remove', (who, to) => [who, ' from ', ...to]),
  'add-build': verb('gave', 'give', (who, to) => ['build ', ...to, ' to ', who]),
  'remove-build': verb('took', 'take', (who, to) => ['build ', ...to, ' from ', who]),
  'remove-from-app': verb('removed', 'remove', (who, _, app) => [who, ' from ', ...app]),
  'delete-testers': verb('deleted', 'delete', (who) => [who, ' from the team']),
  'prune-testers': verb('pruned', 'prune', (who, _, app) => [who, ' from ', ...app]),
};

/** A job in one sentence that follows who began it: “added 177 testers to ”, Hackathon. */
export function jobSentence(told: ToldJob): Part[] {
  const { job } = told;
  const target = targetOf(told);
  const app: Part[] = told.appName
    ? [{ name: told.appName, ...(job.appId ? { href: told.home ?? appHref(job.appId) } : {}) }]
    : ['the app'];
  if (job.kind === 'clone-group') return clone(told, target);
  if (job.kind === 'save-notes') return notes(job, target);
  if (job.kind === 'answer-compliance') return answered(job, target);
  if (job.kind === 'expire-builds') return expiries(job, target, app);
  if (job.kind === 'apply-programme') return applied(job, app);
  if (job.kind === 'ship') return shipped(told, target);
  const say = KINDS[job.kind];
  // A kind of another version: its own title tells it best.
  if (!say) return [{ name: job.title }];
  const isEnded = job.finishedAt !== null;
  // Nothing was carried out: what was planned is told instead.
  const count = isEnded && job.done > 0 ? job.done : planned(job);
  const who: Part = count === 1 && told.only ? { name: told.only } : formatPlural(count, 'tester');
  const [past, base] = say(who, target, app);
  const parts = isEnded
    ? job.done > 0
      ? past
      : job.skipped > 0 && job.failed === 0
        ? ['found nothing to do to ', ...base]
        : ['tried to ', ...base]
    : [job.startedAt === null ? 'is about to ' : 'began to ', ...base];
  return undoes(job) ? [...parts, ', taking a change back'] : [...parts];
}

/** What else became of it: “6 were in already, 2 were refused”. Empty when everything was carried out. */
export function jobRest(
  job: Pick<Job, 'kind' | 'total' | 'done' | 'failed' | 'skipped' | 'finishedAt' | 'params'>,
): string {
  const { total, done, failed, skipped, finishedAt, params } = job;
  if (isDryRun({ params })) return 'nothing was sent';
  const left = total - done - failed - skipped;
  const were = (count: number) => (count === 1 ? 'was' : 'were');
  return [
    ...(finishedAt === null ? [`${formatCount(done)} of ${formatCount(planned(job))} so far`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} ${were(skipped)} ${SKIPPED[job.kind] ?? 'not needed'}`] : []),
    ...(failed > 0
      ? [job.kind === 'ship' ? 'stopped' : `${formatCount(failed)} ${were(failed)} refused`]
      : []),
    ...(finishedAt !== null && left > 0
      ? [`${formatCount(left)} ${job.kind === 'ship' ? 'to come' : `${were(left)} not sent`}`]
      : []),
  ].join(', ');
}

/** What it means in each kind of job that something was not needed. */
const SKIPPED: Readonly<Record<string, string>> = {
  'add-to-group': 'in already',
  'remove-from-group': 'not in it',
  'add-build': 'given it already',
  'remove-build': 'without it',
  'import-testers': 'in already',
  'restore-testers': 'not brought back',
  'resend-invitations': 'not written to',
  'remove-from-app': 'gone already',
  'delete-testers': 'gone already',
  'prune-testers': 'kept or gone already',
  'save-notes': 'so already',
  'answer-compliance': 'answered already',
  'expire-builds': 'kept, gone or expired already',
  'apply-programme': 'so already, or left for the reason told',
  ship: 'not needed',
};

/** How many it set out to change: rows that were refused or needless from the start are none of them. */
function planned({ params, total }: Pick<Job, 'params' | 'total'>): number {
  return isRecord(params) && typeof params.planned === 'number' ? params.planned : total;
}

/** The job this one takes back, or null. */
export function undoes({ params }: Pick<Job, 'params'>): string | null {
  return isRecord(params) && typeof params.undoes === 'string' ? params.undoes : null;
}

function clone({ job, names, home = appHref(job.appId ?? '') }: ToldJob, source: readonly Part[]): Part[] {
  const name = isRecord(job.params) && typeof job.params.name === 'string' ? job.params.name : 'a group';
  const made = Object.entries(names).find(([ref, known]) => ref.startsWith('betaGroups/') && known === name);
  const href = made && job.appId ? { href: `${home}/groups/${encodeURIComponent(made[0].slice(11))}` } : {};
  const status = job.finishedAt === null ? 'pending' : job.done > 0 ? 'succeeded' : 'failed';
  return [`${lead(['cloned', 'clone'], status)} `, ...source, ' as ', { name, ...href }];
}

function notes(job: Job, builds: readonly Part[]): Part[] {
  const isEnded = job.finishedAt !== null;
  const count = isEnded && job.done > 0 ? job.done : planned(job);
  const of = [` ${formatPlural(count, 'text')} of What to Test for `, ...builds];
  if (isDryRun(job)) return ['tried without sending:', ...of];
  const status = !isEnded ? 'pending' : job.done > 0 || job.failed === 0 ? 'succeeded' : 'failed';
  if (isEnded && job.done === 0 && job.failed === 0) return ['found nothing to write:', ...of];
  return [lead(['wrote', 'write'], status), ...of];
}

function answered(job: Job, builds: readonly Part[]): Part[] {
  const of = [' the export compliance of ', ...builds];
  if (isDryRun(job)) return ['tried without sending: answering', ...of];
  const isEnded = job.finishedAt !== null;
  if (isEnded && job.done === 0 && job.failed === 0) return ['found nothing to answer:', ...of];
  const status = !isEnded ? 'pending' : job.done > 0 ? 'succeeded' : 'failed';
  return [lead(['answered', 'answer'], status), ...of];
}

function shipped({ job }: ToldJob, build: readonly Part[]): Part[] {
  if (isDryRun(job)) return ['tried without sending: shipping build ', ...build];
  const status = job.finishedAt === null ? 'pending' : job.status === 'done' ? 'succeeded' : 'failed';
  return [`${lead(['shipped', 'ship'], status)} build `, ...build];
}

function expiries(job: Job, builds: readonly Part[], app: readonly Part[]): Part[] {
  const isEnded = job.finishedAt !== null;
  const count = isEnded && job.done > 0 ? job.done : planned(job);
  const which: readonly Part[] =
    builds.length > 0 && count === planned(job) ? builds : [formatPlural(count, 'build'), ' of ', ...app];
  if (isDryRun(job)) return ['tried without sending: expiring ', ...which];
  const status = !isEnded ? 'pending' : job.done > 0 || job.failed === 0 ? 'succeeded' : 'failed';
  if (isEnded && job.done === 0 && job.failed === 0) return ['found no build to expire: ', ...which];
  return [`${lead(['expired', 'expire'], status)} `, ...which];
}

function applied(job: Job, app: readonly Part[]): Part[] {
  const of = ['a file to the programme of ', ...app];
  if (isDryRun(job)) return ['tried without sending: applying ', ...of];
  const isEnded = job.finishedAt !== null;
  if (isEnded && job.done === 0 && job.failed === 0) return ['found nothing to change: applying ', ...of];
  const status = !isEnded ? 'pending' : job.done > 0 ? 'succeeded' : 'failed';
  return [`${lead(['applied', 'apply'], status)} `, ...of];
}

/** Whether a job sends nothing and only holds what it would do. */
function isDryRun({ params }: Pick<Job, 'params'>): boolean {
  return isRecord(params) && params.isDryRun === true;
}

const GONE: Readonly<Record<string, string>> = {
  betaGroups: 'a group that is gone',
  builds: 'a build that is gone',
};

const NEEDS_TARGET = new Set([
  'add-to-group',
  'remove-from-group',
  'add-build',
  'remove-build',
  'clone-group',
  'save-notes',
  'answer-compliance',
  'ship',
]);

/** The groups or the build it is about. */
function targetOf({ job, names, home = appHref(job.appId ?? '') }: ToldJob): Part[] {
  const params = isRecord(job.params) ? job.params : {};
  const { groupId, buildId, groupIds, buildIds, clones } = params;
  const isBuild = typeof buildId === 'string' || (Array.isArray(buildIds) && buildIds.length > 0);
  const type = isBuild ? 'builds' : 'betaGroups';
  const ids = (isBuild ? [buildId ?? buildIds] : [groupId ?? groupIds ?? clones])
    .flat()
    .filter((id): id is string => typeof id === 'string');
  if (ids.length === 0 && NEEDS_TARGET.has(job.kind))
    return [isBuild || job.kind.endsWith('-build') ? 'without a name' : 'a group'];
  if (ids.length > 3) return [formatPlural(ids.length, isBuild ? 'build' : 'group')];
  const page = isBuild ? 'builds' : 'groups';
  return list(
    ids.map((id) => {
      const name = names[`${type}/${id}`];
      if (!name) return GONE[type] ?? 'something that is gone';
      return job.appId ? { name, href: `${home}/${page}/${encodeURIComponent(id)}` } : { name };
    }),
  );
}
