import { authorise, can, type Role } from '@/lib/access/policy';
import { alertWords } from '@/lib/format/alerts';
import { judge } from '../alerts/find';
import { appColumns } from '../app-facts';
import type { Ctx } from '../ctx';
import type { AlertRuleBody } from './body';
import { BELL } from './channels';
import { finder, wantedOf } from './look';
import { asSeen, type Telling } from './message';
import { quietUntil } from './quiet';
import { rulesOf } from './rows';
import { type PersonCtx, quietHoursOf } from './settings';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;
const GAP_MS = 2 * 60_000;
const MOST = 100;

/** A fact that a rule would have told; instants as ISO text. */
export interface PreviewFact {
  readonly title: string;
  readonly detail: string | null;
  readonly level: Telling['level'];
  readonly path: string;
  readonly at: string;
}

/** What rules would have sent, made by the code that sends. */
export interface AlertPreview {
  readonly days: number;
  /** How many messages each channel would have got. */
  readonly messages: Readonly<Record<string, number>>;
  readonly count: number;
  /** The newest. */
  readonly facts: readonly PreviewFact[];
  /** Of each rule, since when there is anything to tell it by; of what is known for all of the time nothing. */
  readonly gaps: readonly {
    readonly rule: string;
    readonly since: string | null;
    readonly lacks: string | null;
  }[];
}

type Question = Parameters<typeof wantedOf>[0] & { readonly channels: readonly string[] };

/** What one rule would have sent in the last 30 days, before it is kept. */
export async function previewRule(ctx: PersonCtx, given: AlertRuleBody): Promise<AlertPreview> {
  authorise(ctx.actor, 'alerts:own');
  const app = await appColumns(ctx, given.app, null);
  const { kind, threshold, least, channels } = given;
  return preview(ctx, ctx.actor, [{ kind, threshold, least, channels, ...app }]);
}

/** What all rules of whoever asks would have sent in the last 30 days. */
export async function previewMine(ctx: PersonCtx): Promise<AlertPreview> {
  authorise(ctx.actor, 'alerts:own');
  const rules = await rulesOf(ctx.db, ctx.actor.id);
  return preview(
    ctx,
    ctx.actor,
    rules.filter(({ isEnabled }) => isEnabled),
  );
}

async function preview(
  ctx: Ctx,
  { id: userId, role }: { readonly id: string; readonly role: Role },
  questions: readonly Question[],
): Promise<AlertPreview> {
  const until = ctx.clock.now();
  const from = until - DAYS * DAY_MS;
  const finding = finder(ctx, { from, until });
  const facts = new Map<string, Telling & { readonly channels: Set<string> }>();
  const gaps: { rule: string; since: string | null; lacks: string | null }[] = [];
  for (const question of questions) {
    const words = alertWords(question.kind);
    if (words.needs !== undefined && !can(role, words.needs)) continue;
    const wanted = wantedOf(question);
    const found = await finding(wanted);
    const judged = judge(found, wanted, { since: from, comparedFrom: from, marks: new Map() });
    for (const fact of judged.facts) {
      const known = facts.get(fact.key) ?? { ...asSeen(fact, role), channels: new Set<string>() };
      for (const channel of question.channels) known.channels.add(channel);
      facts.set(fact.key, known);
    }
    const lacks = words.lacks ?? null;
    if (found.tellsFrom !== null || lacks !== null)
      gaps.push({
        ...{ rule: words.name, lacks },
        since: found.tellsFrom === null ? null : new Date(found.tellsFrom).toISOString(),
      });
  }
  const all = [...facts.values()];
  const channels = [...new Set(all.flatMap((fact) => [...fact.channels]))];
  const quiet = await quietHoursOf(ctx.db, userId);
  const sentAt = (at: number) => (quiet && quietUntil(quiet, at)) ?? at;
  const messages = channels.map((channel): [string, number] => {
    const times = all.filter((fact) => fact.channels.has(channel)).map(({ at }) => at);
    return [channel, channel === BELL ? times.length : messagesOf(times.map(sentAt))];
  });
  return {
    ...{ days: DAYS, messages: Object.fromEntries(messages), count: all.length, gaps },
    facts: all
      .toSorted((a, b) => b.at - a.at)
      .slice(0, MOST)
      .map(({ title, detail, level, path, at }) => ({
        ...{ title, detail, level, path, at: new Date(at).toISOString() },
      })),
  };
}

/** How many messages there are of what is sent at these times: what comes close together is one. */
function messagesOf(times: readonly number[]): number {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of times.toSorted((a, b) => a - b)) {
    if (at - last < GAP_MS) continue;
    last = at;
    count += 1;
  }
  return count;
}
