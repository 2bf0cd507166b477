import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import Sqlite from 'better-sqlite3';
import { PrismaClient } from '@/prisma/generated/client';
import { fold } from './fold';
import { applyMigrations, readMigrations } from './migrate';

export type { PrismaClient };
export type SqlValue = string | number | bigint | null | Uint8Array;

/** One SQL statement with its parameters; booleans are passed as 0 and 1. */
export interface Statement {
  sql: string;
  params: readonly SqlValue[];
  /** When set, the transaction is rolled back with StaleWriteError unless this many rows changed. */
  expectChanges?: number;
}

// Next bundles start-up and routes apart, so a process may hold a class twice: its instances are known by this mark.
const UNAVAILABLE: unique symbol = Symbol.for('flightdeck.DatabaseUnavailableError');
const STALE: unique symbol = Symbol.for('flightdeck.StaleWriteError');

/** The write lock was not to be had in time, or the disk is full: nothing was written. */
export class DatabaseUnavailableError extends Error {
  override name = 'DatabaseUnavailableError';
  readonly [UNAVAILABLE] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && UNAVAILABLE in value;
  }

  constructor(
    readonly reason: 'locked' | 'full' | 'readonly' | 'io',
    cause: unknown,
  ) {
    super(REASONS[reason], { cause });
  }
}

const REASONS = {
  locked: 'The database is locked by another process.',
  full: 'The disk is full.',
  readonly: 'The database cannot be written.',
  io: 'The disk gave an error.',
} as const;

/** A statement changed another number of rows than it had to: someone else was faster. */
export class StaleWriteError extends Error {
  override name = 'StaleWriteError';
  readonly [STALE] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && STALE in value;
  }
}

/**
 * The one way to the store. Prisma reads, and writes single statements; whatever must happen together goes
 * through `write`, on a connection of its own, because all queries of a Prisma client share one connection and
 * its transactions would take in the writes of other requests.
 */
export interface Database {
  readonly prisma: PrismaClient;
  readonly file: string;
  /** Runs all statements in one short BEGIN IMMEDIATE transaction; gives the changed rows per statement. */
  write(statements: readonly Statement[], options?: { patienceMs?: number }): Promise<number[]>;
  /** A read with prepared-statement speed (0.1 ms where Prisma takes 1–2); rows as plain objects. */
  query<Row>(sql: string, params?: readonly SqlValue[]): Row[];
  close(): Promise<void>;
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

/** How long a connection waits for a lock inside SQLite, blocking the event loop, in milliseconds. */
const BUSY_TIMEOUT_MS = 100;
/** The same for writes, which go on trying by themselves: other writers' transactions take 15 ms. */
const WRITE_BLOCK_MS = 10;
/** The longest pause between two tries of a write, in milliseconds. */
const LONGEST_PAUSE_MS = 100;
/** How long `write` goes on trying, without blocking, in milliseconds. */
const PATIENCE_MS = 15_000;

/** Opens the store: WAL, migrations applied, Prisma beside one connection for reads and one for writes. */
export function openDatabase(options: DatabaseOptions): Database {
  const file = fileOf(options.url);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const writer = connect(file);
  if (options.migrationsDir !== null) {
    writer.pragma('busy_timeout = 30000');
    applyMigrations(writer, readMigrations(options.migrationsDir), (options.now ?? Date.now)());
  }
  writer.pragma(`busy_timeout = ${WRITE_BLOCK_MS}`);
  if (options.maxPages !== undefined) writer.pragma(`max_page_count = ${options.maxPages}`);
  const reader = connect(file);
  reader.pragma('query_only = ON');
  reader.function('fold', { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null));
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: BUSY_TIMEOUT_MS }),
  });
  const write = createWriter(writer);
  const read = prepared(reader);
  return {
    prisma,
    file,
    write: (statements, { patienceMs = options.patienceMs ?? PATIENCE_MS } = {}) =>
      write(statements, patienceMs),
    query: <Row>(sql: string, params: readonly SqlValue[] = []) => read(sql).all(...params) as Row[],
    async close() {
      await prisma.$disconnect();
      reader.close();
      writer.close();
    },
  };
}

function connect(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -32000');
  sqlite.pragma('mmap_size = 268435456');
  sqlite.pragma('journal_size_limit = 33554432');
  return sqlite;
}

/** Statements are prepared once; the least recently added is dropped when there are many. */
function prepared(sqlite: Sqlite.Database): (sql: string) => Sqlite.Statement<SqlValue[]> {
  const cache = new Map<string, Sqlite.Statement<SqlValue[]>>();
  return (sql) => {
    let statement = cache.get(sql);
    if (!statement) {
      if (cache.size >= 500) cache.delete(cache.keys().next().value ?? '');
      statement = sqlite.prepare<SqlValue[]>(sql);
      cache.set(sql, statement);
    }
    return statement;
  };
}

type Write = (statements: readonly Statement[], patienceMs: number) => Promise<number[]>;

/** Writes that wait for a lock take turns in trying, so that many of them hold up the event loop no longer than one. */
function createWriter(sqlite: Sqlite.Database): Write {
  const run = prepared(sqlite);
  let pause = 0;
  let nextTryAt = 0;
  const attempt = sqlite.transaction((statements: readonly Statement[]) =>
    statements.map((statement) => {
      const { changes } = run(statement.sql).run(...statement.params);
      if (statement.expectChanges !== undefined && changes !== statement.expectChanges) {
        throw new StaleWriteError(`${changes} rows changed where ${statement.expectChanges} had to.`);
      }
      return changes;
    }),
  );
  return async (statements, patienceMs) => {
    const deadline = performance.now() + patienceMs;
    let refusal: unknown;
    for (;;) {
      if (performance.now() >= nextTryAt) {
        try {
          const changes = attempt.immediate(statements);
          pause = 0;
          return changes;
        } catch (error) {
          const reason = unavailability(error);
          if (reason === null) throw error;
          if (reason !== 'locked') throw new DatabaseUnavailableError(reason, error);
          refusal = error;
          pause = Math.min(Math.max(5, pause * 2), LONGEST_PAUSE_MS);
          nextTryAt = performance.now() + pause;
        }
      }
      if (nextTryAt > deadline) throw new DatabaseUnavailableError('locked', refusal);
      await delay(Math.max(1, Math.ceil(nextTryAt - performance.now())));
    }
  };
}

/** Why the store could not be used, or null when the error is about something else. */
export function unavailability(error: unknown): DatabaseUnavailableError['reason'] | null {
  if (error instanceof DatabaseUnavailableError) return error.reason;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_READONLY')) return 'readonly';
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') return 'io';
  return null;
}

function fileOf(url: string): string {
  if (!url.startsWith('file:')) {
    throw new Error('DATABASE_URL must begin with file: (an SQLite database).');
  }
  return path.resolve(url.slice('file:'.length));
}
