import { randomUUID } from 'node:crypto';
import type { Role } from '@/lib/access/policy';
import { RecipientError } from '@/lib/connectors/mail';
import { ConnectorError } from '@/lib/connectors/types';
import { StaleWriteError } from '@/lib/store/errors';
import { shape } from '@/lib/store/shape';
import { exactly, type Write } from '@/lib/store/store';
import { type Channel, deliver } from '../channels/deliver';
import { failing, working } from '../channels/trouble';
import { connectorRows } from '../connectors/rows';
import type { Ctx } from '../ctx';
import { connectorOf, MAIL } from './channels';
import { asSeen, messageOf, type Words } from './message';
import { quietUntil } from './quiet';
import { quietHoursOf } from './settings';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** For so long nobody else takes on what somebody is sending, ms: longer than any server may take. */
const TURN_MS = 2 * MINUTE_MS;
/** Between two messages to the same place, so that what comes in a burst comes in one, ms. */
const GAP_MS = 2 * MINUTE_MS;
/** How long to wait after each failure, ms; the last one again and again. */
const BACKOFF_MS = [1, 2, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** After so long it is given up, and that is said, ms. */
const GIVEN_UP_MS = 3 * DAY_MS;
/** Nothing waits for longer than a day and what a clock may be wrong by; else the clock was set back, ms. */
const LONGEST_WAIT_MS = 26 * 60 * MINUTE_MS;
const AT_ONCE = 2_000;

interface Sending {
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

/** Sends what is due: to each place one message with everything that is to be told there. */
export async function sendAlerts(ctx: Ctx, signal: AbortSignal): Promise<void> {
  await takeBackInterrupted(ctx);
  const now = ctx.clock.now();
  const rows = await ctx.db.read(due({ now, far: now + LONGEST_WAIT_MS }));
  const lanes = new Map<string, Sending[]>();
  for (const row of rows) lanes.set(row.channel, [...(lanes.get(row.channel) ?? []), row]);
  // A server that hangs holds up its own messages alone.
  await Promise.all([...lanes.values()].map((lane) => sendLane(ctx, lane, signal)));
}

/** What a process was stopped at may have arrived: it is sent once more and says so, and then no more. */
async function takeBackInterrupted({ db, clock }: Ctx): Promise<void> {
  const now = clock.now();
  const interrupted = () =>
    db.build
      .updateTable('alertSendings')
      .where('state', '=', 'sending')
      .where(({ or, eb }) => or([eb('sendingAt', '<=', now - TURN_MS), eb('sendingAt', '>', now + TURN_MS)]));
  await db.write([
    interrupted()
      .set({
        ...{ state: 'failed', doneAt: now },
        trouble: 'Flightdeck was interrupted twice while it was sent. It may have arrived.',
      })
      .where('mayRepeat', '=', 1),
    interrupted().set({ state: 'pending', notBefore: now, mayRepeat: 1 }).where('mayRepeat', '=', 0),
  ]);
}

async function sendLane(ctx: Ctx, lane: readonly Sending[], signal: AbortSignal): Promise<void> {
  // What may be a repeat stays the message it was.
  const messages = new Map<string, Sending[]>();
  for (const row of lane) {
    const key = `${row.recipient} ${row.mayRepeat === 1 ? row.messageId : ''}`;
    messages.set(key, [...(messages.get(key) ?? []), row]);
  }
  for (const rows of messages.values()) {
    if (signal.aborted) return;
    if (!(await sendMessage(ctx, rows))) return;
  }
}

interface Reader {
  readonly channel: Channel;
  /** What the channel is called. */
  readonly name: string;
  /** Null for a channel of the team, where anybody may read. */
  readonly role: Role | null;
}

/** @returns whether the rest of the lane may go on */
async function sendMessage(ctx: Ctx, rows: readonly Sending[]): Promise<boolean> {
  const [first] = rows;
  if (!first) return true;
  const { db, clock } = ctx;
  const now = clock.now();
  const reader = await readerOf(ctx, first);
  if (typeof reader === 'string') {
    await db.write([closed(db, rows, { state: 'failed', trouble: reader, doneAt: now })]);
    return true;
  }
  const quiet = await quietHoursOf(db, first.userId);
  const notBefore = (quiet && quietUntil(quiet, now)) ?? (await gapEnd(ctx, first));
  if (notBefore !== null) {
    await db.write([closed(db, rows, { notBefore })]);
    return true;
  }
  const mayRepeat = first.mayRepeat === 1;
  const messageId = (mayRepeat ? first.messageId : null) ?? randomUUID();
  if (!(await claimed(ctx, rows, messageId))) return true;
  const facts = rows.map((row) => ({
    ...asSeen(JSON.parse(row.words) as Words, reader.role),
    ...{ kind: row.kind, at: row.at },
  }));
  const settings = {
    id: messageId,
    base: ctx.env.NEXTAUTH_URL,
    timeZone: quiet?.timeZone ?? 'UTC',
    mayRepeat,
  };
  try {
    await deliver(ctx, reader.channel, messageOf(settings, facts));
  } catch (error) {
    return noteFailure(ctx, rows, { reader, error });
  }
  const doneAt = clock.now();
  await db.write([
    closed(db, rows, { state: 'sent', doneAt, trouble: null }),
    working(db, first.channel),
    working(db, `${first.channel}/${first.recipient}`),
  ]);
  return true;
}

/** Who reads what is sent to a channel, as they are now; why nobody does, in words. */
async function readerOf({ db }: Ctx, { channel, recipient }: Sending): Promise<Reader | string> {
  const connector = connectorOf(channel);
  if (connector !== null) {
    const row = (await connectorRows(db)).find(({ id }) => id === connector);
    if (!row || row.removedAt !== null || row.takesAlerts !== 1)
      return 'The channel was removed, or takes no alerts any more.';
    return { channel: { kind: 'connector', id: connector }, name: row.name, role: null };
  }
  const user = await db.prisma.user.findUnique({ where: { id: recipient } });
  if (!user || user.disabledAt !== null) return 'The account of the person is closed.';
  return { channel: { kind: 'mail', to: user.email }, name: 'E-mail', role: user.role as Role };
}

/** When the next message may go to a place; null for now. */
async function gapEnd({ db, clock }: Ctx, { recipient, channel }: Sending): Promise<number | null> {
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

const among = (db: Ctx['db'], rows: readonly Sending[]) =>
  db.build.updateTable('alertSendings').where(({ ref }) =>
    db.dialect.among(
      ref('id'),
      rows.map(({ id }) => id),
    ),
  );

const closed = (db: Ctx['db'], rows: readonly Sending[], change: object): Write =>
  among(db, rows).set(change);

/** Takes messages on before anything is sent; of two processes one does. */
async function claimed({ db, clock }: Ctx, rows: readonly Sending[], messageId: string): Promise<boolean> {
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

/** @returns whether the rest of the lane may go on */
async function noteFailure(
  ctx: Ctx,
  rows: readonly Sending[],
  { reader, error }: { reader: Reader; error: unknown },
): Promise<boolean> {
  const { db, clock, log } = ctx;
  const [first] = rows;
  if (!first) return true;
  const now = clock.now();
  const {
    kind,
    message,
    afterMs = 0,
  } = error instanceof ConnectorError
    ? error
    : new ConnectorError('passing', 'It could not be sent, for a reason that stands in the log.');
  if (!(error instanceof ConnectorError)) log.error({ err: error }, 'An alert could not be sent.');
  const isOwn = error instanceof RecipientError;
  const channel = isOwn ? `${MAIL}/${first.recipient}` : first.channel;
  const isSecondDoubt = kind === 'unsure' && first.mayRepeat === 1;
  const isGivenUp = isSecondDoubt || now - first.createdAt > GIVEN_UP_MS;
  const backoff = BACKOFF_MS[Math.min(first.attempts, BACKOFF_MS.length - 1)] ?? MINUTE_MS;
  const trouble = isSecondDoubt ? `${message} It may have arrived, and is not sent a third time.` : message;
  await db.write([
    closed(
      db,
      rows,
      isGivenUp
        ? { state: 'failed', trouble, doneAt: now }
        : {
            ...{ state: 'pending', trouble, notBefore: now + Math.max(backoff, afterMs) },
            ...(kind === 'unsure' ? { mayRepeat: 1 } : {}),
          },
    ),
    ...(await failing(
      ctx,
      { channel, name: isOwn ? 'E-mail to you' : reader.name, trouble: message },
      isOwn ? first.recipient : undefined,
    )),
  ]);
  return isOwn;
}

/** Has everything that waits for a channel tried at once. */
export async function tryAgain({ db, clock }: Pick<Ctx, 'db' | 'clock'>, channel: string): Promise<void> {
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
