import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

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
  db: Store,
  limits: readonly Limit[],
  now: number,
): Promise<{ retryAt: number } | null> {
  for (const limit of limits) {
    const [changes] = await db.write([consumed({ ...limit, until: now + limit.windowMs, now })]);
    if (changes === 1) continue;
    const [row] = await db.read(limited({ key: limit.key }));
    return { retryAt: row?.expiresAt ?? now + limit.windowMs };
  }
  return null;
}

/** Forgives the tries of a key and drops what has run out. */
export function forgiveStatements(key: string, now: number): Write[] {
  return [forgiven({ key, before: now - QUARTER })];
}

const forgiven = shape((build, given: { key: string; before: number }) =>
  build
    .deleteFrom('loginLimits')
    .where(({ eb, or }) => or([eb('key', '=', given.key), eb('expiresAt', '<', given.before)])),
);

const limited = shape((build, given: { key: string }) =>
  build.selectFrom('loginLimits').select('expiresAt').where('key', '=', given.key),
);

// One statement, so that two tries at the same moment cannot both take the last point.
const consumed = shape((build, given: Omit<Limit, 'windowMs'> & { until: number; now: number }) =>
  build
    .insertInto('loginLimits')
    .values({ key: given.key, points: 1, expiresAt: given.until })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet(({ eb, ref, lit }) => {
          const isOver = eb('loginLimits.expiresAt', '<=', given.now);
          return {
            points: eb
              .case()
              .when(isOver)
              .then(lit(1))
              .else(eb('loginLimits.points', '+', lit(1)))
              .end(),
            expiresAt: eb
              .case()
              .when(isOver)
              .then(ref('excluded.expiresAt'))
              .else(ref('loginLimits.expiresAt'))
              .end(),
          };
        })
        .where(({ eb, or }) =>
          or([eb('loginLimits.points', '<', given.points), eb('loginLimits.expiresAt', '<=', given.now)]),
        ),
    ),
);

/** The caller's address: the last hop of `x-forwarded-for` when a proxy is trusted, else unknown (null). */
export function callerAddress(headers: Headers, isProxyTrusted: boolean): string | null {
  if (!isProxyTrusted) return null;
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last === undefined || last === '' ? null : last.slice(0, 64);
}
