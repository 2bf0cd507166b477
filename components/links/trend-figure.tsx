'use client';

import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { Skeleton } from '@/components/ui/skeleton';
import type { LinkDay } from '@/lib/browser/links';
import { whenReachable } from '@/lib/browser/reach';
import { formatCount } from '@/lib/format/numbers';
import type { Names } from './funnel-figure';
import { changesOf, type LinkChange, sideBySide } from './link-trend';

const LinesChart = dynamic(
  whenReachable(() => import('@/components/charts/lines-chart')),
  {
    ssr: false,
    loading: () => <Skeleton className="h-52 w-full" />,
  },
);

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayWords = (day: string) => DAY.format(new Date(`${day}T00:00:00Z`));

/** What happened day by day: views and joins of one link, or the joins of two. */
export function TrendFigure({
  names,
  mine,
  other,
}: {
  names: Names;
  mine: readonly LinkDay[];
  other: readonly LinkDay[] | undefined;
}) {
  const changes = changesOf(mine);
  if (changes.length === 0) {
    return (
      <section aria-label="Day by day" className="grid gap-1">
        <h3 className="font-medium text-sm">Day by day</h3>
        <p className="text-ink-soft text-sm">
          {mine[0]
            ? `Flightdeck has kept this link’s figures since ${dayWords(mine[0].day)}. The first trend is there after a second day.`
            : 'Flightdeck has kept no figures of this link yet.'}
        </p>
      </section>
    );
  }
  const others = other ? changesOf(other) : [];
  if (![...changes, ...others].some(({ views, accepted }) => views || accepted)) {
    return (
      <section aria-label="Day by day" className="grid gap-1">
        <h3 className="font-medium text-sm">Day by day</h3>
        <p className="text-ink-soft text-sm">
          Nobody was counted on the days shown, which begin on {dayWords(mine[0]?.day ?? '')}.
        </p>
      </section>
    );
  }
  return other ? <TwoLinks names={names} mine={changes} other={others} /> : <OneLink changes={changes} />;
}

function OneLink({ changes }: { changes: readonly LinkChange[] }) {
  return (
    <FigureTable
      title="Day by day"
      chart={
        <LinesChart
          label={`Views and joins on ${changes.length} days up to ${dayWords(changes.at(-1)?.day ?? '')}`}
          lines={[
            { key: 'views', name: 'Views' },
            { key: 'accepted', name: 'Accepted' },
          ]}
          rows={changes.map((change) => ({ ...change, label: dayWords(change.day) }))}
        />
      }
      head={['Day', 'Views', 'Accepted', 'Not accepted', 'Criteria not met']}
      rows={changes
        .toReversed()
        .map((change) => [
          dayWords(change.day),
          formatCount(change.views),
          formatCount(change.accepted),
          formatCount(change.didNotAccept),
          formatCount(change.didNotMeetCriteria),
        ])}
    />
  );
}

function TwoLinks({
  names,
  mine,
  other,
}: {
  names: Names;
  mine: readonly LinkChange[];
  other: readonly LinkChange[];
}) {
  const rows = sideBySide(mine, other, 'accepted');
  return (
    <FigureTable
      title="Accepted day by day"
      chart={
        <LinesChart
          label={`Joins by ${names.mine} and by ${names.other} on ${rows.length} days`}
          lines={[
            { key: 'mine', name: names.mine },
            { key: 'other', name: names.other },
          ]}
          rows={rows.map((row) => ({ ...row, label: dayWords(row.day) }))}
        />
      }
      head={['Day', names.mine, names.other]}
      rows={rows
        .toReversed()
        .map((row) => [dayWords(row.day), formatCount(row.mine), formatCount(row.other)])}
    />
  );
}
