import { authorise, can, personId } from '@/lib/access/policy';
import { getUser } from '@/lib/access/users';
import { buildWords } from '@/lib/format/builds';
import { statusWord } from '@/lib/format/feedback';
import type { Ctx } from '../ctx';
import { badMember, conflict } from '../errors';
import { programmeNow } from '../programme-time';
import { askRulesOf } from './apply-rules';
import { chosenIssues } from './chosen-issues';
import { type Decided, decide, existing, type TriageAnswer } from './decide';
import { type IssueRow, issueRows, type Triaged, type Values } from './issue-rows';
import type { TriageBody, TriageChange } from './triage-body';

export type { TriageAnswer } from './decide';
export { type TriageBody, triageBody } from './triage-body';

/**
 * Decides about issues: one, several, or all that a list matches. One act in the trail, which can be taken back.
 * @throws RefusedError 400 for a decision that cannot be, 404, 409 FLIGHTDECK.STALE for what somebody else has decided
 */
export async function triage(ctx: Ctx, { target, change, expect }: TriageBody): Promise<TriageAnswer> {
  authorise(ctx.actor, 'feedback:write');
  const ids = await chosenIssues(ctx, target);
  const check = (issues: readonly IssueRow[]) => mustStillBe(ctx, issues, change, expect);
  const issues = await existing(ctx, ids);
  await check(issues);
  const decided = await decisionOf(ctx, change, issues);
  const requested = { ...change, ...(await namesIn(ctx, change, issues.slice(0, 1).map(decided.valuesOf))) };
  const answer = await decide(ctx, ids, decided, { requested, check });
  if (change.addLabels && answer.changed > 0) await askRulesOf(ctx, ids);
  return answer;
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

/** What the trail calls whom and what a change names by an id. */
async function namesIn(
  ctx: Ctx,
  change: TriageChange,
  [values]: readonly Values[],
): Promise<{ assignee?: string; resolvedIn?: string }> {
  const assigneeId = assigneeIn(ctx, change);
  const user = typeof assigneeId === 'string' ? await getUser(ctx.db, assigneeId) : null;
  return {
    ...(user ? { assignee: user.name || user.email } : {}),
    ...(typeof values?.resolvedLabel === 'string' ? { resolvedIn: values.resolvedLabel } : {}),
  };
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
  const byHand = personId(ctx.actor) === null ? 0 : 1;
  const values: Values = {
    ...(status === undefined
      ? {}
      : { status, regressedAt: null, duplicateOf: null, ...NO_RESOLUTION, ...(isClosed ? AWAKE : {}) }),
    ...(change.buildId === undefined ? {} : await resolutionIn(ctx, change.buildId, issues)),
    ...(change.duplicateOf === undefined ? {} : await duplicateOf(ctx, change.duplicateOf, issues)),
    ...(assignee === undefined ? {} : { assigneeId: assignee, isAssignedByHand: byHand }),
    ...(priority === undefined ? {} : { priority, isPrioritisedByHand: byHand }),
    ...(link === undefined ? {} : { link }),
    ...(snooze === undefined ? {} : snoozedBy(ctx, snooze)),
  };
  const platforms = snooze === 'nextBuild' ? await platformsOf(ctx, issues) : null;
  return {
    valuesOf: (issue) =>
      platforms === null ? values : { ...values, snoozedPlatform: platforms.get(issue.id) ?? null },
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
