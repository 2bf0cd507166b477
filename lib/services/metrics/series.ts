import {
  daysOf,
  type Growth,
  growthOf,
  type Part,
  type Parts,
  type Stretch,
  type Sum,
  stretchesOf,
  sumOf,
} from './growth';
import type { Range } from './range';

/** A day on which parts have no figure. */
export interface Gap extends Parts {
  readonly day: string;
}

/** What a figure adds up to in a range, and in the one before. */
export interface Totals {
  readonly total: Sum;
  readonly totalBefore: Sum;
}

/** A figure day by day, with the days of the period before beside it. */
export interface Series extends Totals {
  /** Of each day of the range; null is a gap. */
  readonly days: readonly (number | null)[];
  readonly before: readonly (number | null)[];
  /** Days of the range on which parts have no figure. */
  readonly gaps: readonly Gap[];
  /** What can only be told of several days together. */
  readonly stretches: readonly Stretch[];
}

/** A range, and the one of the same length that it follows. */
export interface Periods {
  readonly range: Range;
  readonly before: Range;
}

/** What things grew in a range and the one before. */
export const growthIn = (parts: readonly (Part | null)[], { range, before }: Periods): Growth =>
  growthOf(
    parts.filter((part) => part !== null),
    { from: before.from, to: range.to },
  );

/** The figure of things that grow, in a range and the one before. */
export function seriesOf(growth: Growth, periods: Periods): Series {
  const { range, before } = periods;
  const days = daysOf(growth, range);
  return {
    days: days.map(({ value }) => value),
    before: daysOf(growth, before).map(({ value }) => value),
    gaps: days.flatMap(({ value, ...gap }) => (value === null && gap.parts > 0 ? [gap] : [])),
    stretches: stretchesOf(growth, range),
    ...totalsOf(growth, periods),
  };
}

/** Only what it adds up to. */
export const totalsOf = (growth: Growth, { range, before }: Periods): Totals => ({
  total: sumOf(growth, range),
  totalBefore: sumOf(growth, before),
});

/** Sessions and crashes of the days that have both: of those alone one can be divided by the other. */
export interface Use {
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly days: number;
}

/** By what a share of crash-free sessions is told, in a range and the one before. */
export interface Uses {
  readonly total: Use;
  readonly totalBefore: Use;
}

/** Sessions and crashes that can be told together. */
export function usesIn(
  { sessionCount, crashCount }: Readonly<Record<keyof Omit<Use, 'days'>, Growth>>,
  { range, before }: Periods,
): Uses {
  const [sessions, crashes] = [among(sessionCount, crashCount), among(crashCount, sessionCount)];
  const use = (period: Range): Use => {
    const { value, days } = sumOf(sessions, period);
    return { sessionCount: value, crashCount: sumOf(crashes, period).value, days };
  };
  return { total: use(range), totalBefore: use(before) };
}

/** Of what grew only the days and stretches that are told of something else too. */
const among = ({ days, stretches }: Growth, other: Growth): Growth => ({
  days: new Map([...days].filter(([day]) => (other.days.get(day)?.value ?? null) !== null)),
  stretches: stretches.filter(({ after, day }) =>
    other.stretches.some((one) => one.after === after && one.day === day),
  ),
});
