import { randomUUID } from 'node:crypto';
import { personId } from '@/lib/access/policy';
import { formatPlural } from '@/lib/format/numbers';
import { StaleWriteError } from '@/lib/store/errors';
import type { Write } from '@/lib/store/store';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { type IssueRow, issueRows, labelsOf, type Triaged, type Values } from './issue-rows';
import { issueName } from './title';
import { type Group, type Labelling, triageWrites } from './triage-writes';

export interface TriageAnswer {
  /** Issues that are meant. */
  readonly count: number;
  /** Those that were otherwise before. */
  readonly changed: number;
  /** What takes it back; null when nothing was changed. */
  readonly auditId: string | null;
}

/** What stood before, as an undo needs it: the same values told once. */
export interface TriageBefore {
  readonly groups: readonly { readonly ids: readonly string[]; readonly was: Values; readonly is: Values }[];
  readonly labels: Labelling;
}

/** Somebody may be faster this often. */
const TRIES = 5;

/** What is decided of issues. */
export interface Decided {
  /** Whether an issue is still meant, as it stands when it is written. */
  isMeant?(issue: IssueRow): boolean;
  valuesOf(issue: IssueRow): Values;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
}

export interface DecideOptions {
  /** What the trail is told. */
  readonly requested: unknown;
  /** Throws where what stands forbids it. */
  check?(issues: readonly IssueRow[]): Promise<void>;
  /** What is written with it, for the issues that change. */
  also?(ids: readonly string[]): readonly Write[];
}

/**
 * Writes what was decided of issues, whoever decides: one act in the trail, which can be taken back. Where somebody was
 * faster it is planned anew on what stands then.
 * @throws RefusedError 404
 */
export async function decide(
  ctx: Ctx,
  ids: readonly string[],
  decided: Decided,
  { requested, check, also }: DecideOptions,
): Promise<TriageAnswer> {
  const issues = await existing(ctx, ids);
  await check?.(issues);
  const first = await planOf(ctx, issues, decided);
  if (first.changed === 0) return { count: issues.length, changed: 0, auditId: null };
  return audited(ctx, draftOf(first.issues, requested, first.before), async (auditId) => {
    let plan = first;
    for (let tries = 1; ; tries += 1) {
      try {
        await ctx.db.write([
          ...triageWrites(ctx, plan.groups, plan.before.labels),
          ...noticesOf(ctx, plan),
          ...(also?.(plan.issues.map(({ id }) => id)) ?? []),
        ]);
        break;
      } catch (error) {
        if (!(error instanceof StaleWriteError) || tries >= TRIES) throw error;
        const now = await existing(ctx, ids);
        await check?.(now);
        plan = await planOf(ctx, now, decided);
      }
    }
    return { result: { count: issues.length, changed: plan.changed, auditId }, after: requested };
  });
}

/** Those of the issues that stand. @throws RefusedError 404 for none */
export async function existing(ctx: Ctx, ids: readonly string[]): Promise<IssueRow[]> {
  const issues = (await issueRows(ctx, ids)).filter(({ mergedInto }) => mergedInto === null);
  if (issues.length === 0) throw notFound('There is no such issue, or it was merged into another.');
  return issues;
}

interface Plan {
  readonly issues: readonly IssueRow[];
  readonly groups: readonly Group[];
  readonly before: TriageBefore;
  readonly changed: number;
}

/** What is to be written for each issue that is otherwise, and what was so before. */
async function planOf(ctx: Ctx, given: readonly IssueRow[], decided: Decided): Promise<Plan> {
  const issues = given.filter((issue) => decided.isMeant?.(issue) ?? true);
  const ids = issues.map(({ id }) => id);
  const had = await labelsOf(ctx, ids, [...decided.addLabels, ...decided.removeLabels]);
  const lists = (labels: readonly string[], hasIt: boolean) =>
    Object.fromEntries(
      labels.map((label) => [label, ids.filter((id) => had.get(label)?.has(id) === hasIt)] as const),
    );
  const labels = { added: lists(decided.addLabels, false), removed: lists(decided.removeLabels, true) };
  const labelled = new Set([...Object.values(labels.added), ...Object.values(labels.removed)].flat());
  const groups = new Map<string, { rows: IssueRow[]; was: Values; is: Values }>();
  for (const issue of issues) {
    const wanted = decided.valuesOf(issue);
    const names = (Object.keys(wanted) as Triaged[]).filter((name) => wanted[name] !== issue[name]);
    if (names.length === 0 && !labelled.has(issue.id)) continue;
    const pick = (from: Readonly<Partial<Record<Triaged, string | number | null>>>): Values =>
      Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
    const was = pick(issue);
    const is = pick(wanted);
    const key = JSON.stringify([was, is]);
    const group = groups.get(key) ?? { rows: [] as IssueRow[], was, is };
    group.rows.push(issue);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return {
    issues: all.flatMap(({ rows }) => rows),
    groups: all.map(({ rows, is }) => ({ rows, values: is })),
    before: { groups: all.map(({ rows, was, is }) => ({ ids: rows.map(({ id }) => id), was, is })), labels },
    changed: all.reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

/** How one act on several is told in the trail. */
export function draftOf(
  issues: readonly Pick<
    IssueRow,
    'id' | 'title' | 'crashKind' | 'topFrame' | 'kind' | 'accountId' | 'appId'
  >[],
  requested: unknown,
  before: unknown,
) {
  const [first] = issues;
  const isOne = issues.length === 1;
  const same = (name: 'accountId' | 'appId') =>
    issues.every((issue) => issue[name] === first?.[name]) ? (first?.[name] ?? null) : null;
  return {
    ...{ accountId: same('accountId'), appId: same('appId'), action: 'update', type: 'issues' },
    resourceId: isOne ? (first?.id ?? null) : null,
    label: isOne && first ? issueName(first) : formatPlural(issues.length, 'report'),
    ...{ before, requested },
  };
}

/** More of them at once are told as one. */
const MOST_NOTICES = 10;

/** Whoever gets something is told, unless by themselves. */
function noticesOf(ctx: Ctx, { groups }: Plan): Write[] {
  const by = personId(ctx.actor);
  const given = new Map<string, string[]>();
  for (const { rows, values } of groups) {
    const { assigneeId } = values;
    if (typeof assigneeId !== 'string' || assigneeId === by) continue;
    given.set(assigneeId, [...(given.get(assigneeId) ?? []), ...rows.map(({ id }) => id)]);
  }
  const notices = [...given].flatMap(([userId, ids]) =>
    (ids.length > MOST_NOTICES ? [null] : ids).map((issueId) => ({
      ...{ id: randomUUID(), userId, kind: 'assigned', issueId, byUserId: by },
      createdAt: ctx.clock.now(),
    })),
  );
  return notices.length === 0 ? [] : [ctx.db.build.insertInto('notices').values(notices)];
}
