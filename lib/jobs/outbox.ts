import type { Statement, Write } from '@/lib/store/database';
import {
  type Finding,
  type Hold,
  type JobItem,
  NO_EFFECT,
  type Outcome,
  type Pace,
  type Unseen,
} from './types';

// The states of an item: pending → sending → done | failed | skipped, or ambiguous until it was read back.
// Every list of statements here goes into one transaction behind the lease's fence.

/** Committed before the call; fails when the job is no longer running or an item was taken meanwhile. */
export function sendingStatements(jobId: string, items: readonly JobItem[], now: number): Statement[] {
  return [
    {
      sql: "UPDATE jobs SET updatedAt = ?, waitUntil = NULL, waitReason = NULL WHERE id = ? AND status = 'running'",
      params: [now, jobId],
      expectChanges: 1,
    },
    {
      sql: `UPDATE jobItems SET status = 'sending', attempts = attempts + 1, sentAt = ?
        WHERE jobId = ? AND status = 'pending' AND position IN (${marks(items)})`,
      params: [now, jobId, ...positions(items)],
      expectChanges: items.length,
    },
  ];
}

/** The outcome of one item, with whatever the handler wants stored at the same moment. */
export function outcomeStatements(
  jobId: string,
  item: JobItem,
  outcome: Outcome,
  now: number,
  isReconciled: boolean,
): Write[] {
  const refusal = outcome.status === 'done' ? null : outcome;
  const result = outcome.result === undefined ? null : JSON.stringify(outcome.result);
  return [
    {
      sql: `UPDATE jobItems SET status = ?, result = ?, errorCode = ?, errorDetail = ?, finishedAt = ?,
        reconciledAt = ? WHERE jobId = ? AND position = ? AND status IN ('sending', 'ambiguous')`,
      params: [
        outcome.status,
        result,
        refusal?.code ?? null,
        refusal?.detail ?? null,
        now,
        isReconciled ? now : null,
        jobId,
        item.position,
      ],
      expectChanges: 1,
    },
    // An item finished is progress: crashes are counted anew.
    {
      sql: `UPDATE jobs SET ${outcome.status} = ${outcome.status} + 1, crashes = 0, updatedAt = ? WHERE id = ?`,
      params: [now, jobId],
    },
    ...(outcome.statements ?? []),
  ];
}

/** Done by Apple's word, and not to be seen: the items stay done and carry a warning. */
export function unseenStatements(jobId: string, missed: readonly Unseen[], now: number): Statement[] {
  return [
    ...missed.map(({ item, code, detail }) => ({
      sql: `UPDATE jobItems SET errorCode = ?, errorDetail = ?
        WHERE jobId = ? AND position = ? AND status = 'done' AND errorCode IS NULL`,
      params: [code, detail, jobId, item.position],
    })),
    {
      sql: `UPDATE jobs SET updatedAt = ?, noEffect = (SELECT count(*) FROM jobItems
        WHERE jobId = jobs.id AND status = 'done' AND errorCode = ?) WHERE id = ?`,
      params: [now, NO_EFFECT, jobId],
    },
  ];
}

/** It may have happened: nothing may be sent for these items before they are read back. */
export function ambiguousStatement(
  jobId: string,
  items: readonly JobItem[],
  code: string,
  detail: string,
): Statement {
  return {
    sql: `UPDATE jobItems SET status = 'ambiguous', errorCode = ?, errorDetail = ?
      WHERE jobId = ? AND status IN ('sending', 'ambiguous') AND position IN (${marks(items)})`,
    params: [code, detail, jobId, ...positions(items)],
  };
}

/** Nothing has happened: the items wait for their turn again; an attempt that was never sent does not count. */
export function pendingStatements(
  jobId: string,
  items: readonly JobItem[],
  how: { readonly wasSent: boolean; readonly finding?: Finding },
): Write[] {
  return [
    {
      sql: `UPDATE jobItems SET status = 'pending', attempts = attempts - ?, errorCode = NULL, errorDetail = NULL
        WHERE jobId = ? AND status IN ('sending', 'ambiguous') AND position IN (${marks(items)})`,
      params: [how.wasSent ? 0 : 1, jobId, ...positions(items)],
    },
    ...(how.finding?.statements ?? []),
  ];
}

/** Says for people what the job waits for. */
export function waitStatement(jobId: string, until: number, reason: string, now: number): Statement {
  return {
    sql: 'UPDATE jobs SET waitUntil = ?, waitReason = ?, updatedAt = ? WHERE id = ?',
    params: [until, reason, now, jobId],
  };
}

/** Ends a run: `queued` hands the job on, `paused` waits for a person, `done` is the end. */
export function leaveStatement(
  jobId: string,
  status: 'queued' | 'paused' | 'done' | 'failed',
  error: string | null,
  now: number,
): Statement {
  return {
    sql: `UPDATE jobs SET status = ?, error = ?, finishedAt = ?, updatedAt = ?, waitUntil = NULL, waitReason = NULL
      WHERE id = ? AND status = 'running'`,
    params: [status, error, status === 'done' || status === 'failed' ? now : null, now, jobId],
  };
}

/** Holds the job until a person has acted; items refused for the same reason get another turn then. */
export function holdStatements(
  jobId: string,
  { reason, hold, refused }: { reason: string; hold: Hold; refused: readonly JobItem[] },
  now: number,
): Write[] {
  const back: Write[] = [
    {
      sql: `UPDATE jobItems SET status = 'pending', attempts = attempts - 1, errorCode = NULL, errorDetail = NULL,
        result = NULL, finishedAt = NULL WHERE jobId = ? AND status = 'failed' AND position IN (${marks(refused)})`,
      params: [jobId, ...positions(refused)],
      expectChanges: refused.length,
    },
    {
      sql: 'UPDATE jobs SET failed = failed - ? WHERE id = ?',
      params: [refused.length, jobId],
    },
  ];
  return [
    ...(refused.length > 0 ? back : []),
    leaveStatement(jobId, 'paused', reason, now),
    { sql: 'UPDATE jobs SET hold = ? WHERE id = ?', params: [JSON.stringify(hold), jobId] },
  ];
}

/** The key's quota as this worker sees it. */
export function paceStatement(jobId: string, pace: Pace): Statement {
  return { sql: 'UPDATE jobs SET pace = ? WHERE id = ?', params: [JSON.stringify(pace), jobId] };
}

function marks(items: readonly JobItem[]): string {
  return items.map(() => '?').join(', ');
}

function positions(items: readonly JobItem[]): number[] {
  return items.map((item) => item.position);
}
