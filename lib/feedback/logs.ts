import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { TeamRules } from '@/lib/crash/in-app';
import type { OwnNames } from '@/lib/crash/own-names';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import { exactly, type Store } from '@/lib/store/store';
import { movingReports } from './counts';
import { type Grouped, groupingWrites } from './grouping';
import { unzippedNames } from './names';
import { readLog } from './reading';

/** Longer logs are neither read nor kept, bytes. */
export const MOST_LOG_BYTES = 10 * 1024 * 1024;
/** Whoever asks for a log has so long to say what came of it, ms; then another may ask. */
export const CLAIM_MS = 180_000;
/** How long to wait after each refusal that may pass, ms; the last one from then on. */
const WAITS_MS = [5, 30, 120, 480, 1_440].map((minutes) => minutes * 60_000);
/** After so many refusals it is left to people to try again. */
const MOST_TRIES = 10;

/** A report whose log is being asked for, by whoever holds this. */
export interface ClaimedLog extends Grouped {
  readonly createdDate: string | null;
  readonly logTries: number;
  /** What tells this claim from a later one. */
  readonly logAskedAt: number;
}

const COLUMNS = [
  ...(['accountId', 'appId', 'id', 'issueHash', 'variantHash', 'isPlaced', 'createdDate'] as const),
  ...(['issueId', 'logTries', 'logAskedAt'] as const),
] as const;

const claims = shape((build, given: { accountId: string; now: number; until: number }, { skipLocked }) =>
  build
    .updateTable('feedback')
    .set({ logAskedAt: given.now, logAfter: given.until })
    .where('accountId', '=', given.accountId)
    .where('logState', '=', 'wanted')
    .where(({ or, eb }) => or([eb('logAfter', 'is', null), eb('logAfter', '<=', given.now)]))
    // One value, not a list: PostgreSQL may ask for a list again for each row, and would claim as many.
    .where('id', '=', (eb) =>
      skipLocked(
        eb
          .selectFrom('feedback as f')
          .select('f.id')
          .where('f.accountId', '=', given.accountId)
          .where('f.logState', '=', 'wanted')
          .where('f.issueId', 'is not', null)
          .where((is) => is.or([is('f.logAfter', 'is', null), is('f.logAfter', '<=', given.now)]))
          .orderBy('f.createdDate', (by) => by.desc().nullsLast())
          .limit(1),
      ),
    )
    .returning(COLUMNS),
);

/** Claims the newest log that is wanted and may be asked for now; null when there is none. */
export async function claimNextLog(db: Store, accountId: string, now: number): Promise<ClaimedLog | null> {
  return claimOf(await db.change(claims({ accountId, now, until: now + CLAIM_MS })));
}

const claimsOne = shape((build, given: { accountId: string; id: string; now: number; until: number }) =>
  build
    .updateTable('feedback')
    .set({ logAskedAt: given.now, logAfter: given.until })
    .where('accountId', '=', given.accountId)
    .where('id', '=', given.id)
    .where('issueId', 'is not', null)
    .where('logState', 'in', ['wanted', 'failed', 'absent'])
    // While another one's claim stands. What only waits for its turn may be asked for out of turn.
    .where(({ or, eb }) =>
      or([
        eb('logAskedAt', 'is', null),
        eb('logAfter', 'is', null),
        eb('logAfter', '<=', given.now),
        eb('logTrouble', 'is not', null),
      ]),
    )
    .returning(COLUMNS),
);

/** Claims one log out of turn; null when another is asking for it, or it is here. */
export async function claimLog(
  db: Store,
  { accountId, id }: { accountId: string; id: string },
  now: number,
): Promise<ClaimedLog | null> {
  return claimOf(await db.change(claimsOne({ accountId, id, now, until: now + CLAIM_MS })));
}

type Row = Omit<ClaimedLog, 'issueId' | 'logAskedAt'> & { issueId: string | null; logAskedAt: number | null };

function claimOf([row]: readonly Row[]): ClaimedLog | null {
  if (!row || row.issueId === null || row.logAskedAt === null) return null;
  return { ...row, issueId: row.issueId, logAskedAt: row.logAskedAt };
}

const settled = shape(
  (
    build,
    given: Pick<ClaimedLog, 'accountId' | 'id' | 'logAskedAt'> & {
      state: string;
      logAfter: number | null;
      tries: number;
      trouble: string | null;
    },
  ) =>
    build
      .updateTable('feedback')
      .set({
        logState: given.state,
        logAfter: given.logAfter,
        logTries: given.tries,
        logTrouble: given.trouble,
      })
      .where('accountId', '=', given.accountId)
      .where('id', '=', given.id)
      .where('logAskedAt', '=', given.logAskedAt)
      .where('logState', '<>', 'stored'),
);

const kept = shape(
  (build, given: { accountId: string; feedbackId: string; bytes: Buffer; size: number; storedAt: number }) =>
    build
      .insertInto('crashLogs')
      .values({
        accountId: given.accountId,
        feedbackId: given.feedbackId,
        bytes: given.bytes,
        size: given.size,
        storedAt: given.storedAt,
      })
      .onConflict((conflict) => conflict.columns(['accountId', 'feedbackId']).doNothing()),
);

/**
 * Keeps a log with everything that it says of its report, all or nothing. Gives false when another process has dealt
 * with the report meanwhile, or the log is too large; then nothing is kept of it.
 */
export async function storeLog(
  db: Store,
  claim: ClaimedLog,
  text: string,
  { now, team }: { now: number; team: TeamRules },
): Promise<boolean> {
  const { accountId, id, logAskedAt } = claim;
  const plain = Buffer.from(text, 'utf8');
  const state = { accountId, id, logAskedAt, logAfter: null, tries: claim.logTries };
  if (plain.length > MOST_LOG_BYTES) {
    await logSettled(db, claim, 'failed', tooLarge(plain.length));
    return false;
  }
  const bytes = await promisify(gzip)(plain);
  const reading = readLog(text, team);
  const moves = await groupingWrites(db, accountId, [{ report: claim, reading }], now);
  try {
    await movingReports(db, accountId, [
      exactly(1, settled({ ...state, state: 'stored', trouble: null })),
      kept({ accountId, feedbackId: id, bytes, size: plain.length, storedAt: now }),
      ...moves,
      // Whoever looks at the report sees its log come.
      ...announced('feedback', [id], now),
    ]);
    return true;
  } catch (error) {
    if (error instanceof StaleWriteError) return false;
    throw error;
  }
}

/** What a person reads of a log that is not kept because of its size. */
export const tooLarge = (bytes: number | null): string =>
  `${bytes === null ? 'The log is' : `The log has ${Math.ceil(bytes / 1024 / 1024)} MB, which is`} more than the ${MOST_LOG_BYTES / 1024 / 1024} MB that Flightdeck reads.`;

/** Apple has no log of this crash, or none that is read here: it is not asked for again by itself. */
export async function logSettled(
  db: Store,
  claim: ClaimedLog,
  state: 'absent' | 'failed',
  trouble: string,
): Promise<void> {
  const { accountId, id, logAskedAt, logTries: tries } = claim;
  await db.write([
    settled({ accountId, id, logAskedAt, state, logAfter: null, tries, trouble }),
    ...announced('feedback', [id], logAskedAt),
  ]);
}

/** It could not be had now: it is asked for again, each time later. */
export function logPutOff(db: Store, claim: ClaimedLog, trouble: string, now: number): Promise<void> {
  const { accountId, id, logAskedAt } = claim;
  const tries = claim.logTries + 1;
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0;
  const isOver = tries >= MOST_TRIES;
  const state = isOver ? 'failed' : 'wanted';
  const logAfter = isOver ? null : now + wait;
  return settle(db, settled({ accountId, id, logAskedAt, state, logAfter, tries, trouble }));
}

/**
 * It was not asked for after all, or not to the end, for reasons that are not its own.
 * @param after until then others have their turn first, ms since 1970
 */
export function logGivenBack(db: Store, claim: ClaimedLog, after: number | null = null): Promise<void> {
  const { accountId, id, logAskedAt, logTries } = claim;
  const state = { state: 'wanted', logAfter: after, tries: logTries, trouble: null };
  return settle(db, settled({ accountId, id, logAskedAt, ...state }));
}

async function settle(db: Store, write: ReturnType<typeof settled>): Promise<void> {
  await db.write([write]);
}

/** A log that is here, as text; null when it is not. */
export async function keptLog(
  db: Store,
  { accountId, id }: { accountId: string; id: string },
): Promise<{ text: string; names: OwnNames | null; storedAt: number; size: number } | null> {
  const [row] = await db.read(keptLogs({ accountId, id }));
  if (!row) return null;
  const { bytes, symbols, storedAt, size } = row;
  const names = symbols === null ? null : await unzippedNames(symbols);
  return { text: await unzipped(bytes), names, storedAt, size };
}

const keptLogs = shape((build, given: { accountId: string; id: string }) =>
  build
    .selectFrom('crashLogs')
    .select(['bytes', 'symbols', 'storedAt', 'size'])
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.id),
);

/** The text of a log as it is kept. */
export async function unzipped(bytes: Uint8Array): Promise<string> {
  return (await promisify(gunzip)(bytes, { maxOutputLength: MOST_LOG_BYTES })).toString('utf8');
}

/** How many logs of accounts are still to be asked for, and how many of them wait because they were refused. */
export async function logBacklog(
  db: Store,
  accountIds: readonly string[],
): Promise<{ accountId: string; wanted: number; putOff: number }[]> {
  return db.read(backlog({ accountIds }));
}

const backlog = shape((build, given: { accountIds: readonly string[] }, { among }) =>
  build
    .selectFrom('feedback')
    .select(({ fn, eb, ref }) => [
      ref('accountId').as('accountId'),
      fn.countAll<number>().as('wanted'),
      fn.count<number>(eb.case().when('logTries', '>', 0).then(1).end()).as('putOff'),
    ])
    .where('logState', '=', 'wanted')
    .where(({ ref }) => among(ref('accountId'), given.accountIds))
    .groupBy('accountId'),
);
