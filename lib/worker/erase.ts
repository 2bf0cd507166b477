import type { AppContext } from '@/lib/context';
import { workOnErasures } from '@/lib/services/person/erase';

/** How often to look for what was ordered, ms. */
const POLL_MS = 5_000;

/** Erases what was ordered to be erased, until `signal` is aborted. */
export async function keepErasing(context: AppContext, signal: AbortSignal): Promise<void> {
  const { clock, log } = context;
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `erase-${clock.now()}`);
    try {
      await workOnErasures(ctx, signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'A person’s data cannot be erased now; trying again.');
    }
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}
