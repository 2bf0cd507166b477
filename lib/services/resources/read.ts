import { may } from '@/lib/access/policy';
import {
  isPaged,
  type OperationAddress,
  pathOf,
  type ReadOperation,
  relationshipOf,
} from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { ManyDocument, OneDocument } from '@/lib/asc/types';
import { isMirrorType } from '@/lib/mirror/query/facts';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { accountOf, type Clue, cluesOf } from './account';
import { addressOf, allowed, relatedAddressOf, typeOf } from './address';
import { type AppleAnswer, cursorOf, isOutage, readApple } from './apple-read';
import { refuseHidden, type Source, sourceOf } from './held';
import { mirrorList, mirrorOne } from './mirror-read';
import { mirrored } from './mirrored';
import { mirroredRelated } from './mirrored-related';
import { appleQuery, includesOf, listQuery, splitOwn } from './query';
import { forActor, isoOf, type ListAnswer, linksOf, type OneAnswer } from './shape';

export interface ReadArguments {
  readonly type: string;
  /** The query string's parameters, Apple's and ours. */
  readonly parameters: URLSearchParams;
  /** The account, when the caller names one. */
  readonly accountId?: string | undefined;
}

/**
 * `GET /v1/{type}`: from the mirror where its tables hold what is asked, else through Apple.
 * @throws RefusedError 404 unknown type, 405 not offered, 400 naming the wrong parameter
 */
export async function listResources(
  ctx: Ctx,
  { type: word, parameters, accountId }: ReadArguments,
): Promise<ListAnswer> {
  const type = typeOf(word);
  const address = allowed(
    ctx,
    isMirrorType(type) ? ({ type, operation: 'list' } as const) : addressOf('list', type),
    includesOf(parameters),
  );
  const live = () => liveList(ctx, { address, accountId, parameters });
  if (!isMirrorType(type)) return live();
  const query = listQuery(parameters);
  refuseHidden(ctx, type, query);
  const source = sourceOf({ address, type, query, isOne: false });
  const path = `/api${pathOf(address)}`;
  return answered(ctx, source, live, () => mirrorList(ctx, { ...query, type, accountId, parameters, path }));
}

/** `GET /v1/{type}/{id}`; with `refresh=1` read afresh from Apple. */
export async function getResource(
  ctx: Ctx,
  {
    type: word,
    id,
    parameters,
    accountId,
    appId,
  }: ReadArguments & { id: string; appId?: string | undefined },
): Promise<OneAnswer> {
  const type = typeOf(word);
  const address = allowed(
    ctx,
    isMirrorType(type) ? ({ type, operation: 'get' } as const) : addressOf('get', type),
    includesOf(parameters),
  );
  const { own, apple } = splitOwn(parameters);
  const live = async () => {
    const query = appleQuery(addressOf('get', type), apple);
    return appleOne(ctx, { address, id, query, own, accountId, clues: [{ type, id, appId }] });
  };
  if (!isMirrorType(type)) return live();
  const query = listQuery(parameters);
  const source = sourceOf({ address, type, query, isOne: true });
  const isRefresh = own.refresh === '1';
  return answered(
    ctx,
    source,
    live,
    async () => (await mirrorOne(ctx, { type, id, appId, accountId, query, isRefresh })) ?? live(),
  );
}

/** `GET /v1/{type}/{id}/{name}`: a related list or resource, or a report of its own media type. */
export async function listRelated(
  ctx: Ctx,
  { type: word, id, name, parameters, accountId }: ReadArguments & { id: string; name: string },
): Promise<ListAnswer | OneAnswer> {
  const address = allowed(ctx, relatedAddressOf(word, name), includesOf(parameters));
  const { own, apple } = splitOwn(parameters);
  const clues = [{ type: address.type, id }];
  const live = async () => {
    const query = appleQuery(address, apple);
    // A report takes a limit, but its document is no list.
    const isList = isPaged(address) && address.operation !== 'report';
    return isList
      ? appleList(ctx, { address, id, query, own, accountId, clues, parameters })
      : appleOne(ctx, { address, id, query, own, accountId, clues });
  };
  const way = mirroredRelated(address);
  if (!way) return live();
  const query = listQuery(parameters);
  refuseHidden(ctx, way.type, query);
  const source = sourceOf({ address, type: way.type, query, fixed: way.filter, isOne: way.isOne });
  const account = await accountOf(ctx, accountId, clues);
  // An owner that is not here may be gone, or new: Apple knows.
  if (own.refresh === '1' || (await mirrored(ctx.db, account.id, address.type, id)) === null) return live();
  return answered(ctx, source, live, () =>
    mirrorList(ctx, {
      ...query,
      filter: { ...query.filter, [way.filter]: [id] },
      type: way.type,
      accountId: account.id,
      parameters,
      path: `/api${pathOf(address, id)}`,
      isOne: way.isOne,
    }),
  );
}

/**
 * The answer of whoever holds what is asked. When the mirror lacks something that its rows point at, Apple is asked;
 * where that cannot be, the answer says that it is incomplete.
 */
async function answered<Answer extends ListAnswer | OneAnswer>(
  ctx: Ctx,
  source: Source,
  live: () => Promise<Answer>,
  held: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (source === 'apple') return live();
  const answer = await held();
  if (answer.meta.isIncomplete !== true || source !== 'both' || !may(ctx.actor, 'apple:read')) return answer;
  try {
    return await live();
  } catch (error) {
    if (isOutage(error)) return answer;
    throw error;
  }
}

async function liveList(
  ctx: Ctx,
  {
    address,
    parameters,
    accountId,
  }: { address: OperationAddress<ReadOperation> } & Omit<ReadArguments, 'type'>,
): Promise<ListAnswer> {
  const { own, apple } = splitOwn(parameters);
  const query = appleQuery(addressOf(address.operation, address.type), apple);
  refuseHidden(ctx, address.type, query);
  const clues = cluesOf(
    Object.keys(query.filter ?? {}).map((name) => [
      name === 'id' ? address.type : relationshipOf(address.type, name)?.target,
      firstOf(query, name),
    ]),
  );
  return appleList(ctx, { address, query, own, accountId, clues, parameters });
}

/** `GET /v1/{type}/{id}/relationships/{name}`: ids only. */
export async function getLinkage(
  ctx: Ctx,
  { type, id, name, parameters, accountId }: ReadArguments & { id: string; name: string },
): Promise<ListAnswer | OneAnswer> {
  const address = allowed(ctx, addressOf('linkage', type, name));
  const { own, apple } = splitOwn(parameters);
  const query = appleQuery(address, apple);
  const clues = [{ type: address.type, id }];
  return isPaged(address)
    ? appleList(ctx, { address, id, query, own, accountId, clues, parameters })
    : appleOne(ctx, { address, id, query, own, accountId, clues });
}

/** `GET /v1/{type}/{id}/metrics/{name}`: a usage figure. */
export async function getMetrics(
  ctx: Ctx,
  { type, id, name, parameters, accountId }: ReadArguments & { id: string; name: string },
): Promise<ListAnswer> {
  const address = allowed(ctx, addressOf('metrics', type, name));
  const { own, apple } = splitOwn(parameters);
  const query = appleQuery(address, apple);
  const clues = [{ type: address.type, id }];
  return appleList(ctx, { address, id, query, own, accountId, clues, parameters });
}

interface AppleListArguments {
  readonly address: OperationAddress<ReadOperation>;
  readonly id?: string;
  readonly query: AscQuery;
  readonly own: {
    readonly cursor?: string;
    readonly refresh?: string;
    readonly search?: string;
    readonly offset?: string;
    readonly group?: string;
    readonly closed?: string;
  };
  readonly accountId: string | undefined;
  readonly clues: readonly Clue[];
  readonly parameters: URLSearchParams;
}

async function appleList(
  ctx: Ctx,
  { address, id, query, own, accountId, clues, parameters }: AppleListArguments,
): Promise<ListAnswer> {
  if (own.search !== undefined) throw badParameter('search', 'This list cannot be searched.');
  for (const name of ['group', 'closed'] as const)
    if (own[name] !== undefined) throw badParameter(name, 'This list has no groups.');
  if (own.offset !== undefined) throw badParameter('offset', 'Use the cursor of the page before.');
  const account = await accountOf(ctx, accountId, clues);
  const { cursor, refresh } = own;
  const answer = await readApple(ctx, {
    address,
    accountId: account.id,
    query,
    isRefresh: refresh === '1',
    ...(id === undefined ? {} : { id }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const document = answer.document as ManyDocument<ResourceObject>;
  const next = cursorOf(query, typeof document.links?.next === 'string' ? document.links.next : undefined);
  const { total, limit } = document.meta?.paging ?? {};
  return forActor(ctx, {
    data: document.data,
    ...(document.included ? { included: document.included as ResourceObject[] } : {}),
    links: linksOf(`/api${pathOf(address, id)}`, parameters, next),
    meta: {
      paging: {
        ...(total === undefined ? {} : { total }),
        ...(limit === undefined ? {} : { limit }),
        ...(next === undefined ? {} : { nextCursor: next }),
      },
      total: total ?? null,
      fetchedAt: isoOf(answer.fetchedAt),
      stale: answer.stale,
      source: 'apple' as const,
      accountId: account.id,
    },
  });
}

/** One resource, or a report: Apple's own JSON, handed on as it came. */
async function appleOne(
  ctx: Ctx,
  { address, id, query, own, accountId, clues }: Omit<AppleListArguments, 'parameters'> & { id: string },
): Promise<OneAnswer> {
  const account = await accountOf(ctx, accountId, clues);
  const isRefresh = own.refresh === '1';
  const answer = await readApple(ctx, { address, accountId: account.id, id, query, isRefresh });
  if (address.operation === 'report') {
    return { data: null, meta: { ...metaOf(answer), report: answer.document } };
  }
  const document = answer.document as OneDocument<ResourceObject | null>;
  return forActor(ctx, {
    data: document.data,
    ...(document.included ? { included: document.included as ResourceObject[] } : {}),
    meta: { ...metaOf(answer), accountId: account.id },
  });
}

function metaOf(answer: AppleAnswer): OneAnswer['meta'] {
  return { fetchedAt: isoOf(answer.fetchedAt), stale: answer.stale, source: 'apple' };
}

function firstOf(query: AscQuery, name: string): string | undefined {
  const value = query.filter?.[name];
  return value === undefined ? undefined : String(Array.isArray(value) ? value[0] : value);
}
