import { dayOf } from '@/lib/format/utc-days';
import { LINK_COUNTS } from '@/lib/history/days';
import { gathered } from '../gathered';
import { partOf } from './growth';
import type { linkReadings, WindowRow } from './readings';
import { growthIn, type Periods, type Series, seriesOf, type Totals, totalsOf } from './series';
import { isOneDay } from './use';

export type Step = (typeof LINK_COUNTS)[number];
type LinkReading = Awaited<ReturnType<typeof linkReadings>>[number];

/** What happened at one public link within the days of a range. */
export interface LinkRow {
  readonly accountId: string;
  readonly appId: string;
  readonly groupId: string;
  readonly name: string | null;
  readonly steps: Readonly<Record<Step, Totals>>;
}

/** How people fared who opened public links, over all links and of each. */
export interface Funnel {
  readonly steps: Readonly<Record<Step, Series>>;
  readonly links: readonly LinkRow[];
}

/** The funnel of some links; null where none was ever read. */
export function funnelOf(
  readings: readonly LinkReading[],
  windows: readonly WindowRow[],
  periods: Periods,
): Funnel | null {
  const links = [...gathered(readings, ({ accountId, groupId }) => `${accountId} ${groupId}`).values()];
  if (links.length === 0) return null;
  const days = gathered(
    windows.filter(({ metric, ...one }) => metric === 'publicLinkUsages' && isOneDay(one)),
    ({ accountId, id }) => `${accountId} ${id}`,
  );
  const growing = (own: readonly LinkReading[], step: Step) => {
    const last = own.at(-1);
    const told = days.get(`${last?.accountId} ${last?.groupId}`) ?? [];
    const createdAt = Date.parse(last?.createdDate ?? '');
    return partOf({
      readings: own.flatMap(({ day, [step]: count }) => (count === null ? [] : [{ day, count }])),
      bornOn: Number.isNaN(createdAt) ? null : dayOf(createdAt),
      isOpen: last?.publicLinkEnabled === 1,
      days: new Map(
        told.flatMap(({ start, [step]: count }) => (count === null ? [] : [[start, count] as const])),
      ),
    });
  };
  return {
    steps: eachStep((step) =>
      seriesOf(
        growthIn(
          links.map((own) => growing(own, step)),
          periods,
        ),
        periods,
      ),
    ),
    links: links.flatMap((own) => {
      const [last] = own.slice(-1);
      if (!last) return [];
      const { accountId, appId, groupId, name } = last;
      const steps = eachStep((step) => totalsOf(growthIn([growing(own, step)], periods), periods));
      return [{ accountId, appId, groupId, name, steps }];
    }),
  };
}

const eachStep = <Value>(of: (step: Step) => Value) =>
  Object.fromEntries(LINK_COUNTS.map((step) => [step, of(step)])) as Record<Step, Value>;
