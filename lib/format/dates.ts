import { intlFormatDistance } from 'date-fns';

const DAY_MS = 86_400_000;
const IN_DAYS = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

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
  // Nobody thinks of an upload as one quarter ago.
  const days = Math.abs(date.getTime() - now) / DAY_MS;
  const long = days >= 31 && days < 365 ? { unit: 'month' as const } : {};
  // Whole days, as rules count them: a day and a half is not yet two, whatever the calendar says.
  if (isInDays && days >= 1) return IN_DAYS.format(Math.trunc((date.getTime() - now) / DAY_MS), 'day');
  return intlFormatDistance(date, now, { locale: 'en', numeric: 'always', ...long });
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
  return intlFormatDistance(date, today, { locale: 'en', unit: 'day' });
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
