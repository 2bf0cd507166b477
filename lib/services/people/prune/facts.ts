import type { Ctx } from '../../ctx';
import type { AppFacts } from '../app-facts';
import { appUsage, periodFor, snapshotSessions } from '../usage';
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
  knownSince: number | null;
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
  const facts = rowsOf(ctx, app).map((row) => ({
    testerId: row.id,
    state: row.state,
    inviteType: row.inviteType,
    groupIds: row.groups === null ? [] : row.groups.split(','),
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
    isProtected: row.protected === 1,
    sessions: sessionsOf(row.id),
    feedback: row.feedback,
    knownSince: row.knownSince,
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
  const stored = snapshotSessions(ctx, app, days);
  if (stored) return { source: 'snapshots', sessionsOf: (id) => stored.get(id) ?? 0 };
  const asc = await ctx.ascFor(app.accountId, 'interactive');
  const usage = await appUsage(asc, app.appId, periodFor(days));
  return { source: 'apple', sessionsOf: (id) => usage.get(id)?.sessionCount ?? 0 };
}

/** Apple gives no date of invitation: the first trace of a person in our own history stands for it. */
function rowsOf(ctx: Ctx, { accountId, appId }: AppFacts): Row[] {
  return ctx.db
    .query<Row>(
      `SELECT t.id, t.state, t.inviteType, t.appDevices, n.protected,
       (SELECT group_concat(m.groupId) FROM betaGroupTesters AS m
         WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS groups,
       (SELECT json_group_array(g.tag) FROM testerTags AS g
         WHERE g.accountId = t.accountId AND g.appId = t.appId AND g.testerId = t.id) AS tags,
       (SELECT count(*) FROM feedback AS f WHERE f.accountId = t.accountId AND f.testerId = t.id) AS feedback,
       min(
         coalesce((SELECT min(e.at) FROM testerEvents AS e
           WHERE e.accountId = t.accountId AND e.appId = t.appId AND e.testerId = t.id), 9e15),
         coalesce((SELECT unixepoch(min(d.day)) * 1000 FROM testerDays AS d
           WHERE d.accountId = t.accountId AND d.appId = t.appId AND d.testerId = t.id), 9e15),
         coalesce((SELECT unixepoch(min(f.createdDate)) * 1000 FROM feedback AS f
           WHERE f.accountId = t.accountId AND f.testerId = t.id), 9e15)
       ) AS knownSince
     FROM betaTesters AS t LEFT JOIN testerNotes AS n
       ON n.accountId = t.accountId AND n.appId = t.appId AND n.testerId = t.id
     WHERE t.accountId = ? AND t.appId = ?`,
      [accountId, appId],
    )
    .map((row) => ({
      ...row,
      knownSince: row.knownSince !== null && row.knownSince < 9e15 ? row.knownSince : null,
    }));
}
