import {
  daysOf,
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

const growthIn = (parts: readonly (Part | null)[], { range, before }: Periods) =>
  growthOf(
    parts.filter((part) => part !== null),
    { from: before.from, to: range.to },
  );

/** The figure of things that grow, in a range and the one before. */
export function seriesOf(parts: readonly (Part | null)[], periods: Periods): Series {
  const { range, before } = periods;
  const growth = growthIn(parts, periods);
  const days = daysOf(growth, range);
  return {
    days: days.map(({ value }) => value),
    before: daysOf(growth, before).map(({ value }) => value),
    gaps: days.flatMap(({ value, ...gap }) => (value === null && gap.parts > 0 ? [gap] : [])),
    stretches: stretchesOf(growth, range),
    ...{ total: sumOf(growth, range), totalBefore: sumOf(growth, before) },
  };
}

/** Only what it adds up to. */
export function totalsOf(parts: readonly (Part | null)[], periods: Periods): Totals {
  const growth = growthIn(parts, periods);
  return { total: sumOf(growth, periods.range), totalBefore: sumOf(growth, periods.before) };
}
