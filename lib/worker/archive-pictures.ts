import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { keepRule } from '@/lib/services/feedback/archive';
import { archivePictures } from '@/lib/services/feedback/archive-lane';

/** How often to look for pictures that are new or due, ms. */
const POLL_MS = 10_000;
/** How often the archive's rule is kept, ms. */
const RULE_MS = 60 * 60_000;

/** Archives pictures soon after a sync has told of them, until `signal` is aborted. */
export async function keepPictures(context: AppContext, signal: AbortSignal, alarm: Alarm): Promise<void> {
  let ruleAt = context.clock.now();
  while (!signal.aborted) {
    try {
      const ctx = context.ctx({ kind: 'system', name: 'worker' }, `pictures-${context.clock.now()}`);
      await archivePictures(ctx, signal);
      if (context.clock.now() >= ruleAt) {
        await keepRule(ctx, signal);
        ruleAt = context.clock.now() + RULE_MS;
      }
    } catch (error) {
      if (!signal.aborted) context.log.warn({ error }, 'Pictures could not be archived; trying again.');
    }
    await alarm.sleep(POLL_MS);
  }
}
