import type { Database } from '@/lib/store/database';
import type { TypeProgress } from './progress';
import { type StuckList, stuckLists } from './stuck';

/** What people are shown about the sync of one account. Instants in ms since 1970. */
export interface SyncStatus {
  readonly accountId: string;
  readonly name: string;
  readonly status: 'idle' | 'running' | 'failed';
  /** What is wrong with the key or Apple, `ok` when nothing; see the account's status. */
  readonly accountStatus: string;
  readonly mode: string | null;
  readonly progress: Readonly<Record<string, TypeProgress>>;
  readonly requests: number;
  readonly rows: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly lastSucceededAt: number | null;
  readonly error: string | null;
  /** Set while the sync waits for quota. */
  readonly waitingUntil: number | null;
  readonly budget: {
    readonly limit: number | null;
    readonly remaining: number | null;
    readonly observedAt: number | null;
  };
  readonly workerAlive: boolean;
  /** The lists that cannot be read at present. */
  readonly stuck: readonly StuckList[];
}

interface Row {
  accountId: string;
  name: string;
  accountStatus: string;
  runStatus: string | null;
  mode: string | null;
  progress: string | null;
  requests: number | null;
  rows: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  lastSucceededAt: number | null;
  error: string | null;
  waitingUntil: number | null;
  budgetLimit: number | null;
  budgetRemaining: number | null;
  budgetAt: number | null;
  leaseUntil: number | null;
}

/** The lease by which the worker shows that it lives. */
export const WORKER_LEASE = 'worker';

/** The state of every account's sync; `now` in ms since 1970. */
export async function syncStatus(db: Database, now: number): Promise<SyncStatus[]> {
  const rows = await db.query<Row>(
    `SELECT a."id" AS accountId, a."name", a."status" AS accountStatus, r."status" AS runStatus, r."mode", r."progress",
       r."requests", r."rows", r."startedAt", r."finishedAt", r."error", r."waitingUntil", r."budgetLimit",
       r."budgetRemaining", r."budgetAt", l."expiresAt" AS leaseUntil,
       (SELECT MAX(s."finishedAt") FROM "syncRuns" AS s WHERE s."accountId" = a."id" AND s."status" = 'succeeded' AND s."mode" <> 'scoped') AS lastSucceededAt
     FROM "Account" AS a
     LEFT JOIN "syncRuns" AS r ON r."id" = (
       SELECT n."id" FROM "syncRuns" AS n WHERE n."accountId" = a."id" ORDER BY n."startedAt" DESC LIMIT 1)
     LEFT JOIN "leases" AS l ON l."name" = 'sync:' || a."id"
     WHERE a."removedAt" IS NULL ORDER BY a."createdAt"`,
  );
  const workerAlive = await isWorkerAlive(db, now);
  const stuck = await stuckLists(db);
  return rows.map((row) => statusOf(row, now, { workerAlive, stuck: stuck.get(row.accountId) ?? [] }));
}

/** When the account was last synced to the end, ms since 1970; null when never. */
export async function lastSucceededAt(db: Database, accountId: string): Promise<number | null> {
  const [row] = await db.query<{ at: number | null }>(
    `SELECT MAX("finishedAt") AS at FROM "syncRuns" WHERE "accountId" = ? AND "status" = 'succeeded' AND "mode" <> 'scoped'`,
    [accountId],
  );
  return row?.at ?? null;
}

/** Whether a worker has given a sign of life within its lease. */
export async function isWorkerAlive(db: Database, now: number): Promise<boolean> {
  const [lease] = await db.query<{ expiresAt: number }>('SELECT "expiresAt" FROM "leases" WHERE "name" = ?', [
    WORKER_LEASE,
  ]);
  return lease !== undefined && lease.expiresAt > now;
}

function statusOf(
  row: Row,
  now: number,
  { workerAlive, stuck }: Pick<SyncStatus, 'workerAlive' | 'stuck'>,
): SyncStatus {
  // A run whose lease is over was left by a process that ended.
  const isRunning = row.runStatus === 'running' && (row.leaseUntil ?? 0) > now;
  const isFailed = row.runStatus === 'failed' || (row.runStatus === 'running' && !isRunning);
  return {
    accountId: row.accountId,
    name: row.name,
    status: isRunning ? 'running' : isFailed ? 'failed' : 'idle',
    accountStatus: row.accountStatus,
    mode: row.mode,
    progress: JSON.parse(row.progress ?? '{}') as Record<string, TypeProgress>,
    requests: row.requests ?? 0,
    rows: row.rows ?? 0,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    lastSucceededAt: row.lastSucceededAt,
    error: row.error,
    waitingUntil: isRunning && (row.waitingUntil ?? 0) > now ? row.waitingUntil : null,
    budget: { limit: row.budgetLimit, remaining: row.budgetRemaining, observedAt: row.budgetAt },
    workerAlive,
    stuck,
  };
}
