import type { LinkDay } from '@/lib/browser/links';

export interface LinkChange {
  readonly day: string;
  readonly views: number | null;
  readonly accepted: number | null;
  readonly didNotAccept: number | null;
  readonly didNotMeetCriteria: number | null;
}

/**
 * What happened on each kept day: the difference to the day kept before. Apple gives only sums over the link's life, so
 * the first kept day has no difference, and what happened on days without a look falls on the next kept one.
 */
export function changesOf(days: readonly LinkDay[]): LinkChange[] {
  return days.slice(1).map((day, index) => {
    const before = days[index];
    return {
      day: day.day,
      views: rise(before?.viewCount, day.viewCount),
      accepted: rise(before?.acceptedCount, day.acceptedCount),
      didNotAccept: rise(before?.didNotAcceptCount, day.didNotAcceptCount),
      didNotMeetCriteria: rise(before?.didNotMeetCriteriaCount, day.didNotMeetCriteriaCount),
    };
  });
}

/** A sum that shrank has lost old days from Apple's window: nothing is known of this one. */
function rise(before: number | null | undefined, now: number | null): number | null {
  if (before === null || before === undefined || now === null || now < before) return null;
  return now - before;
}

/** Both series by day, for one chart; a day only one of them has leaves the other null. */
export function sideBySide(
  mine: readonly LinkChange[],
  other: readonly LinkChange[],
  name: keyof Omit<LinkChange, 'day'>,
): { day: string; mine: number | null; other: number | null }[] {
  const days = [...new Set([...mine, ...other].map(({ day }) => day))].sort();
  const of = (changes: readonly LinkChange[], day: string) =>
    changes.find((change) => change.day === day)?.[name] ?? null;
  return days.map((day) => ({ day, mine: of(mine, day), other: of(other, day) }));
}
