import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import { FILTER_IDS, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { AscClient, AscPage } from '@/lib/asc/client-interface';
import { isAscError } from '@/lib/asc/errors';
import { isOffered, memberFilter, type ReadCall, relationshipOf, type WriteCall } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import { followPages } from '@/lib/asc/transport/paginate';
import type { Linkage, ManyDocument, OneDocument } from '@/lib/asc/types';
import { isIdentified, type ResourceObject } from '@/lib/mirror/resource';
import type { Database } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import type { ResourceInput } from './body';
import { isSame } from './expectation';
import { mirrored } from './mirrored';
import { hasAll, recordsOf } from './records';

/** What was found at Apple after a write of unknown outcome. */
export type Found =
  | { readonly outcome: 'done'; readonly document: ResourceObject | null }
  | { readonly outcome: 'notDone' }
  /** `isHidden`: Apple never shows a secret, so nobody will know. */
  | { readonly outcome: 'unknown'; readonly isHidden?: boolean };

/** A write whose outcome nobody has told. */
export interface Written {
  readonly call: WriteCall;
  readonly accountId: string;
  readonly appId: string | null;
  /** When it was sent, ms since 1970. */
  readonly sentAt: number;
}

/** What looks are made with. */
interface Eyes {
  readonly asc: AscClient;
  readonly db: Database;
}

/** Apple may still be at it when the connection breaks, ms. */
const SETTLE_MS = 750;
/** Apple's clock and ours are compared: so much of a difference must not hide what was made, ms. */
const CLOCKS_MS = 10 * 60_000;
const DONE_WITHOUT = { outcome: 'done', document: null } as const;

/** Looks at Apple whether a write was carried out. Never writes; unknown when Apple cannot be asked. */
export async function readBack(ctx: Ctx, written: Written): Promise<Found> {
  await ctx.clock.sleep(SETTLE_MS);
  try {
    return await look({ asc: await ctx.ascFor(written.accountId), db: ctx.db }, written);
  } catch (error) {
    if (!isAscError(error)) throw error;
    return { outcome: 'unknown' };
  }
}

/** The same at once, for whoever looks again by themselves. @throws AscError when Apple cannot be asked */
export async function look(eyes: Eyes, written: Written): Promise<Found> {
  const { call } = written;
  switch (call.operation) {
    case 'create':
      return findCreated(eyes, written);
    case 'update':
      return compareUpdated(eyes, call);
    case 'delete':
      return missDeleted(eyes, call);
    case 'addLinkage':
    case 'removeLinkage':
      return compareLinked(eyes, call);
    case 'replaceLinkage':
      return { outcome: 'unknown' };
  }
}

async function compareUpdated({ asc }: Eyes, call: WriteCall): Promise<Found> {
  const { attributes = {} } = call.input as ResourceInput;
  const { fields, secret = [] } = entryOf(call.type);
  const names = Object.keys(attributes);
  const isHidden = names.some((name) => secret.includes(name));
  const readable = names.filter((name) => fields.includes(name) && !secret.includes(name));
  const resource = readable.length === 0 ? undefined : await getOne(asc, call);
  if (resource === undefined) return { outcome: 'unknown', isHidden };
  const isDone =
    resource !== null && readable.every((name) => isSame(resource.attributes?.[name], attributes[name]));
  if (!isDone) return { outcome: 'notDone' };
  return isHidden ? { outcome: 'unknown', isHidden } : { outcome: 'done', document: resource };
}

async function missDeleted({ asc }: Eyes, call: WriteCall): Promise<Found> {
  const resource = await getOne(asc, call);
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

/** What an owner has one of is found there: created type → its relationship to the owner, and the way back. */
const FIND_AT: Partial<Record<ResourceType, { readonly owner: string; readonly name: string }>> = {
  betaRecruitmentCriteria: { owner: 'betaGroup', name: 'betaRecruitmentCriteria' },
};

async function findCreated(eyes: Eyes, written: Written): Promise<Found> {
  const { call, accountId, appId, sentAt } = written;
  if (entryOf(call.type).isPerApp && appId !== null) return findInvited(eyes, call, appId);
  const at = FIND_AT[call.type];
  if (at) return findOwned(eyes, call, at);
  const found = FIND_BY[call.type];
  if (!found) return { outcome: 'unknown' };
  const { attributes = {}, relationships = {} } = call.input as ResourceInput;
  const filter: Record<string, string> = {};
  for (const [name, member] of Object.entries(found)) {
    const target = [relationships[member]?.data].flat().find(isIdentified);
    const value = attributes[member] ?? target?.id;
    // A comma separates the values of a filter: such a text is compared here alone.
    if (typeof value === 'string' && !value.includes(',')) filter[name] = value;
  }
  const query: AscQuery = { filter, limit: { page: PAGE_LIMIT } };
  const { document } = await eyes.asc.perform({ type: call.type, operation: 'list', query });
  const isMeant = ({ attributes: own = {} }: ResourceObject) =>
    Object.values(found).every(
      (name) =>
        !Object.hasOwn(own, name) ||
        !Object.hasOwn(attributes, name) ||
        plain(own[name]) === plain(attributes[name]),
    ) && !(Date.parse(String(own.createdDate)) < sentAt - CLOCKS_MS);
  for (const created of (document as ManyDocument<ResourceObject>).data.filter(isMeant)) {
    // What the mirror knew before was there before; testers have their row from elsewhere too.
    const isNew =
      entryOf(call.type).isPerApp || (await mirrored(eyes.db, accountId, call.type, created.id)) === null;
    if (isNew) return { outcome: 'done', document: created };
  }
  return { outcome: 'notDone' };
}

/** Apple trims what it is given, and takes one address in capitals for the same. */
const plain = (value: unknown) => String(value).trim().toLowerCase();

async function findInvited({ asc }: Eyes, { input }: WriteCall, appId: string): Promise<Found> {
  const { attributes = {}, relationships = {} } = input as ResourceInput;
  const idsOf = (name: string) =>
    [relationships[name]?.data]
      .flat()
      .filter(isIdentified)
      .map(({ id }) => id);
  const wanted = { groupIds: idsOf('betaGroups'), buildIds: idsOf('builds') };
  const records = await recordsOf(asc, appId, String(attributes.email), wanted.buildIds.length > 0);
  const tester = records.find((one) => hasAll(one, wanted));
  return tester ? { outcome: 'done', document: tester.resource as ResourceObject } : { outcome: 'notDone' };
}

async function findOwned(
  { asc }: Eyes,
  { input }: WriteCall,
  { owner, name }: { readonly owner: string; readonly name: string },
): Promise<Found> {
  const target = (input as ResourceInput).relationships?.[owner]?.data;
  if (!isIdentified(target) || !isResourceType(target.type)) return { outcome: 'unknown' };
  try {
    const query: AscQuery = { include: [name] };
    const { document } = await asc.perform({ type: target.type, operation: 'get', id: target.id, query });
    const { data, included = [] } = document as OneDocument<ResourceObject>;
    const own = data.relationships?.[name]?.data;
    if (!isIdentified(own)) return { outcome: 'notDone' };
    const created = included.find(({ type, id }) => type === own.type && id === own.id);
    return { outcome: 'done', document: (created as ResourceObject | undefined) ?? null };
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return { outcome: 'notDone' };
    throw error;
  }
}

async function compareLinked({ asc }: Eyes, call: WriteCall): Promise<Found> {
  const ids = call.input as readonly string[];
  const isWanted = call.operation === 'addLinkage';
  const members = await membersAmong(asc, call, ids);
  if (members === null) return { outcome: 'unknown' };
  return ids.every((id) => members.has(id) === isWanted) ? DONE_WITHOUT : { outcome: 'notDone' };
}

/** Which of these a relationship has now; null where Apple does not tell. */
export async function membersAmong(
  asc: AscClient,
  { type, id = '', name = '' }: Pick<WriteCall, 'type' | 'id' | 'name'>,
  ids: readonly string[],
): Promise<ReadonlySet<string> | null> {
  const target = relationshipOf(type, name)?.target;
  const filter = memberFilter(type, name);
  if (filter !== undefined && isResourceType(target ?? '')) {
    return presentAmong(asc, target as ResourceType, { [filter]: id }, ids);
  }
  if (!isOffered({ type, operation: 'linkage', name })) return null;
  const wanted = new Set(ids);
  const members = new Set<string>();
  for await (const linkage of rowsOf(asc, { type, operation: 'linkage', id, name })) {
    if (wanted.has(linkage.id)) members.add(linkage.id);
  }
  return members;
}

/** Which of these exist now within what a filter names; one request per hundred. */
export async function presentAmong(
  asc: AscClient,
  type: ResourceType,
  within: Readonly<Record<string, string>>,
  ids: readonly string[],
): Promise<Set<string>> {
  const { fields, toOne, toMany } = entryOf(type);
  const small = fields
    .filter((name) => !Object.hasOwn(toOne, name) && !Object.hasOwn(toMany, name))
    .slice(0, 1);
  const present = new Set<string>();
  for (let from = 0; from < ids.length; from += FILTER_IDS) {
    const filter = { ...within, id: ids.slice(from, from + FILTER_IDS) };
    const query: AscQuery = { filter, fields: { [type]: small } };
    for await (const { id } of rowsOf(asc, { type, operation: 'list', query })) present.add(id);
  }
  return present;
}

/** All rows of a list, page by page: Apple may give fewer to a page than were asked for. */
async function* rowsOf(asc: AscClient, call: ReadCall): AsyncGenerator<Linkage> {
  const query = { ...call.query, limit: { page: PAGE_LIMIT } };
  const pages = followPages(
    () => asc.perform({ ...call, query }) as Promise<AscPage<Linkage>>,
    (url) => asc.pageFrom(call.type, url),
  );
  for await (const { document } of pages) yield* document.data;
}

/** The resource, null when Apple says there is none, undefined when it cannot be read by itself. */
async function getOne(
  asc: AscClient,
  { type, id = '' }: Pick<WriteCall, 'type' | 'id'>,
): Promise<ResourceObject | null | undefined> {
  if (!isOffered({ type, operation: 'get' })) return undefined;
  try {
    const { document } = await asc.perform({ type, operation: 'get', id });
    return (document as OneDocument<ResourceObject>).data;
  } catch (error) {
    if (isAscError(error) && error.is('not_found')) return null;
    throw error;
  }
}
