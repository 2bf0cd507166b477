import type { Staged } from '@/lib/browser/ship';

/** Whom a second stage mails. */
export type SecondMail = NonNullable<Staged['mail']>;

/** What is chosen of a second stage; numbers as they are typed. */
export interface StagedChoices {
  readonly groups: readonly string[];
  readonly crashFree: string;
  readonly hours: string;
  readonly sessions: string;
  readonly mail: SecondMail;
}

/** A day of good sessions, with enough of them to mean something. */
export const FIRST_STAGED: StagedChoices = {
  ...{ groups: [], crashFree: '99', hours: '24', sessions: '100', mail: 'group' },
};

/** What is wrong with what was typed, by field; null of those that are right. */
export function stagedProblems({ groups, crashFree, hours, sessions }: StagedChoices) {
  const isWhole = (text: string, most: number) =>
    /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;
  const isShare =
    /^\d+([.,]\d)?$/.test(crashFree.trim()) && numberOf(crashFree) >= 1 && numberOf(crashFree) <= 100;
  return {
    groups: groups.length > 0 ? null : 'Choose who comes second.',
    crashFree: isShare ? null : 'From 1 to 100, with one decimal at most.',
    hours: isWhole(hours, 720) ? null : 'A whole number from 1 to 720.',
    sessions: isWhole(sessions, 1_000_000) ? null : 'A whole number from 1 to 1,000,000.',
  };
}

const numberOf = (text: string) => Number(text.trim().replace(',', '.'));

/** The second stage as it is ordered; null while something of it is missing or wrong. */
export function stagedOrder(chosen: StagedChoices): Staged | null {
  if (Object.values(stagedProblems(chosen)).some((problem) => problem !== null)) return null;
  const { groups, crashFree, hours, sessions, mail } = chosen;
  return {
    ...{ groups: [...groups], crashFree: numberOf(crashFree) },
    ...{ hours: numberOf(hours), sessions: numberOf(sessions), mail },
  };
}

/** What an order of before puts into the form, without the groups that are gone. */
export function stagedChosen(
  { groups, crashFree, hours, sessions, mail = 'group' }: Staged,
  isThere: (id: string) => boolean,
): StagedChoices {
  return {
    groups: groups.filter(isThere),
    ...{ crashFree: String(crashFree), hours: String(hours), sessions: String(sessions), mail },
  };
}
