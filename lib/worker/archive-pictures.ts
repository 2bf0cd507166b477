import type { Alarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { archivePictures } from '@/lib/services/feedback/archive-lane';

/** How often to look for pictures that are new or due, ms. */
const POLL_MS = 10_000;

/** Archives pictures soon after a sync has told of them, until `signal` is aborted. */
export async function keepPictures(context: AppContext, signal: AbortSignal, alarm: Alarm): Promise<void> {
  while (!signal.aborted) {
    try {
      const ctx = context.ctx({ kind: 'system', name: 'worker' }, `pictures-${context.clock.now()}`);
      await archivePictures(ctx, signal);
    } catch (error) {
      if (!signal.aborted) context.log.warn({ error }, 'Pictures could not be archived; trying again.');
    }
    await alarm.sleep(POLL_MS);
  }
}
