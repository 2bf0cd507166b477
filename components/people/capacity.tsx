'use client';

import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { MARKS } from '@/components/ui/status';
import { capacityOptions, type Capacity as Facts } from '@/lib/browser/testers';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { ourTone } from '@/lib/format/tones';

/** How much of Apple's 10,000 external testers per app is used, and when it runs out. */
export function Capacity({ appId }: { appId: string }) {
  const { data } = useQuery(capacityOptions(appId));
  const facts = data?.data;
  if (!facts) return null;
  const share = Math.min(1, facts.used / facts.limit);
  const isTight = facts.forecast.isReached || share >= 0.9 || (facts.forecast.daysLeft ?? 999) <= 30;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 tabular-nums">
      <span aria-hidden className="h-1.5 w-28 overflow-hidden rounded-full bg-active">
        <span
          className={clsx('block h-full', MARKS[ourTone(isTight ? 'places.scarce' : 'places.free')])}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span>
        {formatCount(facts.used)} of {formatCount(facts.limit)} external testers
      </span>
      <span className={isTight ? 'text-attention' : 'text-ink-soft'}>{forecastWords(facts)}</span>
    </p>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** What the trend says; with too few days it says that. */
function forecastWords({ used, limit, forecast }: Facts): string {
  if (forecast.isReached) return 'The limit is reached: App Store Connect admits nobody more.';
  if (forecast.perDay === null)
    return `${formatCount(limit - used)} left; a forecast needs three days of figures`;
  if (forecast.day !== null && forecast.daysLeft !== null) {
    return `full in ${formatPlural(forecast.daysLeft, 'day')} (${DAY.format(new Date(forecast.day))}) at ${rate(forecast.perDay)}`;
  }
  return `${formatCount(limit - used)} left; ${rate(forecast.perDay)}, so the limit is not in sight`;
}

function rate(perDay: number): string {
  const rounded = Math.round(perDay * 10) / 10;
  return rounded === 0 ? 'steady' : `${rounded > 0 ? '+' : '−'}${formatCount(Math.abs(rounded))} a day`;
}
