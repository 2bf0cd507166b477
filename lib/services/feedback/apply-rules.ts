import { setImmediate as breathe } from 'node:timers/promises';
import { authorise, can } from '@/lib/access/policy';
import { usersAmong } from '@/lib/access/users';
import {
  type DueIssue,
  dueIssues,
  openIssueIds,
  type RuleRow,
  ruleApplied,
  ruledIssues,
  ruleRows,
  rulesAsked,
} from '@/lib/feedback/rule-rows';
import { type Effect, effectOf, effectsOf, freeOf, isMeant, type RuledIssue } from '@/lib/feedback/rules';
import type { Store } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import { conflict, notFound, RefusedError } from '../errors';
import { type Decided, decide, type TriageAnswer } from './decide';
import type { IssueRow } from './issue-rows';

/** Issues that are looked at together; what a rule does with them is one act. */
const AT_ONCE = 500;

/** A rule as it is asked: one whose assignee works on feedback no more assigns nobody. */
export interface AskedRule extends RuleRow {
  readonly assigneeName: string | null;
}

/** The rules in their order. */
export async function rulesToAsk(db: Store): Promise<AskedRule[]> {
  const rules = await ruleRows(db);
  const users = await usersAmong(db, [...new Set(rules.flatMap(({ assigneeId }) => assigneeId ?? []))]);
  return rules.map((rule) => {
    const user = rule.assigneeId === null ? undefined : users.get(rule.assigneeId);
    const mayWork = user && user.disabledAt === null && can(user.role, 'feedback:write');
    return {
      ...rule,
      assigneeId: mayWork ? rule.assigneeId : null,
      assigneeName: mayWork ? user.name || user.email : null,
    };
  });
}

/** Asks the rules of everything in an account that something came to. */
export async function applyRules(ctx: Ctx, accountId: string, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const due = await dueIssues(ctx.db, { accountId, now: ctx.clock.now(), most: AT_ONCE });
    if (due.length === 0) return;
    await ask(ctx, due);
    if (due.length < AT_ONCE) return;
    await breathe();
  }
}

/** The same at once, for what a person has just labelled; what is more than a page is left to the worker. */
export async function askRulesOf(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length > AT_ONCE) return;
  try {
    const rows = await ctx.db.read(
      ctx.db.build
        .selectFrom('issues')
        .select(['id', 'areRulesDue'])
        .where('areRulesDue', '>', 0)
        .where(({ ref }) => ctx.db.dialect.among(ref('id'), ids)),
    );
    if (rows.length > 0) await ask(ctx, rows);
  } catch (error) {
    // What the person decided stands; the worker asks the rules again.
    ctx.log.warn({ error }, 'The rules could not be asked now.');
  }
}

async function ask(ctx: Ctx, due: readonly DueIssue[]): Promise<void> {
  const rules = await rulesToAsk(ctx.db);
  const needsFrames = rules.some(({ frame }) => frame !== null);
  const issues =
    rules.length === 0
      ? []
      : await ruledIssues(
          ctx.db,
          due.map(({ id }) => id),
          needsFrames,
        );
  const effects = new Map<string, Map<string, Effect>>();
  for (const issue of issues) {
    for (const [ruleId, effect] of effectsOf(rules, issue))
      effects.set(ruleId, (effects.get(ruleId) ?? new Map<string, Effect>()).set(issue.id, effect));
  }
  for (const rule of rules) {
    const own = effects.get(rule.id);
    if (own)
      await carryOut({ ...ctx, actor: { kind: 'system', name: 'worker', rule: rule.name } }, rule, own);
  }
  await ctx.db.write([rulesAsked(due)]);
}

/** Does what a rule does with issues: one act, with the mark that it was done. */
async function carryOut(
  ctx: Ctx,
  rule: AskedRule,
  effects: ReadonlyMap<string, Effect>,
  isAsked = false,
): Promise<TriageAnswer> {
  const all = [...effects.values()];
  const has = (name: keyof Effect) => all.some((effect) => effect[name] !== undefined);
  const requested = {
    ...{ rule: rule.name, ruleId: rule.id },
    ...(isAsked ? { isAsked: true } : {}),
    ...(has('assigneeId') ? { assigneeId: rule.assigneeId, assignee: rule.assigneeName } : {}),
    ...(has('priority') ? { priority: rule.priority } : {}),
    ...(has('addLabel') ? { addLabels: [rule.addLabel] } : {}),
  };
  const decided: Decided = {
    // As it stands when it is written: what a person decides meanwhile stays.
    isMeant: (issue) => freeOf(stateOf(issue)).isOpen,
    valuesOf(issue) {
      const free = freeOf(stateOf(issue));
      const { assigneeId, priority } = effects.get(issue.id) ?? {};
      return {
        ...(assigneeId !== undefined && free.assignee ? { assigneeId } : {}),
        ...(priority !== undefined && free.priority ? { priority } : {}),
      };
    },
    addLabels: has('addLabel') && rule.addLabel !== null ? [rule.addLabel] : [],
    removeLabels: [],
  };
  const also = (ids: readonly string[]) => [ruleApplied(ctx.db, rule.id, ids, ctx.clock.now())];
  try {
    return await decide(ctx, [...effects.keys()], decided, { requested, also });
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    return { count: 0, changed: 0, auditId: null };
  }
}

const stateOf = (issue: IssueRow) => issue as IssueRow & Parameters<typeof freeOf>[0];

/** What a rule would do with what is open now. */
export interface RuleMatch {
  readonly id: string;
  /** Open issues that it is about. */
  readonly matching: number;
  /** Those of them that it would change. */
  readonly changing: number;
}

/** What each rule would do with what is open now, were it applied by itself. */
export async function ruleMatches(ctx: Ctx): Promise<RuleMatch[]> {
  authorise(ctx.actor, 'settings:read');
  const rules = await rulesToAsk(ctx.db);
  const counts = new Map(rules.map(({ id }) => [id, { matching: 0, changing: 0 }]));
  for await (const issue of openIssues(ctx.db, rules)) {
    for (const rule of rules) {
      if (!isMeant(rule, issue)) continue;
      const count = counts.get(rule.id);
      if (!count) continue;
      count.matching += 1;
      if (effectOf(rule, freeOf(issue), issue.labels) !== null) count.changing += 1;
    }
  }
  return [...counts].map(([id, count]) => ({ id, ...count }));
}

async function* openIssues(db: Store, rules: readonly AskedRule[]): AsyncGenerator<RuledIssue> {
  const needsFrames = rules.some(({ frame }) => frame !== null);
  const ids = rules.length === 0 ? [] : await openIssueIds(db);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    yield* await ruledIssues(db, ids.slice(from, from + AT_ONCE), needsFrames);
    await breathe();
  }
}

/**
 * Lets a rule do what it does with all that is open now, also where it has done so before: a person wants it.
 * @throws RefusedError 404, 409 where the rule is another than was seen
 */
export async function applyRule(ctx: Ctx, id: string, version: number): Promise<TriageAnswer> {
  authorise(ctx.actor, 'settings:read');
  authorise(ctx.actor, 'feedback:write');
  const rule = (await rulesToAsk(ctx.db)).find((one) => one.id === id);
  if (!rule) throw notFound('There is no such rule any more.');
  if (rule.version !== version)
    throw conflict('FLIGHTDECK.STALE', 'Somebody has changed this rule meanwhile. Look and decide again.');
  const effects = new Map<string, Effect>();
  let matching = 0;
  for await (const issue of openIssues(ctx.db, [rule])) {
    if (!isMeant(rule, issue)) continue;
    matching += 1;
    const effect = effectOf(rule, freeOf(issue), issue.labels);
    if (effect) effects.set(issue.id, effect);
  }
  if (effects.size === 0) return { count: matching, changed: 0, auditId: null };
  return { ...(await carryOut(ctx, rule, effects, true)), count: matching };
}
