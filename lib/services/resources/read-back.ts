import { entryOf } from '@/lib/asc/catalogue';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { isAscError } from '@/lib/asc/errors';
import { type Call, isOffered } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { Linkage, ManyDocument, OneDocument } from '@/lib/asc/types';
import { isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import type { ResourceInput } from './body';
import { isSame } from './expectation';
import { mirrored } from './mirrored';

/** What was found at Apple after a write of unknown outcome. */
export type Found =
  | { readonly outcome: 'done'; readonly document: ResourceObject | null }
  | { readonly outcome: 'notDone' }
  | { readonly outcome: 'unknown' };

interface Written {
  readonly call: Call;
  readonly accountId: string;
}

/** Apple may still be at it when the connection breaks, ms. */
const SETTLE_MS = 750;
const DONE_WITHOUT = { outcome: 'done', document: null } as const;

/** Looks at Apple whether a write was carried out. Never writes; unknown when Apple cannot be asked. */
export async function readBack(ctx: Ctx, written: Written): Promise<Found> {
  await ctx.clock.sleep(SETTLE_MS);
  try {
    return (
      (await lookers[written.call.operation as keyof typeof lookers]?.(ctx, written)) ?? {
        outcome: 'unknown',
      }
    );
  } catch (error) {
    if (!isAscError(error)) throw error;
    return { outcome: 'unknown' };
  }
}

const lookers = {
  create: findCreated,
  update: compareUpdated,
  delete: missDeleted,
  addLinkage: (ctx: Ctx, written: Written) => compareLinked(ctx, written, true),
  removeLinkage: (ctx: Ctx, written: Written) => compareLinked(ctx, written, false),
} as const;

async function compareUpdated(ctx: Ctx, { call, accountId }: Written): Promise<Found> {
  const { attributes = {} } = call.input as ResourceInput;
  const { fields, secret = [] } = entryOf(call.type);
  // What Apple never gives back cannot be compared.
  const readable = Object.keys(attributes).filter((name) => fields.includes(name) && !secret.includes(name));
  if (readable.length === 0) return { outcome: 'unknown' };
  const resource = await getOne(ctx, accountId, call.type, call.id ?? '');
  if (resource === undefined) return { outcome: 'unknown' };
  const isDone =
    resource !== null && readable.every((name) => isSame(resource.attributes?.[name], attributes[name]));
  return isDone ? { outcome: 'done', document: resource } : { outcome: 'notDone' };
}

async function missDeleted(ctx: Ctx, { call, accountId }: Written): Promise<Found> {
  const resource = await getOne(ctx, accountId, call.type, call.id ?? '');
  if (resource === undefined) return { outcome: 'unknown' };
  return resource === null ? DONE_WITHOUT : { outcome: 'notDone' };
}

/** How a resource just created is found: filter → where its value stands in the request. */
const FIND_BY: Partial<Record<ResourceType, Readonly<Record<string, string>>>> = {
  betaTesters: { email: 'email', betaGroups: 'betaGroups', builds: 'builds' },
  betaGroups: { name: 'name', app: 'app' },
  betaBuildLocalizations: { locale: 'locale', build: 'build' },
  betaAppLocalizations: { locale: 'locale', app: 'app' },
  betaAppReviewSubmissions: { build: 'build' },
};

async function findCreated(ctx: Ctx, { call, accountId }: Written): Promise<Found> {
  const found = FIND_BY[call.type];
  if (!found) return { outcome: 'unknown' };
  const { attributes = {}, relationships = {} } = call.input as ResourceInput;
  const filter: Record<string, string> = {};
  // A comma separates the values of a filter: such a text is compared here.
  const texts: Record<string, string> = {};
  for (const [name, member] of Object.entries(found)) {
    const target = [relationships[member]?.data].flat().find(isIdentified);
    const value = attributes[member] ?? target?.id;
    if (typeof value === 'string') (value.includes(',') ? texts : filter)[name] = value;
  }
  const query: AscQuery = { filter, limit: { page: 200 } };
  const asc = await ctx.ascFor(accountId);
  const { document } = await asc.perform({ type: call.type, operation: 'list', query });
  // What the mirror knew before was there before.
  const { data } = document as ManyDocument<ResourceObject>;
  const isMeant = ({ attributes: own }: ResourceObject) =>
    Object.entries(texts).every(([name, text]) => own?.[name] === text);
  for (const created of data.filter(isMeant)) {
    const isNew =
      call.type === 'betaTesters' || (await mirrored(ctx.db, accountId, call.type, created.id)) === null;
    if (isNew) return { outcome: 'done', document: created };
  }
  return { outcome: 'notDone' };
}

async function compareLinked(ctx: Ctx, { call, accountId }: Written, isWanted: boolean): Promise<Found> {
  const { type, id = '', name = '' } = call;
  if (!isOffered({ type, operation: 'linkage', name })) return { outcome: 'unknown' };
  const asc = await ctx.ascFor(accountId);
  const wanted = new Set(call.input as readonly string[]);
  let seen = 0;
  const first = await asc.perform({ type, operation: 'linkage', id, name, query: { limit: { page: 200 } } });
  let page = first as { document: unknown; next?: string | undefined };
  for (;;) {
    for (const linkage of (page.document as ManyDocument<Linkage>).data)
      if (wanted.has(linkage.id)) seen += 1;
    if (page.next === undefined) break;
    page = await asc.pageFrom(type, page.next);
  }
  return seen === (isWanted ? wanted.size : 0) ? DONE_WITHOUT : { outcome: 'notDone' };
}

/** The resource, null when Apple says there is none, undefined when it cannot be read by itself. */
async function getOne(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  id: string,
): Promise<ResourceObject | null | undefined> {
  if (!isOffered({ type, operation: 'get' })) return undefined;
  try {
    const asc = await ctx.ascFor(accountId);
    const { document } = await asc.perform({ type, operation: 'get', id });
    return (document as OneDocument<ResourceObject>).data;
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return null;
    throw error;
  }
}
