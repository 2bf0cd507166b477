import { LRUCache } from 'lru-cache';
import type { Statement } from './store';

/** What a store is said to hold, as text and figures: characters, and eight for every value. */
const MOST = 8_000_000;
/** A longer answer is not asked for again and again. */
const LONGEST = 200_000;

type Rows = readonly unknown[];
/** Another whenever the store's data may be others. */
type Version = string | number;

/**
 * What the store said lately, word for word: an answer is given again while the version of the data is the same, and
 * what it depends on beside them stands in its text and its values. Its rows cannot be changed, the first time neither.
 */
export interface Memory {
  /** The rows of an answer to this very statement at this version. */
  recall<Row>(version: Version, statement: Statement): Row[] | undefined;
  /** @param version as it was before the rows were read: what was written meanwhile gave another */
  keep(version: Version, statement: Statement, rows: Rows): void;
}

export function memory(): Memory {
  const kept = new LRUCache<
    string,
    { readonly version: Version; readonly rows: Rows; readonly size: number }
  >({
    maxSize: MOST,
    sizeCalculation: ({ size }) => size,
  });
  return {
    recall<Row>(version: Version, statement: Statement) {
      const known = kept.get(nameOf(statement));
      return known?.version === version ? (known.rows.slice() as Row[]) : undefined;
    },
    keep(version, statement, rows) {
      const name = nameOf(statement);
      const size = name.length + sizeOf(rows, LONGEST);
      if (size > LONGEST) kept.delete(name);
      else {
        for (const row of rows) Object.freeze(row);
        kept.set(name, { version, rows: rows.slice(), size });
      }
    },
  };
}

/**
 * Whether an answer depends on the data alone: it reads tables, and asks neither for the time, nor for chance, nor for what
 * stands beside them in the server.
 */
export function isRepeatable({ sql }: Statement): boolean {
  let known = repeatable.get(sql);
  if (known === undefined) {
    known = /^\s*(?:select|with)\b[\s\S]*\bfrom\b/i.test(sql) && !PASSING.test(sql);
    repeatable.set(sql, known);
  }
  return known;
}

const repeatable = new LRUCache<string, boolean>({ max: 1_000 });
/** Words of both engines; a word too many costs a repeated question. */
const PASSING =
  /\b(?:random|randomblob|gen_random_uuid|now|current_\w+|localtime\w*|\w*_timestamp|timeofday|date|time|datetime|julianday|unixepoch|strftime|changes|total_changes|last_insert_rowid|nextval|setseed|age|pg_\w+|txid_\w+|sqlite_\w+|for\s+update|for\s+share)\b\s*(?:\(|$|[^"\w])/i;

const nameOf = ({ sql, params }: Statement): string => {
  let name = sql;
  // Told apart by their kinds too: a number and its digits are other values to a database.
  for (const value of params) {
    name +=
      value instanceof Uint8Array
        ? `\n!${Buffer.from(value).toString('base64')}`
        : `\n${typeof value}${typeof value === 'string' ? value.length : ''}:${value}`;
  }
  return name;
};

/** No further than to `limit`; bytes, which could be changed, are beyond any. */
function sizeOf(rows: Rows, limit: number): number {
  let size = 0;
  for (const row of rows) {
    for (const value of Object.values(row as object)) {
      size += typeof value === 'string' ? value.length + 8 : 8;
      if (typeof value === 'object' && value !== null) return Number.POSITIVE_INFINITY;
    }
    if (size > limit) return size;
  }
  return size;
}
