import type { ResourceType } from '@/lib/asc/catalogue/types';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { failureOf } from '@/lib/sync/failure';
import { dueStatement } from '@/lib/sync/scopes';
import { readUploads, UPLOADS } from '@/lib/sync/uploads';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { readAfresh, readerOf } from '../resources/refresh';
import { requestSync } from '../sync';

/** So many things of one app are read one by one; of more the list they stand in is read. */
const FEW = 20;
/** The most events that are looked at in one go. */
const BATCH = 1_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** What cannot be read for so many tries is left to the sync, and said. */
const TRIES = 12;

interface WaitingEvent {
  readonly receiverId: string;
  readonly id: string;
  readonly type: string;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly tries: number;
  readonly accountId: string;
  readonly appId: string;
}

const waiting = shape((build, given: { now: number }) =>
  build
    .selectFrom('receivedEvents as e')
    .innerJoin('receivers as r', 'r.id', 'e.receiverId')
    .innerJoin('Account as a', 'a.id', 'r.accountId')
    .select(['e.receiverId', 'e.id', 'e.type', 'e.instanceType', 'e.instanceId', 'e.tries'])
    .select(['r.accountId', 'r.appId'])
    .where('a.removedAt', 'is', null)
    .where('e.state', '=', 'waiting')
    .where('e.notBefore', '<=', given.now)
    .orderBy('e.notBefore')
    .orderBy('e.receivedAt')
    .orderBy('e.id')
    .limit(BATCH)
    .$castTo<WaitingEvent>(),
);

interface Settled {
  readonly state: 'waiting' | 'done' | 'kept' | 'failed';
  readonly trouble?: string;
  readonly notBefore?: number;
}

const settle = shape(
  (
    build,
    given: { receiverId: string; ids: readonly string[]; now: number } & Required<
      Omit<Settled, 'trouble'>
    > & { trouble: string | null; tries: number },
    { among },
  ) =>
    build
      .updateTable('receivedEvents')
      .set(({ eb }) => ({
        state: given.state,
        trouble: given.trouble,
        notBefore: given.notBefore,
        doneAt: given.now,
        tries: eb('tries', '+', given.tries),
      }))
      .where('receiverId', '=', given.receiverId)
      .where('state', '=', 'waiting')
      .where(({ ref }) => among(ref('id'), given.ids)),
);

/** Events about one thing, which one reading answers. */
interface Matter {
  readonly receiverId: string;
  readonly accountId: string;
  readonly appId: string;
  readonly type: string | null;
  readonly id: string | null;
  readonly ids: readonly string[];
  readonly tries: number;
  readonly isTest: boolean;
}

/**
 * Does what follows from the events that wait: reads from App Store Connect what each is about, once for all that are about the
 * same; of many it reads the list. An order of events is nowhere relied on, since what is read is what is so now.
 * @returns whether something was read
 */
export async function followEvents(ctx: Ctx, signal: AbortSignal): Promise<boolean> {
  const matters = mattersOf(await ctx.db.read(waiting({ now: ctx.clock.now() })));
  const crowded = crowdedOf(matters);
  let hasRead = false;
  for (const matter of matters) {
    if (signal.aborted) return hasRead;
    const isListed = crowded.has(`${matter.receiverId} ${listOf(matter)}`);
    const settled = await followed(ctx, matter, { isListed, signal });
    await ctx.db.write([...settledStatements(ctx, matter, settled)]);
    hasRead ||= settled.state === 'done' && !matter.isTest;
  }
  return hasRead;
}

function mattersOf(events: readonly WaitingEvent[]): Matter[] {
  const byThing = new Map<string, Matter & { ids: string[] }>();
  for (const { receiverId, id, type, instanceType, instanceId, tries, accountId, appId } of events) {
    const isTest = type === TEST;
    // A kind that nothing follows from is kept by itself, and so is what names nothing.
    const key = [receiverId, instanceType ?? type, instanceId ?? id].join(' ');
    const known = byThing.get(key);
    if (known) known.ids.push(id);
    else {
      const thing = { type: instanceType, id: instanceId };
      byThing.set(key, { receiverId, accountId, appId, ...thing, ids: [id], tries, isTest });
    }
  }
  return [...byThing.values()];
}

/** Apple's type of a test event. */
const TEST = 'webhookPingCreated';

const LISTS: Readonly<Record<string, 'feedback' | 'builds'>> = {
  betaFeedbackCrashSubmissions: 'feedback',
  betaFeedbackScreenshotSubmissions: 'feedback',
  buildBetaDetails: 'builds',
  buildUploads: 'builds',
};
const listOf = ({ type }: Matter) => LISTS[type ?? ''];

/** The lists that so many events are about that reading them is cheaper. */
function crowdedOf(matters: readonly Matter[]): Set<string> {
  const counts = new Map<string, number>();
  for (const matter of matters) {
    const list = listOf(matter);
    if (list === undefined) continue;
    const key = `${matter.receiverId} ${list}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > FEW ? [key] : [])));
}

async function followed(
  ctx: Ctx,
  matter: Matter,
  { isListed, signal }: { isListed: boolean; signal: AbortSignal },
): Promise<Settled> {
  const list = listOf(matter);
  if (matter.isTest) return { state: 'done' };
  if (list === undefined || matter.id === null) return { state: 'kept' };
  try {
    if (isListed) await markDue(ctx, matter, list);
    else await readThing(ctx, matter, matter.id, signal);
    return { state: 'done' };
  } catch (error) {
    return signal.aborted ? { state: 'waiting' } : afterTrouble(ctx, matter, error);
  }
}

/** What may pass is tried again, later each time; what will not is said. */
function afterTrouble(ctx: Ctx, { tries }: Matter, error: unknown): Settled {
  const now = ctx.clock.now();
  if (error instanceof RefusedError && error.retryAt !== undefined)
    return { state: 'waiting', notBefore: error.retryAt };
  const { message, isPassing, status } = failureOf(error);
  if ((!isPassing && status === undefined) || tries + 1 >= TRIES)
    return { state: 'failed', trouble: message };
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return { state: 'waiting', trouble: message, notBefore: now + pause };
}

/** The whole list is read with the next sync, which is asked for at once; the mark stays until it was. */
async function markDue(ctx: Ctx, { accountId, appId }: Matter, list: 'feedback' | 'builds'): Promise<void> {
  const now = ctx.clock.now();
  const scopes =
    list === 'builds'
      ? ['builds']
      : [`betaFeedbackCrashSubmissions/${appId}`, `betaFeedbackScreenshotSubmissions/${appId}`];
  await ctx.db.write([dueStatement(accountId, scopes, now)]);
  await askForSync(ctx, accountId);
}

/** A wish of the last minute answers this one too. */
async function askForSync(ctx: Ctx, accountId: string): Promise<void> {
  await requestSync(ctx, { accountId, mode: 'incremental' }).catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.retryAt === undefined) throw error;
  });
}

async function readThing(ctx: Ctx, matter: Matter, id: string, signal: AbortSignal): Promise<void> {
  const { accountId, appId, type } = matter;
  const manner = { lane: 'sync' as const, signal };
  const afresh = (of: ResourceType, which: string) =>
    readAfresh(ctx, { accountId, type: of, id: which, appId }, manner);
  if (type === 'buildBetaDetails') {
    const buildId = await buildOf(ctx, accountId, id, signal);
    if (buildId !== null) await afresh('builds', buildId);
    return;
  }
  if (type !== UPLOADS) {
    await afresh(type as ResourceType, id);
    return;
  }
  const { asc, db, clock } = await readerOf(ctx, accountId, manner);
  await readUploads({ asc, db, accountId, clock, signal }, appId);
  // An upload and the build that comes of it have been seen to share their id; nothing says that they must.
  const isBuild = await afresh('builds', id).catch((error: unknown) => {
    if (signal.aborted || failureOf(error).status !== undefined) throw error;
    return false;
  });
  if (!isBuild) await askForSync(ctx, accountId);
}

const buildOfDetail = shape((build, given: { accountId: string; id: string }) =>
  build
    .selectFrom('builds')
    .select('id')
    .where('accountId', '=', given.accountId)
    .where('buildBetaDetailId', '=', given.id),
);

/** The build a detail belongs to: as our copy has it, else as App Store Connect says. */
async function buildOf(
  ctx: Ctx,
  accountId: string,
  detailId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [known] = await ctx.db.read(buildOfDetail({ accountId, id: detailId }));
  if (known) return known.id;
  const asc = await ctx.ascFor(accountId, 'sync');
  const { document } = await asc.getRelated('buildBetaDetails', detailId, 'build', {}, { signal });
  return document.data?.id ?? null;
}

function settledStatements(ctx: Ctx, matter: Matter, settled: Settled): Write[] {
  const now = ctx.clock.now();
  const { state, trouble = null, notBefore = 0 } = settled;
  const { receiverId, ids } = matter;
  const list = listOf(matter);
  const isNews = state === 'done' && list === 'builds';
  return [
    settle({ receiverId, ids, now, state, trouble, notBefore, tries: state === 'waiting' ? 1 : 0 }),
    ...(matter.isTest
      ? [ctx.db.build.updateTable('receivers').set({ pingedAt: now }).where('id', '=', receiverId)]
      : []),
    ...(isNews ? announced('mirror', ['builds'], now) : []),
  ];
}
