import { createAlarm } from '@/lib/clock';
import type { AppContext } from '@/lib/context';
import { runJobs } from '@/lib/jobs/loop';
import { jobRunner } from '@/lib/services/jobs/runner';
import { listen, type Topic } from '@/lib/store/feed';
import { keepAlerts } from './alerts';
import { keepAlive } from './alive';
import { keepPictures } from './archive-pictures';
import { collectFeedback } from './collect';
import { keepErasing } from './erase';
import { keepHandovers } from './hand-over';
import { keepHealth } from './health';
import { syncAccounts } from './sync-accounts';
import { keepWebhooks } from './webhooks';

/** Everything the worker does, until `signal` is aborted and what is under way has stopped. */
export async function runWorker(context: AppContext, signal: AbortSignal): Promise<void> {
  const forJobs = createAlarm(context.clock, signal);
  const forSyncs = createAlarm(context.clock, signal);
  const forFeedback = createAlarm(context.clock, signal);
  const forPictures = createAlarm(context.clock, signal);
  const forWebhooks = createAlarm(context.clock, signal);
  const forAlerts = createAlarm(context.clock, signal);
  const listening = listen(
    context,
    {},
    ({ changes, isGap }) => {
      const has = (topic: Topic) => isGap || changes.some((change) => change.topic === topic);
      if (has('jobs')) forJobs.ring();
      if (has('webhooks')) forWebhooks.ring();
      if (has('alerts')) forAlerts.ring();
      if (has('syncRequests') || has('accounts')) forSyncs.ring();
    },
    signal,
  );
  await Promise.all([
    keepAlive(context, signal),
    listening,
    syncAccounts(context, signal, forSyncs, () => {
      forFeedback.ring();
      forPictures.ring();
    }),
    collectFeedback(context, signal, forFeedback),
    keepPictures(context, signal, forPictures),
    keepWebhooks(context, signal, forWebhooks, () => forFeedback.ring()),
    keepHandovers(context, signal),
    keepAlerts(context, signal, forAlerts),
    keepErasing(context, signal),
    keepHealth(context, signal),
    runJobs(jobRunner(context), signal, { alarm: forJobs }),
  ]);
}
