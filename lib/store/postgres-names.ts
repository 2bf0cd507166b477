import { createHash } from 'node:crypto';
import { codeOf } from './errors';
import type { Statement } from './store';

/** The most statements that a connection keeps; what comes later is understood anew each time. */
const MOST_NAMES = 500;

export type Names = ReturnType<typeof statementNames>;

/**
 * Names by which the server keeps what it made of a statement, so that it understands and plans it once per connection.
 * A name tells the text: behind a pooler that shares connections it never means another statement.
 */
export function statementNames() {
  const names = new Map<string, string>();
  let isOff = false;
  const nameOf = (sql: string): string | undefined => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST_NAMES) return known;
    const name = `flightdeck_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    names.set(sql, name);
    return name;
  };
  return {
    /** What the driver is asked. */
    asked({ sql, params, isKept }: Statement) {
      const name = isKept && !isOff ? nameOf(sql) : undefined;
      return { ...(name === undefined ? {} : { name }), text: sql, values: [...params] };
    },
    /** Whether an error came of a name, for the first time; none is given from then on, so the same may be asked again. */
    turnedOffBy(error: unknown): boolean {
      if (!isOfName(error)) return false;
      isOff = true;
      return true;
    },
  };
}

/**
 * A pooler gave another connection than the one that knows the name (or knows it already), or a newer version changed
 * the table that a kept statement reads.
 */
const isOfName = (error: unknown) =>
  /^(26000|42P05)$/.test(codeOf(error)) ||
  (codeOf(error) === '0A000' && /cached plan/.test((error as Error).message));
