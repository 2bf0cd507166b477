import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { forgetRemoved } from '@/lib/services/accounts/forget';
import { type AccountRow, accountRows } from '@/lib/services/accounts/rows';
import { fetchAppIcons } from '@/lib/services/app-icons';
import { programmeNow } from '@/lib/services/programme-time';
import { announced } from '@/lib/store/feed';
import { recordDay } from '@/lib/sync/history';
import { giveBack, takeRequest } from '@/lib/sync/requests';
import { runSync, SyncBusyError, type SyncMode, type SyncResult, type SyncTrigger } from '@/lib/sync/run';
import { readSlowly } from '@/lib/sync/slow';
import { lastSucceededAt } from '@/lib/sync/status';

/** How often due times are looked at, and requests that nobody rang for, ms. */
const POLL_MS = 1_000;
/** How soon a sync that failed for a passing reason is tried again, ms; after each further failure it waits twice as long. */
const RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** How soon to look again while another worker syncs the account: it may end at any moment, ms. */
const BUSY_MS = 1_000;

/** How often to look whether something came in of accounts that were removed, ms. */
const SWEEP_MS = 10 * 60_000;

/** What the worker knows of an account between two syncs. */
interface Turn {
  /** ms since 1970 */
  nextAt: number;
  /** With which key the last sync was tried: a new key is tried at once. */
  keyVersion: number;
  hasRun: boolean;
  /** Syncs in a row that failed for a passing reason. */
  failures: number;
  running: Promise<void> | null;
  /** Since when another worker is at it, ms since 1970; this one has to be there when that one ends. */
  busySince: number | null;
  /** Not to be tried before, ms since 1970. */
  notBefore: number;
}

interface Order {
  readonly mode: SyncMode;
  readonly trigger: SyncTrigger;
  readonly scopes?: readonly string[];
  readonly requestIds?: readonly string[];
}

/**
 * Syncs every account at the start, by the schedule and when asked, each for itself, until `signal` is aborted.
 * @param alarm rung when there may be a request, or an account or key that is new
 * @param onSynced told when a sync has ended, whatever came of it
 */
export async function syncAccounts(
  context: AppContext,
  signal: AbortSignal,
  alarm: Alarm,
  onSynced: () => void = () => undefined,
): Promise<void> {
  const { db, log } = context;
  const turns = new Map<string, Turn>();
  let sweepAt = 0;
  while (!signal.aborted) {
    try {
      if (context.clock.now() >= sweepAt) {
        await forgetRemoved(db);
        sweepAt = context.clock.now() + SWEEP_MS;
      }
      for (const account of await accountRows(db))
        await consider({ context, turns, alarm, signal, onSynced }, account);
    } catch (error) {
      log.warn({ error }, 'The accounts cannot be read now; trying again.');
    }
    await alarm.sleep(POLL_MS);
  }
  await Promise.all([...turns.values()].map(({ running }) => running));
}

interface Turns {
  readonly context: AppContext;
  readonly turns: Map<string, Turn>;
  readonly alarm: Alarm;
  readonly signal: AbortSignal;
  onSynced(): void;
}

async function consider(
  { context, turns, alarm, signal, onSynced }: Turns,
  account: AccountRow,
): Promise<void> {
  const { clock } = context;
  const turn = turns.get(account.id) ?? {
    nextAt: clock.now(),
    keyVersion: account.keyVersion,
    hasRun: false,
    failures: 0,
    running: null,
    busySince: null,
    notBefore: 0,
  };
  turns.set(account.id, turn);
  if (turn.running) return;
  const order = await nextOrder(context, account, turn);
  if (!order) return;
  turn.keyVersion = account.keyVersion;
  turn.hasRun = true;
  turn.running = carryOut(context, account, order, signal)
    .then((isToBeTriedAgain) => {
      turn.busySince = null;
      // What was read out of turn does not put off the turn.
      if (order.mode === 'scoped') return;
      turn.failures = isToBeTriedAgain ? turn.failures + 1 : 0;
      turn.nextAt = clock.now() + pauseAfter(turn.failures, context.env.SYNC_INTERVAL_MS);
    })
    .catch((error: unknown) => {
      if (error instanceof SyncBusyError) {
        turn.busySince ??= clock.now();
        turn.notBefore = clock.now() + BUSY_MS;
        return;
      }
      context.log.error({ error, accountId: account.id }, 'The sync could not be run.');
      turn.nextAt = clock.now() + RETRY_MS;
    })
    .finally(() => {
      turn.running = null;
      onSynced();
      // What was asked for meanwhile is begun with now.
      alarm.ring();
    });
}

/** Each try reads all that is news, so one list that keeps failing must not use up what the key may ask for in an hour. */
function pauseAfter(failures: number, intervalMs: number): number {
  if (failures === 0) return intervalMs;
  return Math.min(intervalMs, LONGEST_RETRY_MS, RETRY_MS * 2 ** (failures - 1));
}

async function nextOrder(context: AppContext, account: AccountRow, turn: Turn): Promise<Order | null> {
  const now = context.clock.now();
  if (now < turn.notBefore) return null;
  const request = await takeRequest(context.db, account.id, now);
  if (request) {
    const { ids: requestIds, mode, scopes } = request;
    return { mode, scopes, trigger: 'person', requestIds };
  }
  if (account.keyVersion === turn.keyVersion && now < turn.nextAt) return null;
  if (turn.busySince !== null && (await wasDoneElsewhere(context, account, turn, turn.busySince)))
    return null;
  return { mode: 'incremental', trigger: turn.hasRun ? 'schedule' : 'start' };
}

/** What another worker has finished meanwhile need not be done again before its time. */
async function wasDoneElsewhere(
  { db, env }: AppContext,
  { id }: AccountRow,
  turn: Turn,
  since: number,
): Promise<boolean> {
  const finishedAt = await lastSucceededAt(db, id);
  if (finishedAt === null || finishedAt < since) return false;
  turn.busySince = null;
  turn.nextAt = finishedAt + env.SYNC_INTERVAL_MS;
  return true;
}

/** Runs the sync and tells whether it failed for a reason that may pass. */
async function carryOut(
  context: AppContext,
  account: AccountRow,
  { mode, trigger, scopes = [], requestIds = [] }: Order,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock } = context;
  const log = context.log.child({ accountId: account.id });
  const ctx = context.ctx({ kind: 'system', name: 'worker' }, requestIds[0] ?? `sync-${clock.now()}`);
  const asc = await ctx.ascFor(account.id, 'sync');
  let result: SyncResult;
  try {
    const order = { mode, trigger, scopes, requestIds };
    result = await runSync({ db, asc, accountId: account.id, ...order, clock, log, signal });
  } catch (error) {
    if (error instanceof SyncBusyError) await giveBack(db, requestIds);
    throw error;
  }
  log.info(
    { mode: result.mode, status: result.status, requests: result.requests, rows: result.rows, ms: result.ms },
    'Synced.',
  );
  if (result.mode !== 'scoped' && (result.status === 'succeeded' || result.isPartial)) {
    const common = { db, asc, accountId: account.id, log, signal };
    const ofDay = await recordDay({ ...common, clock: { ...clock, now: () => programmeNow(ctx) } });
    const slowly = await readSlowly({ ...common, clock, shiftMs: ctx.shiftMs?.() ?? 0 });
    // Open pages of figures show what has been read.
    if (ofDay + slowly > 0) await db.write(announced('own', ['metrics'], clock.now()));
    await fetchAppIcons(ctx, account.id, signal);
  }
  return result.status !== 'succeeded' && result.isPassing;
}
