import type { LearnedPace, PassedMinute } from './budget-types';

/** What the usual 3,500 an hour allow on average. */
const SUSTAINED_PER_MINUTE = 60;
/** A 429 with fewer requests in the minute is not about the minute. */
const LEAST = 30;
/** A longer wait than this is not about the minute either. */
const LONGEST_WAIT_MS = 120_000;
const AT_FIRST = 0.93;
/** So near to the number that was refused the pace comes by itself, and no nearer while it is remembered. */
const AT_MOST = 0.95;
const GROWTH_PER_MINUTE = 0.02;
/** How long a refused number is remembered; a low one, which may be chance, not so long. */
const REMEMBERED_MS = 6 * 3_600_000;
const REMEMBERED_LOW_MS = 30 * 60_000;

/** What a 429 teaches when the last minute held so many requests; undefined when it is about something else. */
export function afterRefusal(
  known: LearnedPace | undefined,
  inMinute: number,
  { until, now }: { readonly until: number; readonly now: number },
): LearnedPace | undefined {
  if (inMinute < LEAST || until - now > LONGEST_WAIT_MS) return undefined;
  // The one that was refused is counted, too.
  const refusedAt = Math.min(inMinute, paceNow(known, now) ?? inMinute);
  return { perMinute: Math.floor(refusedAt * AT_FIRST), refusedAt, at: now };
}

/** The pace as it has grown since, up to just below what was refused; undefined once that is long ago. */
export function paceNow(learned: LearnedPace | undefined, now: number): number | undefined {
  if (!learned) return undefined;
  const { perMinute, refusedAt, at } = learned;
  const step = Math.max(1, Math.round(perMinute * GROWTH_PER_MINUTE));
  const remembered = refusedAt < SUSTAINED_PER_MINUTE ? REMEMBERED_LOW_MS : REMEMBERED_MS;
  if (now - at > remembered) return undefined;
  const top = Math.max(perMinute, Math.floor(refusedAt * AT_MOST));
  return Math.min(top, perMinute + minutes(now - at) * step);
}

/** How long it counts that so many were accepted, ms. */
const PASSED_MS = 24 * 3_600_000;
const GROWTH_AT_FIRST = 2;

/**
 * What jobs may use of a minute while no limit is known: what the hour allows on average, since a limit per minute
 * below that would make the hour's meaningless; what has passed already; twice what passed half a minute ago.
 * `passed` is what of that is no trial. Undefined where Apple tells no limit at all.
 */
export function paceAtFirst(facts: {
  readonly hourLimit: number | undefined;
  readonly reserve: number;
  readonly passed: PassedMinute | undefined;
  readonly halfAMinuteAgo: number;
  readonly now: number;
}): { readonly now: number; readonly passed: number } | undefined {
  const { hourLimit, reserve, passed, halfAMinuteAgo, now } = facts;
  if (hourLimit === undefined) return undefined;
  const known = passed && now - passed.at < PASSED_MS ? passed.count : 0;
  const average = (hourLimit * (1 - reserve)) / 60;
  const sure = Math.floor(Math.max(average, known * AT_MOST));
  return { now: Math.max(sure, Math.floor(halfAMinuteAgo * GROWTH_AT_FIRST)), passed: sure };
}

function minutes(ms: number): number {
  return Math.floor(ms / 60_000);
}
