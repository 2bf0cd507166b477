import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPostgres, type PostgresOptions } from '@/lib/store/postgres';
import type { Store } from '@/lib/store/store';
import { testDatabase } from './database';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server that lives as long as the run. */
    postgresUrl: string;
  }
}

export const MIGRATIONS = path.resolve('prisma/migrations');

/** A store that is gone when it is closed. */
export const ENGINES: readonly { name: string; open: () => Promise<Store> }[] = [
  { name: 'SQLite', open: () => testDatabase({ patienceMs: 2000 }) },
  { name: 'PostgreSQL', open: () => testPostgres() },
];

let template: Promise<string> | undefined;

/** A database of its own, copied from one that was migrated once per test file. */
export async function testPostgres(options: Partial<PostgresOptions> = {}): Promise<Store & { url: string }> {
  template ??= emptyPostgres().then(async (url) => {
    await (await openPostgres({ url, migrationsDir: MIGRATIONS, warn: fail })).close();
    return url;
  });
  const url = await emptyPostgres(await template);
  const store = await openPostgres({ url, migrationsDir: null, warn: fail, patienceMs: 2000, ...options });
  return {
    ...store,
    url,
    async close() {
      await store.close();
      await asAdmin((admin) => admin.query(`DROP DATABASE "${nameOf(url)}" WITH (FORCE)`));
    },
  };
}

/** The address of a new database. */
export async function emptyPostgres(from?: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const copied = from === undefined ? '' : ` TEMPLATE "${nameOf(from)}"`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE "${name}"${copied}`));
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
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

const nameOf = (url: string) => new URL(url).pathname.slice(1);

function fail(message: string): never {
  throw new Error(message);
}
