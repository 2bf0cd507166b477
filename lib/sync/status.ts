import { type Shaped, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
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

/** The lease by which the worker shows that it lives. */
export const WORKER_LEASE = 'worker';

const statusRows = shape((build, _: object) =>
  build
    .selectFrom('Account as a')
    .leftJoin('syncRuns as r', (on) =>
      on.on((is) =>
        is(
          'r.id',
          '=',
          is
            .selectFrom('syncRuns as n')
            .select('n.id')
            .whereRef('n.accountId', '=', 'a.id')
            .orderBy('n.startedAt', 'desc')
            .limit(1),
        ),
      ),
    )
    .leftJoin('leases as l', (on) =>
      on.on((is) => is('l.name', '=', is(is.val('sync:'), '||', is.ref('a.id')))),
    )
    .select((select) => [
      'a.id as accountId',
      'a.name',
      'a.status as accountStatus',
      'r.status as runStatus',
      'r.mode',
      'r.progress',
      'r.requests',
      'r.rows',
      'r.startedAt',
      'r.finishedAt',
      'r.error',
      'r.waitingUntil',
      'r.budgetLimit',
      'r.budgetRemaining',
      'r.budgetAt',
      'l.expiresAt as leaseUntil',
      select
        .selectFrom('syncRuns as s')
        .select((max) => max.fn.max<number | null>('s.finishedAt').as('at'))
        .whereRef('s.accountId', '=', 'a.id')
        .where('s.status', '=', 'succeeded')
        .where('s.mode', '<>', 'scoped')
        .as('lastSucceededAt'),
    ])
    .where('a.removedAt', 'is', null)
    .orderBy('a.createdAt'),
);

const leaseOf = shape((build, { name }: { name: string }) =>
  build.selectFrom('leases').select('expiresAt').where('name', '=', name),
);

type Row = Rows<ReturnType<typeof statusRows>>;
type Rows<Query> = Query extends Shaped<infer One> ? One : never;

/** The state of every account's sync; `now` in ms since 1970. */
export async function syncStatus(db: Store, now: number): Promise<SyncStatus[]> {
  const rows = await db.read(statusRows({}));
  const workerAlive = await isWorkerAlive(db, now);
  const stuck = await stuckLists(db);
  return rows.map((row) => statusOf(row, now, { workerAlive, stuck: stuck.get(row.accountId) ?? [] }));
}

/** When the account was last synced to the end, ms since 1970; null when never. */
export async function lastSucceededAt(db: Store, accountId: string): Promise<number | null> {
  const [row] = await db.read(
    db.build
      .selectFrom('syncRuns')
      .select((max) => max.fn.max<number | null>('finishedAt').as('at'))
      .where('accountId', '=', accountId)
      .where('status', '=', 'succeeded')
      .where('mode', '<>', 'scoped'),
  );
  return row?.at ?? null;
}

/** Whether a worker has given a sign of life within its lease. */
export async function isWorkerAlive(db: Store, now: number): Promise<boolean> {
  const [lease] = await db.read(leaseOf({ name: WORKER_LEASE }));
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
