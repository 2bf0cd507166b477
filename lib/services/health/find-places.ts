import { setImmediate as breathe } from 'node:timers/promises';
import { APP_TESTER_LIMIT } from '@/lib/asc/catalogue/limits';
import type { Found } from '@/lib/format/lights';
import { dayOf } from '@/lib/format/utc-days';
import { capacityAt } from '../groups/capacity';
import type { Forecast } from '../links/forecast';
import { readDaysOfLimitedLinks } from '../links/link-days';
import { forecastOf } from '../links/link-facts';
import { type Ask, DAY_MS } from './ask';
import { openLinks } from './open-links';

/** From which share on, or how many days before it is full, places are said to run out. */
interface Nearly {
  /** From 0 to 1. */
  readonly share: number;
  readonly days: number;
}

/** What is full counts as nearly full too. */
const isNear = (
  { used, limit, forecast }: { used: number; limit: number; forecast: Forecast | null },
  { share, days }: Nearly,
) =>
  used >= limit * share ||
  (forecast !== null && forecast.daysLeft !== null && forecast.daysLeft <= days && !forecast.isReached);

const DAYS_OF_TREND = 28;

/** Links that are open and have few places left, or none, or will have none soon. */
export async function findFullLinks(ask: Ask, nearly: Nearly): Promise<Found<'link_nearly_full'>[]> {
  const limited = (await openLinks(ask)).flatMap((link) =>
    link.limit === null || link.used === null ? [] : [{ ...link, limit: link.limit, used: link.used }],
  );
  if (limited.length === 0) return [];
  const since = dayOf(ask.now - DAYS_OF_TREND * DAY_MS);
  const days = await readDaysOfLimitedLinks(ask.db, { accountId: ask.accountId, since });
  return limited.flatMap(({ accountId, appId, id, name, used, limit }) => {
    const forecast = forecastOf({ used, limit }, days.get(`${accountId} ${id}`) ?? [], ask.now);
    if (!isNear({ used, limit, forecast }, nearly)) return [];
    const fullOn = forecast?.day ?? null;
    return [{ accountId, appId, id, name, since: null, facts: { used, limit, fullOn } }];
  });
}

/** Below this share no trend fills an app within the days that are asked for. */
const FORECAST_FROM = 0.5;

/** Apps that have few places left for external testers, or will have none soon. */
export async function findFullApps(ask: Ask, nearly: Nearly): Promise<Found<'testers_nearly_full'>[]> {
  const found: Found<'testers_nearly_full'>[] = [];
  // Counting people takes long where there are many, and whoever is in a group is among the app's testers.
  const least = Math.floor(APP_TESTER_LIMIT * Math.min(nearly.share, FORECAST_FROM));
  const many = await ask.rows('apps with many testers', { least }, (build, at, isOne) =>
    build
      .selectFrom('betaTesterCounts as t')
      .select(['t.accountId', 't.appId'])
      .$if(isOne, (of) => of.where('t.accountId', '=', at.accountId))
      .groupBy(['t.accountId', 't.appId'])
      .having((eb) => eb(eb.fn.sum<number>('t.count'), '>=', at.least))
      .orderBy('t.accountId')
      .orderBy('t.appId'),
  );
  for (const app of many) {
    await breathe();
    const read = () => capacityAt(ask.db, app, ask.now);
    const { used, limit, forecast } = await ask.slowly(`capacity ${app.accountId} ${app.appId}`, read);
    if (isNear({ used, limit, forecast }, nearly))
      found.push({
        ...{ ...app, id: app.appId, name: null, since: null },
        facts: { used, limit, fullOn: forecast.day },
      });
  }
  return found;
}
