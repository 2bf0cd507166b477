import { authorise, may } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { type BuildFigures, buildDayStatement, buildDays } from '@/lib/history/build-days';
import { resolveAccount } from '@/lib/mirror/query';
import { buildFigures, groupsOf } from '@/lib/sync/figures';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { readApple } from '../resources/apple-read';

/** How a build is used, as Apple told it on a day; sums over Apple's own window, of all groups together. */
export interface BuildReading extends BuildFigures {
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  /** ISO text. */
  readonly readAt: string;
}

export interface BuildUse {
  /** The last reading of each day, oldest first. */
  readonly days: readonly BuildReading[];
  /** Why Apple could not be asked now, in words; the readings are then what is known. */
  readonly trouble: string | null;
}

const MOST = 120;

/**
 * How a build is used: what Apple says now, and our readings of the days before. Who may not ask Apple gets the readings.
 * @throws RefusedError 404 when there is no such build
 */
export async function buildUse(
  ctx: Ctx,
  { id, accountId: named }: { id: string; accountId?: string | undefined },
): Promise<BuildUse> {
  authorise(ctx.actor, 'programme:read');
  const held = await resolveAccount(ctx.db, 'builds', id, { accountId: named });
  if (!held?.appId) throw notFound('There is no such build, or not any more.');
  const { accountId, appId } = held;
  const trouble = await readNow(ctx, { accountId, appId, id });
  const days = await ctx.db.read(buildDays({ accountId, buildId: id, most: MOST }));
  return {
    days: days
      .reverse()
      .map(({ readAt, ...day }) => ({ ...day, readAt: new Date(Number(readAt)).toISOString() })),
    trouble,
  };
}

/** Asks Apple and notes what it says; gives why that was not possible, in words, or null. */
async function readNow(
  ctx: Ctx,
  { accountId, appId, id }: { accountId: string; appId: string; id: string },
): Promise<string | null> {
  try {
    const { document, fetchedAt } = await readApple(ctx, {
      address: { type: 'builds', operation: 'metrics', name: 'betaBuildUsages' },
      ...{ accountId, id, query: {}, isRefresh: false },
    });
    const figures = buildFigures(groupsOf(document));
    const day = new Date(fetchedAt + (ctx.shiftMs?.() ?? 0)).toISOString().slice(0, 10);
    const reading = { accountId, appId, buildId: id, day, ...figures, readAt: fetchedAt };
    await ctx.db.write([buildDayStatement(reading)]);
    return null;
  } catch (error) {
    if (may(ctx.actor, 'apple:read') && !isAscError(error)) throw error;
    return may(ctx.actor, 'apple:read') && error instanceof Error ? error.message : null;
  }
}
