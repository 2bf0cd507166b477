import pg from 'pg';
import { checksumOf, type Migration, missingFrom } from './migrate';
import { OpenError } from './postgres-trouble';

/** One process at a time changes the schema. Any number will do, as long as it is always this one. */
const LOCK = 7_150_214;
/** How long to wait for another process that backs the database up and changes it, ms. */
const WAIT_MS = 600_000;
/** How long to wait for the server, ms. */
const CONNECT_MS = 10_000;
/** What a server must be for the schema to fit. */
const OLDEST = 140_000;

export interface Migrated {
  /** Names applied now, oldest first. */
  readonly applied: readonly string[];
  /** Whether searches have an index; without `pg_trgm` they read all rows. */
  readonly isSearchIndexed: boolean;
}

/**
 * Brings a PostgreSQL database to the schema of this program, all in one transaction under an advisory lock.
 * @param beforehand called before a database of an earlier version is changed, with what is missing; may throw
 * @throws MigrationError, OpenError when the database or the server does not fit this program
 */
export async function migratePostgres(
  url: string,
  migrations: readonly Migration[],
  beforehand: (missing: readonly string[]) => Promise<void> = async () => undefined,
): Promise<Migrated> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'flightdeck migrations',
    connectionTimeoutMillis: CONNECT_MS,
  });
  try {
    await client.connect();
    await refuseUnfit(client);
    await client.query(
      `SET lock_timeout = ${WAIT_MS}; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0`,
    );
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    const applied = await applyMissing(client, migrations, beforehand);
    await client.query('COMMIT');
    return { applied, isSearchIndexed: await indexSearch(client) };
  } finally {
    // Also when it could not connect: a server that waits for a password would hold up others for a minute.
    await client.end();
  }
}

async function refuseUnfit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: string; encoding: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
       current_setting('server_encoding') AS encoding`,
  );
  const [server] = rows;
  if (Number(server?.number) < OLDEST) {
    throw new OpenError(`names a PostgreSQL ${server?.version}. Version 14 or newer is needed.`);
  }
  if (server?.encoding !== 'UTF8') {
    throw new OpenError(`names a database encoded in ${server?.encoding}. It must be UTF8.`);
  }
}

async function applyMissing(
  client: pg.Client,
  migrations: readonly Migration[],
  beforehand: (missing: readonly string[]) => Promise<void>,
): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT migration_name AS name, checksum FROM "_prisma_migrations"',
  );
  const missing = missingFrom(new Map(rows.map((row) => [row.name, row.checksum])), migrations);
  if (rows.length > 0 && missing.length > 0) await beforehand(missing.map(({ name }) => name));
  const applied: string[] = [];
  for (const migration of missing) {
    await client.query(migration.sql);
    for (const name of [...(migration.contains ?? []), migration.name]) {
      await client.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
         VALUES (gen_random_uuid()::text, $1, now(), $2, 1)`,
        [checksumOf(migration), name],
      );
      applied.push(name);
    }
  }
  return applied;
}

/** The extension belongs to whoever runs the server, and need not be there. */
async function indexSearch(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await client.query(`CREATE INDEX IF NOT EXISTS "betaTesters_search"
      ON "betaTesters" USING gin ("testerText"("nameLower", "emailLower") gin_trgm_ops)`);
    await client.query(`CREATE INDEX IF NOT EXISTS "feedbackWords_search"
      ON "feedbackWords" USING gin (("comment" || chr(10) || "log") gin_trgm_ops)`);
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return false;
    throw error;
  }
}
