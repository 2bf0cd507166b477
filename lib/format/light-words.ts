import { crashFree } from './crash-free';
import { formatDate } from './dates';
import { isolated } from './isolated';
import type { Light, LightFacts, LightKind } from './lights';
import { formatCount, formatPlural, formatShare } from './numbers';

/** Words of ours, a name that somebody else chose, or an instant that the reader's clock tells. */
export type LightPart =
  | string
  | { readonly name: string }
  | { readonly at: string; readonly isToCome?: boolean };

const KEY_STATES: Readonly<Record<string, string>> = {
  unauthorized: 'App Store Connect refuses the key ',
  agreement_missing: 'An agreement is missing, or the membership has ended, of ',
  clock_skew: 'This server’s clock is wrong, so App Store Connect refuses ',
  forbidden: 'What Flightdeck asks is too much for the role of ',
  unreachable: 'App Store Connect cannot be reached with ',
  server: 'App Store Connect answers with errors to ',
  incomplete: 'Not everything can be read with ',
};

const keyState = (state: string) => KEY_STATES[state] ?? 'Something is wrong with the key ';

/** "94 of 100 places are taken", and when the rest will be. */
const filled = (
  { used, limit, fullOn }: LightFacts['link_nearly_full'],
  places: string,
): readonly LightPart[] => [
  `${formatCount(used)} of ${formatCount(limit)} ${places} are taken`,
  ...(fullOn !== null && used < limit ? ['; full ', { at: fullOn, isToCome: true }, ' by the trend'] : []),
];

const share = ({ sessions, crashes }: LightFacts['crash_free_fell']['newest']) =>
  `${crashFree({ sessionCount: sessions, crashCount: crashes })} of ${formatPlural(sessions, 'session')}`;

type Words = {
  readonly [Kind in LightKind]: (name: LightPart, facts: LightFacts[Kind]) => readonly LightPart[];
};

const WORDS: Words = {
  build_expiring: (name, { at, isOver }) =>
    isOver
      ? ['Testers have nothing to install: ', name, ' expired ', { at }]
      : ['The last build that testers have, ', name, ', expires ', { at, isToCome: true }],
  export_compliance_missing: (name) => [name, ' cannot be tested until export compliance is answered'],
  review_rejected: (name) => ['Beta review rejected ', name],
  review_waiting: (name, { at }) => [name, ' is with beta review, submitted ', { at }],
  link_admits_nobody: (name, { reasons }) => [
    'The public link of ',
    name,
    ` admits nobody: ${reasons.map(lowered).join('; ')}`,
  ],
  link_nearly_full: (name, facts) => ['The public link of ', name, ': ', ...filled(facts, 'places')],
  testers_nearly_full: (_, facts) => filled(facts, 'places for external testers'),
  crash_free_fell: (name, { newest, former, formerName }) => [
    name,
    ` runs without a crash in ${share(newest)}, `,
    { name: formerName },
    ` did in ${share(former)}`,
  ],
  adoption_slow: (name, { devices, all }) => [
    name,
    ` is on ${formatCount(devices)} of ${formatPlural(all, 'device')} (${formatShare(devices, all)})`,
  ],
  feedback_unread: (_, { reports, oldest }) => [
    `Nobody has looked at ${formatPlural(reports, 'report')}, the first of them from `,
    { at: oldest },
  ],
  group_unused: (name, { testers, reason, days }) => [
    'The group ',
    name,
    reason === 'noBuild'
      ? ` has ${formatPlural(testers, 'tester')} and no build`
      : ` has ${formatPlural(testers, 'tester')}, of whom nobody opened the app in ${days} days`,
  ],
  key_refused: (name, { state }) => [keyState(state), name],
  key_trouble: (name, { state }) => [keyState(state), name],
  sync_failed: (name, { error }) => ['The last sync of ', name, ` failed${error ? `: ${error}` : ''}`],
  sync_old: (name, { at }) => ['What is shown of ', name, ' was last read to the end ', { at }],
};

const lowered = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);

/** What a light says, in parts. */
export function lightWords({
  kind,
  name,
  facts,
}: Pick<Light, 'kind' | 'name' | 'facts'>): readonly LightPart[] {
  const words = WORDS[kind] as (name: LightPart, facts: Light['facts']) => readonly LightPart[];
  return words(name === null ? 'It' : { name }, facts);
}

/** The same as plain text, with days for instants, for where nobody's clock runs. */
export function plainLight(light: Pick<Light, 'kind' | 'name' | 'facts'>): string {
  return lightWords(light)
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'name' in part ? isolated(part.name) : `on ${formatDate(part.at)}`;
    })
    .join('')
    .replace('from on ', 'from ');
}

const SINCE: Readonly<Partial<Record<LightKind, string>>> = {
  export_compliance_missing: 'Uploaded',
  review_rejected: 'Submitted',
  crash_free_fell: 'Uploaded',
  adoption_slow: 'Uploaded',
  key_refused: 'Began',
  key_trouble: 'Began',
  sync_failed: 'Ended',
};

/** What happened when a light began; null where what it says holds that already. */
export const sinceWord = (kind: LightKind): string | null => SINCE[kind] ?? null;

/** Until when a light without a day is snoozed: what is red already cannot get worse. */
export const untilWords = (level: Light['level']): string =>
  level === 'red' ? 'until it comes again' : 'until it gets worse';

/** Where a light leads, and what the button says. */
export interface LightStep {
  readonly label: string;
  readonly href: string;
}

/** The next step of a light; `home` is where its app's pages are. */
export function lightStep({ kind, id, facts }: Light, home: string): LightStep {
  const build = `${home}/builds/${encodeURIComponent(id)}`;
  const group = `${home}/groups/${encodeURIComponent(id)}`;
  switch (kind) {
    case 'build_expiring':
      return { label: 'Choose the next build', href: `${home}/builds` };
    case 'export_compliance_missing':
      return { label: 'Answer compliance', href: `${build}?do=compliance` };
    case 'review_rejected':
      return { label: 'See what is next', href: build };
    case 'review_waiting':
      return { label: 'See the review', href: build };
    case 'link_admits_nobody':
      return { label: 'Mend the link', href: `${group}?tab=link` };
    case 'link_nearly_full':
      return { label: 'Make room', href: `${group}?tab=link` };
    case 'testers_nearly_full':
      return { label: 'Prune testers', href: `${home}/testers/prune` };
    case 'crash_free_fell':
      return { label: 'See crashes', href: `${home}/issues?view=all&build=${encodeURIComponent(id)}` };
    case 'adoption_slow':
      return { label: 'See who is behind', href: `${home}/adoption` };
    case 'feedback_unread':
      return { label: 'Look at feedback', href: `${home}/feedback` };
    case 'group_unused':
      return facts.reason === 'noBuild'
        ? { label: 'Add a build', href: `${group}?tab=builds` }
        : { label: 'See the group', href: `${group}?tab=testers` };
    case 'key_refused':
      return { label: 'Replace the key', href: '/settings/keys' };
    case 'key_trouble':
    case 'sync_failed':
    case 'sync_old':
      return { label: 'Look at the key', href: '/settings/keys' };
  }
}

const MANY: Readonly<Record<LightKind, readonly [one: string, many: string]>> = {
  build_expiring: ['build expires or has', 'builds expire or have'],
  export_compliance_missing: ['build waits for export compliance', 'builds wait for export compliance'],
  review_rejected: ['build was rejected', 'builds were rejected'],
  review_waiting: ['build waits for beta review', 'builds wait for beta review'],
  link_admits_nobody: ['public link admits nobody', 'public links admit nobody'],
  link_nearly_full: ['public link is nearly full', 'public links are nearly full'],
  testers_nearly_full: ['app is nearly full', 'apps are nearly full'],
  crash_free_fell: ['build crashes more than the one before', 'builds crash more than the ones before'],
  adoption_slow: ['newest build is on few devices', 'newest builds are on few devices'],
  feedback_unread: ['app has unread feedback', 'apps have unread feedback'],
  group_unused: ['group is not used', 'groups are not used'],
  key_refused: ['key is refused', 'keys are refused'],
  key_trouble: ['key is in trouble', 'keys are in trouble'],
  sync_failed: ['sync failed', 'syncs failed'],
  sync_old: ['account was not read for long', 'accounts were not read for long'],
};

/** "14 builds wait for export compliance" */
export function manyLights(kind: LightKind, count: number): string {
  return formatPlural(count, ...MANY[kind]);
}
