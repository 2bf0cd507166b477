import { setImmediate as breathe } from 'node:timers/promises';
import { BUILD_FIGURES, buildDayStatement } from '@/lib/history/build-days';
import { usageWindowStatements } from '@/lib/history/usage-windows';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { readSize, unsized } from './build-sizes';
import { failureOf } from './failure';
import { buildFigures } from './figures';
import { dayOf, type HistoryInput, hasQuota, optionsOf } from './history';
import { readScopes, readStatement, type ScopeState } from './scopes';
import { readUploads, UPLOADS, uploadsScope } from './uploads';
import { pointWindows } from './windows';

/** Requests of one call: after each sync of five minutes they are 240 an hour, 5,760 a day. */
const MAX_REQUESTS = 20;
/** An app's uploads are read so often, ms; whoever opens its builds reads them at once. */
const UPLOADS_MS = 60 * 60_000;
const DAY_MS = 86_400_000;

export interface SlowInput extends HistoryInput {
  /** How far a simulated programme is ahead of the clock, ms: its days are what is noted. */
  readonly shiftMs?: number;
}

interface Due {
  /** What is noted when it was read, or cannot be. */
  readonly scope: string;
  /** Gives the requests it took. */
  read(): Promise<number>;
}

/**
 * Reads what no list tells and what may wait, a few requests at a time: uploads that are no builds, by app; how each
 * unexpired build is used, once a day; and how large it is, once for all, the newest builds first. Gives the requests
 * it took.
 */
export async function readSlowly(input: SlowInput): Promise<number> {
  const { db, accountId, log } = input;
  const most = input.maxRequests ?? MAX_REQUESTS;
  let requests = 0;
  for (const { scope, read } of await dueWork(input, most)) {
    if (requests >= most || !hasQuota(input.asc)) break;
    try {
      input.signal?.throwIfAborted();
      requests += await read();
    } catch (error) {
      if (input.signal?.aborted) break;
      const { message, endsRun, isPassing, status } = failureOf(error);
      log.warn({ reason: message, scope }, 'What is read in the slow lane is not complete.');
      if (endsRun || isPassing) break;
      requests += 1;
      // What Apple refuses is left until tomorrow: of one build, or of all where the key's role may not ask.
      const refused = status === 'forbidden' ? (scope.split('/')[0] ?? scope) : scope;
      await db.write([readStatement(accountId, refused, programmeTime(input))]);
      if (refused !== scope) break;
    }
    await breathe();
  }
  return requests;
}

const programmeTime = ({ clock, shiftMs = 0 }: SlowInput): number => clock.now() + shiftMs;

async function dueWork(input: SlowInput, most: number): Promise<Due[]> {
  const { db, accountId } = input;
  const now = programmeTime(input);
  const scopes = await readScopes(db, accountId);
  const isYounger = (scope: string, ms: number, at = now) => {
    const age = at - (scopes.get(scope)?.completedAt ?? Number.NEGATIVE_INFINITY);
    // What was read in the future was read before the clock was set back.
    return age >= 0 && age < ms;
  };
  const work: Due[] = [];
  if (!isYounger(UPLOADS, DAY_MS)) {
    for (const appId of await appIdsOf(db, accountId)) {
      const scope = uploadsScope(appId);
      const isDue = !isYounger(scope, UPLOADS_MS, input.clock.now());
      if (isDue) work.push({ scope, read: () => readUploads(input, appId) });
    }
  }
  if (!isYounger(USES, DAY_MS)) work.push(...(await unreadUses(input, most, scopes)));
  if (isYounger(SIZES, DAY_MS)) return work;
  for (const { id } of await db.read(unsized({ accountId, most })))
    if (!isYounger(`${SIZES}/${id}`, DAY_MS))
      work.push({ scope: `${SIZES}/${id}`, read: () => readSize(input, id) });
  return work;
}

/** How builds are used that were not asked for today. */
async function unreadUses(
  input: SlowInput,
  most: number,
  scopes: ReadonlyMap<string, ScopeState>,
): Promise<Due[]> {
  const { db, accountId } = input;
  const day = dayOf(programmeTime(input));
  const refused = [...scopes.values()].flatMap(({ scope, completedAt }) =>
    scope.startsWith(`${USES}/`) && completedAt !== null && dayOf(completedAt) === day
      ? [scope.slice(USES.length + 1)]
      : [],
  );
  const builds = await db.read(unread({ accountId, day, refused, most }));
  return builds.map((build) => ({ scope: `${USES}/${build.id}`, read: () => readUse(input, build) }));
}

const SIZES = 'buildSizes';
const USES = 'buildDays';

/** Builds that can be used and whose use was not read on a day, newest first. */
const unread = shape(
  (build, given: { accountId: string; day: string; refused: readonly string[]; most: number }, { among }) =>
    build
      .selectFrom('builds as b')
      .select(['b.id', 'b.appId'])
      .where('b.accountId', '=', given.accountId)
      .where('b.expired', 'is distinct from', 1)
      .where('b.processingState', '=', 'VALID')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('buildDays as d')
              .select('d.day')
              .whereRef('d.accountId', '=', 'b.accountId')
              .whereRef('d.buildId', '=', 'b.id')
              .where('d.day', '=', given.day),
          ),
        ),
      )
      .where(({ not, ref }) => not(among(ref('b.id'), given.refused)))
      .orderBy('b.uploadedDate', 'desc')
      .orderBy('b.id')
      .limit(given.most),
);

async function readUse(
  input: SlowInput,
  { id, appId }: { readonly id: string; readonly appId: string },
): Promise<number> {
  const readAt = input.clock.now();
  const day = dayOf(programmeTime(input));
  const page = await input.asc.metrics('builds', id, 'betaBuildUsages', {}, optionsOf(input));
  const groups = page.document.data;
  const { accountId } = input;
  const metric = { metric: 'betaBuildUsages', type: 'builds', id } as const;
  await input.db.write([
    buildDayStatement({ accountId, appId, buildId: id, day, ...buildFigures(groups), readAt }),
    ...usageWindowStatements({ accountId, appId, day }, pointWindows(metric, groups, BUILD_FIGURES)),
  ]);
  return page.attempts;
}

async function appIdsOf(db: Store, accountId: string): Promise<string[]> {
  const apps = await db.read(
    db.build.selectFrom('apps').select('id').where('accountId', '=', accountId).orderBy('id'),
  );
  return apps.map(({ id }) => id);
}
