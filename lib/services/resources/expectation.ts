import type { ResourceType } from '@/lib/asc/catalogue/types';
import { isOffered } from '@/lib/asc/operations';
import type { OneDocument } from '@/lib/asc/types';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { isOutage } from './apple-read';
import type { ResourceInput } from './body';
import { mirrored } from './mirrored';
import { pick } from './subject';

/**
 * Refuses a change of something that is no longer what its sender saw, asking Apple afresh where it can be asked.
 * @throws RefusedError 409 FLIGHTDECK.STALE with the expected, the actual and the requested values
 */
export async function refuseStale(
  ctx: Ctx,
  accountId: string,
  type: ResourceType,
  id: string,
  expect: Readonly<Record<string, unknown>>,
  input: ResourceInput,
): Promise<void> {
  const names = Object.keys(expect);
  const current = await currentOf(ctx, accountId, type, id);
  if (!current) return;
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
    const { document } = await asc.perform({ type, operation: 'get', id });
    return (document as OneDocument<ResourceObject>).data;
  } catch (error) {
    if (isOutage(error)) return mirrored(ctx.db, accountId, type, id);
    throw error;
  }
}

/** Apple sends null or nothing for what is unset; both are the same here. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
