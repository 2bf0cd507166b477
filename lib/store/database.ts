import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';
import { hasRows } from './copy/tables';
import { applyMigrations, isBehind, readMigrations } from './migrate';
import { connect, sqliteStore } from './sqlite';
import type { Store } from './store';

export { DatabaseUnavailableError, DuplicateError, StaleWriteError, unavailability } from './errors';
export type { SqlValue, Statement, Store, Write } from './store';

/** The store as the whole product uses it. */
export type Database = Store;

export interface DatabaseOptions {
  /** `file:` and a path, relative to the working directory, or `postgresql://user:password@host:port/database`. */
  url: string;
  /** Folder of the migrations to apply; null leaves the schema alone. */
  migrationsDir: string | null;
  now?: () => number;
  /** On SQLite: largest size of the file in pages of 4 KiB; a write beyond it fails as on a full disk. */
  maxPages?: number;
  /** On SQLite: how much of the file is read where the system keeps it, bytes. */
  mappedBytes?: number;
  /** How long `write` goes on trying by default, ms. */
  patienceMs?: number;
  /** Folder for backups before the schema is changed; on SQLite the one beside the file. */
  backups?: string;
  /** On PostgreSQL: how long to wait for a server that is not there yet, ms. Default: not at all. */
  startMs?: number;
  /** Told in a sentence what whoever runs the server may want to know, such as where a backup is. */
  note?: (message: string) => void;
}

/** How long to wait for another process that backs the database up and changes it, ms. */
const MIGRATION_WAIT_MS = 600_000;

/** Opens the store of an address, with its migrations applied. @throws MigrationError, OpenError */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url.startsWith('file:')) return openSqlite(options);
  // Its driver is loaded by those who use it.
  const { openPostgres } = await import('./postgres');
  const { note = () => undefined, ...rest } = options;
  return openPostgres({ ...rest, warn: note });
}

async function openSqlite(options: DatabaseOptions): Promise<Database> {
  const file = path.resolve(options.url.slice('file:'.length));
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const writer = connect(file, options.mappedBytes);
  if (options.migrationsDir !== null) {
    writer.pragma(`busy_timeout = ${MIGRATION_WAIT_MS}`);
    await migrate(writer, file, options.migrationsDir, options);
  }
  if (options.maxPages !== undefined) writer.pragma(`max_page_count = ${options.maxPages}`);
  return sqliteStore(connect(file, options.mappedBytes), writer, options.patienceMs);
}

async function migrate(
  writer: Sqlite.Database,
  file: string,
  migrationsDir: string,
  { now = Date.now, note = () => undefined }: DatabaseOptions,
): Promise<void> {
  const migrations = readMigrations(migrationsDir);
  // What backs up knows both engines: it is loaded when there is something to change.
  if (!isBehind(writer, migrations)) return void applyMigrations(writer, migrations, now());
  const { backupFileBefore } = await import('./before-migration');
  applyMigrations(writer, migrations, now(), (missing) => {
    if (!hasRows(writer)) return;
    // The write lock is held meanwhile, so that nothing comes between the backup and the change.
    const folder = path.join(path.dirname(file), 'backups');
    backupFileBefore(file, { folder, newest: missing.at(-1) ?? '', now: now(), note });
  });
}
