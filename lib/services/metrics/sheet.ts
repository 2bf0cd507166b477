import { authorise } from '@/lib/access/policy';
import { appWords } from '@/lib/format/app-address';
import { buildWords, installedWords } from '@/lib/format/builds';
import { crashFree } from '@/lib/format/crash-free';
import { COUNT_OF, FIGURE_WORDS, FIGURES, type Figure, gapWords, STEP_WORDS } from '@/lib/format/metrics';
import { everyDay } from '@/lib/format/utc-days';
import { LINK_COUNTS } from '@/lib/history/days';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { asCsv, type Cell } from '../sheets';
import { appCourse } from './app-course';
import { type Asked, askedOf } from './asked';
import { type Metrics, readMetrics } from './metrics';
import { readRetention } from './retention';
import type { Gap } from './series';

const TABLES = ['retention', 'links', 'adoption', 'builds', 'groups', 'apps'] as const;
type Table = (typeof TABLES)[number];

/** What can be had as a file: what stands beside each chart. */
const FILES: readonly (Figure | Table)[] = [...FIGURES, ...TABLES];

interface Rows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The table beside a chart as a file, with a name for it. @throws RefusedError 404, 400 */
export async function metricsFile(
  ctx: Ctx,
  asked: Asked,
): Promise<{ readonly name: string; readonly parts: AsyncGenerator<string> }> {
  authorise(ctx.actor, 'programme:read');
  const word = asked.parameters.get('of');
  const of = FILES.find((one) => one === word);
  if (!of) throw badParameter('of', `Choose from ${FILES.join(', ')}.`);
  const { header, rows } = await rowsOf(ctx, asked, of);
  const { range } = await askedOf(ctx, asked);
  return {
    name: `metrics-${of}-${range.from}-${range.to}.csv`,
    parts: asCsv({ header, rows: atOnce(rows) }),
  };
}

async function* atOnce(rows: Rows['rows']) {
  yield rows;
}

async function rowsOf(ctx: Ctx, asked: Asked, of: Figure | Table): Promise<Rows> {
  if (of === 'retention') return retentionRows(ctx, asked);
  if (of === 'adoption') return adoptionRows(ctx, asked);
  const metrics = await readMetrics(ctx, asked, Number.POSITIVE_INFINITY);
  if (of === 'links') return linkRows(metrics);
  if (of === 'groups') return groupRows(metrics);
  if (of === 'builds') return sumRows('Build', metrics.builds, buildWords);
  if (of === 'apps')
    return sumRows('App', metrics.apps, ({ name, accountName }) => appWords(name ?? 'Unnamed', accountName));
  return dayRows(metrics, of);
}

/** A figure day by day, with the day of the period before beside it. */
function dayRows(metrics: Metrics, of: Figure): Rows {
  const { range, before, figures, active } = metrics;
  const name = FIGURE_WORDS[of];
  const days = everyDay(range.from, range.to);
  const earlier = everyDay(before.from, before.to);
  if (of === 'crashFree') {
    const { sessionCount, crashCount } = figures;
    const share = (period: 'days' | 'before', at: number) =>
      crashFree({ sessionCount: sessionCount[period][at], crashCount: crashCount[period][at] });
    return {
      header: [
        'Day',
        name,
        'Crashes',
        'Sessions',
        'Day of the period before',
        `${name} then`,
        'Crashes then',
        'Sessions then',
      ],
      rows: days.map((day, at) => [
        ...[day, share('days', at), crashCount.days[at] ?? null, sessionCount.days[at] ?? null],
        ...[earlier[at] ?? null, share('before', at)],
        ...[crashCount.before[at] ?? null, sessionCount.before[at] ?? null],
      ]),
    };
  }
  const series = of === 'active' ? active : figures[COUNT_OF[of]];
  const gaps = new Map(series.gaps.map((gap) => [gap.day, gap]));
  return {
    header: ['Day', name, 'Note', 'Day of the period before', `${name} then`],
    rows: days.map((day, at) => [
      ...[day, series.days[at] ?? null, noteOf(gaps.get(day), of)],
      ...[earlier[at] ?? null, series.before[at] ?? null],
    ]),
  };
}

const noteOf = (gap: Gap | undefined, of: Figure) =>
  gap ? gapWords(gap, of === 'active' ? 'app' : 'build') : null;

/** Sums over the range, of each build or app; of how many days they tell stands beside. */
function sumRows<Row extends Metrics['builds'][number] | Metrics['apps'][number]>(
  first: string,
  rows: readonly Row[],
  wordsOf: (row: Row) => string,
): Rows {
  const names = ['sessions', 'crashes', 'feedback', 'installs'] as const;
  return {
    header: [first, ...names.map((name) => FIGURE_WORDS[name]), FIGURE_WORDS.crashFree, 'Days with figures'],
    rows: rows.map((row) => {
      const totals = names.map((name) => row.sums[COUNT_OF[name]].total);
      return [
        ...[wordsOf(row), ...totals.map(({ value }) => value)],
        ...[crashFree(row.crashFree.total), totals[0]?.days ?? 0],
      ];
    }),
  };
}

function groupRows({ groups }: Metrics): Rows {
  return {
    header: ['Group', 'From', 'To', 'Testers', FIGURE_WORDS.active, 'Sessions', 'Crashes'],
    rows: groups.map(({ name, start, end, testers, activeTesters, sessionCount, crashCount }) => [
      ...[name, start, end, testers, activeTesters, sessionCount, crashCount],
    ]),
  };
}

function linkRows({ funnel }: Metrics): Rows {
  return {
    header: ['Group', ...LINK_COUNTS.map((step) => STEP_WORDS[step]), 'Days with figures'],
    rows: (funnel?.links ?? []).map(({ name, steps }) => [
      ...[name, ...LINK_COUNTS.map((step) => steps[step].total.value), steps.viewCount.total.days],
    ]),
  };
}

async function retentionRows(ctx: Ctx, asked: Asked): Promise<Rows> {
  const { cohorts, before } = await readRetention(ctx, asked);
  const weeks = before.active.map((_, at) => `Active in week ${at}`);
  return {
    header: ['Joined in the week of', 'Testers', ...weeks],
    rows: [
      ...cohorts.map(({ week, joined, active }) => [week, joined, ...active]),
      ['Before Flightdeck looked', before.testers, ...before.active.map(({ active }) => active)],
    ],
  };
}

async function adoptionRows(ctx: Ctx, asked: Asked): Promise<Rows> {
  const { lines, days } = await appCourse(ctx, asked);
  return {
    header: ['Day', 'All devices', ...lines.map((line) => installedWords(line, line.builds))],
    rows: days.map(({ day, devices, counts }) => [day, devices, ...counts]),
  };
}
