import { LRUCache } from 'lru-cache';
import { isRepeatable, memory } from './memory';
import type { Statement } from './store';

/** What takes less is asked each time, ms. */
const DEAR_MS = 2;
/** And so is what takes less than this many times the question whether it may have changed: a slow line is no dear answer. */
const DEAR_TIMES = 3;
/** What has changed so often in a row is asked at once again, until it is found dear anew. */
const MOST_MISSES = 8;

/**
 * Which transactions have ended, as every statement of this instant sees them: two that are alike see the same data, in all
 * sessions of the server.
 */
const VERSION: Statement = {
  sql: 'SELECT pg_current_snapshot()::text AS version',
  params: [],
  isKept: true,
};

type Ask = <Row>(statement: Statement) => Promise<Row[]>;

/** Reads that give again what the server said to a dear statement while no transaction has ended since. */
export function rememberingReads(ask: Ask): Ask {
  const { recall, keep } = memory();
  const dear = new LRUCache<string, { misses: number }>({ max: 500 });
  let next: Promise<string> | undefined;
  let versionMs = 0;
  // One question for all that begin in the same turn: it is sent after every one of them has begun.
  const version = () => {
    next ??= Promise.resolve().then(async () => {
      next = undefined;
      const from = performance.now();
      const [row] = await ask<{ version: string }>(VERSION);
      versionMs = performance.now() - from;
      return row?.version ?? '';
    });
    return next;
  };
  return async <Row>(statement: Statement) => {
    const known = dear.get(statement.sql);
    if (!known) {
      const from = performance.now();
      const rows = await ask<Row>(statement);
      const ms = performance.now() - from;
      if (ms >= Math.max(DEAR_MS, DEAR_TIMES * versionMs) && isRepeatable(statement))
        dear.set(statement.sql, { misses: 0 });
      return rows;
    }
    const now = await version();
    const kept = recall<Row>(now, statement);
    known.misses = kept ? 0 : known.misses + 1;
    if (kept) return kept;
    if (known.misses >= MOST_MISSES) dear.delete(statement.sql);
    const rows = await ask<Row>(statement);
    keep(now, statement, rows);
    return rows;
  };
}
