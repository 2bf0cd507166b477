import { accountRows } from '../accounts/rows';
import type { Ctx } from '../ctx';
import { groupWord, uniqueNames } from '../imports/group-names';

type Cell = string | number | boolean | null;

const PAGE = 1000;

export const TESTER_HEADER = [
  'First Name',
  'Last Name',
  'Email',
  'Groups',
  'State',
  'Invite Type',
  'App',
  'Device',
  'OS',
  'Installed Build',
  'Sessions (7 Days)',
  'Crashes (7 Days)',
  'Feedback (7 Days)',
  'Tags',
  'Note',
  'Protected',
  'App Id',
  'Tester Id',
  'Account',
  'Group Ids',
  'Account Id',
] as const;

interface TesterRow {
  rowKey: number;
  accountId: string;
  appId: string;
  id: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  state: string | null;
  inviteType: string | null;
  deviceModel: string | null;
  osVersion: string | null;
  installedBuild: string | null;
  note: string | null;
  protected: number | null;
  sessionCount: number | null;
  crashCount: number | null;
  feedbackCount: number | null;
  groupIds: string | null;
  tags: string | null;
}

type Names = ReadonlyMap<string, string>;

/** Testers in the order they are stored, with groups, tags, notes and the newest daily figures. */
export async function* testerRows(
  ctx: Ctx,
  request: {
    readonly accountId?: string | undefined;
    readonly filter: Readonly<Record<string, readonly string[]>>;
  },
): AsyncGenerator<readonly Cell[]> {
  const groups = await groupWords(ctx);
  const apps = await appNames(ctx);
  const accounts = new Map((await accountRows(ctx.db)).map(({ id, name }) => [id, name]));
  const where = ['t.rowKey > ?'];
  const fixed: string[] = [];
  if (request.accountId !== undefined) {
    where.push('+t.accountId = ?');
    fixed.push(request.accountId);
  }
  const named = request.filter.apps ?? [];
  if (named.length > 0) {
    where.push(`+t.appId IN (${named.map(() => '?').join(', ')})`);
    fixed.push(...named);
  }
  // The plus keeps SQLite on the row's own order: another index would sort every page anew.
  const sql = `${TESTER_SQL} WHERE ${where.join(' AND ')} ORDER BY t.rowKey LIMIT ${PAGE}`;
  for (let after = 0; ; ) {
    const page = await ctx.db.query<TesterRow>(sql, [after, ...fixed]);
    for (const row of page) {
      after = row.rowKey;
      yield testerCells(row, groups, apps, accounts);
    }
    if (page.length < PAGE) return;
  }
}

function testerCells(row: TesterRow, groups: Names, apps: Names, accounts: Names): Cell[] {
  return [
    row.firstName,
    row.lastName,
    row.email,
    groupNames(groups, row.accountId, row.groupIds),
    row.state,
    row.inviteType,
    apps.get(`${row.accountId} ${row.appId}`) ?? null,
    row.deviceModel,
    row.osVersion,
    row.installedBuild,
    row.sessionCount,
    row.crashCount,
    row.feedbackCount,
    row.tags,
    row.note,
    row.protected === 1,
    row.appId,
    row.id,
    accounts.get(row.accountId) ?? row.accountId,
    row.groupIds?.replaceAll(',', ';') ?? null,
    row.accountId,
  ];
}

const TESTER_SQL = `SELECT t.rowKey, t.accountId, t.appId, t.id, t.firstName, t.lastName, t.email, t.state, t.inviteType,
  t.deviceModel, t.osVersion, t.installedBuild, n.note, n.protected, d.sessionCount, d.crashCount, d.feedbackCount,
  (SELECT group_concat(m.groupId) FROM betaGroupTesters AS m
    WHERE m.accountId = t.accountId AND m.appId = t.appId AND m.testerId = t.id) AS groupIds,
  (SELECT group_concat(g.tag, ';') FROM testerTags AS g
    WHERE g.accountId = t.accountId AND g.appId = t.appId AND g.testerId = t.id) AS tags
  FROM betaTesters AS t
  LEFT JOIN testerNotes AS n ON n.accountId = t.accountId AND n.appId = t.appId AND n.testerId = t.id
  LEFT JOIN testerDays AS d ON d.accountId = t.accountId AND d.appId = t.appId AND d.testerId = t.id
    AND d.day = (SELECT max(day) FROM testerDays AS l
      WHERE l.accountId = t.accountId AND l.appId = t.appId AND l.testerId = t.id)`;

async function appNames(ctx: Ctx): Promise<Names> {
  const rows = await ctx.db.query<{ id: string; name: string | null }>(
    `SELECT accountId || ' ' || id AS id, name FROM apps`,
  );
  return new Map(rows.map((row) => [row.id, row.name ?? row.id]));
}

/** What the groups cell says for each group of each app. */
async function groupWords(ctx: Ctx): Promise<Names> {
  const rows = await ctx.db.query<{ id: string; name: string | null; accountId: string; place: string }>(
    `SELECT id, name, accountId, accountId || ' ' || appId AS place FROM betaGroups`,
  );
  const places = new Map<string, { id: string; name: string; accountId: string }[]>();
  for (const { id, name, accountId, place } of rows) {
    places.set(place, [...(places.get(place) ?? []), { id, name: name ?? '', accountId }]);
  }
  const words = [...places.values()].flatMap((groups) => {
    const isUnique = uniqueNames(groups);
    return groups.map(
      (group) => [`${group.accountId} ${group.id}`, groupWord(group, isUnique(group.name))] as const,
    );
  });
  return new Map(words);
}

function groupNames(words: Names, accountId: string, ids: string | null): string {
  return ids === null
    ? ''
    : ids
        .split(',')
        .map((id) => words.get(`${accountId} ${id}`) ?? id)
        .join(';');
}
