import type { Database, Statement } from '@/lib/store/database';

/** How many tries a key has in a window. */
export interface Limit {
  readonly key: string;
  readonly points: number;
  /** ms */
  readonly windowMs: number;
}

const QUARTER = 15 * 60_000;

/** The limit of the first-run page. */
export const SETUP_LIMIT: Limit = { key: 'setup', points: 10, windowMs: QUARTER };

/**
 * Uses up one try of each limit; when one has none left, answers the instant (ms) at which there is one again.
 * Kept in the database, so that a restart or a second process forgives nothing.
 */
export async function consume(
  db: Database,
  limits: readonly Limit[],
  now: number,
): Promise<{ retryAt: number } | null> {
  for (const limit of limits) {
    const [changes] = await db.write([consumeStatement(limit, now)]);
    if (changes === 1) continue;
    const row = (
      await db.query<{ expiresAt: number }>('SELECT expiresAt FROM loginLimits WHERE key = ?', [limit.key])
    )[0];
    return { retryAt: row?.expiresAt ?? now + limit.windowMs };
  }
  return null;
}

/** Forgives the tries of a key and drops what has run out. */
export function forgiveStatements(key: string, now: number): Statement[] {
  return [{ sql: 'DELETE FROM loginLimits WHERE key = ? OR expiresAt < ?', params: [key, now - QUARTER] }];
}

// One statement, so that two tries at the same moment cannot both take the last point.
function consumeStatement(limit: Limit, now: number): Statement {
  return {
    sql: `INSERT INTO loginLimits (key, points, expiresAt) VALUES (?, 1, ?)
          ON CONFLICT (key) DO UPDATE SET
            points = CASE WHEN expiresAt <= ? THEN 1 ELSE points + 1 END,
            expiresAt = CASE WHEN expiresAt <= ? THEN excluded.expiresAt ELSE expiresAt END
          WHERE points < ? OR expiresAt <= ?`,
    params: [limit.key, now + limit.windowMs, now, now, limit.points, now],
  };
}

/** The caller's address: the last hop of `x-forwarded-for` when a proxy is trusted, else unknown (null). */
export function callerAddress(headers: Headers, isProxyTrusted: boolean): string | null {
  if (!isProxyTrusted) return null;
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last === undefined || last === '' ? null : last.slice(0, 64);
}
