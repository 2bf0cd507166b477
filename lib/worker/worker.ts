import type { AppContext } from '@/lib/context';
import { runJobs } from '@/lib/jobs/loop';
import { jobRunner } from '@/lib/services/jobs/runner';
import { keepAlive } from './alive';
import { syncAccounts } from './sync-accounts';

/** Everything the worker does, until `signal` is aborted and what is under way has stopped. */
export async function runWorker(context: AppContext, signal: AbortSignal): Promise<void> {
  await Promise.all([
    keepAlive(context, signal),
    syncAccounts(context, signal),
    runJobs(jobRunner(context), signal),
  ]);
}
