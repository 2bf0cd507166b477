import { type Holder, holdersOf, resolveAccount } from '@/lib/mirror/query';
import type { Database } from '@/lib/store/database';
import { type AccountRow, accountRow, accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { conflict, notFound, RefusedError } from '../errors';

/** Something that may tell which account a request is about. */
export interface Clue {
  readonly type: string;
  readonly id: string;
  /** Which app's row of a tester. */
  readonly appId?: string | undefined;
}

/**
 * The account a request is about: the one that is named, else the first that holds all the resources spoken of, else
 * the first that holds any, else the only one there is.
 * @throws RefusedError 404 when a named account does not hold what is spoken of, 400 when it cannot be told
 */
export async function accountOf(
  ctx: Pick<Ctx, 'db'>,
  named: string | undefined,
  clues: readonly Clue[],
): Promise<AccountRow> {
  const known = (
    await Promise.all(
      clues.map(async (clue) => ({
        ...clue,
        holders: await holdersOf(ctx.db, clue.type, clue.id, { appId: clue.appId }),
      })),
    )
  ).filter(({ holders }) => holders.length > 0);
  if (named !== undefined) {
    const account = await accountRow(ctx.db, named);
    for (const { type, holders } of known) {
      if (!(await mayHold(ctx.db, account.id, holders)))
        throw notFound(`There is no ${type} of this id here.`);
    }
    return account;
  }
  const [first] = known;
  if (first) {
    const accounts = first.holders.map(({ accountId }) => accountId);
    const isInAll = (one: string) =>
      known.every(({ holders }) => holders.some(({ accountId }) => accountId === one));
    return accountRow(ctx.db, accounts.find(isInAll) ?? accounts[0] ?? '');
  }
  const [only, ...others] = await accountRows(ctx.db);
  if (!only) {
    throw conflict(
      'FLIGHTDECK.NO_ACCOUNT',
      'There is no App Store Connect account yet. Add a key in Settings.',
    );
  }
  if (others.length === 0) return only;
  throw new RefusedError({
    status: 400,
    code: 'FLIGHTDECK.ACCOUNT',
    title: 'Which account',
    detail: 'Several App Store Connect accounts are connected. Name one in the header Flightdeck-Account.',
    source: { header: 'Flightdeck-Account' },
  });
}

/** The resources a body or a query speaks of, by relationship or filter. */
export function cluesOf(pairs: readonly (readonly [type: string | undefined, id: unknown])[]): Clue[] {
  return pairs.flatMap(([type, id]) => (type !== undefined && typeof id === 'string' ? [{ type, id }] : []));
}

/** Of an app that both have, one account may only not have read yet what the other has. */
async function mayHold(db: Database, accountId: string, holders: readonly Holder[]): Promise<boolean> {
  if (holders.some((holder) => holder.accountId === accountId)) return true;
  for (const { appId } of holders) {
    if (appId !== null && (await resolveAccount(db, 'apps', appId, { accountId })) !== null) return true;
  }
  return false;
}
