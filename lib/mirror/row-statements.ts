import type { SqlValue, Write } from '@/lib/store/database';
import type { Row, Values } from './codec';
import { type MirrorTable, TABLES, type TableFacts } from './tables';

/** The most rows of one statement, so that a transaction stays short. */
export const ROWS_PER_STATEMENT = 200;

const quoted = (column: string) => `"${column}"`;

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
  for (const { table, values } of rows) {
    const facts: TableFacts = TABLES[table];
    if (facts.needed.some((column) => values[column] === undefined)) {
      statements.push(changeKnown(facts, values));
      continue;
    }
    const all = facts.hasGeneration ? { ...values, generation } : values;
    const columns = Object.keys(all);
    const key = `${table} ${columns.join()}`;
    const group = groups.get(key) ?? { table, columns, rows: [] };
    groups.set(key, group);
    group.rows.push(all);
  }
  for (const { table, columns, rows: same } of groups.values()) {
    for (let from = 0; from < same.length; from += ROWS_PER_STATEMENT) {
      statements.push(upsert(TABLES[table], columns, same.slice(from, from + ROWS_PER_STATEMENT), isSparse));
    }
  }
  return statements;
}

function upsert(
  facts: TableFacts,
  columns: readonly string[],
  rows: readonly Values[],
  isSparse: boolean,
): Write {
  const table = quoted(facts.name);
  const tuple = `(${columns.map(() => '?').join(', ')})`;
  const updates = columns
    .filter((column) => !facts.key.includes(column))
    .map((column) => `${quoted(column)} = ${newValue(facts, column, isSparse)}`);
  const params: SqlValue[] = [];
  for (const row of rows) for (const column of columns) params.push(row[column] ?? null);
  return {
    sql:
      `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES ${rows.map(() => tuple).join(', ')} ` +
      `ON CONFLICT (${facts.key.map(quoted).join(', ')}) DO UPDATE SET ${updates.join(', ')} ` +
      `WHERE excluded."fetchedAt" >= ${table}."fetchedAt"`,
    params,
  };
}

function newValue(facts: TableFacts, column: string, isSparse: boolean): string {
  const old = `${quoted(facts.name)}.${quoted(column)}`;
  const given = `excluded.${quoted(column)}`;
  if (column === 'generation') return `max(${old}, ${given})`;
  const isMerged = facts.merged?.includes(column) || (isSparse && column === 'document');
  return isMerged ? `json_patch(coalesce(${old}, '{}'), coalesce(${given}, '{}'))` : given;
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
  const conditions = Object.keys(where).map((column) => `${quoted(column)} = ?`);
  // A tester's rows are found through their apps, because every index begins with the app.
  const scope =
    table === 'betaTesters' ? ' AND "appId" IN (SELECT "id" FROM "apps" WHERE "accountId" = ?)' : '';
  const set = Object.keys(values).map((column) => `${quoted(column)} = ?`);
  return {
    sql: `UPDATE ${quoted(table)} SET ${set.join(', ')} WHERE "accountId" = ?${scope} AND ${conditions.join(' AND ')} AND "fetchedAt" <= ?`,
    params: [
      ...Object.values(values),
      accountId,
      ...(scope ? [accountId] : []),
      ...Object.values(where),
      fetchedAt,
    ],
  };
}
