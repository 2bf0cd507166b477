import {
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { DB } from '@/prisma/generated/tables';

/** Makes typed queries over the tables of the schema. */
export type Builder = Kysely<DB>;

/** A builder for SQLite's SQL. */
export function sqliteBuilder(): Builder {
  return builder({
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  });
}

/** A builder for PostgreSQL's SQL. */
export function postgresBuilder(): Builder {
  return builder({
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  });
}

function builder(dialect: Omit<Dialect, 'createDriver'>): Builder {
  return new Kysely<DB>({ dialect: { ...dialect, createDriver: () => NO_DRIVER } });
}

/** Queries are run by the store; one that is told to execute itself fails instead of finding nothing. */
const refuse = (): never => {
  throw new Error('Queries are run by read, write and change of the store.');
};
const NO_DRIVER: Driver = {
  init: async () => undefined,
  acquireConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: refuse,
  destroy: async () => undefined,
};
