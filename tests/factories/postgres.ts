import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPostgres } from '@/lib/store/postgres';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server that lives as long as the run. */
    postgresUrl: string;
  }
}

export const MIGRATIONS = path.resolve('prisma/migrations');

/** A new database as a copy of one that is migrated once per run. */
export async function copiedPostgres(): Promise<{ url: string; remove(): Promise<void> }> {
  const url = await emptyPostgres(await migratedTemplate());
  return {
    url,
    async remove() {
      await asAdmin((admin) => admin.query(`DROP DATABASE "${nameOf(url)}" WITH (FORCE)`));
    },
  };
}

/** The address of a new database. */
export async function emptyPostgres(template?: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const copied = template === undefined ? '' : ` TEMPLATE "${template}"`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE "${name}"${copied}`));
  return addressOf(name);
}

/** Works as the one who owns the server. */
export async function asAdmin<T>(
  work: (admin: pg.Client) => Promise<T>,
  url = inject('postgresUrl'),
): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

const TEMPLATE = 'migrated';
/** Any number will do for the lock of those who want the template. */
const LOCK = 7_150_215;
let template: Promise<string> | undefined;

/** The name of the template; the first of the run's processes that needs it makes it. */
function migratedTemplate(): Promise<string> {
  template ??= asAdmin(async (admin) => {
    await admin.query(`SELECT pg_advisory_lock(${LOCK})`);
    const made = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (made.rows.length > 0) return TEMPLATE;
    const begun = await emptyPostgres();
    await (await openPostgres({ url: begun, migrationsDir: MIGRATIONS, warn: fail })).close();
    await admin.query(`ALTER DATABASE "${nameOf(begun)}" RENAME TO "${TEMPLATE}"`);
    return TEMPLATE;
  });
  return template;
}

function addressOf(name: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);

function fail(message: string): never {
  throw new Error(message);
}
