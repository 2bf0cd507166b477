import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import { buildWords } from '@/lib/format/builds';
import { eventValue } from '@/lib/history/tester-events';
import { resolveAccount, sharedApps } from '@/lib/mirror/query';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { PERIODS, type Period, testerUsage, type Usage } from './usage';

/** One thing that happened to a tester, as sync, jobs and people saw it. */
export interface TesterEventView {
  readonly at: string;
  readonly kind: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One change of the person or of what they have, from the audit trail. */
export interface TesterChangeView {
  readonly id: string;
  readonly at: string;
  readonly actorEmail: string | null;
  readonly action: string;
  readonly type: string;
  /** The group or build it was about, as people call it. */
  readonly target: string | null;
  readonly status: string;
  readonly detail: string | null;
}

/** A day's figures: sums over Apple's seven days before it. */
export interface TesterDayView {
  readonly day: string;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly feedbackCount: number | null;
}

/** What Flightdeck knows of a tester beside Apple's resource. */
export interface TesterPage {
  readonly events: readonly TesterEventView[];
  /** Newest first; empty for whoever may not read the trail. */
  readonly changes: readonly TesterChangeView[];
  readonly days: readonly TesterDayView[];
  /** The last day with a session by our own notes; Apple gives none. */
  readonly lastActiveDay: string | null;
  readonly feedback: readonly {
    readonly id: string;
    readonly type: string;
    readonly createdDate: string | null;
    readonly comment: string | null;
    readonly deviceModel: string | null;
    readonly buildId: string | null;
  }[];
  readonly feedbackTotal: number;
  /** Builds assigned one by one. */
  readonly builds: readonly {
    readonly id: string;
    readonly version: string | null;
    readonly trainVersion: string | null;
    readonly platform: string | null;
    readonly expired: boolean;
  }[];
  /** The same e-mail in other apps. */
  readonly elsewhere: readonly {
    readonly testerId: string;
    readonly accountId: string;
    readonly appId: string;
    readonly appName: string | null;
    /** What the account is called, where another has the app too. */
    readonly accountName: string | null;
    readonly state: string | null;
    readonly groupCount: number;
  }[];
  readonly noteBy: string | null;
  readonly noteAt: string | null;
}

interface TesterRow {
  accountId: string;
  appId: string;
  email: string | null;
  emailLower: string | null;
}

interface AskedTester {
  readonly appId: string;
  readonly testerId: string;
  /** The account, when the caller names one. */
  readonly accountId?: string | undefined;
}

const EVENTS = 200;
const FEEDBACK = 20;

/** @throws RefusedError 404 when the app has no such tester */
export async function testerPage(ctx: Ctx, asked: AskedTester): Promise<TesterPage> {
  authorise(ctx.actor, 'testers:read');
  const { testerId } = asked;
  const tester = await rowOf(ctx, asked);
  const place = [tester.accountId, tester.appId, testerId];
  const days = await ctx.db.query<TesterDayView>(
    `SELECT day, sessionCount, crashCount, feedbackCount FROM testerDays
     WHERE accountId = ? AND appId = ? AND testerId = ? ORDER BY day`,
    place,
  );
  const [note] = await ctx.db.query<{ updatedBy: string | null; updatedAt: number }>(
    'SELECT updatedBy, updatedAt FROM testerNotes WHERE accountId = ? AND appId = ? AND testerId = ?',
    place,
  );
  const page: TesterPage = {
    events: await eventsOf(ctx, place),
    changes: may(ctx.actor, 'audit:read') ? await changesOf(ctx, tester, testerId) : [],
    days,
    lastActiveDay: days.findLast((day) => (day.sessionCount ?? 0) > 0)?.day ?? null,
    ...(await feedbackOf(ctx, tester.accountId, testerId)),
    builds: await buildsOf(ctx, place),
    elsewhere: await elsewhereOf(ctx, tester, testerId),
    noteBy: note?.updatedBy ?? null,
    noteAt: note ? new Date(note.updatedAt).toISOString() : null,
  };
  return may(ctx.actor, 'testers:identify') ? page : maskEmails(page);
}

/** What a tester did in one app over Apple's four windows, live from Apple. */
export async function testerUsages(
  ctx: Ctx,
  asked: AskedTester,
): Promise<readonly (Usage & { readonly period: Period; readonly days: number })[]> {
  authorise(ctx.actor, 'testers:read');
  authorise(ctx.actor, 'apple:read');
  const { appId, testerId } = asked;
  const { accountId } = await rowOf(ctx, asked);
  const asc = await ctx.ascFor(accountId, 'interactive');
  return Promise.all(
    PERIODS.map(async (window) => ({
      ...window,
      ...(await testerUsage(asc, testerId, appId, window.period)),
    })),
  );
}

async function rowOf(ctx: Ctx, { appId, testerId, accountId }: AskedTester): Promise<TesterRow> {
  const holder = await resolveAccount(ctx.db, 'betaTesters', testerId, { appId, accountId });
  const [row] = await ctx.db.query<TesterRow>(
    'SELECT accountId, appId, email, emailLower FROM betaTesters WHERE accountId = ? AND appId = ? AND id = ?',
    [holder?.accountId ?? null, appId, testerId],
  );
  if (!row) throw notFound('This app has no such tester, or not any more.');
  return row;
}

async function eventsOf(ctx: Ctx, place: readonly string[]): Promise<TesterEventView[]> {
  const rows = await ctx.db.query<{ at: number; kind: string; before: string | null; after: string | null }>(
    `SELECT at, kind, before, after FROM testerEvents
     WHERE accountId = ? AND appId = ? AND testerId = ? ORDER BY at DESC LIMIT ${EVENTS}`,
    place,
  );
  return rows.map(({ at, kind, before, after }) => ({
    at: new Date(at).toISOString(),
    kind,
    before: eventValue(before),
    after: eventValue(after),
  }));
}

/** So many of the app's newest entries are looked through: memberships name the tester only inside. */
const LOOKED_THROUGH = 5_000;
const CHANGES = 100;

async function changesOf(
  ctx: Ctx,
  { accountId, appId, email }: TesterRow,
  testerId: string,
): Promise<TesterChangeView[]> {
  const rows = await ctx.db.query<
    Omit<TesterChangeView, 'at' | 'detail'> & { at: number; errors: string | null; build: string | null }
  >(
    `SELECT e.id, e.at, e.actorEmail, e.action, e.type, e.status, e.errors,
       (SELECT g.name FROM betaGroups AS g WHERE e.type = 'betaGroups' AND g.accountId = e.accountId AND g.id = e.resourceId) AS target,
       (SELECT json_object('trainVersion', b.trainVersion, 'version', b.version, 'platform', b.platform)
         FROM builds AS b WHERE e.type = 'builds' AND b.accountId = e.accountId AND b.id = e.resourceId) AS build
     FROM (SELECT * FROM auditEntries WHERE appId = ? AND coalesce(accountId, ?) = ? ORDER BY at DESC LIMIT ${LOOKED_THROUGH}) AS e
     WHERE e.resourceId = ? OR e.label = ? OR instr(coalesce(e.after, '') || coalesce(e.before, ''), ?) > 0
     ORDER BY e.at DESC LIMIT ${CHANGES}`,
    [appId, accountId, accountId, testerId, email ?? testerId, `"${testerId}"`],
  );
  return rows.map(({ at, errors, build, ...row }) => ({
    ...row,
    target: build === null ? row.target : buildWords(JSON.parse(build) as Parameters<typeof buildWords>[0]),
    at: new Date(at).toISOString(),
    detail: errors === null ? null : ((JSON.parse(errors) as { detail?: string }[])[0]?.detail ?? null),
  }));
}

async function feedbackOf(
  ctx: Ctx,
  accountId: string,
  testerId: string,
): Promise<Pick<TesterPage, 'feedback' | 'feedbackTotal'>> {
  const feedback = await ctx.db.query<TesterPage['feedback'][number]>(
    `SELECT id, type, createdDate, comment, deviceModel, buildId FROM feedback
     WHERE accountId = ? AND testerId = ? ORDER BY createdDate DESC LIMIT ${FEEDBACK}`,
    [accountId, testerId],
  );
  const [row] = await ctx.db.query<{ n: number }>(
    'SELECT count(*) AS n FROM feedback WHERE accountId = ? AND testerId = ?',
    [accountId, testerId],
  );
  return { feedback, feedbackTotal: row?.n ?? 0 };
}

async function buildsOf(ctx: Ctx, place: readonly string[]): Promise<TesterPage['builds']> {
  const rows = await ctx.db.query<{
    id: string;
    version: string | null;
    trainVersion: string | null;
    platform: string | null;
    expired: number | null;
  }>(
    `SELECT b.id, b.version, b.trainVersion, b.platform, b.expired FROM buildTesters AS m
     JOIN builds AS b ON b.accountId = m.accountId AND b.id = m.buildId
     WHERE m.accountId = ? AND m.appId = ? AND m.testerId = ? ORDER BY b.uploadedDate DESC`,
    place,
  );
  return rows.map((row) => ({ ...row, expired: row.expired === 1 }));
}

/** A tester's id is a fact of one app: the lower-cased e-mail joins a person across apps. */
async function elsewhereOf(ctx: Ctx, tester: TesterRow, testerId: string): Promise<TesterPage['elsewhere']> {
  if (tester.emailLower === null) return [];
  const apps = await ctx.db.query<{ accountId: string; appId: string }>(
    'SELECT DISTINCT accountId, appId FROM betaTesterCounts WHERE NOT (accountId = ? AND appId = ?)',
    [tester.accountId, tester.appId],
  );
  const shared = await sharedApps(ctx.db);
  const nameOf = (place: { accountId: string; appId: string }) =>
    shared.get(`${place.accountId} ${place.appId}`) ?? null;
  const found = (
    await Promise.all(
      apps.map(({ accountId, appId }) =>
        ctx.db.query<Omit<TesterPage['elsewhere'][number], 'accountName'>>(
          `SELECT t.id AS testerId, t.accountId, t.appId, a.name AS appName, t.state,
         (SELECT count(*) FROM betaGroupTesters AS m
           WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS groupCount
       FROM betaTesters AS t LEFT JOIN apps AS a ON a.accountId = t.accountId AND a.id = t.appId
       WHERE t.accountId = ? AND t.appId = ? AND t.emailLower = ? AND NOT (t.accountId = ? AND t.appId = ? AND t.id = ?)`,
          [accountId, appId, tester.emailLower, tester.accountId, tester.appId, testerId],
        ),
      ),
    )
  ).flat();
  return found.map((one) => ({ ...one, accountName: nameOf(one) }));
}
