import { dayNumber, numberedDay } from '@/lib/format/utc-days';
import type { Range } from './range';

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

/** The same prepared, by numbers of days. */
export interface Part {
  readonly first: number;
  readonly last: number;
  readonly bornOn: number | null;
  readonly ownDays: ReadonlyMap<number, number> | null;
  /** The count of a day, and how often the count had begun anew by then. */
  readonly at: ReadonlyMap<number, { readonly count: number; readonly era: number }>;
}

/** Of how many parts a day's figure consists, and how many of them have none, each for its reason. */
export interface Parts {
  readonly parts: number;
  /** They were not read on the day. */
  readonly unread: number;
  /** There is no reading of the day before: it is their first, or that day was missed. */
  readonly fresh: number;
  /** Their count dropped, and began anew. */
  readonly dropped: number;
}

/** The figure of a day; null where a part has none. */
export interface DayFigure extends Parts {
  readonly day: string;
  readonly value: number | null;
}

/** What came within several days of which no single one can be told. */
export interface Stretch {
  /** It was counted after the reading of this day … */
  readonly after: string;
  /** … and up to the reading of this one. */
  readonly day: string;
  readonly value: number;
}

/** What a range of days adds up to, and of how many of them it tells. */
export interface Sum {
  /** Null where no day of it has a figure. */
  readonly value: number | null;
  readonly days: number;
}

/** What grew on the days of a range, to be read by `daysOf`, `stretchesOf` and `sumOf`. */
export interface Growth {
  readonly days: ReadonlyMap<number, Parts & { readonly value: number | null }>;
  readonly stretches: readonly { readonly after: number; readonly day: number; readonly value: number }[];
}

/** Prepares a thing; null where nothing of it was read. */
export function partOf({ readings, bornOn, isOpen, days }: Growing): Part | null {
  const ownDays = days && days.size > 0 ? numbered(days) : null;
  const at = new Map<number, { count: number; era: number }>();
  let era = 0;
  let before: number | null = null;
  for (const { day, count } of readings) {
    if (before !== null && count < before) era += 1;
    at.set(dayNumber(day), { count, era });
    before = count;
  }
  const read = [...(ownDays ?? at).keys()];
  const [first] = read;
  const last = read.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    ...{ first, last: isOpen ? Number.POSITIVE_INFINITY : last, ownDays, at },
    bornOn: bornOn === null ? null : dayNumber(bornOn),
  };
}

/** A thing that is there and was never read: from a day on, what all come to is not known. */
export const unreadFrom = (day: string): Part => ({
  ...{ first: dayNumber(day), last: Number.POSITIVE_INFINITY },
  ...{ ownDays: null, at: new Map(), bornOn: null },
});

const numbered = (days: ReadonlyMap<string, number>) =>
  new Map(
    [...days].map(([day, value]) => [dayNumber(day), value] as const).sort(([one], [other]) => one - other),
  );

/**
 * What grew on each day, over all parts together: the difference of two readings a day apart. A count that dropped begins
 * anew, a first reading tells nothing but of what began since the day before, and what grew over missed days is told as
 * a stretch. The sum of a day is told only where every part that was there has a figure.
 */
export function growthOf(parts: readonly Part[], range: Range): Growth {
  const days = new Map<number, Parts & { value: number | null }>();
  const stretches: { after: number; day: number; value: number }[] = [];
  if (parts.length === 0) return { days, stretches };
  const earliest = parts.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY);
  const latest = parts.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY);
  const from = Math.max(dayNumber(range.from), earliest);
  const to = Math.min(dayNumber(range.to), latest);
  const alive = aliveBetween(parts, from, to);
  // The last day up to which every part was read.
  let anchor = lastAnchor(parts, from - 1, earliest);
  for (let day = from; day <= to; day += 1) {
    const there = alive.get(day) ?? [];
    const figure = dayFigure(there, day);
    days.set(day, figure);
    if (!isAnchor(there, day)) continue;
    if (figure.value === null && anchor !== null && anchor < day - 1) {
      const meanwhile = stretchOf(parts, anchor, day);
      if (meanwhile !== null) stretches.push({ after: anchor, day, value: meanwhile });
    }
    anchor = day;
  }
  return { days, stretches };
}

/** The parts that are there on each day. */
function aliveBetween(parts: readonly Part[], from: number, to: number): Map<number, Part[]> {
  const alive = new Map<number, Part[]>();
  for (const part of parts)
    for (let day = Math.max(part.first, from); day <= Math.min(part.last, to); day += 1) {
      const there = alive.get(day);
      if (there) there.push(part);
      else alive.set(day, [part]);
    }
  return alive;
}

function dayFigure(there: readonly Part[], day: number): Parts & { value: number | null } {
  const found = { parts: there.length, unread: 0, fresh: 0, dropped: 0 };
  let sum = 0;
  let known = 0;
  for (const part of there) {
    const figure = figureOf(part, day - 1, day);
    if (typeof figure === 'number') {
      sum += figure;
      known += 1;
    } else found[figure] += 1;
  }
  return { ...found, value: known > 0 && known === there.length ? sum : null };
}

type Reason = Exclude<keyof Parts, 'parts'>;

/** The sum of what is known of every part; null where one is not, or there is none. */
function sumWhole(figures: readonly (number | Reason)[]): number | null {
  let sum = 0;
  for (const figure of figures) {
    if (typeof figure !== 'number') return null;
    sum += figure;
  }
  return figures.length > 0 ? sum : null;
}

/** What a part grew from the reading of one day to that of another, or why that cannot be told. */
function figureOf(part: Part, after: number, day: number): number | Reason {
  if (part.ownDays) {
    let sum = 0;
    for (let one = after + 1; one <= day; one += 1) {
      const value = part.ownDays.get(one);
      if (value === undefined) return 'unread';
      sum += value;
    }
    return sum;
  }
  const now = part.at.get(day);
  if (!now) return 'unread';
  const before = part.at.get(after);
  if (before) return before.era === now.era ? now.count - before.count : 'dropped';
  // Whatever it counts came since it began, and that was not before the earlier reading.
  const isNew = after < part.first && part.bornOn !== null && part.bornOn >= after;
  if (!isNew) return 'fresh';
  return now.era === 0 ? now.count : 'dropped';
}

const isAnchor = (there: readonly Part[], day: number) =>
  there.length > 0 && there.every((part) => (part.ownDays ?? part.at).has(day));

function lastAnchor(parts: readonly Part[], from: number, earliest: number): number | null {
  for (let day = from; day >= earliest; day -= 1) {
    const there = parts.filter(({ first, last }) => first <= day && day <= last);
    if (isAnchor(there, day)) return day;
  }
  return null;
}

/** What all parts grew between two days on which all were read; a part that ended in between is read up to its end. */
function stretchOf(parts: readonly Part[], after: number, day: number): number | null {
  const there = parts.filter(({ first, last }) => first <= day && last > after);
  return sumWhole(there.map((part) => figureOf(part, after, Math.min(part.last, day))));
}

const NONE = { value: null, parts: 0, unread: 0, fresh: 0, dropped: 0 };

/** Every day of a range with its figure. */
export function daysOf({ days }: Growth, { from, to }: Range): DayFigure[] {
  const first = dayNumber(from);
  return Array.from({ length: dayNumber(to) - first + 1 }, (_, at) => ({
    day: numberedDay(first + at),
    ...(days.get(first + at) ?? NONE),
  }));
}

/** The stretches that end within a range. */
export function stretchesOf({ stretches }: Growth, { from, to }: Range): Stretch[] {
  return stretches
    .map(({ after, day, value }) => ({ after: numberedDay(after), day: numberedDay(day), value }))
    .filter(({ day }) => from <= day && day <= to);
}

/** The days of a range that have figures, and the stretches that lie in it whole, added up. */
export function sumOf({ days, stretches }: Growth, range: Range): Sum {
  const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
  let sum = 0;
  let told = 0;
  for (const [day, { value }] of days) {
    if (value === null || day < from || day > to) continue;
    sum += value;
    told += 1;
  }
  for (const { after, day, value } of stretches) {
    if (after + 1 < from || day > to) continue;
    sum += value;
    told += day - after;
  }
  return { value: told === 0 ? null : sum, days: told };
}
