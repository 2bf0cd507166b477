import { formatPlural } from '@/lib/format/numbers';
import { type PruneRules, USUAL_GRACE_DAYS } from './rules';

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
  /** The newest invitation in our own history, ms since 1970; Apple gives no such date. */
  readonly invitedAt: number | null;
  /** The earliest instant at which the person is known to have been there already, ms since 1970. */
  readonly presentBy: number | null;
  /** The newest session, report or installation we know of, ms since 1970. */
  readonly lastSeenAt: number | null;
  readonly hasInstalled: boolean;
}

export interface Verdict {
  readonly isPruned: boolean;
  /** Why; for somebody kept, the first thing that speaks for it. */
  readonly reasons: readonly string[];
}

interface Finding {
  readonly holds: boolean;
  readonly reason: string;
}
type Check = (rules: PruneRules, facts: TesterFacts) => Finding | null;

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
  const found = CHECKS.flatMap((check) => check(rules, facts) ?? []);
  // Last, so that who is kept for being new would be named but for that.
  const grace = afterGrace(rules, facts, now);
  const against = [...found, ...(grace ? [grace] : [])].find((result) => !result.holds);
  if (against) return { isPruned: false, reasons: [against.reason] };
  // When somebody was invited is a reason only where nothing else is asked.
  const asked = found.length === 0 && grace && rules.invitedBeforeDays !== undefined ? [grace] : found;
  return { isPruned: asked.length > 0, reasons: asked.map(({ reason }) => reason) };
}

/** Why somebody stays whom nobody has seen being invited. */
export const HERE_BEFORE = 'Here before Flightdeck was';

/** Nobody is pruned within the grace period after an invitation, whatever else the rules say. */
function afterGrace(rules: PruneRules, { invitedAt, presentBy }: TesterFacts, now: number): Finding | null {
  const grace = rules.invitedBeforeDays ?? USUAL_GRACE_DAYS;
  if (grace === 0) return null;
  const isOld = (at: number | null) => at !== null && now - at >= grace * DAY_MS;
  const window = formatPlural(grace, 'day');
  const old = { holds: true, reason: `Invited more than ${window} ago` };
  if (invitedAt !== null)
    return isOld(invitedAt) ? old : { holds: false, reason: `Invited within the last ${window}` };
  if (isOld(presentBy)) return old;
  return { holds: rules.unknownInvitation === 'prune', reason: HERE_BEFORE };
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
  if (word) return formatPlural(count, word);
  return count === 1 ? 'once' : formatPlural(count, 'time');
}
