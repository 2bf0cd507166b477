import { type Alarm, createAlarm } from '@/lib/clock';
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
  /** Rung when there may be a new job: then it is looked for more rarely by itself. */
  readonly alarm?: Alarm;
  /** This worker's name in leases. */
  readonly owner?: string;
}

/** How often a worker that has nothing to do and is rung for looks by itself, ms. */
const RARELY_MS = 2_000;

/**
 * Takes jobs and works on them until `signal` is aborted; then lets what is being sent finish, hands the jobs on and
 * resolves. Several workers may run this on one database.
 */
export async function runJobs<C>(
  deps: RunnerDeps<C>,
  signal: AbortSignal,
  { concurrency = 4, pollMs = 500, alarm: given, owner = ownerName() }: LoopOptions = {},
): Promise<void> {
  const alarm = given ?? createAlarm(deps.clock, signal);
  const restMs = given ? Math.max(pollMs, RARELY_MS) : pollMs;
  const running = new Map<string, Promise<void>>();
  const left = new Set<string>();
  await dropOldDrafts(deps.db, deps.clock.now()).catch((error: unknown) =>
    deps.log.warn({ error }, 'Old drafts of jobs could not be dropped.'),
  );
  while (!signal.aborted) {
    let pauseMs = pollMs;
    try {
      while (running.size < concurrency && !signal.aborted) {
        const own = { running: new Set(running.keys()), left };
        const claim = await claimJob(deps.db, owner, deps.clock.now(), own);
        if (!claim) {
          pauseMs = restMs;
          break;
        }
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
    await alarm.sleep(pauseMs);
  }
  await Promise.all(running.values());
}
