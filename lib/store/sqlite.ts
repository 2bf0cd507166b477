import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { PrismaClient } from '@/prisma/generated/sqlite/client';
import { sqliteDialect } from './dialect';
import { DatabaseUnavailableError, StaleWriteError, translated, unavailability } from './errors';
import { fold } from './fold';
import { isRepeatable, memory } from './memory';
import { recordsOf } from './records';
import { type SqlValue, type Statement, type Store, statementOf } from './store';

/** How long a connection waits for a lock inside SQLite, blocking the event loop, in milliseconds. */
export const BUSY_TIMEOUT_MS = 100;
/** The same for writes, which go on trying by themselves: other writers' transactions take 15 ms. */
const WRITE_BLOCK_MS = 10;
/** The longest pause between two tries of a write, in milliseconds. */
const LONGEST_PAUSE_MS = 100;
/** How long a write goes on trying, without blocking, in milliseconds. */
const PATIENCE_MS = 15_000;
/** How long promises that are kept at once may hold the event loop before it goes on, ms. */
const TURN_MS = 5;
/** How often to look whether another connection has written, ms. */
const LOOK_MS = 250;

/** How much of the file is read where the system keeps it, bytes; it counts as memory of the process. */
const MAPPED_BYTES = 256 * 1024 ** 2;
/** Pages of the log before they are brought into the file: a page that many commits change is brought there once. */
const LOG_PAGES = 8_000;

/** A connection as this store wants it: write-ahead log, foreign keys, room for its cache. */
export function connect(file: string, mappedBytes = MAPPED_BYTES): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -32000');
  sqlite.pragma(`mmap_size = ${mappedBytes}`);
  sqlite.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  sqlite.pragma('journal_size_limit = 33554432');
  return sqlite;
}

/** The store on SQLite: one connection that reads and one that writes. */
export function sqliteStore(
  reader: Sqlite.Database,
  writer: Sqlite.Database,
  usualPatienceMs = PATIENCE_MS,
): Store {
  writer.pragma(`busy_timeout = ${WRITE_BLOCK_MS}`);
  reader.pragma('query_only = ON');
  reader.function('fold', { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null));
  const dialect = sqliteDialect();
  const ask = prepared(reader);
  const run = prepared(writer);
  const write = createWriter(writer);
  const turn = turns();
  const { recall, keep } = memory();
  // Another when any other connection has written, in this process or another; asking costs 2 µs.
  const versioned = reader.prepare<[], number>('PRAGMA data_version').pluck();
  const version = () => versioned.get() ?? Number.NaN;
  const read = <Row>(statement: Statement): Row[] => {
    if (!isRepeatable(statement)) return ask(statement.sql).all(...statement.params) as Row[];
    const now = version();
    const known = recall<Row>(now, statement);
    if (known) return known;
    const rows = ask(statement.sql).all(...statement.params) as Row[];
    keep(now, statement, rows);
    return rows;
  };
  const records = recordsOf({ load: () => loadPrisma(writer), patienceMs: usualPatienceMs });
  return {
    prisma: records.prisma,
    dialect,
    build: dialect.build,
    async read<Row>(query: Parameters<Store['read']>[0]) {
      const statement = statementOf(dialect, query);
      const next = turn();
      if (next) await next;
      try {
        return read<Row>(statement);
      } catch (error) {
        throw translated(error);
      }
    },
    async write(writes, { patienceMs = usualPatienceMs } = {}) {
      const statements = writes.map((part) => statementOf(dialect, part));
      await turn();
      return write(() => statements.map((statement) => changesOf(run, statement)), patienceMs);
    },
    async change<Row>(query: Parameters<Store['change']>[0], { patienceMs = usualPatienceMs } = {}) {
      const { sql, params } = statementOf(dialect, query);
      await turn();
      return write(() => run(sql).all(...params) as Row[], patienceMs);
    },
    async hear(ring, { clock, signal }) {
      const look = () => {
        try {
          return version();
        } catch {
          // Whoever is rung for reads, and says what is wrong.
          return Number.NaN;
        }
      };
      for (let known = look(); !signal.aborted; ) {
        await clock.sleep(LOOK_MS, signal).catch(() => undefined);
        const now = signal.aborted ? known : look();
        if (now !== known) ring();
        known = now;
      }
    },
    async close() {
      await records.close();
      reader.close();
      writer.close();
    },
  };
}

/**
 * SQLite answers at once, and a chain of promises that are kept at once lets nobody else have a turn, however long it is:
 * gives what to wait for when the present turn has lasted long enough. Whoever waits begins a turn of its own, so that
 * no two long writes stand in one.
 */
function turns(): () => Promise<void> | undefined {
  let ends = 0;
  const begun = () => {
    const now = performance.now();
    if (ends === 0) {
      ends = now + TURN_MS;
      setImmediate(() => {
        ends = 0;
      }).unref();
    }
    return now < ends;
  };
  const wait = async () => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (!begun());
  };
  return () => (begun() ? undefined : wait());
}

/** Prisma on a connection of its own to the same file, under the same limit of its size. */
async function loadPrisma(beside: Sqlite.Database): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaBetterSqlite3 }] = await Promise.all([
    import('@/prisma/generated/sqlite/client'),
    import('@prisma/adapter-better-sqlite3'),
  ]);
  const adapter = new PrismaBetterSqlite3({ url: `file:${beside.name}`, timeout: WRITE_BLOCK_MS });
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
  await prisma.$queryRawUnsafe('PRAGMA synchronous = NORMAL');
  const pages = Number(beside.pragma('max_page_count', { simple: true }));
  await prisma.$queryRawUnsafe(`PRAGMA max_page_count = ${pages}`);
  return prisma;
}

type Prepare = (sql: string) => Sqlite.Statement<SqlValue[]>;

/** Statements are prepared once; the least recently added is dropped when there are many. */
function prepared(sqlite: Sqlite.Database): Prepare {
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

function changesOf(run: Prepare, { sql, params, expectChanges }: Statement): number {
  const { changes } = run(sql).run(...params);
  if (expectChanges !== undefined && changes !== expectChanges) {
    throw new StaleWriteError(`${changes} rows changed where ${expectChanges} had to.`);
  }
  return changes;
}

/** Writes that wait for a lock take turns in trying, so that many of them hold up the event loop no longer than one. */
function createWriter(sqlite: Sqlite.Database) {
  let pause = 0;
  let nextTryAt = 0;
  return async <T>(work: () => T, patienceMs: number): Promise<T> => {
    const attempt = sqlite.transaction(work);
    const deadline = performance.now() + patienceMs;
    let refusal: unknown;
    for (;;) {
      if (performance.now() >= nextTryAt) {
        try {
          const done = attempt.immediate();
          pause = 0;
          return done;
        } catch (error) {
          if (unavailability(error) !== 'locked') throw translated(error);
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
