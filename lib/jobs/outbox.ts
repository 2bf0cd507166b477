import type { Builder } from '@/lib/store/builder';
import { announced } from '@/lib/store/feed';
import { shape } from '@/lib/store/shape';
import { exactly, type Write } from '@/lib/store/store';
import {
  type Finding,
  type Hold,
  type ItemStatus,
  type JobItem,
  NO_EFFECT,
  type Outcome,
  type Pace,
  type Unseen,
} from './types';

// The states of an item: pending → sending → done | failed | skipped, or ambiguous until it was read back.
// Every list of writes here goes into one transaction behind the lease's fence. They run for each item: compiled once.

interface Place {
  readonly jobId: string;
  readonly position: number;
}

const goesOn = shape((build, given: { jobId: string; now: number }) =>
  build
    .updateTable('jobs')
    .set({ updatedAt: given.now, waitUntil: null, waitReason: null })
    .where('id', '=', given.jobId)
    .where('status', '=', 'running'),
);
const sending = shape((build, given: Place & { now: number }) =>
  build
    .updateTable('jobItems')
    .set(({ eb, lit }) => ({ status: 'sending', attempts: eb('attempts', '+', lit(1)), sentAt: given.now }))
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', '=', 'pending'),
);

/** Committed before the call; fails when the job is no longer running or an item was taken meanwhile. */
export function sendingStatements(jobId: string, items: readonly JobItem[], now: number): Write[] {
  return [
    exactly(1, goesOn({ jobId, now })),
    ...items.map(({ position }) => exactly(1, sending({ jobId, position, now }))),
  ];
}

type Settled = Pick<JobItem, 'errorCode' | 'errorDetail' | 'reconciledAt'> & {
  readonly status: ItemStatus;
  readonly result: string | null;
  readonly now: number;
};
const settled = shape((build, given: Place & Settled) =>
  build
    .updateTable('jobItems')
    .set({
      status: given.status,
      result: given.result,
      errorCode: given.errorCode,
      errorDetail: given.errorDetail,
      finishedAt: given.now,
      reconciledAt: given.reconciledAt,
    })
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', 'in', ['sending', 'ambiguous']),
);
// An item finished is progress: crashes are counted anew.
const counted = (column: 'done' | 'failed' | 'skipped') =>
  shape((build, given: { jobId: string; now: number }) =>
    build
      .updateTable('jobs')
      .set(({ eb, lit }) => ({ [column]: eb(column, '+', lit(1)), crashes: 0, updatedAt: given.now }))
      .where('id', '=', given.jobId),
  );
const COUNTED = { done: counted('done'), failed: counted('failed'), skipped: counted('skipped') };

/** The outcome of one item, with whatever the handler wants stored at the same moment. */
export function outcomeStatements(
  jobId: string,
  { position }: JobItem,
  outcome: Outcome,
  now: number,
  isReconciled: boolean,
): Write[] {
  const refusal = outcome.status === 'done' ? null : outcome;
  const row = {
    status: outcome.status,
    result: outcome.result === undefined ? null : JSON.stringify(outcome.result),
    errorCode: refusal?.code ?? null,
    errorDetail: refusal?.detail ?? null,
    reconciledAt: isReconciled ? now : null,
  };
  return [
    exactly(1, settled({ jobId, position, ...row, now })),
    COUNTED[outcome.status]({ jobId, now }),
    ...(outcome.statements ?? []),
  ];
}

const warned = shape((build, given: Place & { code: string; detail: string }) =>
  build
    .updateTable('jobItems')
    .set({ errorCode: given.code, errorDetail: given.detail })
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', '=', 'done')
    .where('errorCode', 'is', null),
);
const withoutEffect = shape((build, given: { jobId: string; now: number }) =>
  build
    .updateTable('jobs')
    .set(({ selectFrom }) => ({
      updatedAt: given.now,
      noEffect: selectFrom('jobItems')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('jobItems.jobId', '=', given.jobId)
        .where('jobItems.status', '=', 'done')
        .where('jobItems.errorCode', '=', NO_EFFECT),
    }))
    .where('id', '=', given.jobId),
);

/** Done by Apple's word, and not to be seen: the items stay done and carry a warning. */
export function unseenStatements(jobId: string, missed: readonly Unseen[], now: number): Write[] {
  return [
    ...missed.map(({ item: { position }, code, detail }) => warned({ jobId, position, code, detail })),
    withoutEffect({ jobId, now }),
  ];
}

const ambiguous = shape((build, given: Place & { code: string; detail: string }) =>
  build
    .updateTable('jobItems')
    .set({ status: 'ambiguous', errorCode: given.code, errorDetail: given.detail })
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', 'in', ['sending', 'ambiguous']),
);

/** It may have happened: nothing may be sent for these items before they are read back. */
export function ambiguousStatements(
  jobId: string,
  items: readonly JobItem[],
  { code, detail }: { readonly code: string; readonly detail: string },
): Write[] {
  return items.map(({ position }) => ambiguous({ jobId, position, code, detail }));
}

const pending = shape((build, given: Place & { unsent: number }) =>
  build
    .updateTable('jobItems')
    .set(({ eb }) => ({
      status: 'pending',
      attempts: eb('attempts', '-', given.unsent),
      errorCode: null,
      errorDetail: null,
    }))
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', 'in', ['sending', 'ambiguous']),
);

/** Nothing has happened: the items wait for their turn again; an attempt that was never sent does not count. */
export function pendingStatements(
  jobId: string,
  items: readonly JobItem[],
  how: { readonly wasSent: boolean; readonly finding?: Finding },
): Write[] {
  const unsent = how.wasSent ? 0 : 1;
  return [
    ...items.map(({ position }) => pending({ jobId, position, unsent })),
    ...(how.finding?.statements ?? []),
  ];
}

const waits = shape((build, given: { jobId: string; until: number; reason: string; now: number }) =>
  build
    .updateTable('jobs')
    .set({ waitUntil: given.until, waitReason: given.reason, updatedAt: given.now })
    .where('id', '=', given.jobId),
);

/** Says for people what the job waits for. */
export function waitStatement(jobId: string, until: number, reason: string, now: number): Write {
  return waits({ jobId, until, reason, now });
}

const slept = shape((build, given: { jobId: string; until: number; reason: string; now: number }) =>
  build
    .updateTable('jobs')
    .set({
      status: 'queued',
      scheduledAt: given.until,
      waitUntil: given.until,
      waitReason: given.reason,
      updatedAt: given.now,
    })
    .where('id', '=', given.jobId)
    .where('status', '=', 'running'),
);
const noted = shape((build, given: Place & { note: string }) =>
  build
    .updateTable('jobItems')
    .set({ result: given.note })
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', '=', 'pending'),
);

/** Lays the job down until an instant; what is to be remembered of the items stands in their results. */
export function sleepStatements(
  jobId: string,
  { until, reason, items, note }: { until: number; reason: string; items: readonly JobItem[]; note: unknown },
  now: number,
): Write[] {
  const text = JSON.stringify(note ?? null);
  return [
    ...items.map(({ position }) => noted({ jobId, position, note: text })),
    slept({ jobId, until, reason, now }),
  ];
}

const wokenOf = shape((build, given: { accountId: string; now: number }) =>
  sleeping(build, given.now).where('accountId', '=', given.accountId),
);
const wokenAll = shape((build, given: { now: number }) => sleeping(build, given.now));
const wokenOne = shape((build, given: { id: string; now: number }) =>
  build
    .updateTable('jobs')
    .set({ scheduledAt: given.now, updatedAt: given.now })
    .where('id', '=', given.id)
    .where('status', '=', 'queued'),
);

const sleeping = (build: Builder, now: number) =>
  build
    .updateTable('jobs')
    .set({ scheduledAt: now })
    .where('status', '=', 'queued')
    .where('waitUntil', 'is not', null);

/** Jobs of an account that sleep look at once whether they can go on. */
export function wakeStatement(accountId: string, now: number): Write {
  return wokenOf({ accountId, now });
}

/** All jobs that sleep look then whether they can go on. */
export function wakeAllStatement(now: number): Write {
  return wokenAll({ now });
}

/** One job looks at once whether it can go on, instead of at its next time. */
export function wakeJobStatements(id: string, now: number): Write[] {
  return [...announced('jobs', [id], now), wokenOne({ id, now })];
}

type Left = { status: string; error: string | null; finishedAt: number | null };
const left = shape((build, given: Left & { jobId: string; now: number }) =>
  build
    .updateTable('jobs')
    .set({
      status: given.status,
      error: given.error,
      finishedAt: given.finishedAt,
      updatedAt: given.now,
      waitUntil: null,
      waitReason: null,
    })
    .where('id', '=', given.jobId)
    .where('status', '=', 'running'),
);

/** Ends a run: `queued` hands the job on, `paused` waits for a person, `done` is the end. */
export function leaveStatements(
  jobId: string,
  status: 'queued' | 'paused' | 'done' | 'failed',
  error: string | null,
  now: number,
): Write[] {
  const finishedAt = status === 'done' || status === 'failed' ? now : null;
  return [left({ jobId, status, error, finishedAt, now }), ...announced('jobs', [jobId], now)];
}

const again = shape((build, given: Place) =>
  build
    .updateTable('jobItems')
    .set(({ eb, lit }) => ({
      status: 'pending',
      attempts: eb('attempts', '-', lit(1)),
      errorCode: null,
      errorDetail: null,
      result: null,
      finishedAt: null,
    }))
    .where('jobId', '=', given.jobId)
    .where('position', '=', given.position)
    .where('status', '=', 'failed'),
);
const fewerFailed = shape((build, given: { jobId: string; fewer: number }) =>
  build
    .updateTable('jobs')
    .set(({ eb }) => ({ failed: eb('failed', '-', given.fewer) }))
    .where('id', '=', given.jobId),
);
const held = shape((build, given: { jobId: string; hold: string }) =>
  build.updateTable('jobs').set({ hold: given.hold }).where('id', '=', given.jobId),
);

/** Holds the job until a person has acted; items refused for the same reason get another turn then. */
export function holdStatements(
  jobId: string,
  { reason, hold, refused }: { reason: string; hold: Hold; refused: readonly JobItem[] },
  now: number,
): Write[] {
  return [
    ...refused.map(({ position }) => exactly(1, again({ jobId, position }))),
    ...(refused.length > 0 ? [fewerFailed({ jobId, fewer: refused.length })] : []),
    ...leaveStatements(jobId, 'paused', reason, now),
    held({ jobId, hold: JSON.stringify(hold) }),
  ];
}

const paced = shape((build, given: { jobId: string; pace: string }) =>
  build.updateTable('jobs').set({ pace: given.pace }).where('id', '=', given.jobId),
);

/** The key's quota as this worker sees it. */
export function paceStatement(jobId: string, pace: Pace): Write {
  return paced({ jobId, pace: JSON.stringify(pace) });
}
