import { announced } from '@/lib/store/feed';
import type { Store, Write } from '@/lib/store/store';
import { type JobStatus, NO_EFFECT } from './types';

export const JOB_ACTIONS = ['pause', 'resume', 'cancel', 'retry'] as const;
/** `retry` sends again what failed and what had no effect. */
export type JobAction = (typeof JOB_ACTIONS)[number];

const FROM: Readonly<Record<JobAction, readonly JobStatus[]>> = {
  pause: ['queued', 'running'],
  resume: ['paused', 'parked'],
  cancel: ['queued', 'running', 'paused', 'parked'],
  // What a cancelled job has not sent stays unsent, whatever else is asked of it.
  retry: ['done', 'failed'],
};

/** Whether a job in this status can be tried again, where it holds something to send again. */
export const isRetried = (status: JobStatus): boolean => FROM.retry.includes(status);

/** What can be done with a job in this status, whether or not it holds something to send again. */
export function actionsFor(status: JobStatus, isRetryable: boolean): JobAction[] {
  return JOB_ACTIONS.filter((action) => FROM[action].includes(status) && (action !== 'retry' || isRetryable));
}

/**
 * Pauses, resumes, cancels or retries; false when the job's status does not allow it. A running worker notices
 * before its next item; what is being sent is finished first.
 */
export async function controlJob(
  db: Store,
  id: string,
  action: JobAction,
  now: number,
  also: readonly Write[] = [],
): Promise<boolean> {
  const writes = action === 'retry' ? retry(db, id, now) : [change(db, id, action, now)];
  const changes = await db.write([...announced('jobs', [id], now), ...also, ...writes]);
  return (changes.at(-1) ?? 0) > 0;
}

function change(
  { build, dialect }: Store,
  id: string,
  action: Exclude<JobAction, 'retry'>,
  now: number,
): Write {
  const job = build
    .updateTable('jobs')
    .set({ updatedAt: now })
    .where('id', '=', id)
    .where('status', 'in', FROM[action]);
  switch (action) {
    case 'pause':
      return job.set({ status: 'paused' });
    case 'cancel':
      return job.set({ status: 'cancelled', finishedAt: now, waitUntil: null, waitReason: null });
    case 'resume':
      return job
        .set({ status: 'queued', crashes: 0, error: null, waitUntil: null, waitReason: null })
        .set(({ eb, ref, lit }) => ({
          // One that slept goes on at once; one that has not begun yet keeps its day.
          scheduledAt: eb.case().when('startedAt', 'is', null).then(ref('scheduledAt')).else(lit(null)).end(),
          // It was held for a reason that the person has seen.
          hold: dialect.jsonWith(ref('hold'), 'isWaived', true),
        }));
  }
}

/**
 * Puts another group in the place of one that is gone, in all that is still to be done; the job then waits for
 * somebody to go on. False when the job is not held.
 */
export async function retargetJob(
  { build, write }: Store,
  id: string,
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): Promise<boolean> {
  // Ids stand in JSON as whole quoted words, wherever they stand.
  const [old, fresh] = [JSON.stringify(from), JSON.stringify(to)];
  const [, changed] = await write([
    build
      .updateTable('jobItems')
      .set(({ fn, val }) => ({ payload: fn<string>('replace', ['payload', val(old), val(fresh)]) }))
      .where('jobId', '=', id)
      .where('status', '=', 'pending')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('jobs').select('jobs.id').where('jobs.id', '=', id).where('jobs.status', '=', 'paused'),
        ),
      ),
    build
      .updateTable('jobs')
      .set(({ fn, val }) => ({
        params: fn<string>('replace', ['params', val(old), val(fresh)]),
        updatedAt: now,
      }))
      .where('id', '=', id)
      .where('status', '=', 'paused'),
  ]);
  return (changed ?? 0) > 0;
}

/**
 * Only items that were refused by Apple, or that Apple took without effect: a row that is invalid in itself fails again
 * in the same way. The second attempt of one without effect looks before it creates.
 */
function retry({ build }: Store, id: string, now: number): Write[] {
  const counted = (status: string) =>
    build
      .selectFrom('jobItems')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('jobId', '=', id)
      .where('status', '=', status);
  return [
    build
      .updateTable('jobItems')
      .set(({ eb, lit }) => ({
        status: 'pending',
        attempts: eb.case().when('status', '=', 'done').then(lit(1)).else(lit(0)).end(),
        errorCode: null,
        errorDetail: null,
        result: null,
        finishedAt: null,
      }))
      .where('jobId', '=', id)
      .where('sentAt', 'is not', null)
      .where(({ eb, or, and }) =>
        or([eb('status', '=', 'failed'), and([eb('status', '=', 'done'), eb('errorCode', '=', NO_EFFECT)])]),
      )
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('jobs')
            .select('jobs.id')
            .where('jobs.id', '=', id)
            .where('jobs.status', 'in', FROM.retry),
        ),
      ),
    build
      .updateTable('jobs')
      .set({
        status: 'queued',
        finishedAt: null,
        error: null,
        crashes: 0,
        updatedAt: now,
        failed: counted('failed'),
        done: counted('done'),
        noEffect: 0,
      })
      .where('id', '=', id)
      .where('status', 'in', FROM.retry)
      .where(({ exists }) => exists(counted('pending').clearSelect().select('position').limit(1))),
  ];
}
