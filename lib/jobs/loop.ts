import { unavailability } from '@/lib/store/database';
import { ownerName } from '@/lib/store/lease';
import { claimJob } from './claim';
import { dropOldDrafts } from './drafts';
import type { RunnerDeps } from './run';
import { runJob } from './run-job';

export interface LoopOptions {
  /** Jobs at a time; writes of one key still go one by one. Default 4. */
  readonly concurrency?: number;
  /** How often to look for new jobs, ms. Default 500. */
  readonly pollMs?: number;
  /** This worker's name in leases. */
  readonly owner?: string;
}

/**
 * Takes jobs and works on them until `signal` is aborted; then lets what is being sent finish, hands the jobs on and
 * resolves. Several workers may run this on one database.
 */
export async function runJobs<C>(
  deps: RunnerDeps<C>,
  signal: AbortSignal,
  { concurrency = 4, pollMs = 500, owner = ownerName() }: LoopOptions = {},
): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const left = new Set<string>();
  await dropOldDrafts(deps.db, deps.clock.now()).catch((error: unknown) =>
    deps.log.warn({ error }, 'Old drafts of jobs could not be dropped.'),
  );
  while (!signal.aborted) {
    try {
      while (running.size < concurrency && !signal.aborted) {
        const own = { running: new Set(running.keys()), left };
        const claim = await claimJob(deps.db, owner, deps.clock.now(), own);
        if (!claim) break;
        const { id } = claim.job;
        left.delete(id);
        const run = runJob(deps, claim, signal)
          .catch((error: unknown) => {
            if (unavailability(error) !== null) left.add(id);
            deps.log.error({ jobId: id, error }, 'A job ended unexpectedly.');
          })
          .finally(() => running.delete(id));
        running.set(id, run);
      }
    } catch (error) {
      deps.log.warn({ error }, 'Jobs cannot be taken now; trying again.');
    }
    await deps.clock.sleep(pollMs, signal).catch(() => undefined);
  }
  await Promise.all(running.values());
}
