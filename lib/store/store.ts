import type { Compilable, CompiledQuery } from 'kysely';
import type { Clock } from '@/lib/clock';
import type { Builder } from './builder';
import type { Dialect } from './dialect';
import type { Records } from './records';
import type { Shaped } from './shape';
import { storedText } from './text';

export type SqlValue = string | number | bigint | null | Uint8Array;

/** One SQL statement of an engine with its parameters; booleans are passed as 0 and 1. */
export interface Statement {
  sql: string;
  params: readonly SqlValue[];
  /** When set, the transaction is rolled back with StaleWriteError unless this many rows changed. */
  expectChanges?: number;
  /** Whether it comes again with other values. */
  isKept?: boolean;
}

/** A query of the builder, one that is compiled, or one whose shape is compiled once per process. */
export type Query<Row = unknown> = Compilable<Row> | CompiledQuery<Row> | Shaped<Row>;

/** A query that must change this many rows. */
export interface Exactly {
  readonly query: Query;
  readonly expectChanges: number;
}

/** A part of a transaction. */
export type Write = Statement | Exactly | Query;

export interface WriteOptions {
  /** How long to go on trying while others hold the lock, ms. */
  patienceMs?: number;
}

/**
 * The one way to the store, the same on both engines. Rows come alike: instants and counts as numbers, booleans as
 * 0 and 1, text sorted by its code points. Where NULL stands in an order is said by the query.
 */
export interface Store {
  /** What the engine says in words of its own. */
  readonly dialect: Dialect;
  /** Makes queries for `read`, `write` and `change`; runs none by itself. */
  readonly build: Builder;
  /** @throws DatabaseUnavailableError */
  read<Row>(query: Query<Row>): Promise<Row[]>;
  /**
   * Runs all in one short transaction; gives the changed rows of each.
   * @throws StaleWriteError, DuplicateError, DatabaseUnavailableError: nothing was written
   */
  write(writes: readonly Write[], options?: WriteOptions): Promise<number[]>;
  /** One write that gives the rows of its `returning`. @throws as `write` */
  change<Row>(query: Query<Row>, options?: WriteOptions): Promise<Row[]>;
  /** What is one record, by Prisma. @throws StaleWriteError, DuplicateError, DatabaseUnavailableError */
  readonly prisma: Records;
  /** Rings when something may have been announced, until `signal` is aborted: a hint, which may be late or missing. */
  hear(ring: () => void, by: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

/** A query that rolls its transaction back with StaleWriteError unless it changes this many rows. */
export function exactly(expectChanges: number, query: Query): Exactly {
  return { query, expectChanges };
}

/** What is to be run for a part of a transaction. */
export function statementOf(dialect: Dialect, write: Write): Statement {
  if ('params' in write) return { ...write, params: write.params.map(sqlValue) };
  if ('expectChanges' in write) {
    return { ...statementOf(dialect, write.query), expectChanges: write.expectChanges };
  }
  const query = compiled(dialect, write);
  return { sql: query.sql, params: query.parameters.map(sqlValue), isKept: 'isKept' in query };
}

function compiled(dialect: Dialect, query: Query): CompiledQuery {
  if ('compileFor' in query) return query.compileFor(dialect);
  return 'compile' in query ? query.compile() : query;
}

/** A parameter as both drivers take it. @throws TypeError for what no column holds, such as undefined */
function sqlValue(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return storedText(value);
  if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A query was given ${typeof value} for a value.`);
}
