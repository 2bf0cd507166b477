import type { AppContext } from '@/lib/context';
import { sweepSnoozes } from '@/lib/services/health/sweep';

/** How often to look for snoozes that hide nothing any more, ms. */
const SWEEP_MS = 60_000;

/** Keeps what belongs to the health page, until `signal` is aborted. */
export async function keepHealth(context: AppContext, signal: AbortSignal): Promise<void> {
  const { clock, log } = context;
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `health-${clock.now()}`);
    try {
      await sweepSnoozes(ctx);
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'Snoozes cannot be looked at now; trying again.');
    }
    await clock.sleep(SWEEP_MS, signal).catch(() => undefined);
  }
}
