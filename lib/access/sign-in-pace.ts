import {
  type Database,
  DatabaseUnavailableError,
  StaleWriteError,
  type Statement,
} from '@/lib/store/database';

/**
 * How fast tries of one kind are verified: some at once, then one at a time with a pause between them. A pause rather
 * than a lock, so that whoever has the right password gets in, whatever strangers do.
 */
export interface Pace {
  readonly key: string;
  /** Tries without a pause. */
  readonly free: number;
}

/** Between two tries beyond the free ones, ms. */
const PAUSE_MS = 5_000;
/** After this many, strangers are at work in earnest: the pause grows to a minute, but for known devices. */
const PATIENT = 60;
const LONG_PAUSE_MS = 60_000;
/** After such a silence everything begins anew, ms. */
const FORGET_MS = 15 * 60_000;

/**
 * What one try of signing in counts against. A device where this person has signed in before has a pace of its own,
 * which strangers cannot use up; without a trusted proxy all other addresses are one, so that forged ones gain nothing.
 */
export function signInPaces(email: string, address: string | null, device: string | null): Pace[] {
  if (device !== null) return [{ key: `device:${device}`, free: 5 }];
  return [
    personPace(email),
    address === null ? { key: 'pace-of-all', free: 6 } : { key: `pace-at:${address}`, free: 20 },
  ];
}

/** The pace of one person's tries from devices that are not known. */
export function personPace(email: string): Pace {
  return { key: `pace:${email}`, free: 3 };
}

/** Takes one try of each pace, or none of them; then answers the instant (ms) at which there is one again. */
export async function takeTry(
  db: Database,
  paces: readonly Pace[],
  now: number,
): Promise<{ retryAt: number } | null> {
  try {
    await db.write(paces.map((pace) => takeStatement(pace, now)));
    return takeHere(paces, now, false);
  } catch (error) {
    // A full disk must not shut people out; until there is room this process counts by itself.
    if (error instanceof DatabaseUnavailableError) return takeHere(paces, now, true);
    if (!(error instanceof StaleWriteError)) throw error;
  }
  const rows = await db.query<{ at: number | null }>(
    'SELECT max(expiresAt) AS at FROM loginLimits WHERE key IN (SELECT value FROM json_each(?))',
    [JSON.stringify(paces.map(({ key }) => key))],
  );
  return { retryAt: Math.max(now + 1, rows[0]?.at ?? now + PAUSE_MS) };
}

/** The statements after a right password: the person's tries are forgiven, and what is long past is dropped. */
export function forgiveTries(paces: readonly Pace[], now: number): Statement[] {
  for (const { key } of paces) here.delete(key);
  const [own, ...shared] = paces.map(({ key }) => key);
  return [
    {
      sql: 'DELETE FROM loginLimits WHERE key = ? OR expiresAt < ?',
      params: [own ?? '', now - FORGET_MS],
    },
    ...shared.map((key) => ({
      sql: 'UPDATE loginLimits SET points = max(points - 1, 0), expiresAt = min(expiresAt, ?) WHERE key = ?',
      params: [now, key],
    })),
  ];
}

// One statement, so that two tries at the same moment cannot both take the same turn.
function takeStatement({ key, free }: Pace, now: number): Statement {
  const isLong = key.startsWith('device:') ? Number.MAX_SAFE_INTEGER : PATIENT;
  return {
    sql: `INSERT INTO loginLimits (key, points, expiresAt) VALUES (?, 1, ?)
          ON CONFLICT (key) DO UPDATE SET
            points = CASE WHEN expiresAt < ? THEN 1 ELSE points + 1 END,
            expiresAt = CASE WHEN expiresAt < ? OR points + 1 < ? THEN ?
              WHEN points + 1 < ? THEN ? ELSE ? END
          WHERE expiresAt <= ?`,
    params: [
      key,
      now,
      now - FORGET_MS,
      now - FORGET_MS,
      free,
      now,
      isLong,
      now + PAUSE_MS,
      now + LONG_PAUSE_MS,
      now,
    ],
    expectChanges: 1,
  };
}

/** The same in the memory of this process; `counts` while the store cannot. */
function takeHere(paces: readonly Pace[], now: number, counts: boolean): { retryAt: number } | null {
  const rows = paces.map((pace) => ({ pace, row: here.get(pace.key) ?? { points: 0, at: now } }));
  const retryAt = Math.max(...rows.map(({ row }) => row.at));
  if (counts && retryAt > now) return { retryAt };
  if (here.size > 10_000) here.clear();
  for (const { pace, row } of rows) {
    const points = now - row.at > FORGET_MS ? 1 : row.points + 1;
    here.set(pace.key, { points, at: points < pace.free ? now : now + PAUSE_MS });
  }
  return null;
}

// Next loads route files in several bundles; what this process has counted must still be one.
const inProcess = globalThis as typeof globalThis & {
  flightdeckTries?: Map<string, { points: number; at: number }>;
};
inProcess.flightdeckTries ??= new Map();
const here = inProcess.flightdeckTries;
