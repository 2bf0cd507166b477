import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { built, shapeOfRows } from '@/lib/store/rows';
import type { Write } from '@/lib/store/store';
import type { Row, Values } from './codec';
import { loose } from './loose';
import { isPerApp, type MirrorTable, TABLES, type TableFacts } from './tables';

/**
 * Multi-row upserts, grouped by what the rows know. A row that was fetched later than the data stays as it is; a row
 * that cannot be made because its app is not known is changed where it is already there.
 */
export function rowStatements(
  rows: readonly Row[],
  { generation, isSparse }: { generation: number; isSparse: boolean },
): Write[] {
  const groups = new Map<string, { table: MirrorTable; columns: string[]; rows: Values[] }>();
  const statements: Write[] = [];
  const met = new Map<string, number>();
  for (const { table, values } of rows) {
    const facts: TableFacts = TABLES[table];
    if (facts.needed.some((column) => values[column] === undefined)) {
      statements.push(changeKnown(facts, values));
      continue;
    }
    const all = facts.hasGeneration ? { ...values, generation } : values;
    const columns = Object.keys(all);
    // One statement may not meet a row twice: what comes again stands in a later one.
    const row = `${table} ${facts.key.map((column) => values[column]).join(' ')}`;
    const time = (met.get(row) ?? 0) + 1;
    met.set(row, time);
    const key = `${time} ${table} ${columns.join()}`;
    const group = groups.get(key) ?? { table, columns, rows: [] };
    groups.set(key, group);
    group.rows.push(all);
  }
  for (const { table, columns, rows: same } of groups.values()) {
    statements.push(...upsertOf(table, columns, isSparse)(same));
  }
  return statements;
}

type Upsert = (rows: readonly Values[]) => Write[];

const upserts = new Map<string, Upsert>();
/** Which columns a document fills is up to whoever asks for it, so what is kept has an end. */
const MOST_UPSERTS = 200;

function upsertOf(table: MirrorTable, columns: readonly string[], isSparse: boolean): Upsert {
  const key = `${table} ${isSparse} ${columns.join()}`;
  let known = upserts.get(key);
  if (!known) {
    if (upserts.size >= MOST_UPSERTS) upserts.clear();
    known = upsertShape(TABLES[table], columns, isSparse);
    upserts.set(key, known);
  }
  return known;
}

function upsertShape(facts: TableFacts, columns: readonly string[], isSparse: boolean): Upsert {
  const { name, key } = facts;
  return shapeOfRows<Values>(columns, (build, rows, dialect) =>
    loose(build)
      .insertInto(name)
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(key)
          .doUpdateSet(
            Object.fromEntries(
              columns
                .filter((column) => !key.includes(column))
                .map((column) => [column, newValue(facts, column, isSparse, dialect)]),
            ),
          )
          .whereRef('excluded.fetchedAt', '>=', `${name}.fetchedAt`),
      ),
  );
}

function newValue(
  facts: TableFacts,
  column: string,
  isSparse: boolean,
  dialect: Dialect,
): RawBuilder<string> {
  const old = sql.ref<string>(`${facts.name}.${column}`);
  const given = sql.ref<string>(`excluded.${column}`);
  if (column === 'generation') return laterOf(old, given);
  const isMerged = facts.merged?.includes(column) || (isSparse && column === 'document');
  return isMerged ? dialect.jsonPatched(old, given) : sql`${given}`;
}

/** The greater of two numbers. */
function laterOf<T>(one: RawBuilder<T>, other: RawBuilder<T>): RawBuilder<T> {
  return sql`CASE WHEN ${one} > ${other} THEN ${one} ELSE ${other} END`;
}

function changeKnown(facts: TableFacts, values: Values): Write {
  const { accountId, id, fetchedAt, ...rest } = values;
  const changes = { ...rest, fetchedAt: fetchedAt ?? null };
  const stamp = { accountId: String(accountId), fetchedAt: Number(fetchedAt) };
  return patchStatement(facts.name, changes, stamp, { id: id ?? null });
}

/** Changes columns of the rows that match, unless they were fetched later. */
export function patchStatement(
  table: string,
  values: Values,
  { accountId, fetchedAt }: { accountId: string; fetchedAt: number },
  where: Values,
): Write {
  return built((build) => {
    let query = loose(build)
      .updateTable(table)
      .set(values)
      .where('accountId', '=', accountId)
      .where('fetchedAt', '<=', fetchedAt);
    for (const [column, value] of Object.entries(where)) query = query.where(column, '=', value);
    if (!isPerApp(table)) return query;
    // A tester's rows are found through their apps, because every index begins with the app.
    return query.where('appId', 'in', (apps) =>
      apps.selectFrom('apps').select('id').where('accountId', '=', accountId),
    );
  });
}
