import type { LearnedPace } from './budget-types';

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
const NO_LIMIT = 3_000;

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

/** The pace as it has grown since: up to just below what was refused, and beyond once that is long ago. */
export function paceNow(learned: LearnedPace | undefined, now: number): number | undefined {
  if (!learned) return undefined;
  const { perMinute, refusedAt, at } = learned;
  const step = Math.max(1, Math.round(perMinute * GROWTH_PER_MINUTE));
  const remembered = refusedAt < SUSTAINED_PER_MINUTE ? REMEMBERED_LOW_MS : REMEMBERED_MS;
  const top = Math.max(perMinute, Math.floor(refusedAt * AT_MOST));
  const within = Math.min(top, perMinute + minutes(Math.min(now - at, remembered)) * step);
  const grown = within + minutes(Math.max(0, now - at - remembered)) * step;
  return grown > NO_LIMIT ? undefined : grown;
}

function minutes(ms: number): number {
  return Math.floor(ms / 60_000);
}
