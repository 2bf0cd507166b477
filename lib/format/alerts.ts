import { formatPlural } from './numbers';

interface Figure {
  readonly label: string;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

interface KindWords {
  /** What people choose it by. */
  readonly name: string;
  readonly about: 'Builds' | 'Testers' | 'Feedback' | 'Flightdeck';
  /** The rule in one sentence. */
  says(threshold: number, least: number): string;
  readonly threshold?: Figure;
  /** How many sessions it takes, where sessions are judged. */
  readonly sessions?: Figure;
  /** What is missing in a look back, in words. */
  readonly lacks?: string;
  /** What it takes to see such a thing at all, beyond an account. */
  readonly needs?: 'jobs:read';
  /** Of a whole account, not of one app. */
  readonly isOfAccount?: true;
}

const days = (count: number) => formatPlural(count, 'day');

/** What somebody can be told of, and when it is told: the one place that says what each rule means. */
export const ALERT_KINDS = {
  buildProcessed: {
    name: 'A build is ready',
    about: 'Builds',
    says: () => 'App Store Connect has processed a build.',
  },
  buildFailed: {
    name: 'A build failed',
    about: 'Builds',
    says: () => 'App Store Connect could not process a build, or found it invalid.',
  },
  buildApproved: {
    name: 'Beta review approved a build',
    about: 'Builds',
    says: () => 'A build passed beta review, so that external testers can have it.',
  },
  buildRejected: {
    name: 'Beta review rejected a build',
    about: 'Builds',
    says: () => 'A build did not pass beta review; the reason stands in App Store Connect.',
  },
  buildExpiring: {
    name: 'A build expires soon',
    about: 'Builds',
    says: (threshold) => `The last build that testers of a platform have expires in ${days(threshold)}.`,
    threshold: { label: 'Days before', usual: 7, least: 1, most: 60 },
    lacks: 'Builds that App Store Connect no longer lists are not counted.',
  },
  crashFreeBelow: {
    name: 'Too many crashes',
    about: 'Builds',
    says: (threshold, least) =>
      `Less than ${threshold}% of a build’s sessions are free of crashes, once it has ${formatPlural(least, 'session')}.`,
    threshold: { label: 'Less than, in percent', usual: 99, least: 1, most: 100 },
    sessions: { label: 'Once there are so many sessions', usual: 50, least: 1, most: 100_000 },
    lacks: 'It is judged by the figures as they were read each day.',
  },
  shipWaiting: {
    name: 'A ship waits for somebody',
    about: 'Builds',
    says: () => 'A ship waits for an approval, or is held until somebody decides.',
    needs: 'jobs:read',
  },
  slotsAbove: {
    name: 'A public link fills up',
    about: 'Testers',
    says: (threshold) => `${threshold}% of the places of a public link are taken.`,
    threshold: { label: 'Taken, in percent', usual: 90, least: 1, most: 100 },
    lacks:
      'It is judged by how often the link was accepted, as it was read each day, and by the limit of now.',
  },
  linkClosed: {
    name: 'A public link is switched off',
    about: 'Testers',
    says: () => 'A public link that was on is off, whoever switched it off.',
    lacks: 'It is judged by how links stood at the end of each day.',
  },
  testersNear: {
    name: 'An app nears its tester limit',
    about: 'Testers',
    says: (threshold) => `An app has ${threshold}% of the 10,000 external testers it may have.`,
    threshold: { label: 'Of the limit, in percent', usual: 90, least: 1, most: 100 },
    lacks: 'Past days are told by the sizes of groups; somebody in two groups counts once.',
  },
  newCrash: {
    name: 'A new crash',
    about: 'Feedback',
    says: () => 'A crash came in that is like none before.',
  },
  regressedCrash: {
    name: 'A crash is back',
    about: 'Feedback',
    says: () => 'A crash that was resolved is back in a newer build.',
    lacks: 'Of a crash that came back more than once, the last time is known.',
  },
  issueAbove: {
    name: 'A crash comes often',
    about: 'Feedback',
    says: (threshold) =>
      `More than ${formatPlural(threshold, 'report')} of one crash came in on one day (UTC).`,
    threshold: { label: 'More reports a day than', usual: 10, least: 1, most: 10_000 },
  },
  feedbackUnread: {
    name: 'Feedback waits',
    about: 'Feedback',
    says: (threshold) =>
      `Feedback of an app has been new for ${days(threshold)}, and nobody has decided about it.`,
    threshold: { label: 'Days', usual: 7, least: 1, most: 365 },
    lacks: 'Only what is still new can be told; what was decided since is not counted.',
  },
  syncFailing: {
    name: 'The sync fails',
    about: 'Flightdeck',
    says: (threshold) => `An account could not be synced for ${formatPlural(threshold, 'minute')}.`,
    threshold: { label: 'Minutes', usual: 30, least: 5, most: 1_440 },
    isOfAccount: true,
    lacks: 'The newest runs are kept, a day or two of them.',
  },
  keyRefused: {
    name: 'A key is refused',
    about: 'Flightdeck',
    says: () =>
      'App Store Connect refuses a key: it was revoked, an agreement is missing, or the clock is wrong.',
    isOfAccount: true,
    lacks: 'Only how keys stand now is known.',
  },
} as const satisfies Record<string, KindWords>;

export type AlertKind = keyof typeof ALERT_KINDS;

export const alertWords = (kind: AlertKind): KindWords => ALERT_KINDS[kind];
export const ALERT_KIND_NAMES = Object.keys(ALERT_KINDS) as readonly AlertKind[];

/** Whether a word from outside is a kind. */
export const isAlertKind = (word: string): word is AlertKind => Object.hasOwn(ALERT_KINDS, word);

/** The rule in one sentence, with its own figures. */
export function alertSentence({
  kind,
  threshold,
  least,
}: {
  readonly kind: AlertKind;
  readonly threshold: number | null;
  readonly least: number | null;
}): string {
  const words = alertWords(kind);
  return words.says(threshold ?? words.threshold?.usual ?? 0, least ?? words.sessions?.usual ?? 0);
}
