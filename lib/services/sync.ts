import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authorise, ownerOf } from '@/lib/access/policy';
import { resolveAccount } from '@/lib/mirror/query';
import type { Write } from '@/lib/store/database';
import { announced } from '@/lib/store/feed';
import type { SyncMode } from '@/lib/sync/run';
import { type SyncStatus, syncStatus } from '@/lib/sync/status';
import { hourOf } from './accounts/key-ledger';
import { type AccountRow, accountRow, accountRows } from './accounts/rows';
import type { Ctx } from './ctx';
import { conflict, tooMany } from './errors';
import { refreshesOf, type ShownView, viewShape, wordsOf } from './freshness';
import { isoOf } from './resources/shape';

export const syncBody = z.strictObject({
  accountId: z.string().min(1).max(100).optional(),
  mode: z.enum(['full', 'incremental'], 'Choose full or incremental.').default('incremental'),
  /** Only what this view shows, read whole. */
  view: viewShape.optional(),
});

/** A person may ask for a sync of an account, or of what an app's pages show, once in so many ms. */
const ASK_EVERY_MS = 60_000;

interface Wish {
  readonly accountId: string;
  readonly mode: SyncMode;
  readonly scopes: readonly string[] | null;
  readonly appId: string | null;
}

/**
 * Asks the worker for a sync of one account, or of all, or of what a view shows.
 * @returns the accounts, and what is read as people say it
 * @throws RefusedError 429 when it was asked for less than a minute ago, 409 when there is no account
 */
export async function requestSync(
  ctx: Ctx,
  given: z.infer<typeof syncBody>,
): Promise<{ accountIds: string[]; what: string }> {
  authorise(ctx.actor, 'sync:run');
  const wishes = await wishesOf(ctx, given);
  if (wishes.length === 0) {
    throw conflict(
      'FLIGHTDECK.NO_ACCOUNT',
      'There is no App Store Connect account yet. Add a key in Settings.',
    );
  }
  const now = ctx.clock.now();
  // Of two people who press at the same moment one is first.
  const turn = ctx.db.dialect.inTurn('syncRequests');
  const changes = await ctx.db.write([
    ...turn,
    ...wishes.map((wish) => insertion(ctx, wish, now)),
    ...announced(
      'syncRequests',
      wishes.map((wish) => wish.accountId),
      now,
    ),
  ]);
  const taken = changes.slice(turn.length);
  const accountIds = wishes.filter((_, index) => taken[index] === 1).map(({ accountId }) => accountId);
  const what = given.view ? await wordsOf(ctx, given.view) : 'what is new';
  if (accountIds.length > 0) return { accountIds, what };
  const next = Math.min(...(await Promise.all(wishes.map((wish) => lastAskedAt(ctx, wish))))) + ASK_EVERY_MS;
  const about = given.view ? `Reading ${what}` : 'A sync';
  throw tooMany(`${about} was asked for less than a minute ago.`, next);
}

async function wishesOf(ctx: Ctx, { accountId, mode, view }: z.infer<typeof syncBody>): Promise<Wish[]> {
  if (view) {
    const appId = view.app ?? (await appOfView(ctx, view));
    const named = accountId === undefined ? view : { ...view, account: accountId };
    return (await refreshesOf(ctx, named)).map((one) => ({ ...one, mode: 'scoped', appId }));
  }
  const all = accountId === undefined ? await accountRows(ctx.db) : [await accountRow(ctx.db, accountId)];
  return all.map(({ id }) => ({ accountId: id, mode, scopes: null, appId: null }));
}

async function appOfView({ db }: Ctx, { of, id, group }: ShownView): Promise<string | null> {
  const [type, one] = group === undefined ? [of, id] : ['betaGroups', group];
  return one === undefined ? null : ((await resolveAccount(db, type, one))?.appId ?? null);
}

// Compared in the statement itself, so that nobody else asks in between.
function insertion(ctx: Ctx, wish: Wish, now: number): Write {
  const { accountId, mode, scopes, appId } = wish;
  const { build } = ctx.db;
  const row = {
    ...{ id: randomUUID(), accountId, mode, appId, requestedAt: now },
    scopes: scopes === null ? null : JSON.stringify(scopes),
    requestedBy: ownerOf(ctx.actor),
  };
  const columns = Object.keys(row) as (keyof typeof row)[];
  return build
    .insertInto('syncRequests')
    .columns(columns)
    .expression(
      build
        .selectNoFrom(({ val }) => columns.map((column) => val(row[column]).as(column)))
        .where(({ not, exists }) =>
          not(
            exists(
              alike(ctx, wish)
                .select('id')
                .where('requestedAt', '>', now - ASK_EVERY_MS),
            ),
          ),
        ),
    );
}

/** Former wishes of the same kind about the same. */
function alike({ db }: Ctx, { accountId, appId, mode }: Wish) {
  return db.build
    .selectFrom('syncRequests')
    .where('accountId', '=', accountId)
    .where('appId', appId === null ? 'is' : '=', appId)
    .where('mode', mode === 'scoped' ? '=' : '<>', 'scoped');
}

async function lastAskedAt(ctx: Ctx, wish: Wish): Promise<number> {
  const [row] = await ctx.db.read(
    alike(ctx, wish).select(({ fn }) => fn.max<number | null>('requestedAt').as('at')),
  );
  return row?.at ?? 0;
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
  /** The lists that cannot be read at present; `type` is Apple's, `since` ISO text. */
  readonly stuck: readonly {
    readonly type: string;
    readonly appName: string | null;
    readonly since: string;
    readonly error: string;
  }[];
}

/** Where the sync of each account stands. */
export async function syncState(ctx: Ctx): Promise<SyncState[]> {
  authorise(ctx.actor, 'accounts:read');
  const accounts = new Map((await accountRows(ctx.db)).map((account) => [account.id, account]));
  const states = await syncStatus(ctx.db, ctx.clock.now());
  return Promise.all(states.map(told));

  async function told({ waitingUntil, stuck, ...status }: (typeof states)[number]): Promise<SyncState> {
    const account = accounts.get(status.accountId);
    return {
      ...status,
      startedAt: isoOf(status.startedAt),
      finishedAt: isoOf(status.finishedAt),
      lastSucceededAt: isoOf(status.lastSucceededAt),
      waitingUntil: isoOf(waitingUntil),
      budget: await budgetOf(ctx, account, status.budget),
      accountDetail: account?.statusDetail ?? null,
      accountStatusAt: isoOf(account?.statusAt ?? null),
      stuck: stuck.map((list) => ({ ...list, since: new Date(list.since).toISOString() })),
    };
  }
}

/** The last sync knows the hour as it was then; the ledger of the key, what pages and jobs have asked for since. */
async function budgetOf(
  { db }: Ctx,
  account: AccountRow | undefined,
  { limit, remaining, observedAt }: SyncStatus['budget'],
): Promise<SyncState['budget']> {
  const told =
    limit === null || remaining === null || observedAt === null ? null : { limit, remaining, observedAt };
  const hour = account ? await hourOf(db, account) : null;
  const last = hour && hour.observedAt >= (told?.observedAt ?? 0) ? hour : told;
  return last && { ...last, observedAt: new Date(last.observedAt).toISOString() };
}
