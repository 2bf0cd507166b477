import type { PowerMetric, PowerReport } from '@/lib/browser/diagnostics';
import { compareOsVersions } from '@/lib/format/os-versions';

/** A choice of what figures are shown: devices, or how many of a hundred do no worse. */
export interface PowerChoice {
  readonly value: string;
  readonly label: string;
}

export interface PowerRow {
  readonly category: string;
  readonly metric: string;
  readonly unit: string;
  /** A figure for each version of `versionsOf`; undefined where none is told, which is not nought. */
  readonly points: readonly (PowerPoint | undefined)[];
  /** What Apple says comparable apps reach. */
  readonly goal: number | null;
}

export interface PowerPoint {
  readonly value: number;
  readonly errorMargin: number | null;
  readonly goal: string | null;
}

/** What is looked at first. */
const FIRST = ['LAUNCH', 'HANG', 'MEMORY', 'DISK'];

const metricsIn = (report: PowerReport) =>
  (report.productData ?? [])
    .flatMap(({ metricCategories }) => metricCategories ?? [])
    .flatMap(({ identifier = '', metrics }) =>
      (metrics ?? []).map((metric) => ({ category: identifier, metric })),
    );

const setsIn = (report: PowerReport) => metricsIn(report).flatMap(({ metric }) => metric.datasets ?? []);

/** The devices of which figures are told. */
export function devicesOf(report: PowerReport): PowerChoice[] {
  return different(
    setsIn(report).flatMap(({ filterCriteria: { device, deviceMarketingName } = {} }) =>
      device === undefined ? [] : [{ value: device, label: deviceMarketingName ?? device }],
    ),
  );
}

const PERCENTILES: Readonly<Record<string, string>> = {
  'percentile.fifty': 'The typical device',
  'percentile.ninety': 'The slowest tenth',
};

/** The percentiles of which figures are told. */
export function percentilesOf(report: PowerReport): PowerChoice[] {
  return different(
    setsIn(report).flatMap(({ filterCriteria: { percentile } = {} }) =>
      percentile === undefined
        ? []
        : [
            {
              value: percentile,
              label: Object.hasOwn(PERCENTILES, percentile)
                ? (PERCENTILES[percentile] ?? percentile)
                : percentile,
            },
          ],
    ),
  );
}

function different(choices: readonly PowerChoice[]): PowerChoice[] {
  return [...new Map(choices.map((one) => [one.value, one])).values()];
}

/** The versions of which figures are told, oldest first. */
export function versionsOf(report: PowerReport): string[] {
  return [
    ...new Set(
      setsIn(report)
        .flatMap(({ points }) => points ?? [])
        .flatMap(({ version }) => version ?? []),
    ),
  ].sort(compareOsVersions);
}

/** The figures of one device and percentile: launch, hang, memory and disk first, then what else Apple tells. */
export function powerRows(
  report: PowerReport,
  { device, percentile }: { readonly device: string; readonly percentile: string },
): PowerRow[] {
  const versions = versionsOf(report);
  const rank = ({ category }: PowerRow) => (FIRST.indexOf(category) + FIRST.length + 1) % (FIRST.length + 1);
  return metricsIn(report)
    .flatMap(({ category, metric }) => rowOf(category, metric, { device, percentile, versions }))
    .sort((one, other) => rank(one) - rank(other));
}

function rowOf(
  category: string,
  { identifier = '', unit, datasets = [] }: PowerMetric,
  wanted: { readonly device: string; readonly percentile: string; readonly versions: readonly string[] },
): PowerRow[] {
  const set = datasets.find(
    ({ filterCriteria: of }) => of?.device === wanted.device && of.percentile === wanted.percentile,
  );
  if (!set) return [];
  const points = wanted.versions.map((version): PowerPoint | undefined => {
    const point = set.points?.find((one) => one.version === version);
    if (typeof point?.value !== 'number') return undefined;
    return { value: point.value, errorMargin: point.errorMargin ?? null, goal: point.goal ?? null };
  });
  return [
    {
      ...{ category, metric: identifier, points },
      unit: unit?.identifier ?? '',
      goal: set.recommendedMetricGoal?.value ?? null,
    },
  ];
}
