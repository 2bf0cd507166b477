import dynamic from 'next/dynamic';
import { FigureTable } from '@/components/charts/figure-table';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import type { Asked, Metrics } from '@/lib/browser/metrics';
import { whenReachable } from '@/lib/browser/reach';
import { buildWords } from '@/lib/format/builds';
import { CRASH_FREE_REACH } from '@/lib/format/crash-free';
import { isolated } from '@/lib/format/isolated';
import { COUNT_OF, FIGURE_WORDS, type Figure, FORMULAS, gapWords } from '@/lib/format/metrics';
import { formatCount } from '@/lib/format/numbers';
import { everyDay } from '@/lib/format/utc-days';
import { CsvLink } from './csv-link';
import { dayWords, rangeWords } from './day-words';
import { gapsOf, valuesOf } from './figures';

const LinesChart = dynamic(
  whenReachable(() => import('@/components/charts/lines-chart')),
  { ssr: false, loading: () => <Skeleton className="h-60 w-full" /> },
);

/** The most builds named in one cell. */
const NAMED = 3;

/** One figure day by day beside the period before, with the uploads of builds marked, and how it is made. */
export function DayFigure({ metrics, figure, asked }: { metrics: Metrics; figure: Figure; asked: Asked }) {
  const { range, before } = metrics;
  const name = FIGURE_WORDS[figure];
  const days = everyDay(range.from, range.to);
  const earlier = everyDay(before.from, before.to);
  const mine = valuesOf(metrics, figure, 'days');
  const then = valuesOf(metrics, figure, 'before');
  const notes = notesOf(metrics, figure);
  const uploads = new Map(metrics.releases.map(({ day, builds }) => [day, builds.map(uploadWords)]));
  const known = mine.filter(({ drawn }) => drawn !== null).length;
  return (
    <Section title="Day by day">
      <FigureTable
        title={`${name}, ${rangeWords(range)}`}
        action={<CsvLink of={figure} what={name} asked={asked} />}
        chart={
          <LinesChart
            label={`${name} on ${days.length} days up to ${dayWords(range.to, range)}, of which ${known} have a figure, beside the period before; ${uploads.size} days with uploads are marked`}
            lines={[
              { key: 'mine', name },
              { key: 'earlier', name: `${rangeWords(before)}` },
            ]}
            rows={days.map((day, at) => ({
              label: dayWords(day, range),
              mine: mine[at]?.drawn ?? null,
              earlier: then[at]?.drawn ?? null,
            }))}
            marks={[...uploads.keys()].map((day) => dayWords(day, range))}
            isPercent={figure === 'crashFree'}
            hasGaps
          />
        }
        head={['Day', name, 'Period before', 'Uploaded', 'Note']}
        rows={days
          .map((day, at) => [
            dayWords(day, range),
            mine[at]?.words ?? '–',
            `${then[at]?.words ?? '–'} on ${dayWords(earlier[at] ?? '', before)}`,
            shortList(uploads.get(day) ?? []),
            notes.get(day) ?? '',
          ])
          .toReversed()}
      />
      <p className="max-w-3xl text-ink-soft text-sm">
        {FORMULAS[figure]} {figure === 'crashFree' ? CRASH_FREE_REACH : ''} Days are in UTC. The dashed line
        is the period before, upright lines are days on which builds were uploaded.
      </p>
    </Section>
  );
}

/** A build by its number, after its app where several are shown. */
function uploadWords({ app, ...build }: Metrics['releases'][number]['builds'][number]): string {
  return app === null ? buildWords(build) : `${isolated(app)} ${buildWords(build)}`;
}

function shortList(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** Why a day has no figure, and what is known of it together with the days before. */
function notesOf(metrics: Metrics, figure: Figure): Map<string, string> {
  const one = figure === 'active' ? 'app' : 'build';
  const notes = new Map(gapsOf(metrics, figure).map((gap) => [gap.day, gapWords(gap, one)]));
  if (figure === 'active' || figure === 'crashFree') return notes;
  const { stretches } = metrics.figures[COUNT_OF[figure]];
  for (const { after, day, value } of stretches)
    notes.set(day, `${formatCount(value)} in all since ${dayWords(after, metrics.range)}`);
  return notes;
}
