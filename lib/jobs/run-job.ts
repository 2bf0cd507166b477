import { StaleWriteError } from '@/lib/store/database';
import { fence, HEARTBEAT_MS, LeaseLostError, releaseLease } from '@/lib/store/lease';
import { batches, firstBatch } from './batches';
import { checkEffects } from './check-effects';
import type { Claim } from './claim';
import { leaveStatements, paceStatement } from './outbox';
import { allItems, readItems } from './rows';
import {
  commit,
  FIRST_BACKOFF_MS,
  mayGoOn,
  type Run,
  RunEnded,
  type RunnerDeps,
  settleAgainLater,
} from './run';
import { sendItems } from './send-items';
import { settleItems, settleLater, waitForLater } from './settle-items';
import type { Work } from './types';

const PACE_EVERY_MS = 2000;

/**
 * Works on a claimed job until it is done, paused, cancelled, handed on because `signal` was aborted, or the lease
 * is lost. Throws only when the store does.
 */
export async function runJob<C>(deps: RunnerDeps<C>, claim: Claim, signal: AbortSignal): Promise<void> {
  const { job, lease } = claim;
  const lost = new AbortController();
  const ended = new AbortController();
  const heart = beat(deps, claim, lost, ended.signal);
  try {
    await workOn(deps, claim, AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    if (error instanceof LeaseLostError) deps.log.warn({ jobId: job.id }, 'Another worker has this job now.');
    else if (!(error instanceof RunEnded)) throw error;
  } finally {
    ended.abort();
    await heart;
    // It ends by itself, or is taken back by this worker.
    await releaseLease(deps.db, lease).catch((error: unknown) =>
      deps.log.warn({ lease: lease.name, error }, 'The lease could not be given back.'),
    );
  }
}

async function workOn<C>(deps: RunnerDeps<C>, claim: Claim, signal: AbortSignal): Promise<void> {
  const { job } = claim;
  const handler = deps.registry.get(job.kind);
  const writing = { deps, claim, work: { signal } };
  const leave = async (status: 'failed' | 'paused' | 'queued' | 'done', reason: string | null) => {
    await commit(writing, leaveStatements(job.id, status, reason, deps.clock.now()));
  };
  if (!handler) return leave('failed', `This version does not know jobs of the kind ${job.kind}.`);
  const prepared = await prepare(deps, claim);
  if ('reason' in prepared) {
    if (claim.isSettleOnly) return settleAgainLater(writing, prepared.reason);
    return leave('paused', prepared.reason);
  }
  const work: Work<C> = {
    job,
    context: prepared.context,
    signal,
    write: (writes) => commit(writing, writes),
  };
  const run: Run<C> = {
    startedAt: deps.clock.now(),
    deps,
    claim,
    handler,
    work,
    alike: { reason: '', items: [] },
    sinceLook: Number.POSITIVE_INFINITY,
    later: new Map(),
    backoffMs: FIRST_BACKOFF_MS,
  };
  await settleAll(run);
  if (claim.isSettleOnly) return waitForLater(run, () => !signal.aborted);
  const isThrough = await sendAll(run).finally(() => checkEffects(run));
  if (isThrough) {
    await handler.finish?.(work);
    await leave('done', null);
  } else if (signal.aborted) {
    await leave('queued', null);
  }
}

async function prepare<C>(deps: RunnerDeps<C>, claim: Claim): Promise<{ context: C } | { reason: string }> {
  try {
    return { context: await deps.contextFor(claim.job) };
  } catch (error) {
    const trouble = deps.classify(error, deps.clock.now());
    return { reason: 'reason' in trouble ? trouble.reason : trouble.detail };
  }
}

/** What a former worker left in the air comes first. */
async function settleAll<C>(run: Run<C>): Promise<void> {
  const { db } = run.deps;
  const open = await allItems(db, run.work.job.id, ['sending', 'ambiguous']);
  for (const batch of batches(run.handler, open)) {
    if (run.work.signal.aborted) return;
    await settleItems(run, batch);
  }
}

/** True when no item is left. */
async function sendAll<C>(run: Run<C>): Promise<boolean> {
  const { db, clock } = run.deps;
  let pacedAt = 0;
  while (await mayGoOn(run)) {
    if (run.later.size > 0) await settleLater(run);
    if (run.handler.endsAtFailure) await endAtFailure(run);
    const waiting = await readItems(db, run.work.job.id, {
      status: ['pending'],
      limit: run.handler.batch?.size ?? 1,
    });
    const batch = firstBatch(run.handler, waiting);
    if (batch.length === 0) {
      if (run.later.size === 0) return true;
      await waitForLater(run, () => mayGoOn(run));
      continue;
    }
    await sendItems(run, batch);
    if (clock.now() - pacedAt >= PACE_EVERY_MS) {
      pacedAt = clock.now();
      await notePace(run);
    }
  }
  return false;
}

/** What comes after a step that failed needs it: the job is over, and says why. */
async function endAtFailure<C>(run: Run<C>): Promise<void> {
  const { deps, work } = run;
  const [failed] = await readItems(deps.db, work.job.id, { status: ['failed'], limit: 1 });
  if (!failed) return;
  const reason = failed.errorDetail ?? 'A step failed.';
  await commit(run, leaveStatements(work.job.id, 'failed', reason, deps.clock.now()));
  throw new RunEnded(reason);
}

async function notePace<C>(run: Run<C>): Promise<void> {
  const { deps, work } = run;
  const pace = await deps.paceOf?.(work.job, work.context);
  if (pace) await commit(run, [paceStatement(work.job.id, pace)]);
}

/** Renews the lease while the job runs, also during a long call. */
async function beat<C>(
  { db, clock, log }: RunnerDeps<C>,
  { lease }: Claim,
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(HEARTBEAT_MS, ended).catch(() => undefined);
    if (ended.aborted) return;
    try {
      await db.write([fence(lease, clock.now())]);
    } catch (error) {
      if (error instanceof StaleWriteError) return lost.abort(new LeaseLostError(lease.name));
      log.warn({ lease: lease.name, error }, 'The lease could not be renewed; trying again.');
    }
  }
}
