import type { Database } from '../store';
import { fold } from '../text';
import { allOf, type Condition } from './conditions';
import { decodeCursor, type OrderColumn, orderSql } from './order';
import { placeOf, type RowPage } from './place';
import type { MirrorRow } from './rows';
import { rowsOf } from './tester-rows';
import type { MirrorQuery } from './types';

/** Matches are counted up to here; beyond, the total is a lower bound and the order is that of the mirror. */
const COUNTED = 5_000;
/**
 * The index holds trigrams: shorter words are looked up as the beginning of an e-mail address, or of a name for those
 * who see no addresses.
 */
const SHORTEST = 3;

/** The most matches worth sorting: their rows have to be read for it. */
const SORTED = 500;

/** A search over several apps. Few matches are sorted as asked; many come in the order they were stored. */
export function searchTesters(
  db: Database,
  query: MirrorQuery,
  conditions: readonly Condition[],
  order: readonly OrderColumn[],
): RowPage {
  const wanted = fold((query.search ?? '').trim());
  const isShort = [...wanted].length < SHORTEST;
  const source = isShort ? prefixSource(db, wanted, query) : trigramSource(wanted);
  const matches = narrowed(source, [...scopeOf(db, query), ...conditions]);
  const keys = keysOf(db, matches, SORTED + 1);
  if (keys.length <= SORTED) return { rows: sorted(db, keys, query, order), total: keys.length };
  const [count] = db.query<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM (${matches.sql}) LIMIT ${COUNTED + 1})`,
    matches.params,
  );
  const total = Math.min(count?.n ?? 0, COUNTED);
  const rows = inStoredOrder(db, matches, query, order);
  return { rows, total, ...((count?.n ?? 0) > COUNTED ? { isTotalLowerBound: true as const } : {}) };
}

/** Without conditions the index alone tells the matches, and their rows are not read. */
function narrowed(source: Condition, conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return source;
  const where = allOf(conditions);
  return {
    sql: `SELECT t."rowKey" AS "rowKey" FROM (${source.sql}) AS f JOIN "betaTesters" AS t ON t."rowKey" = f."rowKey" WHERE ${where.sql}`,
    params: [...source.params, ...where.params],
  };
}

function keysOf(db: Database, matches: Condition, most: number): number[] {
  return db
    .query<{ rowKey: number }>(`SELECT "rowKey" FROM (${matches.sql}) LIMIT ${most}`, matches.params)
    .map(({ rowKey }) => rowKey);
}

/** Account and apps, unless that is all there is. */
function scopeOf(db: Database, { accountId, filter }: MirrorQuery): Condition[] {
  const apps = filter?.apps ?? [];
  const others = 'SELECT 1 FROM "betaTesterCounts" WHERE "accountId" <> ? LIMIT 1';
  const isOnly = accountId === undefined || db.query(others, [accountId]).length === 0;
  return [
    ...(isOnly ? [] : [{ sql: 't."accountId" = ?', params: [accountId] }]),
    ...(apps.length === 0 ? [] : [{ sql: `t."appId" IN (${apps.map(() => '?').join(', ')})`, params: apps }]),
  ];
}

function trigramSource(wanted: string): Condition {
  return {
    sql: 'SELECT rowid AS "rowKey" FROM "testerSearch" WHERE "testerSearch" MATCH ?',
    params: [`"${wanted.replaceAll('"', '""')}"`],
  };
}

function appsIn(db: Database, { accountId }: MirrorQuery): { accountId: string; appId: string }[] {
  return db.query(
    `SELECT DISTINCT "accountId", "appId" FROM "betaTesterCounts"${accountId === undefined ? '' : ' WHERE "accountId" = ?'}`,
    accountId === undefined ? [] : [accountId],
  );
}

/** One index range per app. */
function prefixSource(db: Database, wanted: string, query: MirrorQuery): Condition {
  const apps = appsIn(db, query);
  if (apps.length === 0) return { sql: 'SELECT 0 AS "rowKey" WHERE 0', params: [] };
  const column = query.isMasked ? 'nameLower' : 'emailLower';
  const one = `SELECT "rowKey" FROM "betaTesters" WHERE "accountId" = ? AND "appId" = ? AND "${column}" >= ? AND "${column}" < ?`;
  return {
    sql: apps.map(() => one).join(' UNION ALL '),
    params: apps.flatMap((app) => [app.accountId, app.appId, wanted, `${wanted}\u{10FFFF}`]),
  };
}

/** Pages of an unsorted search follow the row keys. */
function inStoredOrder(
  db: Database,
  matches: Condition,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): MirrorRow[] {
  // The key ends every cursor of testers.
  const last = query.cursor === undefined ? 0 : Number(decodeCursor(order, query.cursor).at(-1));
  const keys = db.query<{ rowKey: number }>(
    `SELECT "rowKey" FROM (${matches.sql}) WHERE "rowKey" > ? ORDER BY "rowKey" LIMIT ? OFFSET ?`,
    [...matches.params, last, query.limit + 1, query.cursor === undefined ? (query.offset ?? 0) : 0],
  );
  return rowsOf(
    db,
    keys.map(({ rowKey }) => rowKey),
  );
}

function sorted(
  db: Database,
  keys: readonly number[],
  query: MirrorQuery,
  order: readonly OrderColumn[],
): MirrorRow[] {
  const place = placeOf(query, order);
  const after = allOf(place.after);
  // Only the keys go through the sorter; whole rows would make it three times as slow.
  const page = db.query<{ rowKey: number }>(
    `SELECT t."rowKey" FROM json_each(?) AS k JOIN "betaTesters" AS t ON t."rowKey" = k.value WHERE ${after.sql} ORDER BY ${orderSql(order)} LIMIT ? OFFSET ?`,
    [JSON.stringify(keys), ...after.params, query.limit + 1, place.offset],
  );
  return rowsOf(
    db,
    page.map(({ rowKey }) => rowKey),
  );
}
