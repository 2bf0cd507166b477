import type { Database } from '@/lib/store/database';
import type { Hold, ItemStatus, Job, JobItem, JobStatus, Pace } from './types';

const JOB_COLUMNS = `id, accountId, appId, kind, title, status, params, createdBy, createdByEmail, createdAt,
  scheduledAt, startedAt, finishedAt, updatedAt, waitUntil, waitReason, pace, total, done, failed, skipped,
  noEffect, crashes, error, hold`;
const ITEM_COLUMNS = `position, status, payload, label, result, errorCode, errorDetail, attempts, sentAt,
  reconciledAt, finishedAt`;

type JobRow = Omit<Job, 'params' | 'pace' | 'hold'> & {
  params: string;
  pace: string | null;
  hold: string | null;
};
type ItemRow = Omit<JobItem, 'payload' | 'result'> & { payload: string; result: string | null };

/** The job of this id, or null. */
export async function readJob(db: Database, id: string): Promise<Job | null> {
  const [row] = await db.query<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`, [id]);
  return row ? toJob(row) : null;
}

export interface JobQuery {
  readonly accountId?: string | undefined;
  readonly appId?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: readonly JobStatus[] | undefined;
  readonly limit: number;
  /** `createdAt` and id of the last row of the page before. */
  readonly after?: { readonly createdAt: number; readonly id: string } | undefined;
}

/** Jobs, newest first; drafts are left out. */
export async function readJobs(db: Database, query: JobQuery): Promise<{ jobs: Job[]; total: number }> {
  const where = ["status <> 'draft'"];
  const params: (string | number)[] = [];
  const only = (clause: string, ...values: (string | number)[]) => {
    where.push(clause);
    params.push(...values);
  };
  if (query.accountId !== undefined) only('accountId = ?', query.accountId);
  if (query.appId !== undefined) only('appId = ?', query.appId);
  if (query.kind !== undefined) only('kind = ?', query.kind);
  if (query.status && query.status.length > 0) {
    only(`status IN (${query.status.map(() => '?').join(', ')})`, ...query.status);
  }
  const counted = await db.query<{ total: number }>(
    `SELECT count(*) AS total FROM jobs WHERE ${where.join(' AND ')}`,
    params,
  );
  if (query.after) only('(createdAt, id) < (?, ?)', query.after.createdAt, query.after.id);
  const rows = await db.query<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM jobs WHERE ${where.join(' AND ')} ORDER BY createdAt DESC, id DESC LIMIT ?`,
    [...params, query.limit],
  );
  return { jobs: rows.map(toJob), total: counted[0]?.total ?? 0 };
}

/** Items in order; `after` is the position of the last item of the page before. */
export async function readItems(
  db: Database,
  jobId: string,
  query: {
    readonly status?: readonly ItemStatus[] | undefined;
    readonly after?: number;
    readonly limit: number;
  },
): Promise<JobItem[]> {
  const statuses = query.status ?? [];
  const only = statuses.length > 0 ? `AND status IN (${statuses.map(() => '?').join(', ')})` : '';
  const rows = await db.query<ItemRow>(
    `SELECT ${ITEM_COLUMNS} FROM jobItems WHERE jobId = ? ${only} AND position > ? ORDER BY position LIMIT ?`,
    [jobId, ...statuses, query.after ?? -1, query.limit],
  );
  return rows.map(toItem);
}

/** All items of some statuses in order, read a page at a time. */
export async function* eachItem(
  db: Database,
  jobId: string,
  status?: readonly ItemStatus[],
): AsyncGenerator<JobItem> {
  for (let after = -1; ; ) {
    const page = await readItems(db, jobId, { status, after, limit: 500 });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < 500) return;
    after = last.position;
  }
}

/** The same, all at once. */
export async function allItems(
  db: Database,
  jobId: string,
  status?: readonly ItemStatus[],
): Promise<JobItem[]> {
  const items: JobItem[] = [];
  for await (const item of eachItem(db, jobId, status)) items.push(item);
  return items;
}

/** How many items stand in each status. */
export async function countItems(db: Database, jobId: string): Promise<Record<ItemStatus, number>> {
  const counts = { pending: 0, sending: 0, done: 0, failed: 0, skipped: 0, ambiguous: 0 };
  const rows = await db.query<{ status: ItemStatus; n: number }>(
    'SELECT status, count(*) AS n FROM jobItems WHERE jobId = ? GROUP BY status',
    [jobId],
  );
  for (const row of rows) counts[row.status] = row.n;
  return counts;
}

/** How many items were finished in each stretch of `everyMs` since an instant: its beginning (ms since 1970) → how many. */
export async function finishedSince(
  db: Database,
  jobId: string,
  since: number,
  everyMs: number,
): Promise<Map<number, number>> {
  const rows = await db.query<{ at: number; n: number }>(
    `SELECT finishedAt / ${everyMs} * ${everyMs} AS at, count(*) AS n FROM jobItems
     WHERE jobId = ? AND finishedAt > ? AND sentAt IS NOT NULL GROUP BY at`,
    [jobId, since],
  );
  return new Map(rows.map((row) => [row.at, row.n]));
}

function toJob(row: JobRow): Job {
  return {
    ...row,
    params: JSON.parse(row.params),
    pace: row.pace === null ? null : (JSON.parse(row.pace) as Pace),
    hold: row.hold === null ? null : (JSON.parse(row.hold) as Hold),
  };
}

function toItem(row: ItemRow): JobItem {
  return {
    ...row,
    payload: JSON.parse(row.payload),
    result: row.result === null ? null : JSON.parse(row.result),
  };
}
