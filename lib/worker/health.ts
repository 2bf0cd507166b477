import type { AppContext } from '@/lib/context';
import { sendDueDigests } from '@/lib/services/digest/send';
import { sweepSnoozes } from '@/lib/services/health/sweep';

/** How often to look for digests that are due, and for snoozes that hide nothing any more, ms. */
const POLL_MS = 60_000;

/** Keeps what belongs to the health page, until `signal` is aborted. */
export async function keepHealth(context: AppContext, signal: AbortSignal): Promise<void> {
  const { clock, log } = context;
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `health-${clock.now()}`);
    try {
      await sweepSnoozes(ctx);
      await sendDueDigests(ctx, signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'Snoozes and digests cannot be looked at now; trying again.');
    }
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}
