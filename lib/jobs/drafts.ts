import type { Store } from '@/lib/store/store';
import type { Job } from './types';

/** How long a draft is kept, ms. */
const KEPT_MS = 24 * 3_600_000;
/** How many drafts of one kind a person has at a time: an older one gives way. */
const MOST = 5;
/** Rows removed per transaction, so that others get their turn. */
const AT_ONCE = 2_000;

/** What is shown of a draft's items that meet a word, in order; `word` is the text of one member of it. */
export async function readDraftItems(
  db: Store,
  jobId: string,
  page: {
    readonly only?: { readonly member: string; readonly word: string } | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<unknown[]> {
  const items = db.build
    .selectFrom('jobItems')
    .select('result')
    .where('jobId', '=', jobId)
    .orderBy('position')
    .limit(page.limit)
    .offset(page.offset);
  const { only } = page;
  const rows = await db.read(
    only
      ? items.where((eb) => eb(db.dialect.jsonField(eb.ref('result'), only.member), '=', only.word))
      : items,
  );
  return rows.flatMap(({ result }) => (result === null ? [] : [JSON.parse(result) as unknown]));
}

/** Whether a draft is still there for whoever made it. */
export function isOpenDraft(
  job: Job | null,
  by: Pick<Job, 'createdBy' | 'createdByEmail'>,
  now: number,
): job is Job {
  return (
    job?.status === 'draft' &&
    job.createdBy === by.createdBy &&
    job.createdByEmail === by.createdByEmail &&
    job.createdAt > now - KEPT_MS
  );
}

/** Drops all but the newest few drafts of one kind that a person has. */
export async function dropFormerDrafts(
  db: Store,
  { kind, createdBy, createdByEmail }: Pick<Job, 'kind' | 'createdBy' | 'createdByEmail'>,
): Promise<void> {
  const former = await db.read(
    db.build
      .selectFrom('jobs')
      .select(['id', 'total'])
      .where('status', '=', 'draft')
      .where('kind', '=', kind)
      .where('createdBy', 'is not distinct from', createdBy)
      .where('createdByEmail', 'is not distinct from', createdByEmail)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(100)
      .offset(MOST),
  );
  for (const draft of former) await remove(db, draft);
}

/** Drops drafts that nobody has started within a day, or whose creation ended in a crash. */
export async function dropOldDrafts(db: Store, now: number): Promise<void> {
  const old = await db.read(
    db.build
      .selectFrom('jobs')
      .select(['id', 'total'])
      .where('status', '=', 'draft')
      .where('createdAt', '<', now - KEPT_MS),
  );
  for (const draft of old) await remove(db, draft);
}

async function remove(db: Store, { id, total }: Pick<Job, 'id' | 'total'>): Promise<void> {
  // First of all nobody can start it any more; whoever was faster keeps it.
  const [taken = 0] = await db.write([
    db.build
      .updateTable('jobs')
      .set({ createdBy: null, createdByEmail: null })
      .where('id', '=', id)
      .where('status', '=', 'draft'),
  ]);
  if (taken === 0) return;
  const items = db.build.deleteFrom('jobItems').where('jobId', '=', id);
  for (let below = AT_ONCE; below < total; below += AT_ONCE) {
    await db.write([items.where('position', '<', below)]);
  }
  await db.write([items, db.build.deleteFrom('jobs').where('id', '=', id)]);
}
