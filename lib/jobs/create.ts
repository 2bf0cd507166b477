import { randomUUID } from 'node:crypto';
import type { Database, SqlValue, Statement } from '@/lib/store/database';

/** An item to be. One that is known to fail or to be needless is listed with its reason and never sent. */
export interface NewItem {
  readonly payload: unknown;
  readonly label?: string | null;
  readonly settled?: {
    readonly status: 'failed' | 'skipped';
    readonly code: string;
    readonly detail: string;
  };
}

export interface NewJob {
  readonly kind: string;
  readonly title: string;
  readonly accountId: string | null;
  readonly appId: string | null;
  readonly params: unknown;
  readonly createdBy: string | null;
  readonly createdByEmail: string | null;
  /** Not before this instant, ms since 1970. */
  readonly scheduledAt?: number | null;
  readonly items: Iterable<NewItem>;
}

const ROWS_PER_STATEMENT = 200;
/** Transactions stay short: other writers wait no longer than some 15 ms. */
const STATEMENTS_PER_WRITE = 5;

/**
 * Stores a job with its items and queues it; gives its id. The job is a draft, which no worker takes, until its
 * last item is stored, so a crash on the way leaves nothing half done.
 */
export async function createJob(db: Database, job: NewJob, now: number): Promise<string> {
  const id = randomUUID();
  const counts = { total: 0, failed: 0, skipped: 0 };
  await db.write([insertDraft(id, job, now)]);
  let batch: NewItem[] = [];
  let statements: Statement[] = [];
  const flush = async (all: boolean): Promise<void> => {
    if (batch.length > 0) statements.push(insertItems(id, counts.total - batch.length, batch, now));
    batch = [];
    if (statements.length >= STATEMENTS_PER_WRITE || (all && statements.length > 0)) {
      await db.write(statements);
      statements = [];
    }
  };
  for (const item of job.items) {
    batch.push(item);
    counts.total += 1;
    if (item.settled) counts[item.settled.status] += 1;
    if (batch.length === ROWS_PER_STATEMENT) await flush(false);
  }
  await flush(true);
  await db.write([
    {
      sql: "UPDATE jobs SET status = 'queued', total = ?, failed = ?, skipped = ?, updatedAt = ? WHERE id = ? AND status = 'draft'",
      params: [counts.total, counts.failed, counts.skipped, now, id],
      expectChanges: 1,
    },
  ]);
  return id;
}

/** Drops drafts whose creation ended in a crash more than a day ago. */
export async function dropOldDrafts(db: Database, now: number): Promise<void> {
  const before = now - 24 * 3_600_000;
  await db.write([
    {
      sql: "DELETE FROM jobItems WHERE jobId IN (SELECT id FROM jobs WHERE status = 'draft' AND createdAt < ?)",
      params: [before],
    },
    { sql: "DELETE FROM jobs WHERE status = 'draft' AND createdAt < ?", params: [before] },
  ]);
}

function insertDraft(id: string, job: NewJob, now: number): Statement {
  return {
    sql: `INSERT INTO jobs (id, accountId, appId, kind, title, status, params, createdBy, createdByEmail, createdAt,
      scheduledAt, updatedAt) VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?)`,
    params: [
      id,
      job.accountId,
      job.appId,
      job.kind,
      job.title,
      JSON.stringify(job.params),
      job.createdBy,
      job.createdByEmail,
      now,
      job.scheduledAt ?? null,
      now,
    ],
  };
}

function insertItems(jobId: string, from: number, items: readonly NewItem[], now: number): Statement {
  const params: SqlValue[] = [];
  for (const [index, { payload, label, settled }] of items.entries()) {
    params.push(jobId, from + index, settled?.status ?? 'pending', JSON.stringify(payload), label ?? null);
    params.push(settled?.code ?? null, settled?.detail ?? null, settled ? now : null);
  }
  return {
    sql: `INSERT INTO jobItems (jobId, position, status, payload, label, errorCode, errorDetail, finishedAt)
      VALUES ${items.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
    params,
  };
}
