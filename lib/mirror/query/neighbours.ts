import type { Store } from '@/lib/store/store';
import { isApp, isPerApp } from '../tables';
import { factsOf, type ListType } from './facts';
import { sharedApps } from './holders';
import { countList, pageOf } from './list';
import { maskedFacts } from './masked';
import { afterCursor, cursorOf, cursorValues, orderOf, reversed } from './order';
import type { MirrorRow } from './rows';
import type { MirrorQuery } from './types';

/** A row of a list by what finds its page again. */
export interface Neighbour {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string | null;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
}

export interface Neighbours {
  /** The row itself, as lists know it. */
  readonly self: Neighbour;
  readonly previous: Neighbour | null;
  readonly next: Neighbour | null;
  /** Which row of the list it is, from 1. */
  readonly place: number;
  readonly total: number;
}

/**
 * Who stands before and after a row in a list's own order and filters; null when the list does not hold the row.
 * `appId` tells apart the rows of somebody who tests several apps.
 */
export async function neighboursOf(
  db: Store,
  type: ListType,
  query: Omit<MirrorQuery, 'limit' | 'cursor' | 'offset'>,
  row: { readonly id: string; readonly appId?: string | undefined },
): Promise<Neighbours | null> {
  const facts = query.isMasked ? maskedFacts(factsOf(type)) : factsOf(type);
  const order = orderOf(facts, query);
  const app = isPerApp(type) ? 'apps' : 'app';
  const only = row.appId === undefined || isApp(type) ? {} : { [app]: [row.appId] };
  const here = { ...query, filter: { ...query.filter, ...only, id: [row.id] }, limit: 1 };
  const [found] = (await pageOf(db, type, here, order, facts)).rows;
  if (!found) return null;
  const backwards = reversed(order);
  const behind = async (direction: typeof order) =>
    cursorOf(direction, await cursorValues(db, facts, direction, found));
  const step = async (direction: typeof order) =>
    pageOf(db, type, { ...query, limit: 1, cursor: await behind(direction) }, direction, facts);
  const before = [afterCursor(backwards, await behind(backwards))];
  const shared = await sharedApps(db);
  const one = (row: MirrorRow | undefined) => (row ? shown(shared, row) : null);
  return {
    self: shown(shared, found),
    previous: one((await step(backwards)).rows[0]),
    next: one((await step(order)).rows[0]),
    place: (await countList(db, type, facts, query, before)) + 1,
    total: await countList(db, type, facts, query),
  };
}

function shown(shared: ReadonlyMap<string, string>, { id, accountId, appId }: MirrorRow): Neighbour {
  const accountName = shared.get(`${accountId} ${appId}`) ?? null;
  return { id, accountId, accountName, appId: typeof appId === 'string' ? appId : null };
}
