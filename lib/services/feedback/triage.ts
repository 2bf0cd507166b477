import { randomUUID } from 'node:crypto';
import { authorise, can, personId } from '@/lib/access/policy';
import { getUser } from '@/lib/access/users';
import { buildWords } from '@/lib/format/builds';
import { statusWord } from '@/lib/format/feedback';
import { formatPlural } from '@/lib/format/numbers';
import { StaleWriteError } from '@/lib/store/errors';
import type { Write } from '@/lib/store/store';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import { programmeNow } from '../programme-time';
import { chosenIssues } from './chosen-issues';
import { type IssueRow, issueRows, labelsOf, type Triaged, type Values } from './issue-rows';
import { issueName } from './title';
import type { TriageBody, TriageChange } from './triage-body';
import { type Group, type Labelling, triageWrites } from './triage-writes';

export { type TriageBody, triageBody } from './triage-body';

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

/**
 * Decides about issues: one, several, or all that a list matches. One act in the trail, which can be taken back.
 * @throws RefusedError 400 for a decision that cannot be, 404, 409 FLIGHTDECK.STALE for what somebody else has decided
 */
export async function triage(ctx: Ctx, { target, change, expect }: TriageBody): Promise<TriageAnswer> {
  authorise(ctx.actor, 'feedback:write');
  const ids = await chosenIssues(ctx, target);
  const issues = await existing(ctx, ids);
  await mustStillBe(ctx, issues, change, expect);
  const decided = await decisionOf(ctx, change, issues);
  const plan = await planOf(ctx, issues, decided);
  if (plan.changed === 0) return { count: issues.length, changed: 0, auditId: null };
  return audited(ctx, draftOf(plan.issues, change, plan.before), async (auditId) => {
    await write(ctx, ids, { change, expect, decided, first: plan });
    return { result: { count: issues.length, changed: plan.changed, auditId }, after: change };
  });
}

/** Writes what was planned; where somebody was faster, what is planned anew on what stands now. */
async function write(
  ctx: Ctx,
  ids: readonly string[],
  given: { change: TriageChange; expect: TriageBody['expect']; decided: Decided; first: Plan },
): Promise<void> {
  let plan = given.first;
  for (let tries = 1; ; tries += 1) {
    try {
      await ctx.db.write([
        ...triageWrites(ctx, plan.groups, plan.before.labels),
        ...noticesOf(ctx, given.decided, plan),
      ]);
      return;
    } catch (error) {
      if (!(error instanceof StaleWriteError) || tries >= TRIES) throw error;
      const issues = await existing(ctx, ids);
      await mustStillBe(ctx, issues, given.change, given.expect);
      plan = await planOf(ctx, issues, given.decided);
    }
  }
}

async function existing(ctx: Ctx, ids: readonly string[]): Promise<IssueRow[]> {
  const issues = (await issueRows(ctx, ids)).filter(({ mergedInto }) => mergedInto === null);
  if (issues.length === 0) throw notFound('There is no such issue, or it was merged into another.');
  return issues;
}

const WORDS: Readonly<Record<string, (value: unknown) => string>> = {
  status: (value) => `made it “${statusWord(String(value))}”`,
  assigneeId: (value) => (value === null ? 'took it off whoever had it' : 'gave it to somebody else'),
  priority: () => 'changed its priority',
  link: () => 'changed its link',
};

/** What somebody else has decided of the same is not overwritten in silence; other things are nobody's hindrance. */
async function mustStillBe(
  ctx: Ctx,
  issues: readonly IssueRow[],
  change: TriageChange,
  expect: TriageBody['expect'] = {},
): Promise<void> {
  for (const [name, seen] of Object.entries(expect)) {
    if (!(name in change)) continue;
    const column = name as Triaged;
    const other = issues.find(
      (issue) => issue[column] !== seen && issue[column] !== wantedOf(ctx, change, column),
    );
    if (!other) continue;
    const who = other.updatedBy === null ? null : await getUser(ctx.db, other.updatedBy);
    const words = WORDS[name]?.(other[column]) ?? 'changed it';
    throw conflict(
      'FLIGHTDECK.STALE',
      `${who?.name || 'Somebody'} ${words} meanwhile. Nothing was changed; look and decide again.`,
      { issueId: other.id, field: name, current: other[column] },
    );
  }
}

const wantedOf = (ctx: Ctx, change: TriageChange, column: Triaged): unknown =>
  column === 'assigneeId' ? assigneeIn(ctx, change) : (change as Record<string, unknown>)[column];

const assigneeIn = ({ actor }: Ctx, { assigneeId }: TriageChange) =>
  assigneeId === 'me' && actor.kind === 'user' ? actor.id : assigneeId;

interface Decided {
  /** The same for all. */
  readonly values: Values;
  /** By the issue's platform. */
  readonly platformOf: ((issue: IssueRow) => string | null) | null;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
}

const NO_RESOLUTION = {
  ...{ resolvedBuildId: null, resolvedPlatform: null, resolvedDate: null, resolvedLabel: null },
} as const;
const AWAKE = { snoozedUntil: null, snoozedDate: null, snoozedPlatform: null } as const;

async function decisionOf(ctx: Ctx, change: TriageChange, issues: readonly IssueRow[]): Promise<Decided> {
  const { status, priority, link, snooze, addLabels = [], removeLabels = [] } = change;
  const isClosed = status === 'resolved' || status === 'wontFix' || status === 'duplicate';
  const assignee = assigneeIn(ctx, change);
  if (typeof assignee === 'string') await mustTriage(ctx, assignee);
  const values: Values = {
    ...(status === undefined
      ? {}
      : { status, regressedAt: null, duplicateOf: null, ...NO_RESOLUTION, ...(isClosed ? AWAKE : {}) }),
    ...(change.buildId === undefined ? {} : await resolutionIn(ctx, change.buildId, issues)),
    ...(change.duplicateOf === undefined ? {} : await duplicateOf(ctx, change.duplicateOf, issues)),
    ...(assignee === undefined ? {} : { assigneeId: assignee }),
    ...(priority === undefined ? {} : { priority }),
    ...(link === undefined ? {} : { link }),
    ...(snooze === undefined ? {} : snoozedBy(ctx, snooze)),
  };
  const platforms = snooze === 'nextBuild' ? await platformsOf(ctx, issues) : null;
  return {
    values,
    platformOf: platforms && ((issue) => platforms.get(issue.id) ?? null),
    addLabels,
    removeLabels,
  };
}

async function mustTriage(ctx: Ctx, userId: string): Promise<void> {
  const user = await getUser(ctx.db, userId);
  if (!user || user.disabledAt !== null || !can(user.role, 'feedback:write'))
    throw badMember('/change/assigneeId', 'This person cannot work on feedback: the role triager is needed.');
}

function snoozedBy(ctx: Ctx, snooze: string | null): Values {
  if (snooze === null) return AWAKE;
  const now = programmeNow(ctx);
  if (snooze === 'nextBuild') return { ...AWAKE, snoozedDate: new Date(now).toISOString() };
  const until = Date.parse(snooze);
  if (until <= now) throw badMember('/change/snooze', 'Choose a moment that is still to come.');
  return { ...AWAKE, snoozedUntil: until };
}

/** On which platform each issue was met last. */
async function platformsOf({ db }: Ctx, issues: readonly IssueRow[]): Promise<Map<string, string>> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback as f')
      .innerJoin('builds as b', (join) =>
        join.onRef('b.accountId', '=', 'f.accountId').onRef('b.id', '=', 'f.buildId'),
      )
      .select(['f.issueId', 'b.platform'])
      .where((eb) =>
        db.dialect.among(
          eb.ref('f.issueId'),
          issues.map(({ id }) => id),
        ),
      )
      .orderBy('f.createdDate', (by) => by.asc().nullsFirst()),
  );
  return new Map(rows.flatMap(({ issueId, platform }) => (issueId && platform ? [[issueId, platform]] : [])));
}

async function resolutionIn(ctx: Ctx, buildId: string, issues: readonly IssueRow[]): Promise<Values> {
  const { db } = ctx;
  const places = new Set(issues.map(({ accountId, appId }) => `${accountId} ${appId}`));
  const builds = await db.read(
    db.build
      .selectFrom('builds')
      .select(['accountId', 'appId', 'id', 'version', 'trainVersion', 'platform', 'uploadedDate'])
      .where('id', '=', buildId),
  );
  const build = builds.find(({ accountId, appId }) => places.has(`${accountId} ${appId}`));
  if (!build) throw badMember('/change/buildId', 'There is no such build of this app.');
  if (places.size > 1)
    throw badMember('/change/buildId', 'What is chosen is of several apps, and a build is of one.');
  const { version, trainVersion, platform, uploadedDate } = build;
  return {
    ...{ resolvedBuildId: build.id, resolvedPlatform: platform, resolvedDate: uploadedDate },
    resolvedLabel: buildWords({ version, trainVersion }),
  };
}

async function duplicateOf(ctx: Ctx, of: string, issues: readonly IssueRow[]): Promise<Values> {
  const [other] = await issueRows(ctx, [of]);
  const refuse = (detail: string) => badMember('/change/duplicateOf', detail);
  if (!other || other.mergedInto !== null) throw refuse('There is no such issue.');
  if (issues.some(({ id }) => id === of)) throw refuse('Nothing is a duplicate of itself.');
  if (issues.some((issue) => issue.appId !== other.appId || issue.accountId !== other.accountId))
    throw refuse('A duplicate is of the same app.');
  if (issues.some(({ id }) => id === other.duplicateOf)) throw refuse('That one is a duplicate of this one.');
  return { duplicateOf: of };
}

interface Plan {
  readonly issues: readonly IssueRow[];
  readonly groups: readonly Group[];
  readonly before: TriageBefore;
  readonly changed: number;
}

/** What is to be written for each issue that is otherwise, and what was so before. */
async function planOf(ctx: Ctx, issues: readonly IssueRow[], decided: Decided): Promise<Plan> {
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
    const wanted = decided.platformOf
      ? { ...decided.values, snoozedPlatform: decided.platformOf(issue) }
      : decided.values;
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
function noticesOf(ctx: Ctx, { values }: Decided, { groups }: Plan): Write[] {
  const { assigneeId } = values;
  const by = personId(ctx.actor);
  const given = groups.filter((group) => 'assigneeId' in group.values).flatMap(({ rows }) => rows);
  if (typeof assigneeId !== 'string' || assigneeId === by || given.length === 0) return [];
  const issues = given.length > MOST_NOTICES ? [null] : given.map(({ id }) => id);
  return [
    ctx.db.build.insertInto('notices').values(
      issues.map((issueId) => ({
        ...{ id: randomUUID(), userId: assigneeId, kind: 'assigned', issueId, byUserId: by },
        createdAt: ctx.clock.now(),
      })),
    ),
  ];
}
