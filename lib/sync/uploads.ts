import { PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import { upsertStatements } from '@/lib/mirror/upsert';
import { shape } from '@/lib/store/shape';
import { type HistoryInput, optionsOf } from './history';
import { readStatement } from './scopes';

/** Apple's type, which has no table of its own. */
export const UPLOADS = 'buildUploads';
/** The scope of an app's uploads. */
export const uploadsScope = (appId: string): string => `${UPLOADS}/${appId}`;

/** Apple's states of an upload that has become no build, or not yet. */
const OPEN_UPLOADS = ['AWAITING_UPLOAD', 'PROCESSING', 'FAILED'] as const;

/** So many pages are read at most: who has more failed uploads looks at the newest. */
const MOST_PAGES = 5;

/** Reads an app's uploads that are no builds into the mirror; what has become one since goes out. */
export async function readUploads(
  input: Pick<HistoryInput, 'db' | 'asc' | 'accountId' | 'clock' | 'signal'>,
  appId: string,
): Promise<number> {
  const { db, accountId, clock } = input;
  const fetchedAt = clock.now();
  const query = {
    filter: { state: [...OPEN_UPLOADS] },
    sort: ['-uploadedDate' as const],
    include: ['build' as const],
    fields: { builds: ['version' as const] },
    limit: { page: PAGE_LIMIT },
  };
  let page = await input.asc.listRelated('apps', appId, UPLOADS, query, optionsOf(input));
  let requests = page.attempts;
  const store = async () => {
    const resources = page.document.data;
    const about = { accountId, resources, includedTypes: [], parent: `apps/${appId}` };
    await db.write(upsertStatements({ ...about, fetchedAt, source: 'sync' }));
  };
  await store();
  for (let pages = 1; page.next !== undefined && pages < MOST_PAGES; pages += 1) {
    page = await input.asc.pageFrom(UPLOADS, page.next, optionsOf(input));
    requests += page.attempts;
    await store();
  }
  // What stands behind the last page that was read may still be there.
  const isWhole = page.next === undefined && !page.refusedNext;
  await db.write([
    ...(isWhole ? [settled({ accountId, parent: `apps/${appId}`, fetchedAt })] : []),
    readStatement(accountId, uploadsScope(appId), fetchedAt),
  ]);
  return requests;
}

/** Uploads of an app that were not told this time. */
const settled = shape((build, given: { accountId: string; parent: string; fetchedAt: number }) =>
  build
    .deleteFrom('documents')
    .where('accountId', '=', given.accountId)
    .where('type', '=', UPLOADS)
    .where('parent', '=', given.parent)
    .where('fetchedAt', '<', given.fetchedAt),
);
