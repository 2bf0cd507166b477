import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from '../resource';
import { isPerApp } from '../tables';
import { additionsOf } from './additions';
import { allOf, type Condition } from './condition';
import { conditionsOf } from './conditions';
import type { TypeFacts } from './fact-types';
import { factsOf, isOwnList, type ListType } from './facts';
import { readAt } from './freshness';
import { closedGroups, groupHeads } from './groups';
import { ledPage, rowsWhere } from './led';
import { withLinkages } from './linkages';
import { maskedCursor, maskedFacts, revealedCursor } from './masked';
import { cursorOf, cursorValues, type OrderColumn, orderOf, orderSql, signature } from './order';
import { firstOf, type Place, placeOf, type RowPage } from './place';
import { includedOf } from './relations';
import { type MirrorRow, toResource } from './rows';
import { countTesters, listTesters } from './testers';
import { type MirrorPage, type MirrorQuery, MirrorQueryError } from './types';

const MOST_ROWS = 1_000;

/**
 * A page of a list, wholly from the mirror: filtered, searched, sorted, with true totals.
 * @throws MirrorQueryError naming the parameter that is not one of this list
 */
export async function queryMirror(db: Store, type: ListType, asked: MirrorQuery): Promise<MirrorPage> {
  const { isMasked = false } = asked;
  const facts = isMasked ? maskedFacts(factsOf(type)) : factsOf(type);
  if (!Number.isInteger(asked.limit) || asked.limit < 1 || asked.limit > MOST_ROWS) {
    throw new MirrorQueryError('limit', `The limit is a whole number from 1 to ${MOST_ROWS}.`);
  }
  const order = orderOf(facts, asked);
  const valuesOf = (row: Readonly<Record<string, unknown>>) => cursorValues(db, facts, order, row);
  const cursor =
    asked.cursor === undefined ? undefined : await revealedCursor(db, facts, order, asked.cursor, valuesOf);
  const query = { ...asked, cursor };
  // One row more than asked for shows whether there is a next page.
  const page = await pageOf(db, type, query, order, facts);
  const rows = page.rows.slice(0, query.limit);
  const include = query.include ?? [];
  const data = await dress(
    db,
    type,
    rows.map((row) => toResource(type, row)),
    include,
    query.limits,
  );
  const { included, isIncomplete = undefined } = isOwnList(type)
    ? { included: [] }
    : await includedOf(db, type, data, include);
  const last = rows.at(-1);
  const filter = query.filter ?? {};
  const groups = await groupHeads(db, facts, query, rows);
  const appIds = filter[isPerApp(type) ? 'apps' : 'app'];
  return {
    data,
    included,
    ...(groups.length > 0 ? { groups } : {}),
    ...(isIncomplete ? { isIncomplete } : {}),
    total: page.total,
    ...(page.isTotalLowerBound ? { isTotalLowerBound: true } : {}),
    ...(page.rows.length > rows.length && last
      ? { nextCursor: (isMasked ? maskedCursor : cursorOf)(order, await valuesOf(last)) }
      : {}),
    fetchedAt: await readAt(db, {
      of: type,
      accountId: query.accountId,
      appIds,
      groupIds: isPerApp(type) ? filter.betaGroups : [],
    }),
  };
}

/**
 * How many rows a list holds, counted to the end also where its pages tell a lower bound.
 * @throws MirrorQueryError naming the parameter that is not one of this list
 */
export async function countMirror(
  db: Store,
  type: ListType,
  asked: Omit<MirrorQuery, 'limit' | 'cursor' | 'offset' | 'sort'>,
): Promise<number> {
  const facts = asked.isMasked ? maskedFacts(factsOf(type)) : factsOf(type);
  return countList(db, type, facts, asked);
}

/** How many rows of a list also meet more conditions. */
export async function countList(
  db: Store,
  type: ListType,
  facts: TypeFacts,
  asked: Omit<MirrorQuery, 'limit'>,
  more: readonly Condition[] = [],
): Promise<number> {
  const query = { ...asked, limit: 1 };
  return isPerApp(type)
    ? await countTesters(db, facts, query, more)
    : await countRows(db, facts, [...conditionsOf(facts, query), ...more]);
}

/** The rows of a page as they stand in the tables; `facts` says what may be asked. */
export async function pageOf(
  db: Store,
  type: ListType,
  query: MirrorQuery,
  order: readonly OrderColumn[],
  facts: TypeFacts,
): Promise<RowPage> {
  return isPerApp(type)
    ? await listTesters(db, facts, query, order)
    : await listRows(db, facts, query, order);
}

/** Adds to resources what lists and details show beside Apple's attributes. */
export async function dress(
  db: Store,
  type: ListType,
  resources: readonly ResourceObject[],
  include: readonly string[],
  limits: Readonly<Record<string, number>> = {},
): Promise<ResourceObject[]> {
  if (isOwnList(type)) return additionsOf(db, type, resources);
  return additionsOf(db, type, await withLinkages(db, type, resources, include, limits));
}

async function listRows(
  db: Store,
  facts: TypeFacts,
  query: MirrorQuery,
  order: readonly OrderColumn[],
): Promise<RowPage> {
  const conditions = conditionsOf(facts, query);
  const shown = [...conditions, ...closedGroups(facts, query, conditions)];
  const source = rowsWhere(facts, shown);
  const counted = async () => query.counted?.() ?? countRows(db, facts, conditions);
  const place = placeOf(query, order);
  if (source.isLed && query.cursor === undefined) {
    const asked = { order, most: query.limit + 1, offset: place.offset };
    const { rows, total } = await ledPage(db, facts, source, asked);
    return { rows, total: total ?? (await counted()) };
  }
  const asked = { order, place, most: query.limit + 1 };
  return { rows: await pageRows(db, facts, shown, asked), total: await counted() };
}

const counts = forms();
const pages = forms();

async function countRows(db: Store, facts: TypeFacts, conditions: readonly Condition[]): Promise<number> {
  const where = allOf(conditions);
  const { ofIssue } = where;
  if (facts.isOfIssues && ofIssue) return countOfIssues(db, facts, where, ofIssue);
  const source = rowsWhere(facts, conditions);
  const [count] = await db.read(
    counts(
      `${facts.table} ${source.form}`,
      { source: source.values },
      (_, at, dialect) => sql<{ n: number }>`SELECT COUNT(*) AS n FROM ${source.from(at.source, dialect)}`,
    ),
  );
  return Number(count?.n ?? 0);
}

/** An issue knows how many reports it has, so that only those without one are counted. */
async function countOfIssues(
  db: Store,
  facts: TypeFacts,
  where: Condition,
  ofIssue: Condition['is'],
): Promise<number> {
  const [count] = await db.read(
    counts(
      `${facts.table} of issues ${where.form}`,
      { where: where.values },
      (_, at, dialect) => sql<{
        n: number;
      }>`SELECT (SELECT coalesce(SUM(i."reportCount"), 0) FROM "issues" AS i WHERE ${ofIssue(at.where, dialect)})
        + (SELECT COUNT(*) FROM ${sql.table(facts.table)} AS t WHERE t."issueId" IS NULL AND ${where.is(at.where, dialect)}) AS n`,
    ),
  );
  return Number(count?.n ?? 0);
}

async function pageRows(
  db: Store,
  facts: TypeFacts,
  conditions: readonly Condition[],
  { order, place, most: wanted }: { order: readonly OrderColumn[]; place: Place; most: number },
): Promise<MirrorRow[]> {
  return firstOf(place, wanted, (stretch, most) => {
    const source = rowsWhere(facts, [...conditions, stretch]);
    return db.read(
      pages(
        `${facts.table} ${source.form} by ${signature(order)}`,
        { source: source.values, most, offset: place.offset },
        (_, at, dialect) => sql<MirrorRow>`SELECT t.* FROM ${source.from(at.source, dialect)}
        ORDER BY ${orderSql(order, dialect)} LIMIT ${at.most} OFFSET ${at.offset}`,
      ),
    );
  });
}
