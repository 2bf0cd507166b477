import { authorise } from '@/lib/access/policy';
import { entryOf, isResourceType } from '@/lib/asc/catalogue';
import { INCLUDE_LIMIT } from '@/lib/asc/catalogue/limits';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { AscClient } from '@/lib/asc/client-interface';
import { isOffered, relationshipOf } from '@/lib/asc/operations';
import type { AscQuery } from '@/lib/asc/query-types';
import type { OneDocument } from '@/lib/asc/types';
import type { Linkage, ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { isOutage } from './apple-read';
import type { ResourceInput, Seen } from './body';
import { isHeld, mirrored } from './mirrored';
import { dropStatements, staleTypes } from './responses';
import { pick, withApp } from './subject';

/**
 * Refuses a change of something that is no longer what its sender saw, asking Apple afresh where it can be asked.
 * @returns what it is now, as far as Apple was asked or has just been; null when nothing was to be compared
 * @throws RefusedError 409 FLIGHTDECK.STALE with the expected, the actual and the requested values
 */
export async function refuseStale(ctx: Ctx, expectation: Expectation): Promise<ResourceObject | null> {
  const { expect, accountId, type, id } = expectation;
  const copy = await mirrored(ctx.db, accountId, type, id);
  // What was written or read while this change waited for its turn need not be asked for.
  if (copy && Number(copy.meta?.fetchedAt ?? 0) >= expectation.askedAt) refuseUnless(copy, expectation);
  const readAt = ctx.clock.now();
  const current = Object.keys(expect).length === 0 ? null : await currentOf(ctx, expectation);
  if (!current) return null;
  try {
    refuseUnless(current, expectation);
  } catch (error) {
    await keepRead(ctx, expectation, current, readAt);
    throw error;
  }
  return current;
}

/** What somebody else made of it is in our copy from now on, whether or not this change is made after all. */
async function keepRead(
  ctx: Ctx,
  { accountId, type }: Expectation,
  current: ResourceObject,
  fetchedAt: number,
): Promise<void> {
  const read = { accountId, resources: [current], fetchedAt, source: 'read' as const };
  try {
    await ctx.db.write([
      ...(isHeld(type) ? upsertStatements(read) : []),
      ...dropStatements(ctx.db, accountId, staleTypes(type)),
    ]);
  } catch (err) {
    ctx.log.warn({ requestId: ctx.requestId, type, err }, 'what was read before a change was not kept');
  }
}

export interface Expectation extends Seen {
  readonly accountId: string;
  readonly type: ResourceType;
  readonly id: string;
  readonly input: ResourceInput;
  /** When the change came, ms since 1970. */
  readonly askedAt: number;
}

/** @throws RefusedError 409 FLIGHTDECK.STALE unless it is as it was seen */
export function refuseUnless(
  current: ResourceObject,
  { expect, input }: Pick<Expectation, 'expect' | 'input'>,
): void {
  const names = Object.keys(expect);
  const actual = pick(current, names);
  const changed = names.filter((name) => !isSame(actual[name], expect[name]));
  if (changed.length === 0) return;
  const requested = Object.fromEntries(changed.map((name) => [name, input.attributes?.[name] ?? null]));
  throw new RefusedError(
    changed.map((name) => ({
      status: 409,
      code: 'FLIGHTDECK.STALE',
      title: 'Changed by somebody else',
      detail: 'Somebody has changed this since you opened it. Nothing was saved.',
      source: { pointer: `/data/attributes/${name}` },
      meta: { expected: expect, actual, requested, fields: changed },
    })),
  );
}

async function currentOf(ctx: Ctx, { accountId, type, id, of }: Expectation): Promise<ResourceObject | null> {
  const isRead = isOffered({ type, operation: 'get' });
  if (!isRead && !of) return mirrored(ctx.db, accountId, type, id);
  try {
    const asc = await ctx.ascFor(accountId);
    if (!isRead && of) return await partOf(ctx, asc, of, { type, id });
    const { document } = await asc.perform({ type, operation: 'get', id, query: withApp(type) });
    return (document as OneDocument<ResourceObject>).data;
  } catch (error) {
    if (isOutage(error)) return await mirrored(ctx.db, accountId, type, id);
    throw error;
  }
}

/** What Apple gives only as a part of something else; nothing where that can have no such part. @throws RefusedError 404 when it is gone */
async function partOf(
  { actor }: Ctx,
  asc: AscClient,
  { type: word, id: whole }: Linkage,
  { type, id }: { readonly type: ResourceType; readonly id: string },
): Promise<ResourceObject | null> {
  if (!isResourceType(word) || !isOffered({ type: word, operation: 'get' })) return null;
  const name = entryOf(word).include.find((one) => relationshipOf(word, one)?.target === type);
  if (name === undefined) return null;
  authorise(actor, entryOf(word).permission.read);
  const query: AscQuery = { include: [name], limit: { [name]: INCLUDE_LIMIT } };
  const { document } = await asc.perform({ type: word, operation: 'get', id: whole, query });
  const { included = [] } = document as OneDocument<ResourceObject>;
  const found = (included as ResourceObject[]).find((one) => one.type === type && one.id === id);
  if (found) return found;
  throw notFound(
    `Somebody has removed this ${entryOf(type).label.one} since you opened it. Nothing was saved.`,
    'FLIGHTDECK.GONE',
  );
}

/** Apple sends null or nothing for what is unset; both are the same here. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
