import { randomUUID } from 'node:crypto';
import { announced } from '@/lib/store/feed';
import { shapeOfRows } from '@/lib/store/rows';
import { exactly, type Store, type Write } from '@/lib/store/store';

/** An item to be. One that is known to fail or to be needless is listed with its reason and never sent. */
export interface NewItem {
  readonly payload: unknown;
  readonly label?: string | null;
  readonly settled?: {
    readonly status: 'failed' | 'skipped';
    readonly code: string;
    readonly detail: string;
  };
  /** What is shown of it while the job is a draft; forgotten when it is queued. */
  readonly shown?: object;
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
export async function createJob(db: Store, job: NewJob, now: number): Promise<string> {
  const id = await storeDraft(db, job, now);
  await queueJob(db, id, now, job);
  return id;
}

/** Stores a job that nobody takes before it is queued; gives its id. After a day it is dropped. */
export async function storeDraft(db: Store, job: NewJob, now: number): Promise<string> {
  const id = randomUUID();
  const counts = { total: 0, failed: 0, skipped: 0 };
  await db.write([insertDraft(db, id, job, now)]);
  let batch: NewItem[] = [];
  let statements: Write[] = [];
  const flush = async (all: boolean): Promise<void> => {
    if (batch.length > 0) statements.push(...insertItems(id, counts.total - batch.length, batch, now));
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
    exactly(1, db.build.updateTable('jobs').set(counts).where('id', '=', id).where('status', '=', 'draft')),
  ]);
  return id;
}

/**
 * Queues a draft, for whoever made it.
 * @throws StaleWriteError when it is none any more
 */
export async function queueJob(
  db: Store,
  id: string,
  now: number,
  { createdBy, createdByEmail }: Pick<NewJob, 'createdBy' | 'createdByEmail'>,
): Promise<void> {
  await db.write([
    exactly(
      1,
      db.build
        .updateTable('jobs')
        .set({ status: 'queued', createdAt: now, updatedAt: now })
        .where('id', '=', id)
        .where('status', '=', 'draft')
        .where('createdBy', 'is not distinct from', createdBy)
        .where('createdByEmail', 'is not distinct from', createdByEmail),
    ),
    db.build
      .updateTable('jobItems')
      .set({ result: null })
      .where('jobId', '=', id)
      .where('result', 'is not', null),
    ...announced('jobs', [id], now),
  ]);
}

function insertDraft({ build }: Store, id: string, job: NewJob, now: number): Write {
  const { accountId, appId, kind, title, createdBy, createdByEmail, scheduledAt = null } = job;
  return build.insertInto('jobs').values({
    ...{ id, accountId, appId, kind, title, createdBy, createdByEmail, scheduledAt },
    ...{ status: 'draft', params: JSON.stringify(job.params), createdAt: now, updatedAt: now },
  });
}

const ITEM_COLUMNS = [
  ...(['jobId', 'position', 'status', 'payload', 'label', 'result'] as const),
  ...(['errorCode', 'errorDetail', 'finishedAt'] as const),
];
type ItemRow = Record<'jobId' | 'status' | 'payload', string> &
  Record<'label' | 'result' | 'errorCode' | 'errorDetail', string | null> & {
    position: number;
    finishedAt: number | null;
  };
const insertRows = shapeOfRows<ItemRow>(ITEM_COLUMNS, (build, rows) =>
  build.insertInto('jobItems').values(rows),
);

function insertItems(jobId: string, from: number, items: readonly NewItem[], now: number): Write[] {
  return insertRows(
    items.map(({ payload, label = null, shown, settled }, index) => ({
      ...{ jobId, position: from + index, status: settled?.status ?? 'pending', label },
      payload: JSON.stringify(payload),
      result: shown ? JSON.stringify(shown) : null,
      errorCode: settled?.code ?? null,
      errorDetail: settled?.detail ?? null,
      finishedAt: settled ? now : null,
    })),
  );
}
