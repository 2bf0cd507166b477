import type { Store } from '@/lib/store/store';
import { actionsFor, isRetried, type JobAction } from './control';
import { type Estimate, estimateEnd, LATELY_MS } from './estimate';
import { countEach, type Finished, finishedSince, type ItemCounts, NO_ITEMS, withRefused } from './rows';
import type { Hold, Job, JobStatus } from './types';

/** A job as people see it; instants as ISO text. */
export interface JobView {
  readonly id: string;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly kind: string;
  readonly title: string;
  readonly status: JobStatus;
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly scheduledAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string;
  readonly counts: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly skipped: number;
    /** Of those done: said to be so by Apple, and not so on reading again. */
    readonly noEffect: number;
    /** Waiting for their turn or being sent. */
    readonly pending: number;
    /** Being read back from Apple. */
    readonly ambiguous: number;
  };
  /** Items per minute lately. */
  readonly perMinute: number | null;
  /** Null while nothing is known, and while it depends on a limit that is not: then `leftBetween` tells. */
  readonly leftMs: number | null;
  readonly leftBetween: Estimate['between'];
  readonly finishesAt: string | null;
  readonly waiting: { readonly until: string; readonly reason: string } | null;
  readonly crashes: number;
  readonly error: string | null;
  /** Why a person must act; `error` says it in words. */
  readonly hold: Pick<Hold, 'kind' | 'target'> | null;
  readonly actions: readonly JobAction[];
  readonly params: unknown;
}

/** Progress, rate and the estimated end of a job. */
export async function viewJob(db: Store, job: Job, requestsPerItem: number, now: number): Promise<JobView> {
  return (await jobViewer(db, [job], now))(job, requestsPerItem);
}

/** Reads what is to be said of some jobs at once; the answer tells each of them. */
export async function jobViewer(
  db: Store,
  jobs: readonly Job[],
  now: number,
): Promise<(job: Job, requestsPerItem: number) => JobView> {
  const ids = jobs.map(({ id }) => id);
  const open = jobs.filter(isOpen).map(({ id }) => id);
  const counts = await countEach(db, ids);
  const failed = jobs.filter(({ id, status }) => isRetried(status) && (counts.get(id)?.failed ?? 0) > 0);
  const refused = await withRefused(
    db,
    failed.map(({ id }) => id),
  );
  const finished = await finishedSince(db, open, now - 3_600_000, 60_000);
  const lately = await finishedSince(db, open, now - LATELY_MS, 1_000);
  return (job, requestsPerItem) =>
    viewOf(job, {
      counts: counts.get(job.id) ?? NO_ITEMS,
      isRetryable: refused.has(job.id) || job.noEffect > 0,
      finished: finished.get(job.id) ?? new Map(),
      lately: lately.get(job.id) ?? new Map(),
      requestsPerItem,
      now,
    });
}

const isOpen = ({ status }: Job) => status === 'running' || status === 'queued';

interface Progress {
  readonly counts: ItemCounts;
  readonly isRetryable: boolean;
  readonly finished: Finished;
  readonly lately: Finished;
  readonly requestsPerItem: number;
  readonly now: number;
}

function viewOf(
  job: Job,
  { counts, isRetryable, finished, lately, requestsPerItem, now }: Progress,
): JobView {
  const pending = counts.pending + counts.sending;
  // A ship waits for Apple, a time or a person: how fast its steps went before tells nothing of when it ends.
  const estimate =
    isOpen(job) &&
    job.kind !== 'ship' &&
    estimateEnd({
      left: pending + counts.ambiguous,
      requestsPerItem,
      pace: job.pace,
      finished,
      lately,
      startedAt: job.startedAt,
      waitUntil: job.waitUntil ?? job.scheduledAt,
      now,
    });
  const leftMs = estimate ? estimate.leftMs : null;
  // Also one that is paused or cancelled may wait, to learn what became of what was on its way.
  const isAtWork = isOpen(job) || counts.sending + counts.ambiguous > 0;
  const isWaiting = isAtWork && job.waitUntil !== null && job.waitUntil > now;
  return {
    id: job.id,
    accountId: job.accountId,
    appId: job.appId,
    kind: job.kind,
    title: job.title,
    status: job.status,
    createdBy: job.createdByEmail,
    createdAt: iso(job.createdAt),
    scheduledAt: isoOrNull(job.scheduledAt),
    startedAt: isoOrNull(job.startedAt),
    finishedAt: isoOrNull(job.finishedAt),
    updatedAt: iso(job.updatedAt),
    counts: {
      total: job.total,
      done: counts.done,
      failed: counts.failed,
      skipped: counts.skipped,
      noEffect: job.noEffect,
      pending,
      ambiguous: counts.ambiguous,
    },
    perMinute: estimate ? estimate.perMinute : null,
    leftMs,
    leftBetween: estimate ? estimate.between : null,
    finishesAt: leftMs === null ? null : iso(now + leftMs),
    waiting:
      isWaiting && job.waitUntil !== null
        ? { until: iso(job.waitUntil), reason: job.waitReason ?? '' }
        : null,
    crashes: job.crashes,
    error: job.error,
    hold: heldBy(job),
    actions: actionsFor(job.status, isRetryable),
    params: job.params,
  };
}

/** What holds a job until a person acts; not what somebody has gone on in spite of, and then paused it. */
export const heldBy = ({ status, hold }: Pick<Job, 'status' | 'hold'>): Hold | null =>
  status === 'paused' && hold && !hold.isWaived ? hold : null;

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
