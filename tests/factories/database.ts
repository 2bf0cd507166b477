import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompiledQuery } from 'kysely';
import { type Database, type DatabaseOptions, openDatabase, type SqlValue } from '@/lib/store/database';
import { fingerprint } from '../../scripts/lib/stamp.mjs';
import { copiedPostgres, MIGRATIONS } from './postgres';
import { forPostgres } from './sql-text';

/** A store that tests may also ask in SQL text, to look behind what is tested. */
export interface AskableDatabase extends Database {
  query<Row>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
}

export interface TestDatabase extends AskableDatabase {
  readonly url: string;
  /** A folder of its own, as DATA_DIR. */
  readonly folder: string;
  /** Where SQLite keeps it. */
  readonly file: string;
}

/** Which engine a database is on when a test does not say. */
export const ENGINE = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** A database of its own for each test, copied from one that was migrated once; gone when it is closed. */
export async function testDatabase(options: Pick<DatabaseOptions, 'patienceMs'> = {}): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-test-'));
  const file = path.join(folder, 'flightdeck.db');
  const copy = ENGINE === 'postgres' ? await copiedPostgres() : await copiedSqlite(file);
  const db = await openDatabase({ ...options, url: copy.url, migrationsDir: null });
  const opened = {
    ...askable(db),
    url: copy.url,
    folder,
    file,
    async close() {
      await db.close();
      await copy.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  // Not enumerable: what is made of a database by `...` asks for it no more than it needs it.
  const refuse = () => {
    throw new Error('This test wants a file where the database is on PostgreSQL.');
  };
  return ENGINE === 'postgres'
    ? Object.defineProperty(opened, 'file', { get: refuse, enumerable: false })
    : opened;
}

/** The store with a way to ask it, and to write to it, in text as SQLite takes it. */
export function askable(db: Database): AskableDatabase {
  const text = db.dialect.engine === 'postgres' ? forPostgres : (sql: string) => sql;
  return {
    ...db,
    query: <Row>(sql: string, params: readonly SqlValue[] = []) =>
      db.read<Row>(CompiledQuery.raw(text(sql), [...params]) as CompiledQuery<Row>),
    write: (writes, options) =>
      db.write(
        writes.map((one) => ('params' in one ? { ...one, sql: text(one.sql) } : one)),
        options,
      ),
  };
}

/** The names of all tables but those an engine keeps for itself. */
export async function tableNames({ query, dialect }: AskableDatabase): Promise<string[]> {
  const sql =
    dialect.engine === 'postgres'
      ? "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
      : `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
         AND name NOT LIKE 'testerSearch%' AND name NOT LIKE 'feedbackSearch%' ORDER BY 1`;
  return (await query<{ name: string }>(sql)).map(({ name }) => name);
}

async function copiedSqlite(file: string) {
  copyFileSync(await migratedTemplate(), file);
  return { url: `file:${file}`, remove: async () => undefined };
}

let template: Promise<string> | undefined;

/** Migrated once for all runs of the same migrations, as each file of tests may have a process of its own. */
function migratedTemplate(): Promise<string> {
  template ??= migrated(
    path.resolve('.build/test', `migrated-${fingerprint(['prisma/migrations', 'lib/store'])}.db`),
  );
  return template;
}

async function migrated(file: string): Promise<string> {
  if (existsSync(file)) return file;
  const place = path.dirname(file);
  mkdirSync(place, { recursive: true });
  for (const old of readdirSync(place).filter((name) => name.startsWith('migrated-'))) {
    if (old !== path.basename(file)) rmSync(path.join(place, old), { force: true });
  }
  const folder = mkdtempSync(path.join(place, 'migrating-'));
  const begun = path.join(folder, 'template.db');
  // Closing the last connection moves everything from the write-ahead log into the file.
  await (await openDatabase({ url: `file:${begun}`, migrationsDir: MIGRATIONS })).close();
  renameSync(begun, file);
  rmSync(folder, { recursive: true });
  return file;
}
