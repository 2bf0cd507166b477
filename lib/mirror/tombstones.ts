import type { Database, SqlValue, Write } from '@/lib/store/database';
import type { Row } from './codec';
import { type MirrorTable, TABLES } from './tables';

/** How long a page that was read before a deletion may still arrive, ms. */
const TOMBSTONE_LIFE_MS = 60 * 60_000;

/** The tombstone id of a membership. */
export const linkageId = (groupId: string, memberId: string): string => `${groupId}/${memberId}`;

/**
 * The type under which a tester's tombstone stands: a person may have one id in several apps, and who was taken out of one
 * stays in the others.
 */
export const testerGrave = (appId: string | undefined): string =>
  appId === undefined ? 'betaTesters' : `betaTesters/${appId}`;

/** Remembers what was deleted, so that a page read before does not bring it back. */
export function buryStatements(grave: {
  accountId: string;
  type: string;
  ids: readonly string[];
  at: number;
}): Write[] {
  const statements: Write[] = [];
  for (let from = 0; from < grave.ids.length; from += 200) {
    const ids = grave.ids.slice(from, from + 200);
    statements.push({
      sql: `INSERT INTO "tombstones" ("accountId", "type", "id", "at") VALUES ${ids.map(() => '(?, ?, ?, ?)').join(', ')} ON CONFLICT DO UPDATE SET "at" = excluded."at"`,
      params: ids.flatMap((id): SqlValue[] => [grave.accountId, grave.type, id, grave.at]),
    });
  }
  return statements;
}

/** What was just written exists, whatever was deleted before. */
export function exhumeStatements(accountId: string, rows: readonly Row[]): Write[] {
  return rows
    .filter(({ table }) => table !== 'documents')
    .map(({ table, values }) => ({
      sql: 'DELETE FROM "tombstones" WHERE "accountId" = ? AND "type" IN (?, ?) AND "id" = ?',
      params: [accountId, table, testerGrave(String(values.appId ?? '')), values.id ?? ''],
    }));
}

/** Takes out again what a page brought back although it was deleted after the page was asked for. */
export function buriedRows(accountId: string, rows: readonly Row[]): Write[] {
  const tables = new Set<MirrorTable>(rows.map(({ table }) => table));
  tables.delete('documents');
  return [...tables].flatMap((table) => {
    if (table !== 'betaTesters') return [removal(accountId, TABLES[table].name, 'id', [table], [])];
    const apps = distinct(rows, table);
    const graves = [testerGrave(undefined), ...apps.map(testerGrave)];
    return [
      removal(accountId, 'betaTesters', 'id', graves, apps),
      removal(accountId, 'betaGroupTesters', 'testerId', graves, apps),
      removal(accountId, 'buildTesters', 'testerId', graves, apps),
    ];
  });
}

function removal(
  accountId: string,
  table: string,
  column: string,
  graves: readonly string[],
  apps: readonly string[],
): Write {
  const marks = (values: readonly string[]) => values.map(() => '?').join(', ');
  // Each index of betaTesters begins with the app, so the app must be named for the look-up to be one.
  const scope = apps.length > 0 ? ` AND "appId" IN (${marks(apps)})` : '';
  const own = apps.length > 0 ? ` AND g."type" IN ('betaTesters', 'betaTesters/' || t."appId")` : '';
  return {
    sql: `DELETE FROM "${table}" AS t WHERE "accountId" = ?${scope} AND "${column}" IN (
        SELECT "id" FROM "tombstones" WHERE "accountId" = ? AND "type" IN (${marks(graves)}))
      AND EXISTS (SELECT 1 FROM "tombstones" AS g WHERE g."accountId" = t."accountId" AND g."type" IN (${marks(graves)})${own}
        AND g."id" = t."${column}" AND g."at" >= t."fetchedAt")`,
    params: [accountId, ...apps, accountId, ...graves, ...graves],
  };
}

function distinct(rows: readonly Row[], table: MirrorTable): string[] {
  const apps = rows.filter((row) => row.table === table).map(({ values }) => String(values.appId ?? ''));
  return [...new Set(apps)];
}

/** Forgets old tombstones. */
export function forgetTombstones(now: number): Write {
  return { sql: 'DELETE FROM "tombstones" WHERE "at" < ?', params: [now - TOMBSTONE_LIFE_MS] };
}

/** Of these testers those who were taken out of the app, or of the team, after the request started. */
export async function buriedTesters(
  db: Database,
  { accountId, appId, fetchedAt }: { accountId: string; appId: string; fetchedAt: number },
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(
    `SELECT "id" FROM "tombstones" WHERE "accountId" = ? AND "type" IN (?, ?) AND "at" >= ?
       AND "id" IN (SELECT value FROM json_each(?))`,
    [accountId, testerGrave(undefined), testerGrave(appId), fetchedAt, JSON.stringify(ids)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Whether a thing was here and was deleted not long ago. */
export async function isBuried(db: Database, accountId: string, type: string, id: string): Promise<boolean> {
  const sql =
    'SELECT 1 FROM "tombstones" WHERE "accountId" = ? AND ("type" = ? OR "type" LIKE ?) AND "id" = ?';
  return (await db.query(sql, [accountId, type, `${type}/%`, id])).length > 0;
}
