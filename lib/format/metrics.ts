import { formatPlural } from './numbers';

/** The figures of the page of metrics, as its address names them, with what people call them. */
export const FIGURES = ['sessions', 'crashes', 'crashFree', 'feedback', 'installs', 'active'] as const;
export type Figure = (typeof FIGURES)[number];

export const FIGURE_WORDS: Readonly<Record<Figure, string>> = {
  sessions: 'Sessions',
  crashes: 'Crashes',
  crashFree: 'Crash-free sessions',
  feedback: 'Feedback',
  installs: 'Installs',
  active: 'Active testers',
};

/** Which of Apple's counts a figure is the growth of. */
export const COUNT_OF = {
  sessions: 'sessionCount',
  crashes: 'crashCount',
  feedback: 'feedbackCount',
  installs: 'installCount',
} as const;

/** How far those came who opened a public link. */
export const STEP_WORDS = {
  viewCount: 'Opened the link',
  acceptedCount: 'Accepted',
  didNotAcceptCount: 'Did not accept',
  didNotMeetCriteriaCount: 'Did not meet the criteria',
} as const;

const GROWTH =
  'of a day: what its reading counts more than the reading of the day before, added up over all builds.';

/** How each figure is made, wherever it is shown. */
export const FORMULAS: Readonly<Record<Figure, string>> = {
  sessions: `Sessions ${GROWTH}`,
  crashes: `Crashes ${GROWTH}`,
  crashFree:
    'Crash-free sessions: 1 − crashes ÷ sessions of the same day, or of all days together that have both.',
  feedback: `Feedback ${GROWTH}`,
  installs: `Installs ${GROWTH}`,
  active:
    'Active testers: how many had a session in the seven days that App Store Connect told of, up to each day.',
};

const REASONS = [
  ['unread', 'not read'],
  ['fresh', 'first read, or not the day before'],
  ['dropped', 'counted from the beginning again'],
] as const;

/** Why a day has no figure: "2 of 14 builds: 1 not read, 1 counted from the beginning again". */
export function gapWords(
  gap: Readonly<Record<'parts' | (typeof REASONS)[number][0], number>>,
  one: string,
): string {
  const found = REASONS.filter(([name]) => gap[name] > 0);
  const missing = found.reduce((sum, [name]) => sum + gap[name], 0);
  const [only, ...others] = found;
  if (only && others.length === 0 && missing === gap.parts)
    return only[1].charAt(0).toUpperCase() + only[1].slice(1);
  const reasons = found.map(([name, words]) => (others.length === 0 ? words : `${gap[name]} ${words}`));
  return `${missing} of ${formatPlural(gap.parts, one)}: ${reasons.join(', ')}`;
}
