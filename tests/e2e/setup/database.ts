import { randomBytes } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { forPostgres } from '@/tests/factories/sql-text';

export type Engine = 'sqlite' | 'postgres';

/** The address of a new database of the run's PostgreSQL; '' for SQLite, which makes its file by itself. */
export async function newDatabase(engine: Engine): Promise<string> {
  if (engine === 'sqlite') return '';
  const url = new URL(process.env.E2E_POSTGRES_URL ?? '');
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  await withPostgres(url.href, (client) => client.query(`CREATE DATABASE "${name}"`));
  url.pathname = `/${name}`;
  return url.href;
}

type Value = string | number | null;
/** Runs a statement in SQL text as SQLite takes it; gives its rows. */
type Ask = <Row>(sql: string, ...params: Value[]) => Promise<Row[]>;

/** Looks into the database of an installation, or changes what no page can. */
export async function inDatabase<T>(
  { databaseUrl }: { readonly databaseUrl: string },
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  if (!databaseUrl.startsWith('file:')) {
    return withPostgres(databaseUrl, (client) =>
      work(async (sql, ...params) => (await client.query(forPostgres(sql), params)).rows),
    );
  }
  const sqlite = new Sqlite(databaseUrl.slice('file:'.length), { timeout: 5_000 });
  try {
    return await work(async <Row>(sql: string, ...params: Value[]) => {
      const statement = sqlite.prepare<Value[], Row>(sql);
      if (statement.reader) return statement.all(...params);
      statement.run(...params);
      return [];
    });
  } finally {
    sqlite.close();
  }
}

async function withPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
