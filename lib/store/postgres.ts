import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { PrismaClient } from '@/prisma/generated/sqlite/client';
import { backupDatabase } from './backup';
import { BackupError } from './backup-error';
import { backupBefore } from './before-migration';
import { postgresDialect } from './dialect';
import {
  DatabaseUnavailableError,
  isLost,
  isUnconnected,
  StaleWriteError,
  translated,
  unavailability,
} from './errors';
import { readPostgresMigrations } from './migrate';
import { hearBell } from './postgres-bell';
import { rememberingReads } from './postgres-memory';
import { migratePostgres } from './postgres-migrate';
import { type Names, statementNames } from './postgres-names';
import { whyClosed } from './postgres-trouble';
import { PARSERS } from './postgres-types';
import { recordsOf } from './records';
import { type Statement, type Store, statementOf } from './store';

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** Folder of the migrations to apply; null leaves the schema alone. */
  migrationsDir: string | null;
  /** Told what whoever runs the server should know, in a sentence. */
  warn: (message: string) => void;
  /** Folder of this machine for a backup before the schema of an earlier version is changed; without it none is made. */
  backups?: string;
  /** The most connections this process holds. */
  connections?: number;
  /** How long to wait for one of them, ms. */
  connectMs?: number;
  /** How long to wait for a server that is not there yet, as after a machine was started, ms. Default: not at all. */
  startMs?: number;
  /** How long a statement may take, ms. */
  statementMs?: number;
  /** How long to wait for an answer of a server that may be gone without a word, ms. */
  answerMs?: number;
  /** How long `write` goes on trying by default, ms. */
  patienceMs?: number;
}

const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;
/** The server ends what takes too long, and says so; this is for when it says nothing at all. */
const ANSWER_MS = STATEMENT_MS + 5_000;
/** How long a statement waits for a row that another transaction has changed, ms; then the write is tried anew. */
const LOCK_MS = 2_000;
const PATIENCE_MS = 15_000;
/** After this the server ends a transaction whose process stands still, ms: sooner than others lose patience with its rows. */
const IDLE_MS = 10_000;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Between two tries to reach a server that is not there yet, ms. */
const START_PAUSE_MS = 500;

/** Opens the store on PostgreSQL 14 or newer. @throws MigrationError, OpenError */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, migrationsDir, warn, backups, patienceMs: usualPatienceMs = PATIENCE_MS } = options;
  if (migrationsDir !== null) {
    const migrations = readPostgresMigrations(migrationsDir);
    const migrate = () =>
      migratePostgres(url, migrations, async (missing) => {
        if (backups === undefined) return;
        const now = Date.now();
        const before = { folder: backups, newest: missing.at(-1) ?? '', now, note: warn };
        await backupBefore(before, (to) => backupDatabase(url, to, { now, migrationsDir }));
      });
    const { isSearchIndexed } = await onceItAnswers(migrate, options).catch((error: unknown) => {
      throw error instanceof BackupError ? error : (whyClosed(error, url) ?? translated(error));
    });
    if (!isSearchIndexed) {
      warn('The extension pg_trgm cannot be created in this database: searches across apps are slower.');
    }
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'flightdeck',
    max: options.connections ?? CONNECTIONS,
    connectionTimeoutMillis: options.connectMs ?? CONNECT_MS,
    statement_timeout: options.statementMs ?? STATEMENT_MS,
    query_timeout: options.answerMs ?? ANSWER_MS,
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_MS,
    lock_timeout: LOCK_MS,
    types: {
      getTypeParser: (oid, format) => PARSERS[oid] ?? pg.types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks while nobody asks it anything is replaced at the next use; unheard, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const dialect = postgresDialect();
  const names = statementNames();
  const records = recordsOf({
    load: () => loadPrisma(pool),
    patienceMs: usualPatienceMs,
  });
  const read = rememberingReads(
    async <Row>(statement: Statement) => (await ask({ pool, names }, statement)).rows as Row[],
  );
  const transact = <T>(work: (client: pg.PoolClient) => Promise<T>, patienceMs: number) =>
    inTransaction({ pool, names }, work, patienceMs);
  return {
    prisma: records.prisma,
    dialect,
    build: dialect.build,
    async read<Row>(query: Parameters<Store['read']>[0]) {
      return read<Row>(statementOf(dialect, query));
    },
    async write(writes, { patienceMs = usualPatienceMs } = {}) {
      const statements = writes.map((part) => statementOf(dialect, part));
      return transact((client) => changesOf(client, names, statements), patienceMs);
    },
    async change<Row>(query: Parameters<Store['change']>[0], { patienceMs = usualPatienceMs } = {}) {
      const statement = statementOf(dialect, query);
      return transact(
        async (client) => (await client.query(names.asked(statement))).rows as Row[],
        patienceMs,
      );
    },
    hear: (ring, by) => hearBell({ url, connectMs: options.connectMs ?? CONNECT_MS }, ring, by),
    async close() {
      await records.close();
      await pool.end();
    },
  };
}

/** Does it as soon as the server takes connections; says at once what it waits for. */
async function onceItAnswers<T>(
  work: () => Promise<T>,
  { url, warn, startMs = 0 }: PostgresOptions,
): Promise<T> {
  const deadline = performance.now() + startMs;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!isUnconnected(error) || performance.now() >= deadline) throw error;
      const why = whyClosed(error, url)?.message ?? 'names a server that cannot be reached.';
      if (!isTold) warn(`DATABASE_URL ${why} Waiting for it, ${Math.round(startMs / 1000)} s at most.`);
      await delay(START_PAUSE_MS);
    }
  }
}

/** Prisma on the same connections. Its client is another than SQLite's, of the same types. */
async function loadPrisma(pool: pg.Pool): Promise<PrismaClient> {
  const [client, { PrismaPg }] = await Promise.all([
    import('@/prisma/generated/postgres/client'),
    import('@prisma/adapter-pg'),
  ]);
  const { PrismaClient } = client as unknown as typeof import('@/prisma/generated/sqlite/client');
  return new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
}

/** A read changes nothing, so one that a breaking connection swallowed is asked again on a new one. */
async function ask({ pool, names }: Asking, statement: Statement): Promise<pg.QueryResult> {
  return pool
    .query(names.asked(statement))
    .catch((error: unknown) =>
      isLost(error) || names.turnedOffBy(error) ? pool.query(names.asked(statement)) : Promise.reject(error),
    )
    .catch(fail);
}

interface Asking {
  readonly pool: pg.Pool;
  readonly names: Names;
}

async function changesOf(
  client: pg.PoolClient,
  names: Names,
  statements: readonly Statement[],
): Promise<number[]> {
  const changes: number[] = [];
  for (const statement of statements) {
    const { expectChanges } = statement;
    const { rowCount } = await client.query(names.asked(statement));
    if (expectChanges !== undefined && rowCount !== expectChanges) {
      throw new StaleWriteError(`${rowCount} rows changed where ${expectChanges} had to.`);
    }
    changes.push(rowCount ?? 0);
  }
  return changes;
}

/**
 * Statements are known beforehand, so a transaction that lost against another one is simply run again. One whose
 * connection broke at COMMIT is first asked after by its number: it may stand.
 */
async function inTransaction<T>(
  { pool, names }: Asking,
  work: (client: pg.PoolClient) => Promise<T>,
  patienceMs: number,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const tried = await attempt(pool, work);
    if ('done' in tried) return tried.done;
    if (tried.committing && (await isCommitted(pool, tried.committing, deadline)))
      return tried.committing.done;
    if (names.turnedOffBy(tried.error)) continue;
    const reason = unavailability(tried.error);
    const isPassing = reason === 'locked' || reason === 'unreachable' || reason === 'exhausted';
    if (!isPassing || performance.now() + pause > deadline) return fail(tried.error);
    // Two that got in each other's way do not come back at the same moment.
    await delay(pause * (0.5 + Math.random()));
  }
}

/** A transaction whose COMMIT was sent and not answered. */
interface Committing<T> {
  readonly number: string;
  readonly done: T;
}
type Attempt<T> = { readonly done: T } | { readonly error: unknown; readonly committing?: Committing<T> };

async function attempt<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<Attempt<T>> {
  let committing: Committing<T> | undefined;
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return { error };
  }
  try {
    const number = await begin(client);
    const done = await work(client);
    committing = { number, done };
    await client.query('COMMIT');
    client.release();
    return { done };
  } catch (error) {
    if (isLost(error)) {
      client.release(true);
      return committing ? { error, committing } : { error };
    }
    const isBack = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    client.release(!isBack);
    return { error };
  }
}

/** Begins, and gives the transaction's number in the same round trip. */
async function begin(client: pg.PoolClient): Promise<string> {
  const answers: unknown = await client.query('BEGIN; SELECT pg_current_xact_id()::text AS number');
  const [, told] = answers as [pg.QueryResult, pg.QueryResult<{ number: string }>];
  return told.rows[0]?.number ?? '';
}

/** Whether a transaction stands. @throws DatabaseUnavailableError `unsure` when nobody can tell in time */
async function isCommitted(
  pool: pg.Pool,
  { number }: Committing<unknown>,
  deadline: number,
): Promise<boolean> {
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const { rows } = await pool.query<{ status: string | null }>(
        'SELECT pg_xact_status($1::xid8) AS status',
        [number],
      );
      const status = rows[0]?.status;
      if (status === 'committed' || status === 'aborted') return status === 'committed';
    } catch (error) {
      if (unavailability(error) === null) throw error;
    }
    if (performance.now() + pause > deadline) throw new DatabaseUnavailableError('unsure', number);
    await delay(pause);
  }
}

function fail(error: unknown): never {
  throw translated(error);
}
