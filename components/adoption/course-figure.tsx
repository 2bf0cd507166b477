import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { Skeleton } from '@/components/ui/skeleton';
import type { Course } from '@/lib/browser/adoption';
import { whenReachable } from '@/lib/browser/reach';
import { installedWords } from '@/lib/format/builds';
import { formatDate } from '@/lib/format/dates';
import { formatCount, formatShare } from '@/lib/format/numbers';

const LinesChart = dynamic(
  whenReachable(() => import('@/components/charts/lines-chart')),
  { ssr: false, loading: () => <Skeleton className="h-60 w-full" /> },
);

/** More than two lines are not told apart without colours; the table has all. */
const DRAWN = 2;

/** What share of all devices had which build, day by day, by our own readings. */
export function CourseFigure({ course: { lines, days } }: { course: Course }) {
  if (days.length < 2)
    return (
      <p className="text-ink-soft text-sm">
        App Store Connect tells only what is on devices now. Flightdeck notes it once a day: from the second
        day on, the share of each build over time stands here.
      </p>
    );
  const names = lines.map((line) => installedWords(line, line.builds));
  return (
    <FigureTable
      title="Share per build over time"
      chart={
        <LinesChart
          label={`Per cent of devices with ${names.slice(0, DRAWN).join(' and ')} on ${days.length} days up to ${formatDate(days.at(-1)?.day)}`}
          lines={names.slice(0, DRAWN).map((name, at) => ({ key: `line${at}`, name: `${name}, %` }))}
          rows={days.map(({ day, devices, counts }) => ({
            label: formatDate(day),
            ...Object.fromEntries(
              counts.map((count, at) => [
                `line${at}`,
                devices === 0 ? null : Math.round((100 * count) / devices),
              ]),
            ),
          }))}
        />
      }
      head={['Day', 'All devices', ...names]}
      rows={days
        .toReversed()
        .map(({ day, devices, counts }) => [
          formatDate(day),
          formatCount(devices),
          ...counts.map((count) => `${formatCount(count)} (${formatShare(count, devices)})`),
        ])}
    />
  );
}
