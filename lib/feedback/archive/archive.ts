import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Clock } from '@/lib/clock';
import type { Log } from '@/lib/log';
import {
  acquireLease,
  HEARTBEAT_MS,
  type Lease,
  LeaseLostError,
  ownerName,
  releaseLease,
  writeUnderLease,
} from '@/lib/store/lease';
import type { Store, Write } from '@/lib/store/store';
import type { Downloader } from './download';
import { fetchReport, type Renewal } from './fetch-report';
import { usedBytes } from './figures';
import { inParallel } from './parallel';
import { type Place, PlaceError } from './place';
import type { Places } from './places';
import {
  dueReports,
  fileOf,
  type ReportKey,
  shownSmallBy,
  storedFile,
  troubleOf,
  withoutSmall,
} from './rows';
import { noteTrouble, readRules } from './settings';

/** Whoever puts files away or takes them away alone. */
const ARCHIVE_LEASE = 'archive';
/** Reports fetched at a time. */
export const AT_ONCE = 12;
/** Reports that are looked up at a time. */
const BATCH = 200;
/** So many failures one after the other are about the way there, not about a picture. */
const MOST_FAILURES = 24;

export interface ArchiveDeps {
  readonly db: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly places: Places;
  /** For the pictures of an account; null when it was removed. */
  downloaderOf(accountId: string): Promise<Downloader | null>;
  /** Reads a report again at Apple. */
  renew(key: ReportKey, appId: string, signal: AbortSignal): Promise<Renewal>;
}

/** Why a run ended before its work did, in words for people. */
class Halt extends Error {}

/** Who alone may change files now. */
export interface Turn {
  readonly signal: AbortSignal;
  write(writes: readonly Write[]): Promise<void>;
}

/** Does work while nobody else puts pictures away or takes them away; null when somebody else is at it. */
export async function inTurn<Result>(
  { db, clock }: Pick<ArchiveDeps, 'db' | 'clock'>,
  signal: AbortSignal,
  work: (turn: Turn) => Promise<Result>,
  name = ARCHIVE_LEASE,
): Promise<Result | null> {
  const lease = await acquireLease(db, name, ownerName(), clock.now());
  if (!lease) return null;
  const stop = new AbortController();
  const ended = new AbortController();
  const turn: Turn = {
    signal: AbortSignal.any([signal, stop.signal]),
    write: (writes) => writeUnderLease(db, lease, clock.now(), writes),
  };
  // As many listen as pictures are fetched side by side; that is no leak to warn of.
  setMaxListeners(0, turn.signal);
  const heartbeat = beat({ db, clock }, lease, stop, ended.signal);
  try {
    return await work(turn);
  } finally {
    ended.abort();
    await heartbeat;
    await releaseLease(db, lease);
  }
}

async function beat(
  { db, clock }: Pick<ArchiveDeps, 'db' | 'clock'>,
  lease: Lease,
  stop: AbortController,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(HEARTBEAT_MS, ended).catch(() => undefined);
    if (ended.aborted) return;
    try {
      await writeUnderLease(db, lease, clock.now(), []);
    } catch (error) {
      // A store that is away is asked again at the next beat.
      if (error instanceof LeaseLostError) return stop.abort(error);
    }
  }
}

/**
 * Fetches every picture that is due and makes the small ones. What stands in the way of all of them (a full disk, a
 * bucket that is away, the quota) ends the run and is noted for people; the next one goes on from there.
 */
export async function archiveDue(deps: ArchiveDeps, turn: Turn): Promise<void> {
  const { db, clock, log } = deps;
  try {
    const place = await deps.places.of(deps.places.current);
    if (!place) return;
    await place.tidy();
    await fetchDue(deps, place, turn);
    await makeSmall(deps, place, turn);
    if (!turn.signal.aborted) await noteTrouble(db, null, clock.now());
  } catch (error) {
    if (turn.signal.aborted) return;
    if (!(error instanceof PlaceError || error instanceof Halt)) throw error;
    log.warn({ reason: error.message }, 'Pictures cannot be archived now; trying again.');
    await noteTrouble(db, error.message, clock.now());
  }
}

async function fetchDue(deps: ArchiveDeps, place: Place, { signal, write }: Turn): Promise<void> {
  const { db, clock } = deps;
  const { quotaBytes } = await readRules(db);
  let used = quotaBytes === null ? 0 : await usedBytes(db);
  let failures = 0;
  let renewAfter = 0;
  const run = {
    ...{ db, clock, place, write },
    downloaderOf: deps.downloaderOf,
    doubted: new Set<string>(),
    stored(bytes: number) {
      used += bytes;
    },
    tried(kind: string) {
      failures = kind === 'passing' ? failures + 1 : 0;
    },
    async renew(key: ReportKey, appId: string): Promise<Renewal> {
      const waitMs = renewAfter - clock.now();
      if (waitMs > 0) return { words: NO_REQUESTS, afterMs: waitMs };
      const renewal = await deps.renew(key, appId, signal);
      if (typeof renewal === 'object' && renewal.afterMs) renewAfter = clock.now() + renewal.afterMs;
      return renewal;
    },
  };
  for (;;) {
    const due = await dueReports(db, clock.now(), BATCH);
    if (due.length === 0 || signal.aborted) return;
    await inParallel(due, AT_ONCE, async (key) => {
      if (signal.aborted) return;
      if (quotaBytes !== null && used >= quotaBytes) throw new Halt(OVER_QUOTA);
      if (failures >= MOST_FAILURES) throw new Halt(NOBODY_ANSWERS);
      await fetchReport(run, key, signal);
    });
  }
}

const OVER_QUOTA =
  'The archive has reached its quota. New pictures wait at Apple until there is room, and are lost when their reports are deleted there.';
const NO_REQUESTS = 'App Store Connect takes no more requests for now.';
const NOBODY_ANSWERS = 'The servers of the pictures cannot be reached now.';

/** Small pictures of files that have none; where none can be made, the picture itself is shown. */
async function makeSmall({ db, clock, places }: ArchiveDeps, place: Place, turn: Turn): Promise<void> {
  for (;;) {
    const [file] = await withoutSmall(db, 1);
    if (!file || turn.signal.aborted) return;
    const bytes = await (await places.of(file.place))?.get(file.hash);
    // Noted before it is opened: a picture that ends the process then is not opened again.
    await turn.write([shownSmallBy(file.hash, '')]);
    if (!bytes) continue;
    // Loaded by the process that makes them, when there is one to make.
    const { smallPicture } = await import('./small');
    const small = await smallPicture(bytes);
    if (!small) {
      await turn.write([
        troubleOf(file.hash, 'The picture is damaged, or of a kind that cannot be shown small here.'),
      ]);
      continue;
    }
    if (small.bytes.length >= bytes.length) {
      await turn.write([shownSmallBy(file.hash, file.hash)]);
      continue;
    }
    const hash = createHash('sha256').update(small.bytes).digest('hex');
    try {
      await place.put(hash, small.bytes, 'image/webp');
    } catch (error) {
      // The picture is sound: it is made small again once there is room for it.
      await turn.write([shownSmallBy(file.hash, null)]);
      throw error;
    }
    const { width, height } = small;
    const row = { hash, type: 'image/webp', size: small.bytes.length, width, height, place: place.name };
    const known = await fileOf(db, hash);
    await turn.write([
      storedFile({ ...row, thumbHash: known?.thumbHash || hash, storedAt: clock.now() }),
      shownSmallBy(file.hash, hash),
    ]);
  }
}
