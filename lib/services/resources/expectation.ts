import type { ResourceType } from '@/lib/asc/catalogue/types';
import { isOffered } from '@/lib/asc/operations';
import type { OneDocument } from '@/lib/asc/types';
import type { ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { isOutage } from './apple-read';
import type { ResourceInput } from './body';
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
  const current = Object.keys(expect).length === 0 ? null : await currentOf(ctx, accountId, type, id);
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

interface Expectation {
  readonly accountId: string;
  readonly type: ResourceType;
  readonly id: string;
  readonly expect: Readonly<Record<string, unknown>>;
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

async function currentOf(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  id: string,
): Promise<ResourceObject | null> {
  if (!isOffered({ type, operation: 'get' })) return mirrored(ctx.db, accountId, type, id);
  try {
    const asc = await ctx.ascFor(accountId);
    const { document } = await asc.perform({ type, operation: 'get', id, query: withApp(type) });
    return (document as OneDocument<ResourceObject>).data;
  } catch (error) {
    if (isOutage(error)) return await mirrored(ctx.db, accountId, type, id);
    throw error;
  }
}

/** Apple sends null or nothing for what is unset; both are the same here. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
