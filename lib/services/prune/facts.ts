import type { AppFacts } from '../app-facts';
import type { Ctx } from '../ctx';
import { appUsage, periodFor, snapshotSessions } from '../testers/usage';
import type { TesterFacts } from './evaluate';
import type { PruneRules } from './rules';

interface Row {
  id: string;
  state: string | null;
  inviteType: string | null;
  appDevices: string | null;
  groups: string | null;
  tags: string | null;
  protected: number | null;
  feedback: number;
  invitedAt: number | null;
  firstReportAt: number | null;
  firstDayAt: number | null;
  installedAt: number | null;
  lastReportAt: number | null;
  lastDayAt: number | null;
}

/** Where the sessions come from. */
export type SessionSource = 'snapshots' | 'apple' | 'none';

/** What is known about every tester of an app; asks Apple for sessions only when the rules need what is not stored. */
export async function testerFacts(
  ctx: Ctx,
  app: AppFacts,
  rules: PruneRules,
): Promise<{ facts: TesterFacts[]; source: SessionSource }> {
  const { source, sessionsOf } = await sessions(ctx, app, rules.noSessionDays);
  const facts = (await rowsOf(ctx, app)).map((row) => ({
    testerId: row.id,
    state: row.state,
    inviteType: row.inviteType,
    groupIds: row.groups === null ? [] : (JSON.parse(row.groups) as string[]),
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
    isProtected: row.protected === 1,
    sessions: sessionsOf(row.id),
    feedback: row.feedback,
    invitedAt: row.invitedAt,
    presentBy: row.presentBy,
    lastSeenAt: row.lastSeenAt,
    hasInstalled: row.state === 'INSTALLED' || (row.appDevices !== null && row.appDevices !== '[]'),
  }));
  return { facts, source };
}

async function sessions(
  ctx: Ctx,
  app: AppFacts,
  days: number | undefined,
): Promise<{ source: SessionSource; sessionsOf: (id: string) => number | null }> {
  if (days === undefined) return { source: 'none', sessionsOf: () => null };
  const stored = await snapshotSessions(ctx, app, days);
  if (stored) return { source: 'snapshots', sessionsOf: (id) => stored.get(id) ?? 0 };
  const asc = await ctx.ascFor(app.accountId, 'interactive');
  const usage = await appUsage(asc, app.appId, periodFor(days));
  return { source: 'apple', sessionsOf: (id) => usage.get(id)?.sessionCount ?? 0 };
}

/**
 * Apple gives no date of invitation: our own history stands for it. Whoever was there at the first sync of the app has
 * no such entry and is known to have been there by then, or by an earlier report or session.
 */
async function rowsOf(
  ctx: Ctx,
  { accountId, appId }: AppFacts,
): Promise<(Row & Pick<TesterFacts, 'presentBy' | 'lastSeenAt'>)[]> {
  const events = (kinds: string) => `(SELECT max(e.at) FROM testerEvents AS e WHERE e.accountId = t.accountId
    AND e.appId = t.appId AND e.testerId = t.id AND ${kinds})`;
  const days = `FROM testerDays AS d WHERE d.accountId = t.accountId AND d.appId = t.appId AND d.testerId = t.id`;
  const reports = 'FROM feedback AS f WHERE f.accountId = t.accountId AND f.testerId = t.id';
  const firstSeen = await firstSeenAt(ctx, { accountId, appId });
  return (
    await ctx.db.query<Row>(
      `SELECT t.id, t.state, t.inviteType, t.appDevices, n.protected,
       (SELECT json_group_array(m.groupId) FROM betaGroupTesters AS m
         WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS groups,
       (SELECT json_group_array(g.tag) FROM testerTags AS g
         WHERE g.accountId = t.accountId AND g.appId = t.appId AND g.testerId = t.id) AS tags,
       (SELECT count(*) ${reports}) AS feedback,
       ${events("e.kind IN ('invited', 'restored', 'joined')")} AS invitedAt,
       (SELECT unixepoch(min(f.createdDate)) * 1000 ${reports}) AS firstReportAt,
       (SELECT unixepoch(min(d.day)) * 1000 ${days}) AS firstDayAt,
       ${events("(e.kind = 'device' OR (e.kind = 'state' AND e.after = 'INSTALLED'))")} AS installedAt,
       (SELECT unixepoch(max(f.createdDate)) * 1000 ${reports}) AS lastReportAt,
       (SELECT unixepoch(max(d.day)) * 1000 ${days} AND d.sessionCount > 0) AS lastDayAt
     FROM betaTesters AS t LEFT JOIN testerNotes AS n
       ON n.accountId = t.accountId AND n.appId = t.appId AND n.testerId = t.id
     WHERE t.accountId = ? AND t.appId = ?`,
      [accountId, appId],
    )
  ).map((row) => ({
    ...row,
    presentBy: least(row.firstReportAt, row.firstDayAt, firstSeen),
    lastSeenAt: greatest(row.installedAt, row.lastReportAt, row.lastDayAt),
  }));
}

/** When Flightdeck first noted the app's groups, which is right after it first read them. */
async function firstSeenAt(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<number | null> {
  const [row] = await ctx.db.query<{ at: number | null }>(
    `SELECT unixepoch(min(day), '+86399 seconds') * 1000 AS at FROM groupDays WHERE accountId = ?
     AND groupId IN (SELECT id FROM betaGroups WHERE accountId = ? AND appId = ?)`,
    [accountId, accountId, appId],
  );
  return row?.at ?? null;
}

const told = (instants: readonly (number | null)[]): number[] => instants.filter((at) => at !== null);

function least(...instants: (number | null)[]): number | null {
  const known = told(instants);
  return known.length > 0 ? Math.min(...known) : null;
}

function greatest(...instants: (number | null)[]): number | null {
  const known = told(instants);
  return known.length > 0 ? Math.max(...known) : null;
}
