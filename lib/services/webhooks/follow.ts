import { announced } from '@/lib/store/feed';
import {
  acquireLease,
  type Lease,
  LeaseLostError,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/store/lease';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { failureOf } from '@/lib/sync/failure';
import { dueStatement } from '@/lib/sync/scopes';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { feedbackScopes, type Matter, markDue, readThing } from './read-matter';

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

/**
 * Does what follows from the events that wait: reads from App Store Connect what each is about, once for all that are about the
 * same; of many it reads the list. An order of events is nowhere relied on, since what is read is what is so now. Of several
 * workers one does it.
 * @returns whether something was read
 */
export async function followEvents(ctx: Ctx, signal: AbortSignal): Promise<boolean> {
  const { db, clock } = ctx;
  if ((await db.read(waiting({ now: clock.now() }))).length === 0) return false;
  const lease = await acquireLease(db, 'webhooks', owner, clock.now());
  if (!lease) return false;
  try {
    return await followUnder(ctx, lease, signal);
  } finally {
    await releaseLease(db, lease);
  }
}

const owner = ownerName();

async function followUnder(ctx: Ctx, lease: Lease, signal: AbortSignal): Promise<boolean> {
  const { db, clock } = ctx;
  // What the one before has settled meanwhile is left out.
  const matters = mattersOf(await db.read(waiting({ now: clock.now() })));
  const crowded = crowdedOf(matters);
  let hasRead = false;
  for (const matter of matters) {
    if (signal.aborted) return hasRead;
    const isListed = crowded.has(`${matter.receiverId} ${listOf(matter)}`);
    const settled = await followed(ctx, matter, { isListed, signal });
    try {
      await writeUnderLease(db, lease, clock.now(), settledStatements(ctx, matter, settled));
    } catch (error) {
      // It took so long that another worker goes on.
      if (error instanceof LeaseLostError) return hasRead;
      throw error;
    }
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
    // Nobody tells of these again: the list they stand in is read whole.
    ...(state === 'failed' && list === 'feedback'
      ? [dueStatement(matter.accountId, feedbackScopes(matter.appId), now)]
      : []),
  ];
}
