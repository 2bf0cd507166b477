import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { applyMigrations, type Migration } from '../migrate';

/** What a table holds: how many rows, and a hash over all of them in the order of their key. */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  readonly hash: string;
}

export type Cell = string | number | null | Uint8Array;
export type Row = readonly Cell[];

export interface Table {
  readonly name: string;
  /** In the order of their names, and so is every row. */
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  /** The column that numbers the rows by itself. */
  readonly counter: string | null;
}

interface Column {
  readonly name: string;
  readonly isBytes: boolean;
}

/** Names as both engines take them in a query. */
export const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
export const namesOf = ({ columns }: Table) => columns.map(({ name }) => name);

/** The tables of an SQLite database, without what follows from them: the full-text index. */
export function tablesOf(sqlite: Sqlite.Database): Table[] {
  const tables = sqlite
    .prepare<[], { name: string; sql: string }>(
      `SELECT l.name, m.sql FROM pragma_table_list l JOIN sqlite_master m ON m.type = 'table' AND m.name = l.name
       WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`,
    )
    .all();
  const columnsOf = sqlite.prepare<[string], { name: string; type: string; pk: number }>(
    'SELECT name, type, pk FROM pragma_table_info(?) ORDER BY name',
  );
  return tables.map(({ name, sql }) => {
    const columns = columnsOf.all(name);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    return {
      name,
      columns: columns.map((column) => ({ name: column.name, isBytes: column.type === 'BLOB' })),
      key: key.map((column) => column.name),
      counter: /\bAUTOINCREMENT\b/i.test(sql) ? (key[0]?.name ?? null) : null,
    };
  });
}

/** What migrations make of an empty database: its tables, and what they put into them. */
export interface Blueprint {
  readonly tables: readonly Table[];
  readonly sums: readonly TableSum[];
}

/** @param migrations SQLite's; those of PostgreSQL make the same tables, which a test holds */
export function blueprintOf(migrations: readonly Migration[]): Blueprint {
  const sqlite = new Sqlite(':memory:');
  try {
    applyMigrations(sqlite, migrations, 0);
    const tables = tablesOf(sqlite).filter(({ name }) => name !== HISTORY);
    return { tables, sums: tables.map((table) => sumOf(sqlite, table)) };
  } finally {
    sqlite.close();
  }
}

/** Where the migrations are noted; each engine keeps its own. */
export const HISTORY = '_prisma_migrations';

/** What one table of an SQLite database holds. */
export function sumOf(sqlite: Sqlite.Database, table: Table): TableSum {
  const sum = summing(table);
  for (const row of rowsOf(sqlite, table)) sum.add(row);
  return sum.result();
}

/** Whether an SQLite database holds anything but its schema. */
export function hasRows(sqlite: Sqlite.Database): boolean {
  return tablesOf(sqlite).some(
    ({ name }) => name !== HISTORY && sqlite.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined,
  );
}

/** The rows of a table, one after the other and as they stood at the first. */
export function rowsOf(sqlite: Sqlite.Database, table: Table): IterableIterator<Row> {
  const order = listed(table.key) || 'rowid';
  return sqlite
    .prepare(`SELECT ${listed(namesOf(table))} FROM "${table.name}" ORDER BY ${order}`)
    .raw()
    .iterate() as IterableIterator<Row>;
}

/**
 * Counts and hashes the rows of a table in the order of their key, to the same hash on both engines: columns by name,
 * booleans as 0 and 1, bytes as base64, and what PostgreSQL's text cannot hold (NUL) as the sign that stands for it.
 */
export function summing(table: Table) {
  const hash = createHash('sha256').update(listed(namesOf(table)));
  let rows = 0;
  return {
    add(row: Row): void {
      hash.update(JSON.stringify(row.map(canonical)));
      rows += 1;
    },
    result: (): TableSum => ({ table: table.name, rows, hash: hash.digest('hex') }),
  };
}

function canonical(cell: Cell): string | number | null {
  if (typeof cell === 'string') return withoutNul(cell);
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('base64') : cell;
}

/** PostgreSQL's text holds no NUL; names may. */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** Names of the tables that do not hold the same. */
export function differing(some: readonly TableSum[], others: readonly TableSum[]): string[] {
  const hashes = (sums: readonly TableSum[]) => new Map(sums.map(({ table, hash }) => [table, hash]));
  const [one, other] = [hashes(some), hashes(others)];
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (table) => one.get(table) !== other.get(table),
  );
}

const CHUNK_ROWS = 1_000;
const CHUNK_SIZE = 1_000_000;

/** How much of the memory a row takes, roughly. */
export const sizeOf = (row: Row) =>
  row.reduce<number>(
    (size, cell) => size + (typeof cell === 'object' ? (cell?.length ?? 0) : String(cell).length),
    0,
  );

/** Rows in portions that never grow large, however long single rows are. */
export function* inChunks(rows: Iterable<Row>): Generator<Row[]> {
  let chunk: Row[] = [];
  let size = 0;
  for (const row of rows) {
    chunk.push(row);
    size += sizeOf(row);
    if (chunk.length < CHUNK_ROWS && size < CHUNK_SIZE) continue;
    yield chunk;
    [chunk, size] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

/** How many rows to ask for next, given those that came last. */
export function nextChunk(last: readonly Row[]): number {
  const size = last.reduce((sum, row) => sum + sizeOf(row), 0);
  if (last.length === 0 || size === 0) return CHUNK_ROWS;
  return Math.min(CHUNK_ROWS, Math.max(1, Math.floor((CHUNK_SIZE * last.length) / size)));
}
