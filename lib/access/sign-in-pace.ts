import { DatabaseUnavailableError, StaleWriteError } from '@/lib/store/database';
import { shape } from '@/lib/store/shape';
import { exactly, type Store, type Write } from '@/lib/store/store';

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
/** More than the column holds are never reached. */
const MOST_POINTS = 2 ** 31 - 1;
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
  db: Store,
  paces: readonly Pace[],
  now: number,
): Promise<{ retryAt: number } | null> {
  try {
    // In one order, so that two tries wait for each other at the first pace they share.
    const inOrder = paces.toSorted((one, other) => (one.key < other.key ? -1 : 1));
    await db.write(inOrder.map((pace) => takeStatement(pace, now)));
    return takeHere(paces, now, false);
  } catch (error) {
    // A full disk must not shut people out; until there is room this process counts by itself.
    if (error instanceof DatabaseUnavailableError) return takeHere(paces, now, true);
    if (!(error instanceof StaleWriteError)) throw error;
  }
  const [last] = await db.read(latest({ keys: paces.map(({ key }) => key) }));
  return { retryAt: Math.max(now + 1, last?.expiresAt ?? now + PAUSE_MS) };
}

const latest = shape((build, given: { keys: readonly string[] }, dialect) =>
  build
    .selectFrom('loginLimits')
    .select('expiresAt')
    .where(({ ref }) => dialect.among(ref('key'), given.keys))
    .where('expiresAt', 'is not', null)
    .orderBy('expiresAt', 'desc')
    .limit(1),
);
const forgotten = shape((build, given: { key: string; before: number }) =>
  build
    .deleteFrom('loginLimits')
    .where(({ eb, or }) => or([eb('key', '=', given.key), eb('expiresAt', '<', given.before)])),
);
const eased = shape((build, given: { key: string; now: number }) =>
  build
    .updateTable('loginLimits')
    .set(({ eb, lit, ref, val }) => ({
      points: eb
        .case()
        .when('points', '>', 1)
        .then(eb('points', '-', lit(1)))
        .else(lit(0))
        .end(),
      expiresAt: eb
        .case()
        .when('expiresAt', '>', given.now)
        .then(val(given.now))
        .else(ref('expiresAt'))
        .end(),
    }))
    .where('key', '=', given.key),
);

/** The writes after a right password: the person's tries are forgiven, and what is long past is dropped. */
export function forgiveTries(paces: readonly Pace[], now: number): Write[] {
  for (const { key } of paces) here.delete(key);
  const [own = '', ...shared] = paces.map(({ key }) => key);
  return [
    forgotten({ key: own, before: now - FORGET_MS }),
    ...shared.toSorted().map((key) => eased({ key, now })),
  ];
}

interface Take {
  readonly key: string;
  readonly now: number;
  /** What was taken before this instant is forgotten. */
  readonly forgotten: number;
  /** Up to so many there is no pause, and up to so many a short one. */
  readonly free: number;
  readonly patient: number;
  readonly soon: number;
  readonly late: number;
}

// One statement, so that two tries at the same moment cannot both take the same turn.
const taken = shape((build, given: Take) =>
  build
    .insertInto('loginLimits')
    .values({ key: given.key, points: 1, expiresAt: given.now })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet(({ eb, lit, or, ref }) => {
          const isForgotten = eb('loginLimits.expiresAt', '<', given.forgotten);
          const next = eb('loginLimits.points', '+', lit(1));
          return {
            points: eb.case().when(isForgotten).then(lit(1)).else(next).end(),
            expiresAt: eb
              .case()
              .when(or([isForgotten, eb(next, '<', given.free)]))
              .then(ref('excluded.expiresAt'))
              .when(next, '<', given.patient)
              .then(given.soon)
              .else(given.late)
              .end(),
          };
        })
        .where('loginLimits.expiresAt', '<=', given.now),
    ),
);

function takeStatement({ key, free }: Pace, now: number): Write {
  return exactly(
    1,
    taken({
      ...{ key, free, now, forgotten: now - FORGET_MS },
      patient: key.startsWith('device:') ? MOST_POINTS : PATIENT,
      soon: now + PAUSE_MS,
      late: now + LONG_PAUSE_MS,
    }),
  );
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
