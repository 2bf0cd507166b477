import type { TriageBody } from '@/lib/browser/feedback';

/** When the day begins for what was snoozed, by the clock on the wall here. */
const MORNING = 9;
const MONDAY = 1;

function morning(now: number, days: number): string {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at.toISOString();
}

/** The morning of a day such as 2026-05-01, or null where it is none. */
export function until(day: string): string | null {
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return null;
  at.setHours(MORNING);
  return at.toISOString();
}

interface Snooze {
  readonly id: string;
  readonly words: string;
  readonly done: string;
  readonly snooze: NonNullable<TriageBody['change']['snooze']>;
}

/** What most people snooze until. */
export function snoozes(now: number): readonly Snooze[] {
  const toMonday = (MONDAY - new Date(now).getDay() + 7) % 7 || 7;
  return [
    { id: 'tomorrow', words: 'Until tomorrow', done: 'Snoozed until tomorrow', snooze: morning(now, 1) },
    { id: 'week', words: 'Until next week', done: 'Snoozed until next week', snooze: morning(now, toMonday) },
    {
      ...{ id: 'build', words: 'Until the next build', done: 'Snoozed until the next build' },
      snooze: 'nextBuild',
    },
  ];
}
