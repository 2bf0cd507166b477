import { formatDuration } from './durations';

/** What an app's past reviews tell: how many could be measured, and their median, null where they are too few. */
interface UsualReview {
  readonly count: number;
  readonly medianMs: number | null;
}

/** A wait against what is usual, in words; `isLong` where it is more than twice that. */
export function waitWords(
  submittedDate: string | null | undefined,
  usual: UsualReview | undefined,
  now: number,
): { readonly words: string; readonly isLong: boolean } {
  if (!usual || usual.medianMs === null) {
    const known = usual?.count ?? 0;
    return {
      words: known === 0 ? 'None to compare with' : `Too few to compare with (${known})`,
      isLong: false,
    };
  }
  const waited = now - Date.parse(submittedDate ?? '');
  const isLong = waited > 2 * usual.medianMs;
  return { words: `Usually ${formatDuration(usual.medianMs)}, by ${usual.count} reviews`, isLong };
}
