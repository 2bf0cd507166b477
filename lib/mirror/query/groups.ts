import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { type Condition, oneOf } from './condition';
import { conditionsOf } from './conditions';
import type { GroupFact, TypeFacts } from './fact-types';
import { rowsWhere } from './led';
import { groupingOf } from './order';
import type { MirrorRow } from './rows';
import type { MirrorQuery, RowGroup } from './types';

/** In front of the ids: all groups are closed but these. */
const ALL = 'all';
/** Stands for rows that are in no group. */
const NONE = 'none';

const groupId = ({ column }: GroupFact): RawBuilder<string> =>
  sql`coalesce(${sql.ref(`t.${column}`)}, ${sql.lit(NONE)})`;

/**
 * Of each closed group one row stays in the list, whichever: it holds the group's place among the others, so that a page
 * of closed ones is as full as any, and no cursor knows of them.
 */
export function closedGroups(
  facts: TypeFacts,
  query: MirrorQuery,
  conditions: readonly Condition[],
): readonly Condition[] {
  const grouping = groupingOf(facts, query);
  const { closed = [] } = query;
  if (!grouping || closed.length === 0) return [];
  const isAll = closed[0] === ALL;
  const named = oneOf(isAll ? closed.slice(1) : closed);
  const all = rowsWhere(facts, conditions);
  const key = sql.join(facts.key.map((name) => sql.ref(`t.${name}`)));
  const own = facts.key.map((name) => (name === 'id' ? sql`MIN(t."id")` : sql`${sql.ref(`t.${name}`)}`));
  return [
    {
      form: `${isAll ? 'only open' : 'closed'} ${named.form} of ${all.form}`,
      values: [...named.values, ...all.values],
      is: (places, dialect) => {
        const names = places.slice(0, named.values.length);
        const isNamed: RawBuilder<SqlBool> =
          names.length === 0 ? sql`1 = 0` : named.is(groupId(grouping), names, dialect);
        return sql`(${isAll ? isNamed : sql`NOT (${isNamed})`} OR (${key}) IN (SELECT ${sql.join(own)}
          FROM ${all.from(places.slice(names.length), dialect)} GROUP BY t."accountId", t."appId", ${groupId(grouping)}))`;
      },
    },
  ];
}

const heads = forms();

interface Head extends Omit<RowGroup, 'newest' | 'isExpired'> {
  readonly newestId: string;
  readonly version: string | null;
  readonly externalBuildState: string | null;
  readonly processingState: string | null;
  readonly expired: number | null;
}

/** What the heads of the groups say in which some rows are: of all that the list holds of them, shown or not. */
export async function groupHeads(
  db: Store,
  facts: TypeFacts,
  query: MirrorQuery,
  rows: readonly MirrorRow[],
): Promise<RowGroup[]> {
  const grouping = groupingOf(facts, query);
  if (!grouping || rows.length === 0) return [];
  const ids = [...new Set(rows.map((row) => String(row[grouping.column] ?? NONE)))];
  const isOne = oneOf(ids);
  const wanted: Condition = {
    form: `of groups ${isOne.form}`,
    values: isOne.values,
    is: (places, dialect) => isOne.is(groupId(grouping), places, dialect),
  };
  const source = rowsWhere(facts, [...conditionsOf(facts, query), wanted]);
  const found = await db.read(
    heads(
      `${facts.table} ${source.form}`,
      { source: source.values },
      (_, at, dialect) => sql<Head>`SELECT g.* FROM (
          SELECT t."accountId", t."appId", ${groupId(grouping)} AS "id", t."trainVersion", t."platform",
            t."id" AS "newestId", t."version", t."externalBuildState", t."processingState", t."expired",
            COUNT(*) OVER w AS "count", SUM(t."sessionCount") OVER w AS "sessionCount",
            SUM(t."crashCount") OVER w AS "crashCount",
            ROW_NUMBER() OVER (w ORDER BY t."uploadedDate" DESC NULLS LAST, t."id" DESC) AS "place"
          FROM ${source.from(at.source, dialect)}
          WINDOW w AS (PARTITION BY t."accountId", t."appId", ${groupId(grouping)})) AS g
        WHERE g."place" = 1`,
    ),
  );
  return found.map((head) => ({
    ...{ id: head.id, accountId: head.accountId, appId: head.appId },
    ...{ trainVersion: head.trainVersion, platform: head.platform, count: Number(head.count) },
    ...{ sessionCount: figure(head.sessionCount), crashCount: figure(head.crashCount) },
    newest: {
      ...{ id: head.newestId, version: head.version, processingState: head.processingState },
      ...{ externalBuildState: head.externalBuildState, isExpired: head.expired === 1 },
    },
  }));
}

const figure = (sum: number | null) => (sum === null ? null : Number(sum));
