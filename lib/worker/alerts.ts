import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { forgetTold, lookForFacts } from '@/lib/services/alerting/look';
import { sendAlerts } from '@/lib/services/alerting/send';
import { ownerName } from '@/lib/store/lease';

/** How often to look for what is to be told, ms. */
const LOOK_MS = 30_000;
/** How often to send what is due, ms. */
const POLL_MS = 5_000;
/** How often to take away what was told long ago, ms. */
const TIDY_MS = 60 * 60_000;

/**
 * Finds what people want to be told of and sends it, until `signal` is aborted.
 * @param alarm rung when what is to be told was changed, or is to be sent at once
 */
export async function keepAlerts(context: AppContext, signal: AbortSignal, alarm: Alarm): Promise<void> {
  const { clock, log } = context;
  const owner = ownerName();
  let [lookAt, tidyAt] = [clock.now(), clock.now()];
  let sending: Promise<void> | null = null;
  while (!signal.aborted) {
    const ctx = context.ctx({ kind: 'system', name: 'worker' }, `alerts-${clock.now()}`);
    try {
      // A clock that was set back keeps nobody waiting.
      if (clock.now() >= lookAt || lookAt - clock.now() > LOOK_MS) {
        lookAt = clock.now() + LOOK_MS;
        await lookForFacts(ctx, owner);
      }
      if (clock.now() >= tidyAt) {
        tidyAt = clock.now() + TIDY_MS;
        await forgetTold(ctx);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'What is to be told cannot be found now; trying again.');
    }
    // A server that hangs holds up the finding no more than the other channels.
    sending ??= sendAlerts(ctx, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) log.warn({ error }, 'Alerts cannot be sent now; trying again.');
      })
      .finally(() => {
        sending = null;
      });
    const asleepAt = clock.now();
    await alarm.sleep(POLL_MS);
    // Who has rung may have asked for what is so already.
    if (clock.now() - asleepAt < POLL_MS) lookAt = clock.now();
  }
  await sending;
}
