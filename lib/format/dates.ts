import {
  differenceInCalendarDays,
  differenceInCalendarMonths,
  differenceInCalendarWeeks,
  differenceInCalendarYears,
} from 'date-fns';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The twelfth part of a year. */
const MONTH_MS = 2_629_746_000;
/** Made once: making one takes longer than a hundred of its words. */
const IN_NUMBERS = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const IN_WORDS = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

type Instant = string | number | null | undefined;

/** ISO text or milliseconds since 1970 → Date; null for nothing and for text that is no date. */
export function toDate(instant: Instant): Date | null {
  if (instant === null || instant === undefined) return null;
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * "3 days ago", "in 2 hours", "now"; "–" when there is no instant. `now` in milliseconds since 1970; `isInDays` says
 * "in 74 days" where it would be "in 3 months".
 */
export function formatAgo(instant: Instant, now: number, isInDays = false): string {
  const date = toDate(instant);
  if (!date) return '–';
  if (Math.abs(date.getTime() - now) < 5_000) return 'just now';
  const days = (date.getTime() - now) / DAY_MS;
  // Whole days, as rules count them: a day and a half is not yet two, whatever the calendar says.
  if (isInDays && Math.abs(days) >= 1) return IN_NUMBERS.format(Math.trunc(days), 'day');
  return IN_NUMBERS.format(...distance(date, now));
}

/** How far apart two moments are, by the unit in which people think of it; from a day on as the calendar says. */
function distance(date: Date, now: number): [value: number, unit: Intl.RelativeTimeFormatUnit] {
  const ms = date.getTime() - now;
  const far = Math.abs(ms);
  // -0 would be said as "0 seconds ago".
  if (far < MINUTE_MS) return [Math.trunc(ms / 1000) || 0, 'second'];
  if (far < HOUR_MS) return [Math.trunc(ms / MINUTE_MS), 'minute'];
  const days = differenceInCalendarDays(date, now);
  if (far < DAY_MS && days === 0) return [Math.trunc(ms / HOUR_MS), 'hour'];
  if (far < 7 * DAY_MS && Math.abs(days) < 7) return [days, 'day'];
  // Nobody thinks of an upload as one quarter ago.
  const months = differenceInCalendarMonths(date, now);
  // The 1st and the 31st of one month are more than a month's usual days apart, and yet in no other month.
  if (far < MONTH_MS || months === 0) return [differenceInCalendarWeeks(date, now), 'week'];
  const years = differenceInCalendarYears(date, now);
  if (far < 365 * DAY_MS || years === 0) return [months, 'month'];
  return [years, 'year'];
}

/** "in 3 hours" for what is still to come, which is never said to have been: due, or nearly so, it is "in a moment". */
export function formatAhead(instant: Instant, now: number): string {
  const date = toDate(instant);
  return date && date.getTime() - now < 5_000 ? 'in a moment' : formatAgo(instant, now);
}

/** "today", "yesterday", "12 days ago" for a day without a time ("2026-11-21", UTC). */
export function formatDay(day: string, now: number): string {
  const date = toDate(day);
  if (!date) return '–';
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (Math.abs(today - date.getTime()) >= 31 * DAY_MS) return formatAgo(day, now);
  return IN_WORDS.format(differenceInCalendarDays(date, today), 'day');
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** "28 Nov 2026", the day in UTC. */
export function formatDate(instant: Instant): string {
  const date = toDate(instant);
  return date ? DATE.format(date) : '–';
}

const LOCAL = { dateStyle: 'medium', timeStyle: 'medium' } as const;

/** "Nov 21, 2026, 3:09:29 AM (Asia/Kathmandu)" in the given zone; the viewer's when none is given. */
export function formatLocal(instant: Instant, timeZone?: string): string {
  const date = toDate(instant);
  if (!date) return '–';
  const format = new Intl.DateTimeFormat('en-US', timeZone === undefined ? LOCAL : { ...LOCAL, timeZone });
  return `${format.format(date)} (${format.resolvedOptions().timeZone})`;
}

/** "2026-11-21 03:09:29 UTC" */
export function formatUtc(instant: Instant): string {
  const date = toDate(instant);
  return date ? `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC` : '–';
}
