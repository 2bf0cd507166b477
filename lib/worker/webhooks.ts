import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { findMissed } from '@/lib/services/webhooks/find-missed';
import { followEvents } from '@/lib/services/webhooks/follow';

/** How often to look for events that nobody rang for, ms. */
const POLL_MS = 5_000;
/** How often to look which webhook's deliveries are due, ms. */
const CHECK_MS = 30_000;

/**
 * Follows what App Store Connect sends, and finds what it has sent in vain, until `signal` is aborted.
 * @param alarm rung when an event has come
 * @param onRead told when something was read that others may have to take in
 */
export async function keepWebhooks(
  context: AppContext,
  signal: AbortSignal,
  alarm: Alarm,
  onRead: () => void,
): Promise<void> {
  const { clock, log } = context;
  let checkAt = clock.now();
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `webhooks-${clock.now()}`);
    try {
      if (clock.now() >= checkAt) {
        checkAt = clock.now() + CHECK_MS;
        await findMissed(ctx, signal);
      }
      if (await followEvents(ctx, signal)) onRead();
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'What was received cannot be followed now; trying again.');
    }
    await alarm.sleep(POLL_MS);
  }
}
