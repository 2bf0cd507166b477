import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { PrismaClient } from '@/prisma/generated/client';
import { applyMigrations, readMigrations } from './migrate';
import { BUSY_TIMEOUT_MS, connect, type SqliteStore, sqliteStore } from './sqlite';

export { DatabaseUnavailableError, DuplicateError, StaleWriteError, unavailability } from './errors';
export type { SqlValue, Statement, Store, Write } from './store';
export type { PrismaClient };

/**
 * The store as the whole product uses it today: on SQLite, with Prisma beside it and reads that are answered at once.
 * Whatever must happen together goes through `write`, on a connection of its own, because all queries of a Prisma
 * client share one connection and its transactions would take in the writes of other requests.
 */
export interface Database extends SqliteStore {
  readonly prisma: PrismaClient;
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
}

/** Opens the store: WAL, migrations applied, Prisma beside one connection for reads and one for writes. */
export function openDatabase(options: DatabaseOptions): Database {
  const file = fileOf(options.url);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const writer = connect(file);
  if (options.migrationsDir !== null) {
    writer.pragma('busy_timeout = 30000');
    applyMigrations(writer, readMigrations(options.migrationsDir), (options.now ?? Date.now)());
  }
  if (options.maxPages !== undefined) writer.pragma(`max_page_count = ${options.maxPages}`);
  const store = sqliteStore(connect(file), writer, options.patienceMs);
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }),
  });
  return {
    ...store,
    prisma,
    file,
    async close() {
      await prisma.$disconnect();
      await store.close();
    },
  };
}

function fileOf(url: string): string {
  if (!url.startsWith('file:')) {
    throw new Error('DATABASE_URL must begin with file: (an SQLite database).');
  }
  return path.resolve(url.slice('file:'.length));
}
