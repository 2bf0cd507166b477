import type { AppContext } from '@/lib/context';
import { readStates, settleHandovers } from '@/lib/services/connectors/lane';

/** How often to look for what is not settled, ms. */
const POLL_MS = 5_000;
/** How often to look for issues of trackers that are to be asked for, ms. */
const STATES_MS = 60_000;

/** Settles what was handed over and reads back how it stands, until `signal` is aborted. */
export async function keepHandovers(context: AppContext, signal: AbortSignal): Promise<void> {
  const { clock, log } = context;
  let statesAt = clock.now();
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `hand-over-${clock.now()}`);
    try {
      await settleHandovers(ctx, signal);
      if (clock.now() >= statesAt) {
        statesAt = clock.now() + STATES_MS;
        await readStates(ctx, signal);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'What was handed over cannot be settled now; trying again.');
    }
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}
