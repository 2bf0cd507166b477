import type { Pace } from './types';

/** Kept free for people: the worker uses at most this part of the hourly quota. */
const USABLE = 0.85;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** So many requests are made within a minute under any limit that was ever heard of. */
const SMALL = 100;
/** The stretches of time that the rate is taken from, ms. */
export const LATELY_MS = 5 * MINUTE_MS;
const BRIEFLY_MS = 2 * MINUTE_MS;
/** Nothing finished for so long: it waited, and the rate before says nothing of the one after. */
const GAP_MS = 15_000;
const LEAST_COUNTED = 3;
const PRIOR_MS = 20_000;
/** A job at less than this part of the pace is held back by something else. */
const OWN_SPEED = 0.75;
/** What a refusal leaves of the pace, people's requests taken off. */
const AFTER_REFUSAL = 0.8;
/** An estimate beyond this many minutes is none. */
const HORIZON_MINUTES = 14 * 24 * 60;

export interface EstimateFacts {
  /** Items still to be sent. */
  readonly left: number;
  readonly requestsPerItem: number;
  readonly pace: Pace | null;
  /** Items of this job finished in the last hour: minute (ms since 1970) → how many. */
  readonly finished: ReadonlyMap<number, number>;
  /** The same by the second, over the last minutes. */
  readonly lately: ReadonlyMap<number, number>;
  /** ms since 1970; null while it has not begun. */
  readonly startedAt: number | null;
  readonly waitUntil: number | null;
  readonly now: number;
}

export interface Estimate {
  /** Items per minute over the last minutes; null while nothing is known. */
  readonly perMinute: number | null;
  /** ms from now to the end; null while nothing is known. */
  readonly leftMs: number | null;
  /** While it depends on a limit that is not known yet: ms from now to the soonest and the latest end. */
  readonly between: { readonly soonestMs: number; readonly latestMs: number } | null;
}

interface Stretch {
  readonly counted: number;
  readonly ms: number;
}

/**
 * When the job will be done, inside the request budget: a rolling hour is played forward minute by minute, with the
 * requests of this job leaving the window one hour after they were made.
 */
export function estimateEnd(facts: EstimateFacts): Estimate {
  const recent = recently(facts);
  const perMinute = recent && perMinuteOf(recent);
  if (facts.left === 0) return { perMinute, leftMs: 0, between: null };
  const open = openEnd(facts, perMinute);
  if (open) return { perMinute, ...open };
  const speed = Math.min(speedWhenFree(facts), minuteShare(facts));
  if (!Number.isFinite(speed) || speed <= 0 || isTooEarly(facts))
    return { perMinute, leftMs: null, between: null };
  return { perMinute, leftMs: playForward(facts, () => speed), between: null };
}

/**
 * While Apple's limit per minute is not known the pace doubles every minute until it is refused: the end lies between
 * one that is never refused, and one that is refused right now and keeps a part of what has passed before.
 */
function openEnd(facts: EstimateFacts, perMinute: number | null): Omit<Estimate, 'perMinute'> | null {
  const { pace, requestsPerItem } = facts;
  if (!pace?.perMinuteAtFirst || pace.perMinute) return null;
  const speed = pace.perMinuteAtFirst.now / requestsPerItem;
  const sure = (pace.perMinuteAtFirst.passed * AFTER_REFUSAL) / requestsPerItem;
  // Slower than it might be, for a while: what holds it back is not the pace.
  if (perMinute !== null && perMinute < speed * OWN_SPEED && !isYoung(facts)) return null;
  const soonestMs = playForward(facts, (minute) => speed * 2 ** minute);
  const refusedMs = playForward(facts, () => sure);
  if (soonestMs === null || refusedMs === null) return null;
  const latestMs = refusedMs + MINUTE_MS;
  const isClose = facts.left * requestsPerItem <= (pace.atOnce ?? 0) || refusedMs < MINUTE_MS / 2;
  return isClose ? { leftMs: soonestMs, between: null } : { leftMs: null, between: { soonestMs, latestMs } };
}

function isYoung({ startedAt, now }: EstimateFacts): boolean {
  return startedAt !== null && now - startedAt < BRIEFLY_MS;
}

/** In its first minute a large job may still meet a limit per minute that Apple does not announce. */
function isTooEarly({ pace, left, requestsPerItem, startedAt, now }: EstimateFacts): boolean {
  const isNew = startedAt !== null && now - startedAt < MINUTE_MS;
  return isNew && !pace?.perMinute && left * requestsPerItem > SMALL;
}

/**
 * Items per minute when nothing holds it back. At the reserve it only asks now and then what remains, so what it does
 * lately says nothing: the busiest minute of the hour counts. Otherwise what it does since it last waited.
 */
function speedWhenFree(facts: EstimateFacts): number {
  const { pace, finished } = facts;
  const isAtReserve =
    pace?.hourLimit != null &&
    pace.hourRemaining !== null &&
    pace.hourRemaining <= pace.hourLimit * (1 - USABLE) + 1;
  if (isAtReserve) return finished.size > 0 ? Math.max(...finished.values()) : Number.POSITIVE_INFINITY;
  const recent = recently(facts);
  if (!recent) return Number.POSITIVE_INFINITY;
  const share = minuteShare(facts);
  if (!Number.isFinite(share)) return perMinuteOf(recent);
  // The first seconds say little yet: as if it had kept its share for a while.
  const { counted, ms } = recent;
  return perMinuteOf({ counted: counted + (share * PRIOR_MS) / MINUTE_MS, ms: ms + PRIOR_MS });
}

/** Items finished since it began or last waited: over the last two minutes, or five when there are few. */
function recently(facts: EstimateFacts): Stretch | null {
  return stretchSince(facts, facts.now - BRIEFLY_MS) ?? stretchSince(facts, facts.now - LATELY_MS);
}

function stretchSince(
  { pace, requestsPerItem, lately, startedAt }: EstimateFacts,
  since: number,
): Stretch | null {
  const seconds = [...lately].filter(([at]) => at >= since).sort((a, b) => a[0] - b[0]);
  const begun = Math.max(
    0,
    seconds.findLastIndex(([at], index) => at - (seconds[index - 1]?.[0] ?? at) > GAP_MS),
  );
  const isFresh = begun > 0 || (startedAt !== null && startedAt > since);
  const run = seconds.slice(begun);
  // What leaves at once says nothing of the pace that follows.
  const atOnce = isFresh ? Math.ceil((pace?.atOnce ?? 0) / requestsPerItem) : 0;
  let skipped = 0;
  const first = run.findIndex(([, count]) => {
    skipped += count;
    return skipped >= atOnce;
  });
  const [from] = run[first] ?? [];
  const [to] = run.at(-1) ?? [];
  if (from === undefined || to === undefined) return null;
  const counted = run.slice(first + 1).reduce((sum, [, count]) => sum + count, 0);
  return counted >= LEAST_COUNTED && to > from ? { counted, ms: to - from } : null;
}

function perMinuteOf({ counted, ms }: Stretch): number {
  return (counted / ms) * MINUTE_MS;
}

function minuteShare({ pace, requestsPerItem }: EstimateFacts): number {
  return pace?.perMinute ? pace.perMinute / requestsPerItem : Number.POSITIVE_INFINITY;
}

function playForward(facts: EstimateFacts, speedIn: (minute: number) => number): number | null {
  const { pace, requestsPerItem, finished, now, waitUntil } = facts;
  const usable = pace?.hourLimit ? (pace.hourLimit * USABLE) / requestsPerItem : Number.POSITIVE_INFINITY;
  const spent = spentPerMinute(finished, now);
  const own = spent.reduce((sum, n) => sum + n, 0);
  const others = othersPerMinute(pace, own, requestsPerItem);
  const waiting = waitUntil === null ? 0 : Math.max(0, waitUntil - now) / MINUTE_MS;
  let left = facts.left;
  // window[0] is the minute that leaves the rolling hour next.
  const window = spent.map((n) => n + others);
  let used = window.reduce((sum, n) => sum + n, 0);
  for (let minute = 0; minute < HORIZON_MINUTES; minute += 1) {
    const open = Math.max(0, Math.min(1, minute + 1 - waiting));
    const speed = speedIn(minute);
    const room = Math.max(0, usable - used);
    const sent = Math.min(left, speed * open, room);
    left -= sent;
    if (left <= 1e-6) {
      const part = speed * open > 0 ? sent / speed : 0;
      return (minute + (1 - open) + part) * MINUTE_MS;
    }
    used += sent - (window.shift() ?? 0);
    window.push(sent);
  }
  return null;
}

/** The last sixty minutes, oldest first. */
function spentPerMinute(finished: ReadonlyMap<number, number>, now: number): number[] {
  const current = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return Array.from(
    { length: HOUR_MINUTES },
    (_, index) => finished.get(current - (HOUR_MINUTES - 1 - index) * MINUTE_MS) ?? 0,
  );
}

/** What others have used of the quota, taken to be spread evenly over the hour, in items per minute. */
function othersPerMinute(pace: Pace | null, own: number, requestsPerItem: number): number {
  if (!pace?.hourLimit || pace.hourRemaining === null) return 0;
  const used = (pace.hourLimit - pace.hourRemaining) / requestsPerItem;
  return Math.max(0, used - own) / HOUR_MINUTES;
}
