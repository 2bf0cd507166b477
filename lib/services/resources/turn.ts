import {
  acquireLease,
  HEARTBEAT_MS,
  type Lease,
  LeaseLostError,
  ownerName,
  writeUnderLease,
} from '@/lib/store/lease';
import type { Ctx } from '../ctx';
import { conflict } from '../errors';

/** How long a change waits for another one of the same thing, ms; longer than two slow calls to Apple. */
const PATIENCE_MS = 90_000;
const LONGEST_PAUSE_MS = 250;
/** Turns are forgotten after so long, ms; not at once, so that a number is never given twice. */
const KEPT_MS = 60 * 60_000;

let owner: string | undefined;
/** Turns of this process that could not be given back, as on a full disk. */
const left = new WeakMap<Ctx['db'], Map<string, Lease>>();

/**
 * Lets one change of a thing through at a time, whichever process makes it: what a change compares itself with is then
 * still so when it is sent.
 * @throws RefusedError 409 FLIGHTDECK.BUSY when the others take too long
 */
export async function inTurn<Result>(
  ctx: Ctx,
  thing: { readonly accountId: string; readonly type: string; readonly id: string },
  change: () => Promise<Result>,
): Promise<Result> {
  const lease = await takeTurn(ctx, `change:${thing.accountId}/${thing.type}/${thing.id}`);
  const stop = new AbortController();
  const held = hold(ctx, lease, stop.signal);
  try {
    return await change();
  } finally {
    stop.abort();
    await held;
    await giveUp(ctx, lease);
  }
}

async function takeTurn(ctx: Ctx, name: string): Promise<Lease> {
  const { db, clock } = ctx;
  owner ??= ownerName();
  const ours = left.get(db)?.get(name);
  left.get(db)?.delete(name);
  if (ours) await giveUp(ctx, ours);
  const until = clock.now() + PATIENCE_MS;
  for (let pause = 10; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const lease = await acquireLease(db, name, owner, clock.now());
    if (lease) return lease;
    if (clock.now() >= until) {
      throw conflict(
        'FLIGHTDECK.BUSY',
        'Somebody else is changing this at the moment, and App Store Connect is slow. Nothing was saved; try again.',
      );
    }
    await clock.sleep(pause);
  }
}

/** Keeps the turn while Apple takes its time. */
async function hold({ db, clock }: Ctx, lease: Lease, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await writeUnderLease(db, lease, clock.now(), []);
    } catch (error) {
      // A locked store is tried again at the next beat.
      if (error instanceof LeaseLostError) return;
    }
  }
}

async function giveUp({ db, clock, log }: Ctx, lease: Lease): Promise<void> {
  const { name, token } = lease;
  const now = clock.now();
  try {
    await db.write([
      db.build
        .updateTable('leases')
        .set({ expiresAt: now })
        .where('name', '=', name)
        .where('token', '=', token),
      db.build
        .deleteFrom('leases')
        // ';' is the character after ':'.
        .where('name', '>=', 'change:')
        .where('name', '<', 'change;')
        .where('expiresAt', '<', now - KEPT_MS),
    ]);
  } catch (error) {
    // It ends by itself, or before the next change of the same thing here.
    left.set(db, (left.get(db) ?? new Map<string, Lease>()).set(name, lease));
    log.warn({ err: error }, 'a turn was not given back');
  }
}
