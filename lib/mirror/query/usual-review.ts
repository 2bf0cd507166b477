/** A review that is over: when it was submitted, and between which two readings its end was seen; ms since 1970. */
interface PastReview {
  readonly submitted: number;
  readonly since: number;
  readonly at: number;
}

/** What an app's past reviews tell: how many could be measured, and their median, null where they are too few. */
export interface UsualReview {
  readonly count: number;
  readonly medianMs: number | null;
}

/** Fewer tell nothing of what is usual. */
const FEWEST = 3;
const MOST = 20;
/** An end that is known no better than this, as after a night without a sync, is left out. */
const VAGUE_MS = 6 * 3_600_000;

/** How long reviews took, newest first; an end lies in the middle between the readings it was seen between. */
export function usualReview(past: readonly PastReview[]): UsualReview {
  const lengths = past
    .flatMap(({ submitted, since, at }) => {
      const earliest = Math.max(submitted, since);
      if (!(at > submitted) || at - earliest > VAGUE_MS) return [];
      return [(earliest + at) / 2 - submitted];
    })
    .slice(0, MOST)
    .sort((one, other) => one - other);
  const count = lengths.length;
  if (count < FEWEST) return { count, medianMs: null };
  const upper = lengths[Math.floor(count / 2)] ?? 0;
  const lower = lengths[Math.ceil(count / 2) - 1] ?? 0;
  return { count, medianMs: Math.round((lower + upper) / 2) };
}
