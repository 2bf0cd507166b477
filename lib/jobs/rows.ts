import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { Hold, ItemStatus, Job, JobItem, JobStatus, Pace } from './types';

const JOB_COLUMNS = [
  ...([
    'id',
    'accountId',
    'appId',
    'kind',
    'title',
    'status',
    'params',
    'createdBy',
    'createdByEmail',
  ] as const),
  ...([
    'createdAt',
    'scheduledAt',
    'startedAt',
    'finishedAt',
    'updatedAt',
    'waitUntil',
    'waitReason',
  ] as const),
  ...(['pace', 'total', 'done', 'failed', 'skipped', 'noEffect', 'crashes', 'error', 'hold'] as const),
] as const;
const ITEM_COLUMNS = [
  ...(['position', 'status', 'payload', 'label', 'result', 'errorCode', 'errorDetail'] as const),
  ...(['attempts', 'sentAt', 'reconciledAt', 'finishedAt'] as const),
] as const;

type JobRow = Omit<Job, 'params' | 'pace' | 'hold'> & {
  params: string;
  pace: string | null;
  hold: string | null;
};
type ItemRow = Omit<JobItem, 'payload' | 'result'> & { payload: string; result: string | null };

const jobOf = shape((build, given: { id: string }) =>
  build.selectFrom('jobs').select(JOB_COLUMNS).where('id', '=', given.id).$castTo<JobRow>(),
);

/** The job of this id, or null. */
export async function readJob(db: Store, id: string): Promise<Job | null> {
  const [row] = await db.read(jobOf({ id }));
  return row ? toJob(row) : null;
}

/** Those of these jobs that there are, by id. */
export async function jobsAmong(db: Store, ids: readonly string[]): Promise<Map<string, Job>> {
  if (ids.length === 0) return new Map();
  const rows = await db.read(
    db.build
      .selectFrom('jobs')
      .select(JOB_COLUMNS)
      .where(({ ref }) => db.dialect.among(ref('id'), ids))
      .$castTo<JobRow>(),
  );
  return new Map(rows.map((row) => [row.id, toJob(row)]));
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
export async function readJobs(db: Store, query: JobQuery): Promise<{ jobs: Job[]; total: number }> {
  const { accountId, appId, kind, status, after, limit } = query;
  let those = db.build.selectFrom('jobs').where('status', '<>', 'draft');
  if (accountId !== undefined) those = those.where('accountId', '=', accountId);
  if (appId !== undefined) those = those.where('appId', '=', appId);
  if (kind !== undefined) those = those.where('kind', '=', kind);
  if (status && status.length > 0) those = those.where('status', 'in', status);
  const [counted] = await db.read(those.select(({ fn }) => fn.countAll<number>().as('total')));
  if (after) {
    those = those.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('createdAt', 'id'), '<', tuple(after.createdAt, after.id)),
    );
  }
  const rows = await db.read(
    those
      .select(JOB_COLUMNS)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .$castTo<JobRow>(),
  );
  return { jobs: rows.map(toJob), total: counted?.total ?? 0 };
}

const itemsAfter = shape((build, given: { jobId: string; after: number; limit: number }) =>
  build
    .selectFrom('jobItems')
    .select(ITEM_COLUMNS)
    .where('jobId', '=', given.jobId)
    .where('position', '>', given.after)
    .orderBy('position')
    .limit(given.limit)
    .$castTo<ItemRow>(),
);
// What a running job asks before each call.
const itemsOfStatus = shape((build, given: { jobId: string; status: string; after: number; limit: number }) =>
  build
    .selectFrom('jobItems')
    .select(ITEM_COLUMNS)
    .where('jobId', '=', given.jobId)
    .where('status', '=', given.status)
    .where('position', '>', given.after)
    .orderBy('position')
    .limit(given.limit)
    .$castTo<ItemRow>(),
);

/** Items in order; `after` is the position of the last item of the page before. */
export async function readItems(
  db: Store,
  jobId: string,
  query: {
    readonly status?: readonly ItemStatus[] | undefined;
    readonly after?: number;
    readonly limit: number;
  },
): Promise<JobItem[]> {
  const { status: statuses = [], after = -1, limit } = query;
  const [status] = statuses;
  const given = { jobId, after, limit };
  const rows = await db.read(
    status === undefined
      ? itemsAfter(given)
      : statuses.length === 1
        ? itemsOfStatus({ ...given, status })
        : db.build
            .selectFrom('jobItems')
            .select(ITEM_COLUMNS)
            .where('jobId', '=', jobId)
            .where('status', 'in', statuses)
            .where('position', '>', after)
            .orderBy('position')
            .limit(limit)
            .$castTo<ItemRow>(),
  );
  return rows.map(toItem);
}

/** The first item of each of these jobs, or the first of a status. */
export async function firstItems(
  db: Store,
  jobIds: readonly string[],
  status?: ItemStatus,
): Promise<Map<string, JobItem>> {
  if (jobIds.length === 0) return new Map();
  let first = db.build
    .selectFrom('jobItems')
    .select(({ fn, ref }) => [ref('jobId').as('of'), fn.min('position').as('first')])
    .where(({ ref }) => db.dialect.among(ref('jobId'), jobIds))
    .groupBy('jobId');
  if (status) first = first.where('status', '=', status);
  const rows = await db.read(
    db.build
      .selectFrom(first.as('page'))
      .innerJoin('jobItems', (join) =>
        join.onRef('jobItems.jobId', '=', 'page.of').onRef('jobItems.position', '=', 'page.first'),
      )
      .select(['jobId', ...ITEM_COLUMNS])
      .$castTo<ItemRow & { jobId: string }>(),
  );
  return new Map(rows.map(({ jobId, ...row }) => [jobId, toItem(row)]));
}

/** All items of some statuses in order, read a page at a time. */
export async function* eachItem(
  db: Store,
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
export async function allItems(db: Store, jobId: string, status?: readonly ItemStatus[]): Promise<JobItem[]> {
  const items: JobItem[] = [];
  for await (const item of eachItem(db, jobId, status)) items.push(item);
  return items;
}

export type ItemCounts = Record<ItemStatus, number>;

/** How many items of each of these jobs stand in each status. */
export async function countEach(db: Store, jobIds: readonly string[]): Promise<Map<string, ItemCounts>> {
  const counts = new Map(jobIds.map((id) => [id, { ...NO_ITEMS }]));
  const rows = await db.read(
    db.build
      .selectFrom('jobItems')
      .select(['jobId', 'status', ({ fn }) => fn.countAll<number>().as('n')])
      .where(({ ref }) => db.dialect.among(ref('jobId'), jobIds))
      .groupBy(['jobId', 'status'])
      .$castTo<{ jobId: string; status: ItemStatus; n: number }>(),
  );
  for (const { jobId, status, n } of rows) Object.assign(counts.get(jobId) ?? {}, { [status]: n });
  return counts;
}

/** How many items of one job stand in each status. */
export async function countItems(db: Store, jobId: string): Promise<ItemCounts> {
  return (await countEach(db, [jobId])).get(jobId) ?? NO_ITEMS;
}

/** Which of these jobs hold something that was sent and failed: what was invalid before it was sent, fails again. */
export async function withRefused(db: Store, jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set();
  const rows = await db.read(
    db.build
      .selectFrom('jobItems')
      .select('jobId')
      .distinct()
      .where(({ ref }) => db.dialect.among(ref('jobId'), jobIds))
      .where('status', '=', 'failed')
      .where('sentAt', 'is not', null),
  );
  return new Set(rows.map(({ jobId }) => jobId));
}

export const NO_ITEMS: ItemCounts = {
  pending: 0,
  sending: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  ambiguous: 0,
};

/** Beginning of a stretch of time (ms since 1970) → how many items were finished in it. */
export type Finished = ReadonlyMap<number, number>;

/** How many items of each of these jobs were finished in each stretch of `everyMs` since an instant. */
export async function finishedSince(
  db: Store,
  jobIds: readonly string[],
  since: number,
  everyMs: number,
): Promise<ReadonlyMap<string, Finished>> {
  if (jobIds.length === 0) return new Map();
  const finished = new Map(jobIds.map((id) => [id, new Map<number, number>()]));
  const rows = await db.read(
    db.build
      .selectFrom('jobItems')
      .select(({ eb, lit, fn }) => [
        'jobId',
        // Whole numbers divided by a whole number that stands in the query, or the quotient is none.
        eb(eb(eb.ref('finishedAt'), '/', lit(everyMs)), '*', lit(everyMs)).as('at'),
        fn.countAll<number>().as('n'),
      ])
      .where(({ ref }) => db.dialect.among(ref('jobId'), jobIds))
      .where('finishedAt', '>', since)
      .where('sentAt', 'is not', null)
      .groupBy(['jobId', 'at'])
      .$castTo<{ jobId: string; at: number; n: number }>(),
  );
  for (const { jobId, at, n } of rows) finished.get(jobId)?.set(at, n);
  return finished;
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
