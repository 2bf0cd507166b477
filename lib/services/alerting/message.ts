import { createHash } from 'node:crypto';
import { maskEmails } from '@/lib/access/mask';
import { can, type Role } from '@/lib/access/policy';
import { formatPlural } from '@/lib/format/numbers';
import type { Message } from '../channels/deliver';

/** What a fact says, as it is kept until it is sent. */
export interface Words {
  readonly title: string;
  readonly detail: string | null;
  readonly level: 'bad' | 'attention' | 'good';
  readonly path: string;
  readonly app: string | null;
}

/** A fact that is to be told. */
export interface Telling extends Words {
  readonly kind: string;
  /** ms since 1970 */
  readonly at: number;
}

/** The most facts that are told one by one; of more the number is told. */
const MOST = 50;
const MARKS = { bad: '🔴', attention: '🟠', good: '🟢' } as const;

/** By which a fact told to somebody in a channel is known: the same however often it is found. */
export const sendingId = (recipient: string, channel: string, fact: string): string =>
  createHash('sha256')
    .update(JSON.stringify([recipient, channel, fact]))
    .digest('hex')
    .slice(0, 40);

/** What whoever reads it may see: addresses of testers stand in no channel of a team, and in none of who may not see them. */
export function asSeen<Each extends Words>(words: Each, role: Role | null): Each {
  return role !== null && can(role, 'testers:identify') ? words : maskEmails(words);
}

/** One message for everything that is to be told at once. */
export function messageOf(
  { id, base, timeZone, mayRepeat }: { id: string; base: string; timeZone: string; mayRepeat: boolean },
  facts: readonly Telling[],
): Message {
  const ordered = facts.toSorted((a, b) => RANK[a.level] - RANK[b.level] || a.at - b.at);
  const shown = ordered.slice(0, MOST);
  const [only] = ordered;
  const title =
    ordered.length === 1 && only
      ? only.title
      : `${formatPlural(ordered.length, 'alert')}: ${summary(ordered)}`;
  const moment = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, dateStyle: 'medium', timeStyle: 'short' },
  });
  const when = ({ at }: Telling) => `${moment.format(at)} (${timeZone})`;
  const link = ({ path }: Telling) => `${base}${path}`;
  const repeat = mayRepeat
    ? 'You may have had this message before: it was being sent when Flightdeck was interrupted.'
    : null;
  const rest = ordered.length - shown.length;
  const more = rest > 0 ? `And ${formatPlural(rest, 'more', 'more')}: ${base}/settings/alerts` : null;
  const settings = `${base}/settings/alerts`;
  return {
    id,
    title,
    text: [
      ...(repeat ? [repeat, ''] : []),
      ...shown.flatMap((fact) => [
        fact.title,
        ...(fact.detail ? [fact.detail] : []),
        `${when(fact)}`,
        link(fact),
        '',
      ]),
      ...(more ? [more, ''] : []),
      '--',
      `You have asked to be told of this. Change it: ${settings}`,
    ].join('\n'),
    markdown: [
      ...(repeat ? [`**${repeat}**`, ''] : []),
      ...shown.flatMap((fact) => [
        `${MARKS[fact.level]} [${quoted(fact.title)}](${link(fact)})`,
        ...(fact.detail ? [quoted(fact.detail)] : []),
        when(fact),
        '',
      ]),
      ...(more ? [more] : []),
    ].join('\n'),
    facts: {
      mayRepeat,
      alerts: ordered.map((fact) => ({
        ...{ kind: fact.kind, level: fact.level, title: fact.title, detail: fact.detail, app: fact.app },
        ...{ at: new Date(fact.at).toISOString(), link: link(fact) },
      })),
    },
  };
}

const RANK = { bad: 0, attention: 1, good: 2 } as const;

/** Of what the alerts are, the first few by their own words. */
function summary(facts: readonly Telling[]): string {
  const titles = facts.slice(0, 2).map(({ title }) => title);
  const rest = facts.length - titles.length;
  return rest > 0 ? `${titles.join('; ')} and ${formatPlural(rest, 'more', 'more')}` : titles.join('; ');
}

/** A strange text in ours: it is no markup. */
const quoted = (text: string) => text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
