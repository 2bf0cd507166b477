import { maskEmails } from '@/lib/access/mask';
import type { Role } from '@/lib/access/policy';
import { ConnectorError } from '@/lib/connectors/types';
import { StaleWriteError } from '@/lib/store/errors';
import { exactly } from '@/lib/store/store';
import { hasMailServer, sendMail } from '../channels/mail-server';
import { failing, working } from '../channels/trouble';
import type { Ctx } from '../ctx';
import { dueSlot, LATEST_MS } from './due';
import { type MadeDigest, makeDigest } from './make';

/** Longer than any mail takes: whoever sent it is gone. */
const STUCK_MS = 10 * 60_000;
/** How long to wait before each further try. */
const PAUSES_MS = [1, 5, 15, 60, 180].map((minutes) => minutes * 60_000);

type SendCtx = Pick<Ctx, 'db' | 'keys' | 'env' | 'clock' | 'shiftMs' | 'log'>;
type Row = Awaited<ReturnType<typeof wanted>>[number];

function wanted({ db }: SendCtx) {
  return db.read(
    db.build
      .selectFrom('digests as d')
      .innerJoin('users as u', 'u.id', 'd.userId')
      .selectAll('d')
      .select(['u.email', 'u.role'])
      .where('d.isOn', '=', 1)
      .where('u.disabledAt', 'is', null)
      .orderBy('d.userId'),
  );
}

/** Sends every digest that is due, each once; one that fails does not hold the others up. */
export async function sendDueDigests(ctx: SendCtx, signal: AbortSignal): Promise<number> {
  if (!(await hasMailServer(ctx.db))) return 0;
  let sent = 0;
  for (const row of await wanted(ctx)) {
    if (signal.aborted) break;
    try {
      const turn = turnOf(row, ctx.clock.now());
      if (turn === 'over') await endWithout(ctx, row, row.trouble ?? 'Nobody knows whether it was sent.');
      else if (turn !== null && (await sendOne(ctx, row, turn))) sent += 1;
    } catch (error) {
      ctx.log.warn({ error, userId: row.userId }, 'A digest cannot be sent now; trying again.');
    }
  }
  return sent;
}

interface Turn {
  readonly slot: number;
  /** Whether it may have been sent before. */
  readonly mayRepeat: boolean;
  readonly attempts: number;
}

/** What is to be done about a digest now: nothing, a try, or to leave it for the next week. */
function turnOf(row: Row, now: number): Turn | 'over' | null {
  const { state, slot, attempts } = row;
  const isBegun = slot !== null && (state === 'sending' || state === 'waiting');
  if (!isBegun) {
    const due = dueSlot(row, { now, since: row.since, last: slot });
    return due === null ? null : { slot: due, mayRepeat: false, attempts: 1 };
  }
  const mayRepeat = row.mayRepeat === 1;
  if (state === 'sending') {
    // A clock that was set back must not make it wait for days.
    if (Math.abs(now - (row.sendingAt ?? 0)) < STUCK_MS) return null;
    // It is repeated once at most.
    return mayRepeat ? 'over' : { slot, mayRepeat: true, attempts: attempts + 1 };
  }
  if (now - slot > LATEST_MS) return 'over';
  return row.notBefore > now ? null : { slot, mayRepeat, attempts: attempts + 1 };
}

async function sendOne(ctx: SendCtx, row: Row, turn: Turn): Promise<boolean> {
  const { userId, email } = row;
  const made = await makeDigest(ctx, { role: row.role as Role, row, mayRepeat: turn.mayRepeat });
  if (!(await claim(ctx, row, turn))) return false;
  try {
    const { subject, text, html } = made;
    await sendMail(ctx, { id: `digest-${userId}-${turn.slot}`, to: email, subject, text, html });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    await noteFailure(ctx, row, turn, error);
    return false;
  }
  await noteSent(ctx, row, made);
  return true;
}

/** Whoever changes the row from what it was sends it; another process that was faster has it. */
async function claim(
  { db, clock }: SendCtx,
  row: Row,
  { slot, mayRepeat, attempts }: Turn,
): Promise<boolean> {
  try {
    await db.write([
      exactly(
        1,
        db.build
          .updateTable('digests')
          .set({ state: 'sending', slot, attempts, mayRepeat: mayRepeat ? 1 : 0, sendingAt: clock.now() })
          .where('userId', '=', row.userId)
          .where('state', '=', row.state)
          .where('attempts', '=', row.attempts)
          .where('slot', 'is not distinct from', row.slot)
          .where('updatedAt', '=', row.updatedAt)
          .where('isOn', '=', 1),
      ),
    ]);
    return true;
  } catch (error) {
    if (error instanceof StaleWriteError) return false;
    throw error;
  }
}

async function noteSent({ db, clock }: SendCtx, { userId }: Row, { kept }: MadeDigest): Promise<void> {
  await db.write([
    db.build
      .updateTable('digests')
      .set({
        ...{ state: 'idle', attempts: 0, mayRepeat: 0, trouble: null, sendingAt: null },
        ...{ told: JSON.stringify(maskEmails(kept)), toldAt: clock.now() },
      })
      .where('userId', '=', userId),
    working(db, `mail/${userId}`),
  ]);
}

async function noteFailure(ctx: SendCtx, row: Row, { attempts, mayRepeat }: Turn, error: ConnectorError) {
  const { db, clock } = ctx;
  const { kind, message, afterMs } = error;
  // What was refused for good, or may have arrived twice, is not tried again.
  if (kind === 'refused' || (kind === 'unsure' && mayRepeat)) return endWithout(ctx, row, message);
  const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? 0;
  await db.write([
    db.build
      .updateTable('digests')
      .set({
        ...{ state: 'waiting', trouble: message, mayRepeat: mayRepeat || kind === 'unsure' ? 1 : 0 },
        notBefore: clock.now() + Math.max(pause, afterMs ?? 0),
      })
      .where('userId', '=', row.userId),
  ]);
}

/** Leaves a digest for the next week, and says so by the bell. */
async function endWithout(ctx: SendCtx, { userId }: Row, trouble: string): Promise<void> {
  const channel = { channel: `mail/${userId}`, name: 'Your weekly digest', trouble };
  await ctx.db.write([
    ctx.db.build
      .updateTable('digests')
      .set({ state: 'failed', attempts: 0, mayRepeat: 0, sendingAt: null, trouble })
      .where('userId', '=', userId),
    ...(await failing(ctx, channel, userId)),
  ]);
}
