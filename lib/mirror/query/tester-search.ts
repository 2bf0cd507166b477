import type { Database } from '@/lib/store/database';
import { fold, spellings } from '../text';
import { allOf, type Condition, searchCondition } from './conditions';
import type { TypeFacts } from './facts';
import { type OrderColumn, orderSql } from './order';
import { placeOf, type RowPage } from './place';
import type { MirrorRow } from './rows';
import { rowsOf } from './tester-rows';
import type { MirrorQuery } from './types';

/** Matches are counted up to here; beyond, the total is a lower bound. */
const COUNTED = 5_000;
/**
 * The index holds trigrams: shorter words are looked up as the beginning of an e-mail address, or of a name for those
 * who see no addresses.
 */
const SHORTEST = 3;

/** The most matches worth sorting by their rows; more lie so close together that the order itself is walked. */
const SORTED = 10_000;

/** A search over several apps: how many match, and their rows in order when they are few. */
export async function searchTesters(
  db: Database,
  query: MirrorQuery,
  conditions: readonly Condition[],
  order: readonly OrderColumn[],
): Promise<Omit<RowPage, 'rows'> & { readonly rows?: RowPage['rows'] }> {
  const wanted = fold((query.search ?? '').trim());
  const source = isShort(query.search) ? await prefixSource(db, wanted, query) : trigramSource(wanted);
  const matches = narrowed(source, [...(await scopeOf(db, query)), ...conditions]);
  const [count] = await db.query<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM (${matches.sql}) LIMIT ${SORTED + 1})`,
    matches.params,
  );
  const found = count?.n ?? 0;
  return {
    total: Math.min(found, COUNTED),
    ...(found > COUNTED ? { isTotalLowerBound: true as const } : {}),
    ...(found > SORTED ? {} : { rows: await sorted(db, matches, query, order) }),
  };
}

/** What was typed as a condition on rows, the same that the index over several apps answers. */
export function wordsCondition(
  facts: TypeFacts,
  typed: string | undefined,
  isAcrossApps: boolean,
): Condition | undefined {
  const wanted = fold((typed ?? '').trim());
  if (!isAcrossApps || wanted === '' || !isShort(typed)) return searchCondition(facts, typed);
  return { sql: '(t."emailLower" >= ? AND t."emailLower" < ?)', params: [wanted, `${wanted}\u{10FFFF}`] };
}

/** Whether the typed text is too short for the index, so that it means the beginning of an address. */
export function isShort(typed: string | undefined): boolean {
  return [...fold((typed ?? '').trim())].length < SHORTEST;
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

/** Account and apps, unless that is all there is. */
async function scopeOf(db: Database, { accountId, filter }: MirrorQuery): Promise<Condition[]> {
  const apps = filter?.apps ?? [];
  const others = 'SELECT 1 FROM "betaTesterCounts" WHERE "accountId" <> ? LIMIT 1';
  const isOnly = accountId === undefined || (await db.query(others, [accountId])).length === 0;
  return [
    ...(isOnly ? [] : [{ sql: 't."accountId" = ?', params: [accountId] }]),
    ...(apps.length === 0 ? [] : [{ sql: `t."appId" IN (${apps.map(() => '?').join(', ')})`, params: apps }]),
  ];
}

function trigramSource(wanted: string): Condition {
  return {
    sql: 'SELECT rowid AS "rowKey" FROM "testerSearch" WHERE "testerSearch" MATCH ?',
    // A spelling shorter than a trigram cannot be asked of the index.
    params: [
      spellings(wanted)
        .filter((words) => [...words].length >= SHORTEST)
        .map((words) => `"${words.replaceAll('"', '""')}"`)
        .join(' OR '),
    ],
  };
}

async function appsIn(
  db: Database,
  { accountId }: MirrorQuery,
): Promise<{ accountId: string; appId: string }[]> {
  return db.query(
    `SELECT DISTINCT "accountId", "appId" FROM "betaTesterCounts"${accountId === undefined ? '' : ' WHERE "accountId" = ?'}`,
    accountId === undefined ? [] : [accountId],
  );
}

/** One index range per app. */
async function prefixSource(db: Database, wanted: string, query: MirrorQuery): Promise<Condition> {
  const apps = await appsIn(db, query);
  if (apps.length === 0) return { sql: 'SELECT 0 AS "rowKey" WHERE 0', params: [] };
  const column = query.isMasked ? 'nameLower' : 'emailLower';
  const one = `SELECT "rowKey" FROM "betaTesters" WHERE "accountId" = ? AND "appId" = ? AND "${column}" >= ? AND "${column}" < ?`;
  return {
    sql: apps.map(() => one).join(' UNION ALL '),
    params: apps.flatMap((app) => [app.accountId, app.appId, wanted, `${wanted}\u{10FFFF}`]),
  };
}

async function sorted(
  db: Database,
  matches: Condition,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<MirrorRow[]> {
  const place = placeOf(query, order);
  const after = allOf(place.after);
  // Only the keys go through the sorter; whole rows would make it three times as slow.
  const page = await db.query<{ rowKey: number }>(
    `SELECT t."rowKey" FROM (${matches.sql}) AS k JOIN "betaTesters" AS t ON t."rowKey" = k."rowKey" WHERE ${after.sql} ORDER BY ${orderSql(order)} LIMIT ? OFFSET ?`,
    [...matches.params, ...after.params, query.limit + 1, place.offset],
  );
  return rowsOf(
    db,
    page.map(({ rowKey }) => rowKey),
  );
}
