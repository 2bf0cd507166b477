import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';

export interface Migration {
  name: string;
  sql: string;
  /** Migrations before it that it contains, oldest first: PostgreSQL came later than they did. */
  contains?: readonly string[];
}

/** The database is newer than this program, or a migration was edited after it was applied. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Reads `<folder>/<name>/migration.sql`, oldest first. */
export function readMigrations(folder: string): Migration[] {
  return names(folder).map((name) => ({ name, sql: textOf(folder, name, 'migration.sql') ?? '' }));
}

/**
 * Reads `<folder>/<name>/postgres.sql`, oldest first. One without it is contained in the next that has it.
 * @throws MigrationError when there is none that contains the newest
 */
export function readPostgresMigrations(folder: string): Migration[] {
  const migrations: Migration[] = [];
  let contains: string[] = [];
  for (const name of names(folder)) {
    const sql = textOf(folder, name, 'postgres.sql');
    if (sql === null) {
      contains.push(name);
      continue;
    }
    migrations.push({ name, sql, contains });
    contains = [];
  }
  const missing = contains.at(-1);
  if (missing !== undefined) throw new MigrationError(`Migration ${missing} is not written for PostgreSQL.`);
  return migrations;
}

function names(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function textOf(folder: string, name: string, file: string): string | null {
  const full = path.join(folder, name, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : null;
}

/** What identifies the text of a migration. */
export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

/**
 * The migrations that a database still needs, given the names and checksums of those it has.
 * @throws MigrationError when an applied migration differs or is unknown here
 */
export function missingFrom(
  applied: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): Migration[] {
  const unknown = new Set(applied.keys());
  const missing = migrations.filter((migration) => {
    for (const name of migration.contains ?? []) unknown.delete(name);
    unknown.delete(migration.name);
    const before = applied.get(migration.name);
    if (before !== undefined && before !== checksumOf(migration)) {
      throw new MigrationError(
        `Migration ${migration.name} was changed after it was applied to this database.`,
      );
    }
    return before === undefined;
  });
  const [newer] = unknown;
  if (newer !== undefined) {
    throw new MigrationError(`This database was written by a newer Flightdeck (migration ${newer}).`);
  }
  return missing;
}

/**
 * Names of the migrations that a database does not have yet.
 * @throws MigrationError when it has some that are unknown here
 */
export function missingNames(applied: readonly string[], migrations: readonly Migration[]): string[] {
  const known = new Map(migrations.map((migration) => [migration.name, checksumOf(migration)]));
  const told = new Map(applied.map((name) => [name, known.get(name) ?? '']));
  return missingFrom(told, migrations).map(({ name }) => name);
}

/** Whether an SQLite database is of an earlier version. */
export function isBehind(sqlite: Sqlite.Database, migrations: readonly Migration[]): boolean {
  const table = sqlite.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`).get();
  if (!table) return false;
  const applied = sqlite.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM "_prisma_migrations"').get();
  return applied !== undefined && applied.n > 0 && applied.n < migrations.length;
}

/**
 * Applies what is missing, all in one transaction, and returns the names applied.
 * Keeps Prisma's own `_prisma_migrations` table, so Prisma's command line agrees about the state.
 * @param beforehand called before a database of an earlier version is changed, with what is missing; may throw
 * @throws MigrationError when an applied migration differs or is unknown here
 */
export function applyMigrations(
  sqlite: Sqlite.Database,
  migrations: readonly Migration[],
  now: number,
  beforehand: (missing: readonly string[]) => void = () => undefined,
): string[] {
  sqlite.exec(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`);
  // The whole pass holds the write lock: web and worker may start at the same moment.
  const pass = sqlite.transaction(() => {
    const applied = sqlite
      .prepare<[], { name: string; checksum: string }>(
        'SELECT migration_name AS name, checksum FROM "_prisma_migrations"',
      )
      .all();
    const missing = missingFrom(new Map(applied.map((row) => [row.name, row.checksum])), migrations);
    if (applied.length > 0 && missing.length > 0) beforehand(missing.map(({ name }) => name));
    const note = sqlite.prepare(
      'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES (?, ?, ?, ?, 1)',
    );
    for (const migration of missing) {
      sqlite.exec(migration.sql);
      const checksum = checksumOf(migration);
      note.run(checksum.slice(0, 36), checksum, now, migration.name);
    }
    return missing.map(({ name }) => name);
  });
  return pass.immediate();
}
