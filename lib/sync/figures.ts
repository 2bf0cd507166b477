import { BUILD_FIGURES, type BuildFigures } from '@/lib/history/build-days';
import { LINK_FIGURES, type LinkFigures, type TesterFigures } from '@/lib/history/days';
import { isRecord, isWhole } from '@/lib/mirror/resource';

/** A group of data points as Apple sends it; real answers differ from the schema, so nothing is taken for granted. */
export interface FigureGroup {
  readonly dataPoints?: readonly {
    readonly start?: unknown;
    readonly end?: unknown;
    readonly values?: unknown;
  }[];
  readonly dimensions?: unknown;
}

/** Testers' sums over the window; groups without a tester are left out. */
export function testerFigures(groups: readonly FigureGroup[]): TesterFigures[] {
  return groups.flatMap((group) => {
    const testerId = dimensionId(group, 'betaTesters');
    if (testerId === undefined) return [];
    const sum = (name: string) => sumOf(group, name);
    return [
      {
        testerId,
        sessionCount: sum('sessionCount'),
        crashCount: sum('crashCount'),
        feedbackCount: sum('feedbackCount'),
      },
    ];
  });
}

/** A link's figures: counts are summed, ratios taken from the newest data point that has them. */
export function linkFigures(groups: readonly FigureGroup[]): LinkFigures {
  const all = { dataPoints: groups.flatMap(({ dataPoints = [] }) => dataPoints) };
  const figure = (name: (typeof LINK_FIGURES)[number]) =>
    name.endsWith('Ratio') ? newestOf(all, name) : sumOf(all, name);
  return Object.fromEntries(LINK_FIGURES.map((name) => [name, figure(name)])) as LinkFigures;
}

/** What was done with a build: sums over what Apple tells; null where it tells nothing. */
export function buildFigures(groups: readonly FigureGroup[]): BuildFigures {
  const all = { dataPoints: groups.flatMap(({ dataPoints = [] }) => dataPoints) };
  return Object.fromEntries(BUILD_FIGURES.map((name) => [name, sumOf(all, name)])) as BuildFigures;
}

/** The groups of a metric's answer that was kept as it came. */
export function groupsOf(document: unknown): readonly FigureGroup[] {
  const data = isRecord(document) ? document.data : undefined;
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

/** The id stands in `data` or in `data.id`, depending on whom one asks. */
export function dimensionId({ dimensions }: FigureGroup, name: string): string | undefined {
  const dimension = isRecord(dimensions) ? dimensions[name] : undefined;
  const data = isRecord(dimension) ? dimension.data : undefined;
  const id = isRecord(data) ? data.id : data;
  return typeof id === 'string' ? id : undefined;
}

function numbersOf({ dataPoints = [] }: FigureGroup, name: string): number[] {
  return dataPoints.flatMap(({ values }) => {
    const value = isRecord(values) ? values[name] : undefined;
    return typeof value === 'number' ? [value] : [];
  });
}

function sumOf(group: FigureGroup, name: string): number | null {
  const numbers = numbersOf(group, name);
  const sum = numbers.reduce((all, n) => all + n, 0);
  return numbers.length > 0 && isWhole(sum) ? sum : null;
}

function newestOf(group: FigureGroup, name: string): number | null {
  return numbersOf(group, name).at(-1) ?? null;
}
