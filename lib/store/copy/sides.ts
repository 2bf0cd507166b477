import type { Row, Table } from './tables';

/** A moment of a database that is read while others may go on writing it. */
export interface Source {
  /** Names of the migrations it has. */
  readonly applied: readonly string[];
  /** All rows of a table in the order of its key, in portions. */
  chunks(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
  /** The highest number each counting column has given out, by table; rows that had it may be gone. */
  counters(tables: readonly Table[]): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** An empty database that is filled in one transaction: nobody sees a part of it, and a break leaves it empty. */
export interface Target {
  /** Empties a table of what migrations have put into it. */
  clear(table: Table): Promise<void>;
  put(table: Table, rows: readonly Row[]): Promise<void>;
  setCounters(tables: readonly Table[], counters: ReadonlyMap<string, number>): Promise<void>;
  /** As of a source: what has been put. */
  chunks: Source['chunks'];
  /** Makes it stand. */
  commit(): Promise<void>;
  /** Gives up what was not committed, and closes. */
  close(): Promise<void>;
}
