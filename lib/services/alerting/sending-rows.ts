import { StaleWriteError } from '@/lib/store/errors';
import { shape } from '@/lib/store/shape';
import { exactly, type Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';

type Parts = Pick<Ctx, 'db' | 'clock'>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** For so long nobody else takes on what somebody is sending, ms: longer than any server may take. */
const TURN_MS = 2 * MINUTE_MS;
/** Between two messages to the same place, so that what comes in a burst comes in one, ms. */
const GAP_MS = 2 * MINUTE_MS;
/** After so long it is given up, and that is said, ms. */
export const GIVEN_UP_MS = 3 * DAY_MS;
/** Nothing waits for longer than a day and what a clock may be wrong by; else the clock was set back, ms. */
const LONGEST_WAIT_MS = 26 * 60 * MINUTE_MS;
const AT_ONCE = 2_000;

/** A fact that is to be told, as it is kept. */
export interface Sending {
  readonly id: string;
  readonly userId: string;
  readonly recipient: string;
  readonly channel: string;
  readonly kind: string;
  readonly words: string;
  readonly at: number;
  readonly messageId: string | null;
  readonly attempts: number;
  readonly mayRepeat: number;
  readonly createdAt: number;
}

const due = shape((build, given: { now: number; far: number }) =>
  build
    .selectFrom('alertSendings')
    .select([
      'id',
      'userId',
      'recipient',
      'channel',
      'kind',
      'words',
      'at',
      'messageId',
      'attempts',
      'mayRepeat',
    ])
    .select('createdAt')
    .where('state', '=', 'pending')
    .where(({ or, eb }) => or([eb('notBefore', '<=', given.now), eb('notBefore', '>', given.far)]))
    .orderBy('at')
    .orderBy('id')
    .limit(AT_ONCE)
    .$castTo<Sending>(),
);

/** What is due, the oldest first. */
export function dueSendings({ db, clock }: Parts): Promise<readonly Sending[]> {
  const now = clock.now();
  return db.read(due({ now, far: now + LONGEST_WAIT_MS }));
}

const cutOff = shape((build, given: { before: number; after: number }) =>
  build
    .selectFrom('alertSendings')
    .select(['id', 'mayRepeat'])
    .where('state', '=', 'sending')
    .where(({ or, eb }) => or([eb('sendingAt', '<=', given.before), eb('sendingAt', '>', given.after)]))
    .limit(AT_ONCE),
);

/** What a process was stopped at may have arrived: it is sent once more and says so, and then no more. */
export async function takeBackInterrupted({ db, clock }: Parts): Promise<void> {
  const now = clock.now();
  const rows = await db.read(cutOff({ before: now - TURN_MS, after: now + TURN_MS }));
  if (rows.length === 0) return;
  const those = (mayRepeat: number) =>
    among(
      db,
      rows.filter((row) => row.mayRepeat === mayRepeat),
    ).where('state', '=', 'sending');
  await db.write([
    those(1).set({
      ...{ state: 'failed', doneAt: now },
      trouble: 'Flightdeck was interrupted twice while it was sent. It may have arrived.',
    }),
    those(0).set({ state: 'pending', notBefore: now, mayRepeat: 1 }),
  ]);
}

/** When the next message may go to a place; null for now. */
export async function gapEnd({ db, clock }: Parts, { recipient, channel }: Sending): Promise<number | null> {
  const now = clock.now();
  const [last] = await db.read(
    db.build
      .selectFrom('alertSendings')
      .select(({ fn }) => fn.max<number | null>('doneAt').as('at'))
      .where('recipient', '=', recipient)
      .where('channel', '=', channel)
      .where('state', '=', 'sent')
      .where('doneAt', '>', now - GAP_MS)
      .where('doneAt', '<=', now),
  );
  return last?.at == null ? null : last.at + GAP_MS;
}

const among = (db: Ctx['db'], rows: readonly { readonly id: string }[]) =>
  db.build.updateTable('alertSendings').where(({ ref }) =>
    db.dialect.among(
      ref('id'),
      rows.map(({ id }) => id),
    ),
  );

/** The write that changes all of these. */
export const closed = (db: Ctx['db'], rows: readonly Sending[], change: object): Write =>
  among(db, rows).set(change);

/** Takes messages on before anything is sent; of two processes one does. */
export async function claimed(
  { db, clock }: Parts,
  rows: readonly Sending[],
  messageId: string,
): Promise<boolean> {
  const taken = among(db, rows)
    .set(({ eb }) => ({
      ...{ state: 'sending', messageId, sendingAt: clock.now() },
      attempts: eb('attempts', '+', 1),
    }))
    .where('state', '=', 'pending');
  try {
    await db.write([exactly(rows.length, taken)]);
    return true;
  } catch (error) {
    if (error instanceof StaleWriteError) return false;
    throw error;
  }
}

/** Has everything that waits for a channel tried at once. */
export async function tryAgain({ db, clock }: Parts, channel: string): Promise<void> {
  const now = clock.now();
  await db.write([
    db.build
      .updateTable('alertSendings')
      .set({ state: 'pending', notBefore: now, doneAt: null })
      .where('channel', '=', channel)
      .where('createdAt', '>', now - GIVEN_UP_MS)
      .where('state', 'in', ['pending', 'failed'])
      // What may have arrived is not sent a third time.
      .where(({ or, eb }) => or([eb('state', '=', 'pending'), eb('mayRepeat', '=', 0)])),
  ]);
}
