import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { syncStatus } from '@/lib/sync/status';
import { accountRow, accountRows } from './accounts/rows';
import type { Ctx } from './ctx';
import { conflict, tooMany } from './errors';
import { isoOf } from './resources/shape';

export const syncBody = z.strictObject({
  accountId: z.string().min(1).max(100).optional(),
  mode: z.enum(['full', 'incremental'], 'Choose full or incremental.').default('incremental'),
});

/** A person may ask for a sync of an account once in so many ms. */
const ASK_EVERY_MS = 60_000;

/**
 * Asks the worker for a sync of one account, or of all.
 * @throws RefusedError 429 when it was asked for less than a minute ago, 409 when there is no account
 */
export async function requestSync(
  ctx: Ctx,
  given: z.infer<typeof syncBody>,
): Promise<{ accountIds: string[] }> {
  authorise(ctx.actor, 'sync:run');
  const all = given.accountId === undefined ? accountRows(ctx.db) : [accountRow(ctx.db, given.accountId)];
  if (all.length === 0) {
    throw conflict(
      'FLIGHTDECK.NO_ACCOUNT',
      'There is no App Store Connect account yet. Add a key in Settings.',
    );
  }
  const now = ctx.clock.now();
  const free = all.filter(({ id }) => lastAskedAt(ctx, id) <= now - ASK_EVERY_MS);
  if (free.length === 0) {
    const next = Math.min(...all.map(({ id }) => lastAskedAt(ctx, id))) + ASK_EVERY_MS;
    throw tooMany('A sync was asked for less than a minute ago.', next);
  }
  const requestedBy = ctx.actor.kind === 'user' ? ctx.actor.id : ctx.actor.name;
  await ctx.db.write(
    free.map(({ id }) => ({
      sql: `INSERT INTO syncRequests (id, accountId, mode, requestedBy, requestedAt) VALUES (?, ?, ?, ?, ?)`,
      params: [randomUUID(), id, given.mode, requestedBy, now],
    })),
  );
  return { accountIds: free.map(({ id }) => id) };
}

function lastAskedAt({ db }: Ctx, accountId: string): number {
  const sql = 'SELECT max(requestedAt) AS at FROM syncRequests WHERE accountId = ?';
  return db.query<{ at: number | null }>(sql, [accountId])[0]?.at ?? 0;
}

/** Where the sync of one account stands; instants as ISO text. */
export interface SyncState {
  readonly accountId: string;
  readonly name: string;
  readonly status: 'idle' | 'running' | 'failed';
  readonly mode: string | null;
  readonly progress: Readonly<Record<string, { readonly seen: number; readonly total: number | null }>>;
  readonly requests: number;
  readonly rows: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly lastSucceededAt: string | null;
  readonly error: string | null;
  /** Set while the sync waits for quota. */
  readonly waitingUntil: string | null;
  readonly budget: { readonly limit: number; readonly remaining: number; readonly observedAt: string } | null;
  readonly workerAlive: boolean;
  readonly accountStatus: string;
  readonly accountDetail: string | null;
  readonly accountStatusAt: string | null;
}

/** Where the sync of each account stands. */
export function syncState(ctx: Ctx): SyncState[] {
  authorise(ctx.actor, 'accounts:read');
  const accounts = new Map(accountRows(ctx.db).map((account) => [account.id, account]));
  return syncStatus(ctx.db, ctx.clock.now()).map(({ budget, waitingUntil, ...status }) => {
    const account = accounts.get(status.accountId);
    const { limit, remaining, observedAt } = budget;
    return {
      ...status,
      startedAt: isoOf(status.startedAt),
      finishedAt: isoOf(status.finishedAt),
      lastSucceededAt: isoOf(status.lastSucceededAt),
      waitingUntil: isoOf(waitingUntil),
      budget:
        limit === null || remaining === null || observedAt === null
          ? null
          : { limit, remaining, observedAt: new Date(observedAt).toISOString() },
      accountDetail: account?.statusDetail ?? null,
      accountStatusAt: isoOf(account?.statusAt ?? null),
    };
  });
}
