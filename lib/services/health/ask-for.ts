import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { type Ask, askOf, memoryOf } from './ask';

/** A question to the finders by the clock of now, of all accounts or one. */
export function askFor(ctx: Pick<Ctx, 'db' | 'clock' | 'shiftMs' | 'env'>, accountId?: string): Ask {
  return askOf(ctx.db, {
    ...{ now: programmeNow(ctx), machineNow: ctx.clock.now(), accountId, memory: memoryOf(ctx.db) },
    syncEveryMs: ctx.env.SYNC_INTERVAL_MS,
  });
}
