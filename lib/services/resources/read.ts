import { authorise } from '@/lib/access/policy';
import { isPaged, type OperationAddress, pathOf, permissionsOf } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { ManyDocument, OneDocument } from '@/lib/asc/types';
import { isMirrorType } from '@/lib/mirror/query/facts';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { accountOf, type Clue, cluesOf } from './account';
import { addressOf, relatedAddressOf, typeOf } from './address';
import { type AppleAnswer, cursorOf, readApple } from './apple-read';
import { mirrorList, mirrorOne } from './mirror-read';
import { mirroredRelated } from './mirrored-related';
import { appleQuery, listQuery, splitOwn } from './query';
import { forActor, isoOf, type ListAnswer, linksOf, type OneAnswer } from './shape';

export interface ReadArguments {
  readonly type: string;
  /** The query string's parameters, Apple's and ours. */
  readonly parameters: URLSearchParams;
  /** The account, when the caller names one. */
  readonly accountId?: string | undefined;
}

/**
 * `GET /v1/{type}`: from the mirror where its tables hold the type, else through Apple.
 * @throws RefusedError 404 unknown type, 405 not offered, 400 naming the wrong parameter
 */
export async function listResources(
  ctx: Ctx,
  { type: word, parameters, accountId }: ReadArguments,
): Promise<ListAnswer> {
  const type = typeOf(word);
  if (isMirrorType(type)) {
    const address = { type, operation: 'list' } as const;
    const query = listQuery(parameters);
    for (const permission of permissionsOf(address, query.include)) authorise(ctx.actor, permission);
    return mirrorList(ctx, { ...query, type, accountId, parameters, path: `/api${pathOf(address)}` });
  }
  const address = addressOf('list', type);
  const { own, apple } = splitOwn(parameters);
  const query = appleQuery(address, apple);
  for (const permission of permissionsOf(address, query.include)) authorise(ctx.actor, permission);
  const clues = cluesOf([
    ['apps', firstOf(query, 'app')],
    ['apps', firstOf(query, 'apps')],
    ['builds', firstOf(query, 'build')],
  ]);
  return appleList(ctx, { address, query, own, accountId, clues, parameters });
}

/** `GET /v1/{type}/{id}`; with `refresh=1` read afresh from Apple. */
export async function getResource(
  ctx: Ctx,
  { type: word, id, parameters, accountId }: ReadArguments & { id: string },
): Promise<OneAnswer> {
  const type = typeOf(word);
  const address = isMirrorType(type) ? ({ type, operation: 'get' } as const) : addressOf('get', type);
  const { own, apple } = splitOwn(parameters);
  const include = (apple.get('include') ?? '').split(',').filter((name) => name !== '');
  for (const permission of permissionsOf(address, include)) authorise(ctx.actor, permission);
  if (isMirrorType(type)) {
    const answer = await mirrorOne(ctx, {
      type,
      id,
      accountId,
      include,
      isRefresh: own.refresh === '1',
      fields: listQuery(apple).fields,
    });
    if (answer) return answer;
  }
  const query = appleQuery(addressOf('get', type), apple);
  return appleOne(ctx, { address, id, query, own, accountId, clues: [{ type, id }] });
}

/** `GET /v1/{type}/{id}/{name}`: a related list or resource, or a report of its own media type. */
export async function listRelated(
  ctx: Ctx,
  { type: word, id, name, parameters, accountId }: ReadArguments & { id: string; name: string },
): Promise<ListAnswer | OneAnswer> {
  const address = relatedAddressOf(word, name);
  const include = (parameters.get('include') ?? '').split(',').filter((part) => part !== '');
  for (const permission of permissionsOf(address, include)) authorise(ctx.actor, permission);
  const { own, apple } = splitOwn(parameters);
  const clues = [{ type: address.type, id }];
  const way = own.refresh === '1' ? null : mirroredRelated(address);
  if (way) {
    const account = accountOf(ctx, accountId, clues);
    const query = listQuery(parameters);
    const filter = { ...query.filter, [way.filter]: [id] };
    return mirrorList(ctx, {
      ...query,
      filter,
      type: way.type,
      accountId: account.id,
      parameters,
      path: `/api${pathOf(address, id)}`,
      isOne: way.isOne,
    });
  }
  const query = appleQuery(address, apple);
  // A report takes a limit, but its document is no list.
  const isList = isPaged(address) && address.operation !== 'report';
  return isList
    ? appleList(ctx, { address, id, query, own, accountId, clues, parameters })
    : appleOne(ctx, { address, id, query, own, accountId, clues });
}

/** `GET /v1/{type}/{id}/relationships/{name}`: ids only. */
export async function getLinkage(
  ctx: Ctx,
  { type, id, name, parameters, accountId }: ReadArguments & { id: string; name: string },
): Promise<ListAnswer | OneAnswer> {
  const address = addressOf('linkage', type, name);
  for (const permission of permissionsOf(address)) authorise(ctx.actor, permission);
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
  const address = addressOf('metrics', type, name);
  for (const permission of permissionsOf(address)) authorise(ctx.actor, permission);
  const { own, apple } = splitOwn(parameters);
  const query = appleQuery(address, apple);
  const clues = [{ type: address.type, id }];
  return appleList(ctx, { address, id, query, own, accountId, clues, parameters });
}

interface AppleListArguments {
  readonly address: OperationAddress;
  readonly id?: string;
  readonly query: AscQuery;
  readonly own: {
    readonly cursor?: string;
    readonly refresh?: string;
    readonly search?: string;
    readonly offset?: string;
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
  if (own.offset !== undefined) throw badParameter('offset', 'Use the cursor of the page before.');
  const account = accountOf(ctx, accountId, clues);
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
  const account = accountOf(ctx, accountId, clues);
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
