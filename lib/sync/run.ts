import { randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { AscClient } from '@/lib/asc/client-interface';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import { syncLease } from '@/lib/mirror/tombstones';
import {
  acquireLease,
  HEARTBEAT_MS,
  type Lease,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/store/lease';
import type { Store, Write } from '@/lib/store/store';
import { type Failure, failureOf, isPause } from './failure';
import { CURSORS, FIRST_LISTS, type ListFailure, readNews } from './lists';
import { fullPass } from './pass';
import { Progress, type TypeProgress } from './progress';
import type { SyncMode } from './requests';
import { closeRun, type Outcome, openingStatements } from './run-row';
import type { Run } from './run-state';
import { readScoped } from './scoped';
import { FULL_PASS, readScopes } from './scopes';
import { Slots } from './slots';

export type { SyncMode };
export type SyncTrigger = 'start' | 'schedule' | 'person' | 'shell';

export interface SyncInput {
  readonly db: Store;
  /** In the sync lane, so that it leaves the reserve to people. */
  readonly asc: AscClient;
  readonly accountId: string;
  readonly mode: SyncMode;
  readonly trigger: SyncTrigger;
  /** Lists that are to be read whole, beside what the mode reads; see {@link readScoped}. */
  readonly scopes?: readonly string[];
  /** The wishes it answers. */
  readonly requestIds?: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
  /** Who holds the lease; this process by default. */
  readonly owner?: string;
  readonly onProgress?: (result: Readonly<SyncProgress>) => void;
}

export interface SyncProgress {
  readonly requests: number;
  readonly rows: number;
  readonly perType: Readonly<Record<string, TypeProgress>>;
}

export interface SyncResult extends SyncProgress {
  readonly runId: string;
  /** An incremental sync becomes a full one when none was ever finished. */
  readonly mode: SyncMode;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly ms: number;
  readonly error: string | null;
  /** Whether trying again soon may help without anybody doing anything. */
  readonly isPassing: boolean;
  /** Failed, but only some lists: everything else is up to date. */
  readonly isPartial: boolean;
}

/** The account is being synced by somebody else. */
export class SyncBusyError extends Error {
  override name = 'SyncBusyError';
}

/**
 * Brings the mirror of one account up to date. Never rejects because of Apple: what went wrong stands in the result,
 * in the run's row and in the account's status; everything read before is kept and resumed from.
 * @throws SyncBusyError when the account's lease is held elsewhere
 */
export async function runSync(input: SyncInput): Promise<SyncResult> {
  const { db, accountId, clock } = input;
  const lease = await acquireLease(db, syncLease(accountId), input.owner ?? ownerName(), clock.now());
  if (!lease) throw new SyncBusyError('This account is being synced already.');
  const stop = new AbortController();
  const abort = () => stop.abort(input.signal?.reason);
  input.signal?.addEventListener('abort', abort, { once: true });
  if (input.signal?.aborted) abort();
  const heartbeat = beat(input, lease, stop);
  try {
    return await runUnderLease(input, lease, stop);
  } finally {
    stop.abort();
    input.signal?.removeEventListener('abort', abort);
    await heartbeat;
    await releaseLease(db, lease);
  }
}

/** Keeps the lease while a page takes long, for example when the quota is used up. */
async function beat({ db, clock }: SyncInput, lease: Lease, stop: AbortController): Promise<void> {
  while (!stop.signal.aborted) {
    try {
      await clock.sleep(HEARTBEAT_MS, stop.signal);
      await writeUnderLease(db, lease, clock.now(), []);
    } catch (error) {
      // A locked store is tried again at the next beat; a lost lease ends the run.
      if (!stop.signal.aborted && failureOf(error).status === undefined && isLost(error)) stop.abort(error);
    }
  }
}

const isLost = (error: unknown): boolean => error instanceof Error && error.name === 'LeaseLostError';

async function runUnderLease(input: SyncInput, lease: Lease, stop: AbortController): Promise<SyncResult> {
  const { db, accountId, clock } = input;
  const startedAt = clock.now();
  const scopes = await readScopes(db, accountId);
  const full = scopes.get(FULL_PASS);
  const mode: SyncMode =
    full === undefined || full.completedAt === null || full.phase === 'running' ? 'full' : input.mode;
  const progress = new Progress();
  // On the very first sync a person is watching: what is asked for first is shown before it is answered.
  if (full === undefined) for (const { scope, type } of FIRST_LISTS) progress.at(scope, type, 0, null);
  const id = randomUUID();
  const { trigger, requestIds = [] } = input;
  const row = { id, accountId, mode, trigger, steps: progress.perType(), requestIds };
  const opening = openingStatements(db, row, startedAt);
  await writeUnderLease(db, lease, startedAt, opening);
  const run: Run = {
    id,
    accountId,
    db,
    asc: input.asc,
    clock,
    log: input.log,
    isWished: trigger === 'person',
    lease,
    progress,
    scopes,
    slots: new Slots(CURSORS),
    uncounted: new Map(),
    signal: stop.signal,
    options: { signal: stop.signal },
    startedAt,
    abort(reason) {
      // What is under way may be the request that finds Apple well again.
      if (!isPause(reason)) stop.abort(reason);
    },
    async write(statements: readonly Write[]) {
      const now = clock.now();
      const figures = progress.statement(id, input.asc.budget, now);
      await writeUnderLease(db, lease, now, [...statements, figures]);
      input.onProgress?.(summary(progress));
      // The web process of a small installation shares this thread.
      await breathe();
    },
  };
  const outcome = await attempt(run, mode, input, stop);
  const now = clock.now();
  await closeRun(run, outcome, now);
  return { runId: id, mode, ms: now - startedAt, ...summary(progress), ...outcome };
}

const READ: Readonly<Record<SyncMode, (run: Run) => Promise<ListFailure[]>>> = {
  full: fullPass,
  incremental: readNews,
  scoped: async () => [],
};

async function attempt(
  run: Run,
  mode: SyncMode,
  { signal: asked, scopes = [] }: SyncInput,
  stop: AbortController,
): Promise<Outcome> {
  try {
    const failures = await READ[mode](run);
    failures.push(...(await readScoped(run, scopes, failures)));
    return failures.length === 0
      ? { status: 'succeeded', error: null, isPassing: false, isPartial: false, account: 'ok' }
      : partly(failures);
  } catch (error) {
    // The other cursors stop at once: what one learned holds for all.
    const isAsked = asked?.aborted === true;
    const reason = stop.signal.aborted && !isAsked ? stop.signal.reason : error;
    stop.abort(reason);
    if (isAsked)
      return {
        status: 'cancelled',
        error: 'Stopped.',
        isPassing: true,
        isPartial: false,
        account: undefined,
      };
    const failure = failureOf(reason);
    run.log.warn({ error: reason, accountId: run.accountId }, 'The sync ended early.');
    return {
      status: 'failed',
      error: failure.message,
      isPassing: failure.isPassing,
      isPartial: false,
      account: failure.status,
    };
  }
}

function partly(failures: readonly ListFailure[]): Outcome {
  const [first] = failures;
  const more = failures.length > 1 ? ` ${failures.length - 1} more lists failed.` : '';
  const statuses: (Failure['status'] | undefined)[] = failures.map(({ failure }) => failure.status);
  return {
    status: 'failed',
    error: `${first?.failure.message ?? ''}${more}`,
    isPassing: failures.every(({ failure }) => failure.isPassing),
    isPartial: true,
    account: statuses.find((status) => status !== undefined) ?? 'incomplete',
  };
}

function summary(progress: Progress): SyncProgress {
  return { requests: progress.requests, rows: progress.rows, perType: progress.perType() };
}
