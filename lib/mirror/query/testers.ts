import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { type AppOfAccount, appsOf, inApps } from './apps';
import { allOf, type Condition, columnIs } from './condition';
import { conditionsOf } from './conditions';
import type { TypeFacts } from './fact-types';
import { factsOf } from './facts';
import { columnSql, namedOrderSql, type OrderColumn, orderSql, signature } from './order';
import { firstOf, placeOf, type RowPage } from './place';
import type { MirrorRow } from './rows';
import { rowsOf } from './tester-rows';
import {
  besideStretch,
  countFound,
  isShort,
  searchTesters,
  sortedTogether,
  stretchOf,
  wordsCondition,
} from './tester-search';
import type { MirrorQuery } from './types';

/**
 * Testers are asked for app by app, because every index begins with the app: within one app an index range answers,
 * over all apps the first rows of each are merged. A search over several apps goes to the full-text index.
 */
export async function listTesters(
  db: Store,
  facts: TypeFacts,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<RowPage> {
  const parts = await partsOf(db, facts, query);
  const { apps, all, indexed } = parts;
  if (indexed) {
    const found = await searchTesters(db, query, indexed, order);
    if (found.rows) return { ...found, rows: found.rows };
    return { ...found, rows: await firstOfMany(db, parts, query, order) };
  }
  const keys = await firstKeys(db, apps, all, query, order);
  return { rows: await rowsOf(db, keys), total: await countOf(db, parts, query) };
}

/** Many matches lie close together in most orders: the first of them are found by walking it. */
async function firstOfMany(
  db: Store,
  { apps, all, indexed = [] }: Parts,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<MirrorRow[]> {
  const walked = async () => rowsOf(db, await firstKeys(db, apps, all, query, order));
  const stretch = stretchOf(query, order);
  if (stretch === null) return walked();
  const { offset } = placeOf(query, order);
  const from = { ...query, offset: undefined, limit: query.limit + offset };
  const keys = await firstKeys(db, apps, [...all, stretch], from, order);
  if (keys.length === 0) return walked();
  const others = await besideStretch(db, query, indexed);
  if (others === null) return walked();
  if (others.count === 0) return rowsOf(db, keys.slice(offset));
  return sortedTogether(db, others.source, keys, query, order);
}

interface Parts {
  readonly apps: readonly AppOfAccount[];
  /** Filters and words. */
  readonly all: readonly Condition[];
  /** Whether anything was typed. */
  readonly isSearched: boolean;
  /** What the full-text index leaves to ask of what it finds; absent where it does not answer. */
  readonly indexed?: readonly Condition[];
}

/** A query in the parts that are asked for apart: which apps, which filters, which words. */
async function partsOf(db: Store, facts: TypeFacts, query: MirrorQuery): Promise<Parts> {
  const apps = await appsOf(db, query);
  const { apps: _apps, ...filter } = query.filter ?? {};
  const byId = await whole(db, apps, query.search);
  const conditions = conditionsOf(facts, { ...query, accountId: undefined, filter, search: undefined });
  if (byId.length > 0) return { apps, all: [...conditions, ...byId], isSearched: true };
  const search = wordsCondition(facts, query.search, apps.length > 1 && !query.isMasked);
  if (!search) return { apps, all: conditions, isSearched: false };
  const all = [...conditions, search];
  const isIndexed = apps.length > 1 && !(query.isMasked && isShort(query.search));
  // The index holds addresses too: what it finds for somebody who sees none must be in the name itself.
  const indexed = query.isMasked ? all : conditions;
  return { apps, all, isSearched: true, ...(isIndexed ? { indexed } : {}) };
}

/** How many testers a query matches that also meet more conditions; always counted to the end. */
export async function countTesters(
  db: Store,
  facts: TypeFacts,
  query: MirrorQuery,
  more: readonly Condition[] = [],
): Promise<number> {
  const parts = await partsOf(db, facts, query);
  if (more.length > 0) return countAll(db, parts.apps, [...parts.all, ...more]);
  return parts.indexed ? countFound(db, query, parts.indexed) : countOf(db, parts, query);
}

const matches = forms();

/** What is asked of the testers of some apps that meet conditions. */
async function ofMatches<Row>(
  db: Store,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
  { asked, rest }: { readonly asked: string; readonly rest: RawBuilder<unknown> },
): Promise<Row[]> {
  if (apps.length === 0) return [];
  const within = inApps(apps);
  const where = allOf(conditions);
  return db.read(
    matches(
      `${asked} ${within.form} ${where.form}`,
      { within: within.values, where: where.values },
      (_, at, dialect) => sql<Row>`SELECT ${sql.raw(asked)} FROM ${within.from(at.within, dialect)}
        WHERE ${within.is(at.within)} AND ${where.is(at.where, dialect)} ${rest}`,
    ),
  );
}

/** The ids of all testers a query matches, without their documents. */
export async function allTesterIds(db: Store, query: Omit<MirrorQuery, 'limit'>): Promise<string[]> {
  const { apps, all } = await partsOf(db, factsOf('betaTesters'), { ...query, limit: 1 });
  const rows = await ofMatches<{ id: string }>(db, apps, all, {
    asked: 't."id"',
    rest: sql`ORDER BY t."accountId", t."appId", t."nameLower" ASC NULLS FIRST, t."emailLower" ASC NULLS FIRST, t."rowKey"`,
  });
  return rows.map(({ id }) => id);
}

/** Whoever pastes a tester's whole id means that tester. */
async function whole(db: Store, apps: readonly AppOfAccount[], typed = ''): Promise<Condition[]> {
  const id = typed.trim();
  if (id.length < 8 || /[\s@]/.test(id)) return [];
  const isId = columnIs('id', [id]);
  const found = await ofMatches(db, apps, [isId], { asked: 't."id"', rest: sql`LIMIT 1` });
  return found.length > 0 ? [isId] : [];
}

/**
 * The first rows over all apps. Each app is walked in order only as far as the merge needs it: a part that was used up
 * before the page was full is asked for again with more, so that fifty apps do not each give a whole page.
 */
async function firstKeys(
  db: Store,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<number[]> {
  if (apps.length === 0) return [];
  const place = placeOf(query, order);
  const keys = await firstOf(place, query.limit + 1 + place.offset, (stretch, most) =>
    walkedKeys(db, apps, allOf([...conditions, stretch]), order, most),
  );
  return keys.slice(place.offset);
}

async function walkedKeys(
  db: Store,
  apps: readonly AppOfAccount[],
  where: Condition,
  order: readonly OrderColumn[],
  reach: number,
): Promise<number[]> {
  // What stands in no column is computed for every row, however few are wanted.
  const isWalked = order.every(({ computed }) => computed === undefined);
  const share = isWalked ? Math.min(reach, 2 * Math.ceil(reach / apps.length) + 2) : reach;
  const parts = apps.map((app) => ({ ...app, most: share }));
  for (;;) {
    const merged = await mergedKeys(db, parts, where, order, reach);
    const short = usedUp(parts, merged, reach);
    if (short.length === 0) return merged.map(({ rowKey }) => rowKey);
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

const merges = forms();

async function mergedKeys(
  db: Store,
  parts: readonly Part[],
  where: Condition,
  order: readonly OrderColumn[],
  reach: number,
): Promise<MergedKey[]> {
  const given = {
    accounts: parts.map(({ accountId }) => accountId),
    apps: parts.map(({ appId }) => appId),
    most: parts.map(({ most }) => most),
    where: where.values,
    reach,
  };
  return db.read(
    merges(`${parts.length} ${where.form} by ${signature(order)}`, given, (_, at, dialect) => {
      const condition = where.is(at.where, dialect);
      const columns = columnsSql(order, dialect);
      const by = orderSql(order, dialect);
      const one = (index: number) => sql`SELECT * FROM (SELECT ${sql.lit(index)} AS "part", ${columns}
        FROM "betaTesters" AS t WHERE t."accountId" = ${at.accounts[index]} AND t."appId" = ${at.apps[index]}
          AND ${condition} ORDER BY ${by} LIMIT ${at.most[index]}) AS p`;
      const all = sql.join(
        parts.map((_part, index) => one(index)),
        sql` UNION ALL `,
      );
      return sql<MergedKey>`SELECT t."part", t."rowKey" FROM (${all}) AS t ORDER BY ${namedOrderSql(order)} LIMIT ${at.reach}`;
    }),
  );
}

const columnsSql = (order: readonly OrderColumn[], dialect: Dialect) =>
  sql.join(order.map((one) => sql`${columnSql(one, dialect)} AS ${sql.ref(one.column)}`));

/** The parts whose last row came before the page was full, and that may hold more. */
function usedUp(parts: readonly Part[], merged: readonly MergedKey[], reach: number): Part[] {
  const used = new Map<number, number>();
  for (const { part } of merged) used.set(part, (used.get(part) ?? 0) + 1);
  return parts.filter(({ most }, index) => most < reach && (used.get(index) ?? 0) >= most);
}

async function countOf(
  db: Store,
  { apps, all, isSearched }: Parts,
  { filter = {} }: MirrorQuery,
): Promise<number> {
  const filters = Object.keys(filter).filter((name) => name !== 'apps' && (filter[name] ?? []).length > 0);
  // Counters kept by triggers answer what is asked most: all, or by state.
  if (!isSearched && filters.every((name) => name === 'state')) return counted(db, apps, filter.state);
  return countAll(db, apps, all);
}

async function countAll(
  db: Store,
  apps: readonly AppOfAccount[],
  conditions: readonly Condition[],
): Promise<number> {
  const [row] = await ofMatches<{ n: number }>(db, apps, conditions, {
    asked: 'COUNT(*) AS n',
    rest: sql``,
  });
  return row?.n ?? 0;
}

const counters = forms();

async function counted(
  db: Store,
  apps: readonly AppOfAccount[],
  states: readonly string[] = [],
): Promise<number> {
  const wanted = states.map((state) => (state === 'none' ? '' : state));
  const given = { lists: [apps.map(({ accountId, appId }) => [accountId, appId])], wanted: [wanted] };
  const [row] = await db.read(
    counters(wanted.length > 0 ? 'states' : '', given, (_, at, dialect) => {
      const isWanted = dialect.among(sql`c."state"`, at.wanted[0] ?? []);
      return sql<{ n: number | null }>`SELECT SUM(c."count") AS n
        FROM ${dialect.listed(at.lists[0] ?? [], ['account', 'app'])} AS a
        JOIN "betaTesterCounts" AS c ON c."accountId" = a."account" AND c."appId" = a."app"
        ${wanted.length > 0 ? sql`WHERE ${isWanted}` : sql``}`;
    }),
  );
  return row?.n ?? 0;
}
