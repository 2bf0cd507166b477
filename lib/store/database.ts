import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';
import { backupFileBefore } from './before-migration';
import { hasRows } from './copy/tables';
import { applyMigrations, readMigrations } from './migrate';
import { connect, type SqliteStore, sqliteStore } from './sqlite';

export { DatabaseUnavailableError, DuplicateError, StaleWriteError, unavailability } from './errors';
export type { SqlValue, Statement, Store, Write } from './store';

/**
 * The store as the whole product uses it today: on SQLite, with reads that are answered at once.
 */
export interface Database extends SqliteStore {
  readonly file: string;
}

export interface DatabaseOptions {
  /** `file:` URL; relative paths are relative to the working directory. */
  url: string;
  /** Folder of the migrations to apply; null leaves the schema alone. */
  migrationsDir: string | null;
  now?: () => number;
  /** Largest size of the file in pages of 4 KiB; a write beyond it fails as on a full disk. */
  maxPages?: number;
  /** How long `write` goes on trying by default, ms. */
  patienceMs?: number;
  /** Told in a sentence what whoever runs the server may want to know, such as where a backup is. */
  note?: (message: string) => void;
}

/** How long to wait for another process that backs the database up and changes it, ms. */
const MIGRATION_WAIT_MS = 600_000;

/** Opens the store: WAL, migrations applied, one connection for reads and one for writes. */
export function openDatabase(options: DatabaseOptions): Database {
  const file = fileOf(options.url);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const writer = connect(file);
  if (options.migrationsDir !== null) {
    writer.pragma(`busy_timeout = ${MIGRATION_WAIT_MS}`);
    migrate(writer, file, options.migrationsDir, options);
  }
  if (options.maxPages !== undefined) writer.pragma(`max_page_count = ${options.maxPages}`);
  const store = sqliteStore(connect(file), writer, options.patienceMs);
  return { ...store, file };
}

function migrate(
  writer: Sqlite.Database,
  file: string,
  migrationsDir: string,
  { now = Date.now, note = () => undefined }: DatabaseOptions,
): void {
  applyMigrations(writer, readMigrations(migrationsDir), now(), (missing) => {
    if (!hasRows(writer)) return;
    // The write lock is held meanwhile, so that nothing comes between the backup and the change.
    const folder = path.join(path.dirname(file), 'backups');
    backupFileBefore(file, { folder, newest: missing.at(-1) ?? '', now: now(), note });
  });
}

function fileOf(url: string): string {
  if (!url.startsWith('file:')) {
    throw new Error('DATABASE_URL must begin with file: (an SQLite database).');
  }
  return path.resolve(url.slice('file:'.length));
}
