import type { Database, Statement } from '@/lib/store/database';
import { type JobStatus, NO_EFFECT } from './types';

export const JOB_ACTIONS = ['pause', 'resume', 'cancel', 'retry'] as const;
/** `retry` sends again what failed and what had no effect. */
export type JobAction = (typeof JOB_ACTIONS)[number];

const FROM: Readonly<Record<JobAction, readonly JobStatus[]>> = {
  pause: ['queued', 'running'],
  resume: ['paused', 'parked'],
  cancel: ['queued', 'running', 'paused', 'parked'],
  retry: ['done', 'cancelled', 'failed'],
};

/** What can be done with a job in this status. */
export function actionsFor(status: JobStatus, toRetry: number): JobAction[] {
  return JOB_ACTIONS.filter((action) => FROM[action].includes(status) && (action !== 'retry' || toRetry > 0));
}

/**
 * Pauses, resumes, cancels or retries; false when the job's status does not allow it. A running worker notices
 * before its next item; what is being sent is finished first.
 */
export async function controlJob(db: Database, id: string, action: JobAction, now: number): Promise<boolean> {
  const changes = await db.write(action === 'retry' ? retry(id, now) : [change(id, action, now)]);
  return (changes.at(-1) ?? 0) > 0;
}

function change(id: string, action: Exclude<JobAction, 'retry'>, now: number): Statement {
  const allowed = FROM[action].map((status) => `'${status}'`).join(', ');
  const sets = {
    pause: "status = 'paused'",
    resume:
      "status = 'queued', crashes = 0, error = NULL, waitUntil = NULL, waitReason = NULL, scheduledAt = NULL, hold = json_set(hold, '$.isWaived', json('true'))",
    cancel: `status = 'cancelled', finishedAt = ${now}, waitUntil = NULL, waitReason = NULL`,
  }[action];
  return {
    sql: `UPDATE jobs SET ${sets}, updatedAt = ? WHERE id = ? AND status IN (${allowed})`,
    params: [now, id],
  };
}

/**
 * Puts another group in the place of one that is gone, in all that is still to be done; the job then waits for
 * somebody to go on. False when the job is not held.
 */
export async function retargetJob(
  db: Database,
  id: string,
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): Promise<boolean> {
  // Ids stand in JSON as whole quoted words, wherever they stand.
  const [old, fresh] = [JSON.stringify(from), JSON.stringify(to)];
  const [, changed] = await db.write([
    {
      sql: `UPDATE jobItems SET payload = replace(payload, ?, ?) WHERE jobId = ? AND status = 'pending'
        AND EXISTS (SELECT 1 FROM jobs WHERE id = ? AND status = 'paused')`,
      params: [old, fresh, id, id],
    },
    {
      sql: `UPDATE jobs SET params = replace(params, ?, ?), updatedAt = ? WHERE id = ? AND status = 'paused'`,
      params: [old, fresh, now, id],
    },
  ]);
  return (changed ?? 0) > 0;
}

/**
 * Only items that were refused by Apple, or that Apple took without effect: a row that is invalid in itself fails again
 * in the same way. The second attempt of one without effect looks before it creates.
 */
function retry(id: string, now: number): Statement[] {
  const allowed = FROM.retry.map((status) => `'${status}'`).join(', ');
  const isOpen = `EXISTS (SELECT 1 FROM jobs WHERE id = ? AND status IN (${allowed}))`;
  return [
    {
      sql: `UPDATE jobItems SET status = 'pending', attempts = CASE status WHEN 'done' THEN 1 ELSE 0 END,
        errorCode = NULL, errorDetail = NULL, result = NULL, finishedAt = NULL
        WHERE jobId = ? AND sentAt IS NOT NULL
        AND (status = 'failed' OR (status = 'done' AND errorCode = '${NO_EFFECT}')) AND ${isOpen}`,
      params: [id, id],
    },
    {
      sql: `UPDATE jobs SET status = 'queued', finishedAt = NULL, error = NULL, crashes = 0, updatedAt = ?,
        failed = (SELECT count(*) FROM jobItems WHERE jobId = jobs.id AND status = 'failed'),
        done = (SELECT count(*) FROM jobItems WHERE jobId = jobs.id AND status = 'done'), noEffect = 0
        WHERE id = ? AND status IN (${allowed})
        AND EXISTS (SELECT 1 FROM jobItems WHERE jobId = jobs.id AND status = 'pending')`,
      params: [now, id],
    },
  ];
}
