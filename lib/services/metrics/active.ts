import { everyDay } from '@/lib/format/utc-days';
import { gathered } from '../gathered';
import type { WindowRow } from './readings';
import type { Periods, Series } from './series';

/** How long Apple's window of testers' use is, days; its dates may or may not count the last one twice. */
const WINDOW_DAYS = [6, 7, 8];
const DAY_MS = 86_400_000;

/** How many testers were active in the seven days up to a day. */
export interface Active extends Pick<Series, 'days' | 'before' | 'gaps'> {
  /** The newest window of the range, and the one with which the range before ended. */
  readonly last: Level | null;
  readonly lastBefore: Level | null;
}

export interface Level {
  readonly start: string;
  readonly end: string;
  readonly value: number;
}

/** Windows of a week, not of less. */
export function weekly(windows: readonly WindowRow[], type: 'apps' | 'betaGroups'): WindowRow[] {
  return windows.filter(
    (one) =>
      one.metric === 'betaTesterUsages' &&
      one.type === type &&
      WINDOW_DAYS.includes(Math.round((Date.parse(one.end) - Date.parse(one.start)) / DAY_MS)),
  );
}

interface Life<Row> {
  readonly windows: ReadonlyMap<string, Row>;
  readonly first: string;
  /** Null while more are to come. */
  readonly last: string | null;
}

/** Each app's windows by a day of them, from its first; an app that is gone ends with its last. */
export function livesOf<Row extends Pick<WindowRow, 'accountId' | 'id' | 'knownAs'>>(
  windows: readonly Row[],
  dayOf: (row: Row) => string,
): Life<Row>[] {
  return [...gathered(windows, ({ accountId, id }) => `${accountId} ${id}`).values()].map((own) => {
    const days = own.map(dayOf).sort();
    const isGone = own.some(({ knownAs }) => knownAs === null);
    return {
      windows: new Map(own.map((row) => [dayOf(row), row])),
      first: days[0] ?? '',
      last: isGone ? (days.at(-1) ?? '') : null,
    };
  });
}

/** The apps that were there on a day. */
export const thereOn = <Row>(lives: readonly Life<Row>[], day: string): Life<Row>[] =>
  lives.filter(({ first, last }) => first <= day && (last === null || day <= last));

/** Testers active in the week up to each day: of several apps together only where each has its window. */
export function activeOf(windows: readonly WindowRow[], { range, before }: Periods): Active {
  const apps = livesOf(weekly(windows, 'apps'), ({ end }) => end);
  const levels = everyDay(before.from, range.to).map((day) => levelOn(apps, day));
  const mine = levels.filter(({ day }) => day >= range.from);
  const earlier = levels.filter(({ day }) => day < range.from);
  return {
    days: mine.map(({ level }) => level?.value ?? null),
    before: earlier.map(({ level }) => level?.value ?? null),
    gaps: mine.flatMap(({ level, day, parts, unread }) =>
      level === null && parts > 0 ? [{ day, parts, unread, fresh: 0, dropped: 0 }] : [],
    ),
    last: mine.findLast(({ level }) => level !== null)?.level ?? null,
    lastBefore: earlier.at(-1)?.level ?? null,
  };
}

function levelOn(apps: readonly Life<WindowRow>[], day: string) {
  const there = thereOn(apps, day);
  const windows = there.flatMap((own) => own.windows.get(day) ?? []);
  const unread = there.length - windows.length;
  const [first] = windows;
  const level: Level | null =
    first && unread === 0
      ? {
          start: first.start,
          end: day,
          value: windows.reduce((sum, { activeTesters }) => sum + (activeTesters ?? 0), 0),
        }
      : null;
  return { day, parts: there.length, unread, level };
}
