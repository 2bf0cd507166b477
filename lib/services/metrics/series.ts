import { type Growing, grownBy, type Stretch, type Sum, sumWithin } from './growth';
import type { Range } from './range';

/** A figure day by day, with the days of the period before beside it. */
export interface Series {
  /** Of each day of the range; null is a gap. */
  readonly days: readonly (number | null)[];
  readonly before: readonly (number | null)[];
  /** Days of the range that parts are missing on: of so many, so many have no figure. */
  readonly gaps: readonly { readonly day: string; readonly parts: number; readonly missing: number }[];
  /** What can only be told of several days together. */
  readonly stretches: readonly Stretch[];
  readonly total: Sum;
  readonly totalBefore: Sum;
}

/** The figure of things that grow, for a range and the one before it, which it follows. */
export function seriesOf(things: readonly Growing[], range: Range, before: Range): Series {
  const grown = grownBy(things, { from: before.from, to: range.to });
  const within = ({ day }: { readonly day: string }) => day >= range.from;
  const mine = grown.days.filter(within);
  return {
    days: mine.map(({ value }) => value),
    before: grown.days.filter((one) => !within(one)).map(({ value }) => value),
    gaps: mine
      .filter(({ missing }) => missing > 0)
      .map(({ day, parts, missing }) => ({ day, parts, missing })),
    stretches: grown.stretches.filter(within),
    total: sumWithin(grown, range),
    totalBefore: sumWithin(grown, before),
  };
}
