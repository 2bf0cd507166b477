import { authorise } from '@/lib/access/policy';
import { appOf, externalTesterCount } from '../app-facts';
import type { Ctx } from '../ctx';
import { APP_TESTER_LIMIT } from '../links/doctor';
import { type DayCount, type Forecast, forecastLimit } from '../links/forecast';

/** How much of Apple's limit of external testers an app has used, and when it runs out. */
export interface Capacity {
  readonly used: number;
  readonly limit: number;
  readonly forecast: Forecast;
  /** External testers on each day there is a note of, oldest first. */
  readonly days: readonly DayCount[];
}

const DAYS = 90;
const DAY_MS = 86_400_000;

/** @throws RefusedError 404 for an app that is not in the mirror */
export async function capacityOf(ctx: Ctx, appId: string, accountId?: string | undefined): Promise<Capacity> {
  authorise(ctx.actor, 'testers:read');
  const app = await appOf(ctx, appId, accountId);
  const now = ctx.clock.now();
  const used = await externalTesterCount(ctx, app);
  // Somebody in two groups is counted twice by their sizes: the sizes are scaled to the people there are today.
  const sizes = await ctx.db.query<DayCount>(
    `SELECT d.day, sum(d.testerCount) AS count FROM groupDays AS d
     JOIN betaGroups AS g ON g.accountId = d.accountId AND g.id = d.groupId
     WHERE d.accountId = ? AND g.appId = ? AND g.isInternalGroup = 0 AND d.testerCount IS NOT NULL AND d.day >= ?
     GROUP BY d.day ORDER BY d.day`,
    [app.accountId, app.appId, new Date(now - DAYS * DAY_MS).toISOString().slice(0, 10)],
  );
  const latest = sizes.at(-1)?.count ?? 0;
  const share = latest > 0 && used > 0 ? used / latest : 1;
  const days = sizes.map(({ day, count }) => ({ day, count: Math.round(count * share) }));
  return { used, limit: APP_TESTER_LIMIT, forecast: forecastLimit(days, used, APP_TESTER_LIMIT, now), days };
}
