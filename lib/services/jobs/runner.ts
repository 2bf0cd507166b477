import type { Actor } from '@/lib/access/policy';
import { TIMEOUTS } from '@/lib/asc/transport/send';
import type { RunnerDeps } from '@/lib/jobs/run';
import type { Job, Pace } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { hasBegun } from '../job-steps/send-item';
import { troubleOf } from '../job-steps/trouble';
import { missingTarget } from './missing-target';
import { peopleJobs } from './registry';
import { unknowable } from './unknowable';

/** The parts of a process's context that jobs need. */
export interface RunnerHost extends Pick<Ctx, 'db' | 'clock' | 'log'> {
  ctx(actor: Actor, requestId: string): Ctx;
}

/** A write's own time limit, and the time it may have waited for its turn before it left. */
const CALL_LIMIT_MS = TIMEOUTS.write + 10_000;
/** Apple's lists may be this far behind its own answers. */
const EFFECT_LAG_MS = 5000;

/** What the worker hands to `runJobs`: every kind of job, Apple's errors sorted, the quota for the estimates. */
export function jobRunner(
  host: RunnerHost,
  {
    callLimitMs = CALL_LIMIT_MS,
    effectLagMs = EFFECT_LAG_MS,
  }: Partial<Pick<RunnerDeps<Ctx>, 'callLimitMs' | 'effectLagMs'>> = {},
): RunnerDeps<Ctx> {
  const { db, clock, log } = host;
  return {
    db,
    clock,
    log,
    registry: peopleJobs,
    contextFor: async (job) => host.ctx({ kind: 'system', name: 'worker' }, `job-${job.id}`),
    callLimitMs,
    effectLagMs,
    classify: troubleOf,
    hasBegun,
    missingTarget,
    unknowable,
    paceOf: readPace,
  };
}

async function readPace(job: Job, ctx: Ctx): Promise<Pace | null> {
  if (job.accountId === null) return null;
  const { budget } = await ctx.ascFor(job.accountId, 'write');
  const { limit, remaining, perMinuteInBackground, perMinuteAtFirst, atOnceInBackground, observedAt } =
    budget;
  return {
    hourLimit: limit ?? null,
    hourRemaining: remaining ?? null,
    perMinute: perMinuteInBackground ?? null,
    perMinuteAtFirst: perMinuteAtFirst ?? null,
    atOnce: atOnceInBackground ?? null,
    observedAt: observedAt ?? null,
  };
}
