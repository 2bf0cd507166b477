import { resolveAccount } from '@/lib/mirror/query';
import type { Database } from '@/lib/mirror/store';
import { type AccountRow, accountRow, accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { conflict, notFound, RefusedError } from '../errors';

/** Something that may tell which account a request is about. */
export interface Clue {
  readonly type: string;
  readonly id: string;
}

/**
 * The account a request is about: the one that is named, else the one that holds any of the resources spoken of,
 * else the only one there is.
 * @throws RefusedError 404 when a named account does not hold what is spoken of, 400 when it cannot be told
 */
export function accountOf(
  ctx: Pick<Ctx, 'db'>,
  named: string | undefined,
  clues: readonly Clue[],
): AccountRow {
  if (named !== undefined) {
    const account = accountRow(ctx.db, named);
    for (const clue of clues) {
      const holder = holderOf(ctx.db, clue);
      if (holder !== null && holder !== account.id)
        throw notFound(`There is no ${clue.type} of this id here.`);
    }
    return account;
  }
  for (const clue of clues) {
    const holder = holderOf(ctx.db, clue);
    if (holder !== null) return accountRow(ctx.db, holder);
  }
  const [only, ...others] = accountRows(ctx.db);
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

function holderOf(db: Database, { type, id }: Clue): string | null {
  return resolveAccount(db, type, id)?.accountId ?? null;
}
