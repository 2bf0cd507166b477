import { formatDate } from './dates';
import type { Tone } from './tones';

const DAY_MS = 86_400_000;

/** Whole days until an instant; less than nought when it is over. `now` in ms since 1970. */
export function daysLeft(at: string, now: number): number {
  return Math.floor((Date.parse(at) - now) / DAY_MS);
}

/** 12 → "12 days left", 0 → "Less than a day left", −3 → "Over". */
export function daysLeftWords(days: number): string {
  if (days < 0) return 'Over';
  if (days === 0) return 'Less than a day left';
  return days === 1 ? '1 day left' : `${days} days left`;
}

/** What ends within a week wants something done, within two it is to be looked at. */
export function endingTone(days: number): Tone {
  if (days < 7) return 'bad';
  return days < 14 ? 'attention' : 'quiet';
}

interface Day<Entry> {
  /** `2026-11-28` */
  readonly day: string;
  /** "Saturday, 28 Nov 2026" */
  readonly words: string;
  readonly entries: readonly Entry[];
}

const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });

/** What happens on which day, in the order given; days are those of UTC, as Apple's dates are read everywhere here. */
export function daysOf<Entry extends { readonly at: string }>(entries: readonly Entry[]): Day<Entry>[] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = new Date(entry.at).toISOString().slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, all]) => ({
    day,
    words: `${WEEKDAY.format(new Date(day))}, ${formatDate(day)}`,
    entries: all,
  }));
}
