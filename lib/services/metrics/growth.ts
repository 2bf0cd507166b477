import { dayAfter, everyDay } from '@/lib/format/utc-days';

/** A count that grows over a thing's life, as it was read day by day: of a build, or of a public link. */
export interface Growing {
  /** What the last reading of a UTC day counted, oldest first, each day once; a count that was not told is left out. */
  readonly readings: readonly { readonly day: string; readonly count: number }[];
  /** The day on which it began to exist, where that is known: before it, it counted nothing. */
  readonly bornOn: string | null;
  /** Whether it is still read every day: then a day without a reading was missed. */
  readonly isOpen: boolean;
  /** What Apple itself told of single days: then nothing is made of differences. */
  readonly days?: ReadonlyMap<string, number> | undefined;
}

/** The figure of a day, and of how many parts it consists; null where a part has none. */
export interface DayFigure {
  readonly day: string;
  readonly value: number | null;
  readonly parts: number;
  /** How many of them have no figure for the day. */
  readonly missing: number;
}

/** What came within several days of which no single one can be told. */
export interface Stretch {
  /** It was counted after the reading of this day … */
  readonly after: string;
  /** … and up to the reading of this one. */
  readonly day: string;
  readonly value: number;
}

export interface Grown {
  readonly days: readonly DayFigure[];
  readonly stretches: readonly Stretch[];
}

/** One thing's readings by day, with what is needed to take differences of them. */
interface Part {
  readonly first: string;
  readonly last: string;
  readonly bornOn: string | null;
  readonly ownDays: ReadonlyMap<string, number> | undefined;
  /** The count of a day, and how often the count had begun anew by then. */
  readonly at: ReadonlyMap<string, { readonly count: number; readonly era: number }>;
}

/**
 * What grew on each day, over all parts together: the difference of two readings a day apart. A count that dropped begins
 * anew, a first reading tells nothing but of what began since the day before, and what grew over missed days is told as
 * a stretch. The sum of a day is told only where every part that was there has a figure.
 */
export function grownBy(
  things: readonly Growing[],
  { from, to }: { readonly from: string; readonly to: string },
): Grown {
  const parts = things.flatMap((thing) => partOf(thing, to));
  const days: DayFigure[] = [];
  const stretches: Stretch[] = [];
  // The last day up to which every part was read; before the first part there was nothing to read.
  let anchor: string | null = lastAnchor(parts, from);
  for (const day of everyDay(from, to)) {
    const there = parts.filter(({ first, last }) => first <= day && day <= last);
    const figures = there.map((part) => figureOf(part, dayAfter(day, -1), day));
    const known = figures.flatMap((one) => (one === null ? [] : [one]));
    const missing = figures.length - known.length;
    const isWhole = there.length > 0 && missing === 0;
    days.push({ day, value: isWhole ? sum(known) : null, parts: there.length, missing });
    if (!isAnchor(there, day)) continue;
    if (!isWhole && anchor !== null && anchor < dayAfter(day, -1)) {
      const value = stretchOf(parts, anchor, day);
      if (value !== null) stretches.push({ after: anchor, day, value });
    }
    anchor = day;
  }
  return { days, stretches };
}

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

function partOf({ readings, bornOn, isOpen, days }: Growing, to: string): Part[] {
  const told = days && days.size > 0 ? [...days.keys()].sort() : null;
  const first = told?.[0] ?? readings[0]?.day;
  const lastRead = told?.at(-1) ?? readings.at(-1)?.day;
  if (first === undefined || lastRead === undefined) return [];
  const at = new Map<string, { count: number; era: number }>();
  let era = 0;
  let before: number | null = null;
  for (const { day, count } of readings) {
    if (before !== null && count < before) era += 1;
    at.set(day, { count, era });
    before = count;
  }
  return [
    { first, last: isOpen && to > lastRead ? to : lastRead, bornOn, at, ownDays: told ? days : undefined },
  ];
}

/** What a part grew from the reading of one day to that of another; null where that cannot be told. */
function figureOf(part: Part, after: string, day: string): number | null {
  if (part.ownDays) {
    const values = everyDay(dayAfter(after), day).map((one) => part.ownDays?.get(one) ?? null);
    return values.every((one) => one !== null) ? sum(values) : null;
  }
  const now = part.at.get(day);
  if (!now) return null;
  const before = part.at.get(after);
  if (before) return before.era === now.era ? now.count - before.count : null;
  // Whatever it counts came since it began, and that was not before the earlier reading.
  const isNew = after < part.first && part.bornOn !== null && part.bornOn >= after;
  return isNew && now.era === 0 ? now.count : null;
}

const isAnchor = (there: readonly Part[], day: string) =>
  there.length > 0 && there.every((part) => (part.ownDays ?? part.at).has(day));

function lastAnchor(parts: readonly Part[], from: string): string | null {
  const days = new Set(parts.flatMap((part) => [...(part.ownDays ?? part.at).keys()]));
  const before = [...days].filter((day) => day < from).sort();
  return (
    before.findLast((day) =>
      isAnchor(
        parts.filter(({ first, last }) => first <= day && day <= last),
        day,
      ),
    ) ?? null
  );
}

/** What all parts grew between two days on which all were read; a part that ended in between is read up to its end. */
function stretchOf(parts: readonly Part[], after: string, day: string): number | null {
  const there = parts.filter(({ first, last }) => first <= day && last > after);
  const figures = there.map((part) => figureOf(part, after, part.last < day ? part.last : day));
  return figures.every((one) => one !== null) ? sum(figures) : null;
}

/** What a range of days adds up to, and of how many of them it tells. */
export interface Sum {
  /** Null where no day of it has a figure. */
  readonly value: number | null;
  readonly days: number;
}

/** The days of a range that have figures, and the stretches that lie in it whole, added up. */
export function sumWithin(
  { days, stretches }: Grown,
  { from, to }: { readonly from: string; readonly to: string },
): Sum {
  const known = days.filter(({ day, value }) => value !== null && from <= day && day <= to);
  const whole = stretches.filter(({ after, day }) => from <= dayAfter(after) && day <= to);
  const covered = new Set([
    ...known.map(({ day }) => day),
    ...whole.flatMap(({ after, day }) => everyDay(dayAfter(after), day)),
  ]);
  const value = sum([...known.map(({ value: one }) => one ?? 0), ...whole.map(({ value: one }) => one)]);
  return { value: covered.size === 0 ? null : value, days: covered.size };
}
