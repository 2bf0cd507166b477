import { nextTime, WEEKDAYS } from '@/lib/format/next-time';

/** When somebody's digest comes, by the clock on their wall. */
export interface Schedule {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  /** As the IANA names it. */
  readonly timeZone: string;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** An hour that is set forward or back makes a week of another length. */
const SHORTEST_WEEK_MS = WEEK_MS - 2 * HOUR_MS;
/** What could not be sent for so long is left out: the next one says what it would have said. */
export const LATEST_MS = 48 * HOUR_MS;

const words = ({ weekday, hour, timeZone }: Schedule) =>
  `${WEEKDAYS[weekday]} ${String(hour).padStart(2, '0')}:00 ${timeZone}`;

/** When the next digest comes, ms since 1970; null where the zone is none. */
export function nextDigest(schedule: Schedule, now: number, last: number | null): number | null {
  let at = nextTime(words(schedule), now);
  while (at !== null && last !== null && at - last < SHORTEST_WEEK_MS) at = nextTime(words(schedule), at);
  return at;
}

/**
 * The time for which a digest is due now, or null: the last one of the schedule, unless it lies before `since`, was dealt
 * with, is too long ago, or comes less than a week after the `last` one that was.
 */
export function dueSlot(
  schedule: Schedule,
  { now, since, last }: { readonly now: number; readonly since: number; readonly last: number | null },
): number | null {
  let slot: number | null = null;
  for (
    let at = nextTime(words(schedule), now - WEEK_MS - 2 * HOUR_MS);
    at !== null && at <= now;
    at = nextTime(words(schedule), at)
  )
    slot = at;
  if (slot === null || slot < since || now - slot > LATEST_MS) return null;
  return last !== null && slot - last < SHORTEST_WEEK_MS ? null : slot;
}
