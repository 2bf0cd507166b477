import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { askFor } from './ask-for';
import { allLights } from './lights';

/**
 * Forgets snoozes that hide nothing any more: whose time is over, whose light got worse, and whose light went out, so that
 * the same thing is told when it comes again. What concerns a whole account comes and goes by itself, and keeps its time.
 */
export async function sweepSnoozes(ctx: Pick<Ctx, 'db' | 'clock' | 'shiftMs' | 'env'>): Promise<number> {
  const rows = await ctx.db.read(ctx.db.build.selectFrom('snoozes').selectAll());
  if (rows.length === 0) return 0;
  const now = programmeNow(ctx);
  const levels = new Map((await allLights(askFor(ctx))).map(({ key, level }) => [key, level]));
  const accounts = await ctx.db.prisma.account.findMany({ select: { id: true }, where: { removedAt: null } });
  const known = new Set(accounts.map(({ id }) => id));
  const over = rows.filter(({ light, level, until, appId, accountId }) => {
    if (!known.has(accountId) || (until !== null && until <= now)) return true;
    const isLit = levels.get(light);
    if (isLit === undefined) return appId !== null || until === null;
    return level === 'amber' && isLit === 'red';
  });
  const { build } = ctx.db;
  // One that was snoozed anew meanwhile stays.
  const gone = await ctx.db.write(
    over.map(({ light, createdAt }) =>
      build.deleteFrom('snoozes').where('light', '=', light).where('createdAt', '=', createdAt),
    ),
  );
  return gone.reduce((sum, count) => sum + count, 0);
}
