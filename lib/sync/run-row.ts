import { announced } from '@/lib/store/feed';
import { writeUnderLease } from '@/lib/store/lease';
import type { Store, Write } from '@/lib/store/store';
import { type AccountStatus, statesThatStay } from './failure';
import type { TypeProgress } from './progress';
import { answeredBy, type SyncMode } from './requests';
import type { Run } from './run-state';
import { stuckLists } from './stuck';

/** How a run ended. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly error: string | null;
  readonly isPassing: boolean;
  readonly isPartial: boolean;
  /** What the account's banner should say from now on; undefined leaves it. */
  readonly account: AccountStatus | undefined;
}

interface Opening {
  readonly id: string;
  readonly accountId: string;
  readonly mode: SyncMode;
  readonly trigger: string;
  readonly steps: Readonly<Record<string, TypeProgress>>;
  /** The wishes it answers. */
  readonly requestIds: readonly string[];
}

/** Begins the row of a run, closes what an owner before left open, and forgets the oldest. */
export function openingStatements(
  db: Store,
  { id, accountId, mode, trigger, steps, requestIds }: Opening,
  now: number,
): Write[] {
  const { build } = db;
  return [
    // The lease is ours, so whoever left a run open is no longer there.
    build
      .updateTable('syncRuns')
      .set((set) => ({
        status: 'failed',
        error: 'The process ended before the sync did.',
        finishedAt: set.ref('updatedAt'),
      }))
      .where('accountId', '=', accountId)
      .where('status', '=', 'running'),
    build.insertInto('syncRuns').values({
      id,
      accountId,
      mode,
      status: 'running',
      trigger,
      progress: JSON.stringify(steps),
      startedAt: now,
      updatedAt: now,
    }),
    ...answeredBy(db, id, requestIds),
    build
      .deleteFrom('syncRuns')
      .where('accountId', '=', accountId)
      .where('id', 'not in', (kept) =>
        kept
          .selectFrom('syncRuns')
          .select('id')
          .where('accountId', '=', accountId)
          .orderBy('startedAt', 'desc')
          .limit(KEPT_RUNS),
      )
      // How old our copy is stays known, however many have failed since.
      .where('id', 'not in', (kept) =>
        kept
          .selectFrom('syncRuns')
          .select('id')
          .where('accountId', '=', accountId)
          .where('status', '=', 'succeeded')
          .where('mode', '<>', 'scoped')
          .orderBy('finishedAt', 'desc')
          .limit(1),
      ),
  ];
}

/** Runs of an account that are kept as its history. */
const KEPT_RUNS = 300;

/** Ends the row of a run, and says what the account is like now. */
export async function closeRun(run: Run, outcome: Outcome, now: number): Promise<void> {
  const { status, error } = outcome;
  // This run may not have asked for a list that failed before: the account is not well until that was read.
  const [stuck] = outcome.account === 'ok' ? ((await stuckLists(run.db)).get(run.accountId) ?? []) : [];
  const account = stuck ? 'incomplete' : outcome.account;
  const detail = account === 'ok' ? null : (error ?? stuck?.error ?? null);
  const { build } = run.db;
  const statements: Write[] = [
    run.progress.statement(run.id, run.asc.budget, now),
    build
      .updateTable('syncRuns')
      .set({ status, error, finishedAt: now, waitingUntil: null })
      .where('id', '=', run.id),
    // Open pages ask again for what was read, and how old it is now.
    ...announced('mirror', [...Object.keys(run.progress.perType()), 'sync'], now),
  ];
  if (account !== undefined) {
    // Of an outage the detail alone tells where what is wrong with the key stays so.
    const left = statesThatStay(account, run.progress.rows > 0);
    statements.push(
      build
        .updateTable('Account')
        // The time says since when it is so, not when it was last noticed.
        .set((set) => ({
          status: set.case().when('status', 'in', left).then(set.ref('status')).else(account).end(),
          statusDetail: detail,
          statusAt: set.case().when('status', 'in', left).then(set.ref('statusAt')).else(now).end(),
        }))
        .where('id', '=', run.accountId)
        .where((is) => is.or([is('status', '<>', account), is('statusDetail', 'is distinct from', detail)])),
    );
  }
  try {
    await writeUnderLease(run.db, run.lease, now, statements);
  } catch (failed) {
    // Without the lease the next owner closes this run; without the store nobody can.
    run.log.warn({ error: failed }, 'The end of the sync could not be noted.');
  }
}
