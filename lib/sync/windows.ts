import type { UsageWindow, WindowCount } from '@/lib/history/usage-windows';
import { isRecord } from '@/lib/mirror/resource';
import { dimensionId, type FigureGroup } from './figures';

interface Point {
  readonly of: string | undefined;
  readonly span: Span | null;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Span {
  readonly start: string;
  readonly end: string;
}

const DAY_MS = 86_400_000;

/** Apple's dates come with a time of day and without. */
function dateOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? value.slice(0, 10) : null;
}

function pointsOf(groups: readonly FigureGroup[]): Point[] {
  return groups.flatMap((group) =>
    (group.dataPoints ?? []).map((point) => {
      const [start, end] = [dateOf(point.start), dateOf(point.end)];
      const span = start !== null && end !== null && start <= end ? { start, end } : null;
      const values = isRecord(point.values) ? point.values : {};
      return { of: dimensionId(group, 'betaTesters'), span, values };
    }),
  );
}

const keyOf = ({ start, end }: Span) => `${start} ${end}`;

/** The stretches of time that points tell of, each with its points; without those that tell none. */
function bySpan(points: readonly Point[]): { readonly span: Span; readonly points: Point[] }[] {
  const found = new Map<string, { span: Span; points: Point[] }>();
  for (const point of points) {
    if (point.span === null) continue;
    const entry = found.get(keyOf(point.span)) ?? { span: point.span, points: [] };
    entry.points.push(point);
    found.set(keyOf(point.span), entry);
  }
  return [...found.values()];
}

function sumOf(points: readonly Point[], name: string): number | null {
  const numbers = points.flatMap(({ values }) => (typeof values[name] === 'number' ? [values[name]] : []));
  return numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0);
}

/** What testers of an app did in Apple's window, page by page: sums over all of them, and how many had a session. */
export class TesterWindows {
  readonly #points: Point[] = [];

  add(groups: readonly FigureGroup[]): void {
    this.#points.push(...pointsOf(groups));
  }

  /**
   * The window as a whole, and each stretch of it where Apple tells several. Whoever did nothing is not named, so
   * nothing at all is a window of zeros, from so many days before the day on which it was asked for.
   */
  of(id: string, { day, days }: { readonly day: string; readonly days: number }): UsageWindow[] {
    const spans = bySpan(this.#points);
    const asked = { start: new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10), end: day };
    const whole = spans.reduce<Span | null>(
      (all, { span }) => ({
        start: all && all.start < span.start ? all.start : span.start,
        end: all && all.end > span.end ? all.end : span.end,
      }),
      null,
    );
    const parts = spans.length > 1 ? spans : [];
    return [
      windowOfTesters(id, whole ?? asked, this.#points),
      ...parts
        .filter(({ span }) => whole === null || keyOf(span) !== keyOf(whole))
        .map(({ span, points }) => windowOfTesters(id, span, points)),
    ];
  }
}

function windowOfTesters(id: string, span: Span, points: readonly Point[]): UsageWindow {
  const active = points.filter(({ of, values }) => of !== undefined && Number(values.sessionCount) > 0);
  return {
    ...{ metric: 'betaTesterUsages', type: 'apps', id, ...span },
    activeTesters: new Set(active.map(({ of }) => of)).size,
    sessionCount: sumOf(points, 'sessionCount') ?? 0,
    crashCount: sumOf(points, 'crashCount') ?? 0,
    feedbackCount: sumOf(points, 'feedbackCount') ?? 0,
  };
}

/** The stretches of an answer about one thing, where it tells more than one: Apple's samples hold one for all of it. */
export function pointWindows(
  { metric, type, id }: Pick<UsageWindow, 'metric' | 'type' | 'id'>,
  groups: readonly FigureGroup[],
  counts: readonly WindowCount[],
): UsageWindow[] {
  const spans = bySpan(pointsOf(groups));
  if (spans.length < 2) return [];
  return spans.map(({ span, points }) => ({
    ...{ metric, type, id, ...span },
    ...Object.fromEntries(counts.map((name) => [name, sumOf(points, name)])),
  }));
}
