/** Instants as Apple writes them. One attribute may come with either offset: compare instants, not texts. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** UTC with milliseconds, as feedback, groups and submissions carry it. */
export function isoUtc(ms: number): string {
  return new Date(ms).toISOString();
}

function nthSunday(year: number, month: number, nth: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - first) % 7) + 7 * (nth - 1));
}

const summers = new Map<number, readonly [from: number, to: number]>();

function summerOf(year: number): readonly [from: number, to: number] {
  const known = summers.get(year);
  if (known) return known;
  const summer = [nthSunday(year, 2, 2) + 10 * HOUR_MS, nthSunday(year, 10, 1) + 9 * HOUR_MS] as const;
  summers.set(year, summer);
  return summer;
}

/** Hours that Pacific time lies behind UTC at an instant (7 in summer, 8 in winter). */
export function pacificOffsetHours(ms: number): 7 | 8 {
  const [from, to] = summerOf(new Date(ms).getUTCFullYear());
  return ms >= from && ms < to ? 7 : 8;
}

/** Pacific time to the second with its offset, as builds carry it (`2026-03-01T09:30:00-08:00`). */
export function isoPacific(ms: number): string {
  const hours = pacificOffsetHours(ms);
  return `${new Date(ms - hours * HOUR_MS).toISOString().slice(0, 19)}-0${hours}:00`;
}
