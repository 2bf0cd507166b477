import type { Database, SqlValue } from '@/lib/store/database';
import { allOf, type Condition, conditionsOf } from './conditions';
import { factsOf, type TypeFacts } from './facts';
import { columnSql, type OrderColumn, orderSql } from './order';
import { placeOf, type RowPage } from './place';
import { rowsOf } from './tester-rows';
import { isShort, searchTesters, wordsCondition } from './tester-search';
import type { MirrorQuery } from './types';

interface AppOfAccount {
  readonly accountId: string;
  readonly appId: string;
}

/**
 * Testers are asked for app by app, because every index begins with the app: within one app an index range answers,
 * over all apps the first rows of each are merged. A search over several apps goes to the full-text index.
 */
export async function listTesters(
  db: Database,
  facts: TypeFacts,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<RowPage> {
  const { apps, conditions, search, isById } = await partsOf(db, facts, query);
  const isIndexed = search && apps.length > 1 && !(query.isMasked && isShort(query.search));
  if (search && isIndexed) {
    // The index holds addresses too: what it finds for somebody who sees none must be in the name itself.
    const found = await searchTesters(
      db,
      query,
      query.isMasked ? [...conditions, search] : conditions,
      order,
    );
    if (found.rows) return { ...found, rows: found.rows };
    // Many matches lie close together in every order: the first of them are found by walking it.
    const first = await firstKeys(db, apps, [...conditions, search], query, order);
    return { ...found, rows: await rowsOf(db, first) };
  }
  const all = search ? [...conditions, search] : conditions;
  const keys = await firstKeys(db, apps, all, query, order);
  return {
    rows: await rowsOf(db, keys),
    total: await countOf(db, apps, all, query, search !== undefined || isById),
  };
}

interface Parts {
  readonly apps: readonly AppOfAccount[];
  readonly conditions: readonly Condition[];
  readonly search: Condition | undefined;
  /** Whether the typed text is somebody's whole id. */
  readonly isById: boolean;
}

/** A query in the parts that are asked for apart: which apps, which filters, which words. */
async function partsOf(db: Database, facts: TypeFacts, query: MirrorQuery): Promise<Parts> {
  const apps = await appsOf(db, query);
  const { apps: _apps, ...filter } = query.filter ?? {};
  const byId = await whole(db, apps, query.search);
  const narrowed = { ...query, accountId: undefined, filter, search: undefined };
  return {
    apps,
    conditions: [...conditionsOf(facts, narrowed), ...byId],
    search:
      byId.length > 0 ? undefined : wordsCondition(facts, query.search, apps.length > 1 && !query.isMasked),
    isById: byId.length > 0,
  };
}

/** How many testers a query matches that also meet more conditions; always counted to the end. */
export async function countTesters(
  db: Database,
  facts: TypeFacts,
  query: MirrorQuery,
  more: readonly Condition[],
): Promise<number> {
  const { apps, conditions, search } = await partsOf(db, facts, query);
  return countEach(db, apps, [...conditions, ...(search ? [search] : []), ...more]);
}

/** The ids of all testers a query matches, without their documents. */
export async function allTesterIds(db: Database, query: Omit<MirrorQuery, 'limit'>): Promise<string[]> {
  const { apps, conditions, search } = await partsOf(db, factsOf('betaTesters'), { ...query, limit: 1 });
  const where = allOf([...conditions, ...(search ? [search] : [])]);
  return (
    await Promise.all(
      apps.map(async ({ accountId, appId }) =>
        (
          await db.query<{ id: string }>(
            `SELECT t."id" FROM "betaTesters" AS t WHERE t."accountId" = ? AND t."appId" = ? AND ${where.sql}
         ORDER BY t."nameLower", t."emailLower", t."rowKey"`,
            [accountId, appId, ...where.params],
          )
        ).map(({ id }) => id),
      ),
    )
  ).flat();
}

/** Whoever pastes a tester's whole id means that tester; one look-up per app tells. */
async function whole(db: Database, apps: readonly AppOfAccount[], typed = ''): Promise<Condition[]> {
  const id = typed.trim();
  if (id.length < 8 || /[\s@]/.test(id)) return [];
  for (const { accountId, appId } of apps) {
    const found = await db.query(
      'SELECT 1 FROM "betaTesters" WHERE "accountId" = ? AND "appId" = ? AND "id" = ?',
      [accountId, appId, id],
    );
    if (found.length > 0) return [{ sql: 't."id" = ?', params: [id] }];
  }
  return [];
}

/** The apps a query is about. Testers of an app the mirror does not list yet are found by naming the app. */
async function appsOf(db: Database, { accountId, filter }: MirrorQuery): Promise<AppOfAccount[]> {
  const named = filter?.apps ?? [];
  const conditions: Condition[] = [];
  if (accountId !== undefined) conditions.push({ sql: '"accountId" = ?', params: [accountId] });
  if (named.length > 0) {
    conditions.push({ sql: `"appId" IN (${named.map(() => '?').join(', ')})`, params: named });
  }
  const where = allOf(conditions);
  return db.query<AppOfAccount>(
    `SELECT DISTINCT "accountId", "appId" FROM "betaTesterCounts" WHERE ${where.sql}`,
    where.params,
  );
}

/**
 * The first rows over all apps. Each app is walked in order only as far as the merge needs it: a part that was used up
 * before the page was full is asked for again with more, so that fifty apps do not each give a whole page.
 */
async function firstKeys(
  db: Database,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<number[]> {
  if (apps.length === 0) return [];
  const place = placeOf(query, order);
  const where = allOf([...conditions, ...place.after]);
  const reach = query.limit + 1 + Number(place.offset);
  // What stands in no column is computed for every row, however few are wanted.
  const isWalked = order.every(({ expression }) => expression === undefined);
  const share = isWalked ? Math.min(reach, 2 * Math.ceil(reach / apps.length) + 2) : reach;
  const parts = apps.map((app) => ({ ...app, most: share }));
  for (;;) {
    const merged = await mergedKeys(db, parts, where, order, reach);
    const short = usedUp(parts, merged, reach);
    if (short.length === 0) return merged.slice(Number(place.offset)).map(({ rowKey }) => rowKey);
    for (const part of short) part.most = Math.min(reach, part.most * 4);
  }
}

interface Part extends AppOfAccount {
  /** At most so many rows of this app. */
  most: number;
}

interface MergedKey {
  readonly part: number;
  readonly rowKey: number;
}

async function mergedKeys(
  db: Database,
  parts: readonly Part[],
  where: Condition,
  order: readonly OrderColumn[],
  reach: number,
): Promise<MergedKey[]> {
  const columns = order.map((one) => `${columnSql(one)} AS "${one.column}"`).join(', ');
  const merged = order.map((one) => `t."${one.column}"${one.isDescending ? ' DESC' : ''}`).join(', ');
  const one = (index: number) =>
    `SELECT * FROM (SELECT ${index} AS "part", ${columns} FROM "betaTesters" AS t WHERE t."accountId" = ? AND t."appId" = ? AND ${where.sql} ORDER BY ${orderSql(order)} LIMIT ?)`;
  const params = parts.flatMap(({ accountId, appId, most }): SqlValue[] => [
    accountId,
    appId,
    ...where.params,
    most,
  ]);
  return db.query<MergedKey>(
    `SELECT "part", "rowKey" FROM (${parts.map((_, index) => one(index)).join(' UNION ALL ')}) AS t ORDER BY ${merged} LIMIT ?`,
    [...params, reach],
  );
}

/** The parts whose last row came before the page was full, and that may hold more. */
function usedUp(parts: readonly Part[], merged: readonly MergedKey[], reach: number): Part[] {
  const used = new Map<number, number>();
  for (const { part } of merged) used.set(part, (used.get(part) ?? 0) + 1);
  return parts.filter(({ most }, index) => most < reach && (used.get(index) ?? 0) >= most);
}

async function countOf(
  db: Database,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
  { filter = {} }: MirrorQuery,
  isSearched: boolean,
): Promise<number> {
  const filters = Object.keys(filter).filter((name) => name !== 'apps' && (filter[name] ?? []).length > 0);
  // Counters kept by triggers answer what is asked most: all, or by state.
  if (!isSearched && filters.every((name) => name === 'state')) return counted(db, apps, filter.state);
  return countEach(db, apps, conditions);
}

async function countEach(
  db: Database,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
): Promise<number> {
  let total = 0;
  const where = allOf(conditions);
  for (const { accountId, appId } of apps) {
    const [row] = await db.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM "betaTesters" AS t WHERE t."accountId" = ? AND t."appId" = ? AND ${where.sql}`,
      [accountId, appId, ...where.params],
    );
    total += row?.n ?? 0;
  }
  return total;
}

async function counted(
  db: Database,
  apps: readonly AppOfAccount[],
  states: readonly string[] = [],
): Promise<number> {
  const wanted = states.map((state) => (state === 'none' ? '' : state));
  const [row] = await db.query<{ n: number | null }>(
    `SELECT SUM(c."count") AS n FROM "betaTesterCounts" AS c
     JOIN json_each(?) AS a ON c."accountId" = json_extract(a.value, '$.accountId') AND c."appId" = json_extract(a.value, '$.appId')
     ${wanted.length > 0 ? `WHERE c."state" IN (${wanted.map(() => '?').join(', ')})` : ''}`,
    [JSON.stringify(apps), ...wanted],
  );
  return row?.n ?? 0;
}
