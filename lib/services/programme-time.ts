import { isLoopback } from '@/lib/env';
import { wakeAllStatement } from '@/lib/jobs/outbox';
import type { Log } from '@/lib/log';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { Ctx } from './ctx';

const KEY = 'programmeShiftMs';
const LOOK_MS = 500;
/** A hundred years, ms: further is a slip. */
const FURTHEST_MS = 100 * 366 * 86_400_000;

/** Programme time was to be shifted where programmes are real. */
export class ShiftRefusedError extends Error {
  override name = 'ShiftRefusedError';
}

/**
 * Now, in the programme's time, ms since 1970: what waits for a date of the programme or lies behind one is judged by it
 * (snoozes, expiry, links). It is the machine's time, unless the programme is a simulated one and was moved on. Apple's
 * tokens, sessions, leases and the pace of requests keep the machine's.
 */
export function programmeNow({ clock, shiftMs }: Pick<Ctx, 'clock' | 'shiftMs'>): number {
  return clock.now() + (shiftMs?.() ?? 0);
}

/** Whether the programme is a simulated one on this machine. */
export function mayShift({ ASC_BASE_URL }: { readonly ASC_BASE_URL: string }): boolean {
  return isLoopback(new URL(ASC_BASE_URL).hostname);
}

const stored = shape((build) => build.selectFrom('settings').select('value').where('key', '=', KEY));

/** How far the programme is ahead of the machine, ms. */
async function readShift(db: Store): Promise<number> {
  const [row] = await db.read(stored({}));
  const value = Number(row?.value ?? 0);
  return Number.isSafeInteger(value) ? value : 0;
}

/**
 * Moves the programme's time to so many ms ahead of the machine's; every process follows within a second.
 * @throws ShiftRefusedError unless App Store Connect's address is this machine
 */
export async function shiftProgramme(ctx: Pick<Ctx, 'db' | 'clock' | 'env'>, ms: number): Promise<void> {
  if (!mayShift(ctx.env))
    throw new ShiftRefusedError(
      'The time of a programme at Apple cannot be moved: ASC_BASE_URL is not this machine.',
    );
  if (!Number.isSafeInteger(ms) || Math.abs(ms) > FURTHEST_MS)
    throw new ShiftRefusedError('Choose a time within a hundred years.');
  const row = { value: String(ms), updatedAt: ctx.clock.now() };
  await ctx.db.write([
    ctx.db.build
      .insertInto('settings')
      .values({ key: KEY, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row)),
    // What waits for a time of the programme looks again once every process follows.
    wakeAllStatement(ctx.clock.now() + 2 * LOOK_MS),
  ]);
}

/** Follows what `shiftProgramme` sets, in any process. Gives the shift as it is now, and how to stop. */
export async function followShift({
  db,
  log,
  env,
}: {
  db: Store;
  log: Log;
  env: { readonly ASC_BASE_URL: string };
}): Promise<{ shiftMs: () => number; stop: () => void }> {
  if (!mayShift(env)) return { shiftMs: () => 0, stop: () => undefined };
  let shift = await readShift(db);
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async () => {
    try {
      shift = await readShift(db);
      isFailing = false;
    } catch (error) {
      if (!isFailing && !isOver)
        log.warn({ error }, 'The time of the simulated programme cannot be read now.');
      isFailing = true;
    }
    if (!isOver) wait();
  };
  const wait = () => {
    timer = setTimeout(look, LOOK_MS).unref();
  };
  wait();
  return {
    shiftMs: () => shift,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
