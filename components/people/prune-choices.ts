import type { PruneRules } from '@/lib/browser/people';

/** What is ticked and typed in the form of the rules. */
export interface PruneChoices {
  readonly sessions: boolean;
  readonly sessionDays: string;
  readonly feedback: boolean;
  readonly graceDays: string;
  /** Also people who were there before Flightdeck was. */
  readonly before: boolean;
  readonly neverInstalled: boolean;
  readonly states: readonly string[];
  readonly groupIds: readonly string[];
  readonly tags: string;
}

// The rule of thumb most programmes begin with.
export const USUAL_CHOICES: PruneChoices = {
  sessions: true,
  sessionDays: '90',
  feedback: true,
  graceDays: '30',
  before: false,
  neverInstalled: false,
  states: [],
  groupIds: [],
  tags: '',
};

const NAMES = ['unused', 'feedback', 'grace', 'before', 'installed', 'state', 'group', 'withoutTag'] as const;
type Address = Record<(typeof NAMES)[number], string | readonly string[] | null>;

/** The choices as parameters of the page's address, so that a link opens the same list for a colleague. */
export function addressOf(choices: PruneChoices): Address {
  return {
    unused: choices.sessions ? choices.sessionDays : null,
    feedback: choices.feedback ? 'none' : null,
    grace: choices.graceDays || '0',
    before: choices.before ? 'too' : null,
    installed: choices.neverInstalled ? 'never' : null,
    state: choices.states,
    group: choices.groupIds,
    withoutTag: tagsOf(choices.tags),
  };
}

/** The choices an address holds; null when it holds none. What is no number of days leaves the usual one. */
export function choicesOf(address: Readonly<Record<string, string>>): PruneChoices | null {
  if (!NAMES.some((name) => address[name])) return null;
  const list = (text: string | undefined) => text?.split(',').filter(Boolean) ?? [];
  return {
    sessions: address.unused !== undefined,
    sessionDays: days(address.unused, 1) ?? USUAL_CHOICES.sessionDays,
    feedback: address.feedback !== undefined,
    graceDays: days(address.grace, 0) ?? USUAL_CHOICES.graceDays,
    before: address.before !== undefined,
    neverInstalled: address.installed !== undefined,
    states: list(address.state),
    groupIds: list(address.group),
    tags: list(address.withoutTag).join(', '),
  };
}

function days(text: string | undefined, least: number): string | null {
  const count = Number(text || Number.NaN);
  return Number.isInteger(count) && count >= least && count <= 365 ? String(count) : null;
}

/** The rules the server is asked for. */
export function rulesOf(choices: PruneChoices): PruneRules {
  const tags = tagsOf(choices.tags);
  return {
    ...(choices.sessions ? { noSessionDays: Number(choices.sessionDays) } : {}),
    ...(choices.feedback ? { noFeedbackEver: true } : {}),
    invitedBeforeDays: Number(choices.graceDays),
    ...(choices.before ? { unknownInvitation: 'prune' as const } : {}),
    ...(choices.neverInstalled ? { neverInstalled: true } : {}),
    ...(choices.states.length > 0 ? { states: choices.states } : {}),
    ...(choices.groupIds.length > 0 ? { groupIds: choices.groupIds } : {}),
    ...(tags.length > 0 ? { withoutTags: tags } : {}),
  };
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}
