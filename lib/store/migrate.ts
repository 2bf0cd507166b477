import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Sqlite from 'better-sqlite3';

export interface Migration {
  name: string;
  sql: string;
}

/** The database is newer than this program, or a migration was edited after it was applied. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Reads `<folder>/<name>/migration.sql`, oldest first. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({
      name: entry.name,
      sql: readFileSync(path.join(folder, entry.name, 'migration.sql'), 'utf8'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Applies what is missing, each migration in a transaction of its own, and returns the names applied.
 * Keeps Prisma's own `_prisma_migrations` table, so Prisma's command line agrees about the state.
 * @throws MigrationError when an applied migration differs or is unknown here
 */
export function applyMigrations(
  sqlite: Sqlite.Database,
  migrations: readonly Migration[],
  now: number,
): string[] {
  sqlite.exec(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`);
  const applied: string[] = [];
  // The whole pass holds the write lock: web and worker may start at the same moment.
  sqlite
    .transaction(() => {
      const done = new Map(
        sqlite
          .prepare<[], { migration_name: string; checksum: string }>(
            'SELECT migration_name, checksum FROM "_prisma_migrations"',
          )
          .all()
          .map((row) => [row.migration_name, row.checksum]),
      );
      for (const migration of migrations) {
        const checksum = createHash('sha256').update(migration.sql).digest('hex');
        const before = done.get(migration.name);
        done.delete(migration.name);
        if (before === checksum) continue;
        if (before !== undefined) {
          throw new MigrationError(
            `Migration ${migration.name} was changed after it was applied to this database.`,
          );
        }
        sqlite.exec(migration.sql);
        sqlite
          .prepare(
            'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES (?, ?, ?, ?, 1)',
          )
          .run(checksum.slice(0, 36), checksum, now, migration.name);
        applied.push(migration.name);
      }
      const unknown = [...done.keys()][0];
      if (unknown !== undefined) {
        throw new MigrationError(`This database was written by a newer Flightdeck (migration ${unknown}).`);
      }
    })
    .immediate();
  return applied;
}
