import { authorise } from '@/lib/access/policy';
import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import type { Store } from '@/lib/store/store';
import { appOf, externalTesterCount } from '../app-facts';
import type { Ctx } from '../ctx';
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
  return capacityAt(ctx.db, await appOf(ctx, appId, accountId), ctx.clock.now());
}

/** The same of an app that is known to be there; `now` in ms since 1970. */
export async function capacityAt(
  db: Store,
  app: { readonly accountId: string; readonly appId: string },
  now: number,
): Promise<Capacity> {
  const used = await externalTesterCount({ db }, app);
  // Somebody in two groups is counted twice by their sizes: the sizes are scaled to the people there are today.
  const sizes = await db.read(
    db.build
      .selectFrom('groupDays as d')
      .innerJoin('betaGroups as g', (join) =>
        join.onRef('g.accountId', '=', 'd.accountId').onRef('g.id', '=', 'd.groupId'),
      )
      .select(['d.day', ({ fn }) => fn.sum<number>('d.testerCount').as('count')])
      .where('d.accountId', '=', app.accountId)
      .where('g.appId', '=', app.appId)
      .where('g.isInternalGroup', '=', 0)
      .where('d.testerCount', 'is not', null)
      .where('d.day', '>=', new Date(now - DAYS * DAY_MS).toISOString().slice(0, 10))
      .groupBy('d.day')
      .orderBy('d.day'),
  );
  const latest = sizes.at(-1)?.count ?? 0;
  const share = latest > 0 && used > 0 ? used / latest : 1;
  const days = sizes.map(({ day, count }) => ({ day, count: Math.round(count * share) }));
  return { used, limit: APP_TESTER_LIMIT, forecast: forecastLimit(days, used, APP_TESTER_LIMIT, now), days };
}
