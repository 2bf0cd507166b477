import { formatDate } from '@/lib/format/dates';
import { isolated } from '@/lib/format/isolated';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { type Changes, changesOf, type Facts, type Snapshot, type ToldApp } from './snapshot';

/** A line of a digest: what it says, and where it leads. */
export interface Line {
  readonly level: 'red' | 'amber' | 'out';
  readonly text: string;
  readonly link: { readonly label: string; readonly href: string } | null;
}

/** A digest before it is text or HTML. */
export interface Digest {
  readonly subject: string;
  readonly intro: readonly string[];
  readonly sections: readonly {
    readonly title: string;
    readonly lines: readonly Line[];
    readonly more: number;
  }[];
  readonly columns: readonly string[];
  readonly apps: readonly { readonly href: string; readonly cells: readonly string[] }[];
  readonly foot: readonly { readonly text: string; readonly href?: string }[];
}

/** So many lights of a section are told; the page has the others. */
const MOST = 25;

interface How {
  /** The address of this installation, without a slash at the end. */
  readonly base: string;
  readonly before: Snapshot | null;
  /** Somebody may have got it already. */
  readonly mayRepeat?: boolean;
}

/** What a digest says: what changed since the last, what is as it was, and each app in figures. */
export function composeDigest(facts: Facts, { base, before, mayRepeat = false }: How): Digest {
  const changes = changesOf(facts, before);
  const since = before ? formatDate(before.at) : null;
  const formerApps = new Map((before?.apps ?? []).map((app) => [app.key, app]));
  return {
    subject: subjectOf(facts, changes, before !== null),
    intro: [
      ...(mayRepeat ? ['This may have reached you already: nobody knows whether it was sent.'] : []),
      ...(since === null
        ? [`As of ${formatDate(facts.at)}. From the next digest on it says what changed.`]
        : [`As of ${formatDate(facts.at)}, with what changed since ${since}.`]),
      ...(facts.lights.length === 0 ? ['Nothing needs attention.'] : []),
    ],
    sections: sectionsOf(changes, { base, isFirst: before === null }),
    columns: ['App', 'Newest build', 'Expires', 'Testers', 'Unread', 'Crash-free'],
    apps: facts.apps.map((app) => ({
      href: `${base}${app.href}`,
      cells: cellsOf(app, formerApps.get(app.key)),
    })),
    foot: [
      ...(facts.snoozed > 0
        ? [{ text: `${formatCount(facts.snoozed)} snoozed by the team are left out.`, href: `${base}/` }]
        : []),
      { text: 'Open the health page', href: `${base}/` },
      { text: 'Change or end this digest', href: `${base}/settings/digest` },
    ],
  };
}

function subjectOf({ lights }: Facts, { fresh, worse }: Changes, hasFormer: boolean): string {
  if (lights.length === 0) return 'Flightdeck: nothing needs attention';
  const count = (level: 'red' | 'amber') => lights.filter((light) => light.level === level).length;
  const counts = [
    ...(count('red') > 0 ? [`${formatCount(count('red'))} red`] : []),
    ...(count('amber') > 0 ? [`${formatCount(count('amber'))} amber`] : []),
  ];
  const changed = fresh.length + worse.length;
  const news = !hasFormer ? '' : changed > 0 ? `; ${formatCount(changed)} new or worse` : '; none of it new';
  return `Flightdeck: ${counts.join(', ')}${news}`;
}

function sectionsOf(
  { fresh, worse, still, out }: Changes,
  { base, isFirst }: { base: string; isFirst: boolean },
) {
  const lit = (light: (typeof still)[number]): Line => ({
    level: light.level,
    text: sentence(light),
    link: { label: light.step.label, href: `${base}${light.step.href}` },
  });
  const section = (title: string, lines: readonly Line[]) =>
    lines.length === 0
      ? []
      : [{ title, lines: lines.slice(0, MOST), more: Math.max(0, lines.length - MOST) }];
  return [
    ...section('New', fresh.map(lit)),
    ...section('Worse than before', worse.map(lit)),
    ...section(isFirst ? 'Needs attention' : 'As before', still.map(lit)),
    ...section(
      'Over',
      out.map((light) => ({ level: 'out' as const, text: sentence(light), link: null })),
    ),
  ];
}

const sentence = ({ app, words }: { readonly app: string | null; readonly words: string }) =>
  app === null ? words : `${isolated(app)}: ${words}`;

function cellsOf(app: ToldApp, former: Snapshot['apps'][number] | undefined): string[] {
  const step = (now: number, before: number | undefined) =>
    before === undefined || before === now
      ? formatCount(now)
      : `${formatCount(now)} (${now > before ? '+' : '−'}${formatCount(Math.abs(now - before))})`;
  const was = (now: string | null, before: string | null | undefined) =>
    `${now ?? '–'}${before && before !== now ? ` (was ${before})` : ''}`;
  return [
    isolated(app.name),
    was(app.build, former?.build),
    app.expires === null ? '–' : formatDate(app.expires),
    step(app.testers, former?.testers),
    step(app.unread, former?.unread),
    was(app.crashFree, former?.crashFree),
  ];
}

/** "99.2% of 1,204 sessions" */
export const crashFreeCell = (share: string, sessions: number): string =>
  `${share} of ${formatPlural(sessions, 'session')}`;
