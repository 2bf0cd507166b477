import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { permissionsOf } from '@/lib/asc/operations';
import { deviceName } from '@/lib/format/devices';
import { countMirror } from '@/lib/mirror/query';
import { type FacetPage, facetOf } from '@/lib/mirror/query/facets';
import { isMirrorType, isOwnList, type ListType } from '@/lib/mirror/query/facts';
import { type Neighbour, type Neighbours, neighboursOf } from '@/lib/mirror/query/neighbours';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import type { Ctx } from './ctx';
import { notFound } from './errors';
import { ownQuery } from './feedback/inbox';
import { programmeNow } from './programme-time';
import { typeOf } from './resources/address';
import { refuseHidden } from './resources/held';
import { orRefused } from './resources/list-refusal';
import { listQuery } from './resources/query';

export type { FacetPage, Neighbour, Neighbours };

interface Asked {
  readonly type: string;
  /** The list's own parameters: filters, search, sort. */
  readonly parameters: URLSearchParams;
  readonly accountId?: string | undefined;
}

/** Who stands before and after one row of a list; null when the list does not hold it. */
export async function listNeighbours(
  ctx: Ctx,
  asked: Asked & { id: string; appId?: string },
): Promise<Neighbours | null> {
  return ask(ctx, asked, (type, query) =>
    neighboursOf(ctx.db, type, query, { id: asked.id, appId: asked.appId }),
  );
}

/** How many rows a list holds, counted to the end: what a person confirms is the number. */
export async function listTotal(ctx: Ctx, asked: Asked): Promise<number> {
  return ask(ctx, asked, (type, query) => countMirror(ctx.db, type, query));
}

/** The values that one filter of a list can take now, with how many rows have each. */
export async function listFacet(
  ctx: Ctx,
  asked: Asked & { field: string; typed: string },
): Promise<FacetPage> {
  const found = await ask(ctx, asked, (type, query) =>
    facetOf(ctx.db, type, asked.field, query, asked.typed),
  );
  const page = asked.field === 'device' ? withDeviceNames(found) : found;
  if (may(ctx.actor, 'testers:identify')) return page;
  // A value that holds an address would tell it, and masked it would find nobody.
  const values = page.values.filter(({ value }) => maskEmails(value) === value);
  return { ...page, values: maskEmails(values) };
}

function withDeviceNames(page: FacetPage): FacetPage {
  return { ...page, values: page.values.map((one) => ({ ...one, label: deviceName(one.value) })) };
}

async function ask<Answer>(
  ctx: Ctx,
  { type: word, parameters, accountId }: Asked,
  read: (type: ListType, query: Omit<MirrorQuery, 'limit' | 'cursor' | 'offset'>) => Promise<Answer>,
): Promise<Answer> {
  const asked = listQuery(parameters);
  const { filter, exists, search, sort, group } = asked;
  if (isOwnList(word)) {
    authorise(ctx.actor, 'feedback:read');
    return orRefused(() => read(word, { ...ownQuery(ctx, asked), accountId }));
  }
  const type = typeOf(word);
  if (!isMirrorType(type)) throw notFound('There is no such list.');
  for (const permission of permissionsOf({ type, operation: 'list' }, [])) authorise(ctx.actor, permission);
  refuseHidden(ctx, type, { filter, sort });
  const isMasked = !may(ctx.actor, 'testers:identify');
  return orRefused(() =>
    read(type, { filter, exists, search, sort, group, accountId, isMasked, now: programmeNow(ctx) }),
  );
}
