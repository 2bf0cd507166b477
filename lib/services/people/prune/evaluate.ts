import type { PruneRules } from './rules';

const DAY_MS = 86_400_000;

/** What is known about a tester of one app; null means unknown. */
export interface TesterFacts {
  readonly testerId: string;
  readonly state: string | null;
  readonly inviteType: string | null;
  readonly groupIds: readonly string[];
  readonly tags: readonly string[];
  readonly isProtected: boolean;
  /** Sessions within the rule's window; null when nobody could say. */
  readonly sessions: number | null;
  /** Feedback of both kinds ever seen. */
  readonly feedback: number;
  /** When Flightdeck first knew of the person, ms since 1970. */
  readonly knownSince: number | null;
  readonly hasInstalled: boolean;
}

export interface Verdict {
  readonly isPruned: boolean;
  /** Why; for somebody kept, the first thing that speaks for it. */
  readonly reasons: readonly string[];
}

type Check = (
  rules: PruneRules,
  facts: TesterFacts,
  now: number,
) => { holds: boolean; reason: string } | null;

const CHECKS: readonly Check[] = [
  (rules, facts) => {
    if (!rules.states) return null;
    const holds = facts.state !== null && rules.states.includes(facts.state);
    return { holds, reason: holds ? `State ${facts.state}` : `State ${facts.state ?? 'unknown'}` };
  },
  (rules, facts) => {
    if (!rules.groupIds) return null;
    const holds = facts.groupIds.some((id) => rules.groupIds?.includes(id));
    return { holds, reason: holds ? 'Member of a chosen group' : 'In none of the chosen groups' };
  },
  (rules, facts) => {
    if (!rules.inviteTypes) return null;
    const holds = facts.inviteType !== null && rules.inviteTypes.includes(facts.inviteType);
    return {
      holds,
      reason: facts.inviteType === 'PUBLIC_LINK' ? 'Came by public link' : 'Invited by e-mail',
    };
  },
  (rules, facts) => {
    const tag = facts.tags.find((name) => rules.withoutTags?.includes(name));
    return tag === undefined ? null : { holds: false, reason: `Tagged ${tag}` };
  },
  (rules, facts) => {
    if (!rules.neverInstalled) return null;
    return {
      holds: !facts.hasInstalled,
      reason: facts.hasInstalled ? 'Has installed a build' : 'Never installed a build',
    };
  },
  (rules, facts, now) => (rules.invitedBeforeDays === undefined ? null : invitedBefore(rules, facts, now)),
  (rules, facts) => (rules.noSessionDays === undefined ? null : noSession(rules.noSessionDays, facts)),
  (rules, facts) => {
    if (!rules.noFeedbackEver) return null;
    const reason = facts.feedback === 0 ? 'No feedback ever' : `Sent feedback ${times(facts.feedback)}`;
    return { holds: facts.feedback === 0, reason };
  },
];

/** Whether the rules prune this tester, and the reasons beside the name. Nothing unknown speaks against anybody. */
export function judgeTester(rules: PruneRules, facts: TesterFacts, now: number): Verdict {
  if (facts.isProtected) return { isPruned: false, reasons: ['Protected'] };
  const found = CHECKS.flatMap((check) => check(rules, facts, now) ?? []);
  const against = found.find((result) => !result.holds);
  if (against) return { isPruned: false, reasons: [against.reason] };
  return { isPruned: found.length > 0, reasons: found.map((result) => result.reason) };
}

function invitedBefore(rules: PruneRules, facts: TesterFacts, now: number) {
  if (facts.knownSince === null) {
    const holds = rules.unknownInvitation === 'prune';
    return { holds, reason: 'Invited at an unknown time' };
  }
  const ago = Math.floor((now - facts.knownSince) / DAY_MS);
  return {
    holds: ago > (rules.invitedBeforeDays ?? 0),
    reason: `Here for ${ago === 1 ? '1 day' : `${ago} days`}`,
  };
}

function noSession(days: number, facts: TesterFacts) {
  if (facts.sessions === null) return { holds: false, reason: 'Sessions unknown' };
  const reason =
    facts.sessions === 0
      ? `No session in ${days} days`
      : `${times(facts.sessions, 'session')} in ${days} days`;
  return { holds: facts.sessions === 0, reason };
}

function times(count: number, word?: string): string {
  if (word) return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
  return count === 1 ? 'once' : `${count.toLocaleString('en')} times`;
}
