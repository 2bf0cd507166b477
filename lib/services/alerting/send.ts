import { randomUUID } from 'node:crypto';
import type { Role } from '@/lib/access/policy';
import { RecipientError } from '@/lib/connectors/mail';
import { ConnectorError } from '@/lib/connectors/types';
import { type Channel, deliver } from '../channels/deliver';
import { failing, working } from '../channels/trouble';
import { connectorRows } from '../connectors/rows';
import type { Ctx } from '../ctx';
import { connectorOf, MAIL } from './channels';
import { asSeen, messageOf, type Words } from './message';
import { outOfQuietHours } from './owners';
import {
  claimed,
  closed,
  dueSendings,
  GIVEN_UP_MS,
  gapEnd,
  type Sending,
  takeBackInterrupted,
} from './sending-rows';

const MINUTE_MS = 60_000;
/** How long to wait after each failure, ms; the last one again and again. */
const BACKOFF_MS = [1, 2, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** Sends what is due: to each place one message with everything that is to be told there. */
export async function sendAlerts(ctx: Ctx, signal: AbortSignal): Promise<void> {
  await takeBackInterrupted(ctx);
  const rows = await dueSendings(ctx);
  const lanes = new Map<string, Sending[]>();
  for (const row of rows) lanes.set(row.channel, [...(lanes.get(row.channel) ?? []), row]);
  // A server that hangs holds up its own messages alone.
  await Promise.all([...lanes.values()].map((lane) => sendLane(ctx, lane, signal)));
}

async function sendLane(ctx: Ctx, lane: readonly Sending[], signal: AbortSignal): Promise<void> {
  // What may be a repeat stays the message it was.
  const messages = new Map<string, Sending[]>();
  for (const row of lane) {
    const key = `${row.recipient} ${row.mayRepeat === 1 ? row.messageId : ''}`;
    messages.set(key, [...(messages.get(key) ?? []), row]);
  }
  const queue = [...messages.values()];
  for (let rows = queue.shift(); rows !== undefined; rows = queue.shift()) {
    if (signal.aborted) return;
    if (await sendMessage(ctx, rows)) continue;
    // What serves nobody now is left in peace for a while.
    if (queue.length > 0)
      await ctx.db.write([closed(ctx.db, queue.flat(), { notBefore: ctx.clock.now() + MINUTE_MS })]);
    return;
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
async function sendMessage(ctx: Ctx, given: readonly Sending[]): Promise<boolean> {
  const [first] = given;
  if (!first) return true;
  const { db, clock } = ctx;
  const now = clock.now();
  const reader = await readerOf(ctx, first);
  if (typeof reader === 'string') {
    await db.write([closed(db, given, { state: 'failed', trouble: reader, doneAt: now })]);
    return true;
  }
  const mayRepeat = first.mayRepeat === 1;
  // A repeat stays the message it was.
  const { rows, timeZone } = await outOfQuietHours(ctx, given, { isWhole: mayRepeat });
  if (rows.length === 0) return true;
  const notBefore = await gapEnd(ctx, first);
  if (notBefore !== null) {
    await db.write([closed(db, rows, { notBefore })]);
    return true;
  }
  const messageId = (mayRepeat ? first.messageId : null) ?? randomUUID();
  if (!(await claimed(ctx, rows, messageId))) return true;
  const facts = rows.map((row) => ({
    ...asSeen(JSON.parse(row.words) as Words, reader.role),
    ...{ kind: row.kind, at: row.at },
  }));
  const settings = { id: messageId, base: ctx.env.NEXTAUTH_URL, timeZone, mayRepeat };
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
