import { authorise, personId } from '@/lib/access/policy';
import { attachReports, detachReports } from '@/lib/feedback/attaching';
import { inTurn } from '@/lib/feedback/counts';
import { mergeIssues } from '@/lib/feedback/merging';
import type { Placement } from '@/lib/feedback/placement';
import { splitReports, splitVariants } from '@/lib/feedback/splitting';
import { formatPlural } from '@/lib/format/numbers';
import { announced } from '@/lib/store/feed';
import { audited } from '../audited';
import type { Ctx } from '../ctx';
import { badMember, conflict, notFound } from '../errors';
import { chosenIssues, chosenReports } from './chosen-issues';
import { type IssueRow, issueRows } from './issue-rows';
import type { PlacingBody } from './placing-body';
import { issueName } from './title';

export { type PlacingBody, placingBody } from './placing-body';

export interface PlacingAnswer {
  /** What takes it back. */
  readonly auditId: string;
  /** Issues or reports that went somewhere. */
  readonly count: number;
  /** Where everything is now; null where each went to a place of its own. */
  readonly issueId: string | null;
}

/** Somebody may be faster this often. */
const TRIES = 5;
/** The most issues named when a change is announced. */
const MOST_TOLD = 200;

/** What is to be written, and how it is told. */
interface Plan {
  readonly accountId: string;
  readonly appId: string;
  /** The issue it is about. */
  readonly about: IssueRow;
  readonly placements: readonly Placement[];
  /** Issues or reports that go somewhere. */
  readonly count: number;
  readonly issueId: string | null;
  readonly touched: readonly string[];
}

/**
 * Merges, splits, attaches or takes out: one act in the trail, which can be taken back.
 * @throws RefusedError 400 for what does not go together, 404, 409 for what was placed otherwise meanwhile
 */
export async function placeReports(ctx: Ctx, body: PlacingBody): Promise<PlacingAnswer> {
  authorise(ctx.actor, 'feedback:write');
  let plan: Plan | null = await planOf(ctx, body);
  const { accountId, appId, about } = plan;
  const draft = {
    ...{ accountId, appId, action: 'update', type: 'issues', resourceId: about.id },
    ...{ label: issueName(about), requested: { placing: body.do, count: plan.count } },
  };
  return audited(
    ctx,
    draft,
    async (auditId) => {
      // Another round is another look: whatever was faster may have made it impossible.
      const { placements, count, issueId, touched } = plan ?? (await planOf(ctx, body));
      plan = null;
      return {
        result: { auditId, count, issueId },
        after: { placing: body.do, count, takeBacks: placements.map(({ takeBack }) => takeBack) },
        statements: inTurn(ctx.db, accountId, [
          ...placements.flatMap(({ writes }) => writes),
          ...announced('feedback', touched.slice(0, MOST_TOLD), ctx.clock.now()),
        ]),
      };
    },
    { tries: TRIES },
  );
}

function planOf(ctx: Ctx, body: PlacingBody): Promise<Plan> {
  switch (body.do) {
    case 'merge':
      return merge(ctx, body);
    case 'split':
      return split(ctx, body);
    case 'attach':
      return attach(ctx, body);
    case 'takeOut':
      return takeOut(ctx, body);
  }
}

async function merge(ctx: Ctx, { into, target }: PlacingBody & { do: 'merge' }): Promise<Plan> {
  const about = await standing(ctx, into, '/into');
  const from = (await chosenIssues(ctx, target)).filter((id) => id !== into);
  if (from.length === 0) throw badMember('/target', 'Choose another crash issue to merge.');
  const rows = await issueRows(ctx, from);
  if (rows.length < from.length) throw notFound('One of these issues is not here any more.');
  for (const row of rows) await mustStand(ctx, row);
  mustBeOfOneApp([about, ...rows]);
  if (rows.some(({ kind }) => kind !== 'crash'))
    throw badMember('/target', 'A report that is alone is not merged but attached.');
  const { accountId, appId } = about;
  const placement = await mergeIssues(ctx.db, { ...by(ctx, accountId), into, from });
  return {
    ...{ accountId, appId, about, count: from.length, issueId: into },
    ...{ placements: [placement], touched: [into, ...from] },
  };
}

async function split(ctx: Ctx, { issueId, variants }: PlacingBody & { do: 'split' }): Promise<Plan> {
  const about = await standing(ctx, issueId, '/issueId');
  const { accountId, appId } = about;
  const chosen = new Set(variants);
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('feedback')
      .select(({ fn }) => ['variantHash', 'isPlaced', fn.countAll<number>().as('count')])
      .where('issueId', '=', issueId)
      .groupBy(['variantHash', 'isPlaced']),
  );
  const goes = rows.filter(({ variantHash, isPlaced }) => !isPlaced && chosen.has(variantHash ?? ''));
  const known = new Set(goes.map(({ variantHash }) => variantHash));
  if (variants.some((variant) => !known.has(variant)))
    throw conflict(
      'FLIGHTDECK.STALE',
      'These ways are not all in this issue any more. Look and choose again.',
    );
  const count = goes.reduce((sum, row) => sum + row.count, 0);
  if (count === rows.reduce((sum, row) => sum + row.count, 0))
    throw badMember('/variants', 'These are all of its ways: nothing would stay behind.');
  const made = await splitVariants(ctx.db, { ...by(ctx, accountId), issueId, variants });
  return {
    ...{ accountId, appId, about, count: known.size, issueId: made.issueId },
    ...{ placements: [made], touched: [issueId, made.issueId] },
  };
}

async function attach(ctx: Ctx, { issueId, target }: PlacingBody & { do: 'attach' }): Promise<Plan> {
  const about = await standing(ctx, issueId, '/issueId');
  const { accountId, appId } = about;
  const chosen = await chosenReports(ctx, target);
  mustBeOfOneApp([about, ...chosen]);
  const reports = chosen.filter((report) => report.issueId !== issueId);
  if (reports.some((report) => report.issueId === null)) throw takenIn();
  if (reports.length === 0) throw badMember('/target', 'What is chosen is in this crash issue already.');
  const reportIds = reports.map(({ id }) => id);
  const placement = await attachReports(ctx.db, { ...by(ctx, accountId), issueId, reportIds });
  return {
    ...{ accountId, appId, about, count: reportIds.length, issueId, placements: [placement] },
    touched: [issueId, ...reports.flatMap((report) => report.issueId ?? [])],
  };
}

/**
 * A report that a person has put there goes where the rule has it, or is alone again; one that the rule has put there
 * becomes an issue of its own.
 */
async function takeOut(ctx: Ctx, { target }: PlacingBody & { do: 'takeOut' }): Promise<Plan> {
  const chosen = await chosenReports(ctx, target);
  mustBeOfOneApp(chosen);
  const [issueId, ...others] = new Set(chosen.map((report) => report.issueId));
  if (issueId === null || issueId === undefined) throw takenIn();
  if (others.length > 0)
    throw badMember('/target', 'What is chosen is of several issues. Take out of one at a time.');
  const about = await standing(ctx, issueId, '/target');
  const { accountId, appId } = about;
  const { db } = ctx;
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'issueHash', 'variantHash', 'isPlaced'])
      .where('issueId', '=', issueId),
  );
  const ids = new Set(chosen.map(({ id }) => id));
  const meant = rows.filter(({ id }) => ids.has(id));
  if (meant.length < ids.size)
    throw conflict(
      'FLIGHTDECK.STALE',
      'Somebody has placed them otherwise meanwhile. Look and choose again.',
    );
  if (meant.length === rows.length)
    throw badMember('/target', 'Nothing else is in this issue: what is chosen is by itself already.');
  const hashes = meant.flatMap(({ issueHash, variantHash }) => [issueHash ?? [], variantHash ?? []].flat());
  const aliases = new Map(
    (
      await db.read(
        db.build
          .selectFrom('issueAliases')
          .select(['hash', 'issueId'])
          .where('accountId', '=', accountId)
          .where('appId', '=', appId)
          .where(({ ref }) => db.dialect.among(ref('hash'), hashes)),
      )
    ).map((alias) => [alias.hash, alias.issueId]),
  );
  const ruled = (row: (typeof meant)[number]) =>
    aliases.get(row.variantHash ?? '') ?? aliases.get(row.issueHash ?? '') ?? null;
  // Where the rule has it here as well only an issue of its own takes it out.
  const isOfRule = (row: (typeof meant)[number]) => row.issueHash !== null && ruled(row) === issueId;
  const free = meant.filter((row) => !isOfRule(row)).map(({ id }) => id);
  const bound = meant.filter(isOfRule).map(({ id }) => id);
  const who = by(ctx, accountId);
  const detached = free.length === 0 ? [] : [await detachReports(db, { ...who, issueId, reportIds: free })];
  const made = bound.length === 0 ? null : await splitReports(db, { ...who, issueId, reportIds: bound });
  return {
    ...{ accountId, appId, about, count: meant.length },
    issueId: free.length === 0 ? (made?.issueId ?? null) : null,
    placements: [...detached, ...(made ? [made] : [])],
    touched: [issueId, ...(made ? [made.issueId] : [])],
  };
}

const by = (ctx: Ctx, accountId: string) => ({
  ...{ accountId, now: ctx.clock.now(), by: personId(ctx.actor) },
});

const takenIn = () =>
  conflict('FLIGHTDECK.TAKEN_IN', 'A report has just come and is being taken in. Try again in a moment.');

/** The crash issue that is named. @throws RefusedError */
async function standing(ctx: Ctx, id: string, pointer: string): Promise<IssueRow> {
  const [row] = await issueRows(ctx, [id]);
  if (!row) throw notFound('There is no such crash issue.');
  await mustStand(ctx, row);
  if (row.kind !== 'crash')
    throw badMember(pointer, 'This is a report that is alone, not a crash that several share.');
  return row;
}

async function mustStand(ctx: Ctx, { mergedInto, ...row }: IssueRow): Promise<void> {
  if (mergedInto === null) return;
  const [place] = await issueRows(ctx, [mergedInto]);
  throw conflict(
    'FLIGHTDECK.MERGED',
    `“${issueName(row)}” was merged into ${place ? `“${issueName(place)}”` : 'another issue'} meanwhile.`,
    { issueId: row.id, mergedInto },
  );
}

function mustBeOfOneApp(of: readonly { readonly accountId: string; readonly appId: string }[]): void {
  const places = new Set(of.map(({ accountId, appId }) => `${accountId} ${appId}`));
  if (places.size > 1)
    throw badMember(
      '/target',
      `What is chosen is of ${formatPlural(places.size, 'app')}. Only crashes of one app go together.`,
    );
}
