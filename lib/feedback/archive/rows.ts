import { setImmediate as breathe } from 'node:timers/promises';
import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { type Listed, listedPictures } from './listed';

/** Apple's type of the reports that carry pictures. */
export const WITH_PICTURES = 'betaFeedbackScreenshotSubmissions';

export type PictureState = 'wanted' | 'stored' | 'failed' | 'refused' | 'removed';

/** A picture of a report as it stands here. */
export interface PictureRow {
  readonly accountId: string;
  readonly feedbackId: string;
  readonly position: number;
  readonly state: PictureState;
  readonly trouble: string | null;
  readonly path: string | null;
  readonly hash: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly expiresAt: number | null;
  readonly tries: number;
  readonly tryAfter: number;
}

/** A file of the archive. */
export interface FileRow {
  readonly hash: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly place: string;
  readonly thumbHash: string | null;
  readonly storedAt: number;
}

export interface ReportKey {
  readonly accountId: string;
  readonly feedbackId: string;
}

/** What a report says of its pictures. */
export interface ReportRow {
  readonly appId: string;
  readonly document: string;
  readonly goneAt: number | null;
}

const newPictures = shapeOfRows<Omit<PictureRow, 'state' | 'trouble' | 'hash' | 'tries' | 'tryAfter'>>(
  ['accountId', 'feedbackId', 'position', 'path', 'width', 'height', 'expiresAt'],
  (build, rows) =>
    build
      .insertInto('feedbackPictures')
      .values(rows.map((row) => ({ ...row, state: 'wanted', tries: 0, tryAfter: 0 })))
      .onConflict((conflict) => conflict.columns(['accountId', 'feedbackId', 'position']).doNothing()),
);

/** Rows for pictures that were not known. */
export function wantedPictures(key: ReportKey, listed: readonly Listed[], from = 0): Write[] {
  return newPictures(
    listed.map(({ path, width, height, expiresAt }, at) => ({
      ...key,
      position: from + at,
      path,
      width,
      height,
      expiresAt,
    })),
  );
}

const unlooked = shape((build, given: { type: string; most: number }) =>
  build
    .selectFrom('feedback')
    .select(['accountId', 'id', 'document'])
    .where('type', '=', given.type)
    .where('picturesNoted', 'is', null)
    .limit(given.most),
);

const looked = shape((build, given: { accountId: string; ids: readonly string[]; mark: string }, { among }) =>
  build
    .updateTable('feedback')
    .set({ picturesNoted: given.mark })
    .where('accountId', '=', given.accountId)
    .where(({ ref }) => among(ref('id'), given.ids)),
);

const forgotten = shape((build, given: { type: string }) =>
  build
    .updateTable('feedback')
    .set({ picturesNoted: null })
    .where('type', '=', given.type)
    .where('picturesNoted', '=', 'none'),
);

const LOOKED_AT_ONCE = 500;

/** Notes the pictures of reports that are new since the last time: each is looked at once, and nothing where none is. */
export async function noteWanted(db: Store): Promise<void> {
  for (;;) {
    const rows = await db.read(unlooked({ type: WITH_PICTURES, most: LOOKED_AT_ONCE }));
    if (rows.length === 0) return;
    const writes: Write[] = [];
    const marked = new Map<string, { accountId: string; mark: string; ids: string[] }>();
    for (const { accountId, id, document } of rows) {
      const listed = listedPictures(document);
      writes.push(...wantedPictures({ accountId, feedbackId: id }, listed));
      const mark = listed.length > 0 ? 'noted' : 'none';
      const alike = marked.get(`${mark} ${accountId}`) ?? { accountId, mark, ids: [] };
      marked.set(`${mark} ${accountId}`, alike);
      alike.ids.push(id);
    }
    await db.write([...writes, ...[...marked.values()].map(looked)]);
    await breathe();
  }
}

/** Has reports that listed no picture looked at again: Apple may list some later. */
export async function lookAgain(db: Store): Promise<void> {
  await db.write([forgotten({ type: WITH_PICTURES })]);
}

const due = shape((build, given: { now: number; most: number }) =>
  build
    .selectFrom('feedbackPictures')
    .select(['accountId', 'feedbackId'])
    .where('state', 'in', ['wanted', 'failed'])
    .where('tryAfter', '<=', given.now)
    .groupBy(['accountId', 'feedbackId'])
    // What is gone soonest goes first; what never expires last.
    .orderBy(
      ({ fn }) => fn.min('expiresAt'),
      (by) => by.asc().nullsLast(),
    )
    .orderBy('accountId')
    .orderBy('feedbackId')
    .limit(given.most)
    .$castTo<ReportKey>(),
);

/** Reports with pictures to be fetched now, those whose links end first in front. */
export const dueReports = (db: Store, now: number, most: number): Promise<ReportKey[]> =>
  db.read(due({ now, most }));

const ofReport = shape((build, given: ReportKey) =>
  build
    .selectFrom('feedbackPictures')
    .selectAll()
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .orderBy('position')
    .$castTo<PictureRow>(),
);

/** The pictures of a report in their order. */
export const picturesOf = (db: Store, key: ReportKey): Promise<PictureRow[]> => db.read(ofReport(key));

const report = shape((build, given: ReportKey) =>
  build
    .selectFrom('feedback')
    .select(['appId', 'document', 'goneAt'])
    .where('accountId', '=', given.accountId)
    .where('id', '=', given.feedbackId)
    .$castTo<ReportRow>(),
);

/** A report's own document; undefined when it is not here. */
export async function reportOf(db: Store, key: ReportKey): Promise<ReportRow | undefined> {
  const [row] = await db.read(report(key));
  return row;
}

const file = shape((build, given: { hash: string }) =>
  build.selectFrom('archivedFiles').selectAll().where('hash', '=', given.hash).$castTo<FileRow>(),
);

/** A file of the archive by its hash. */
export async function fileOf(db: Store, hash: string): Promise<FileRow | undefined> {
  const [row] = await db.read(file({ hash }));
  return row;
}

const files = shape((build, given: FileRow) =>
  build
    .insertInto('archivedFiles')
    .values({
      hash: given.hash,
      type: given.type,
      size: given.size,
      width: given.width,
      height: given.height,
      place: given.place,
      thumbHash: given.thumbHash,
      storedAt: given.storedAt,
    })
    // The file lies where it was put just now, whoever put it elsewhere before.
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ place: given.place })),
);

/** The row of a file that lies in its place. */
export const storedFile = (row: FileRow): Write => files(row);

type Outcome = Pick<
  PictureRow,
  'state' | 'trouble' | 'hash' | 'path' | 'width' | 'height' | 'expiresAt' | 'tries' | 'tryAfter'
>;
const outcome = shape((build, given: ReportKey & { position: number } & Outcome) =>
  build
    .updateTable('feedbackPictures')
    .set({
      state: given.state,
      trouble: given.trouble,
      hash: given.hash,
      path: given.path,
      width: given.width,
      height: given.height,
      expiresAt: given.expiresAt,
      tries: given.tries,
      tryAfter: given.tryAfter,
    })
    .where('accountId', '=', given.accountId)
    .where('feedbackId', '=', given.feedbackId)
    .where('position', '=', given.position)
    // What a person had removed meanwhile is not brought back.
    .where('state', 'in', ['wanted', 'failed']),
);

/** What became of a picture that was tried. */
export const pictureOutcome = (row: PictureRow): Write => outcome(row);

const shown = shape((build, given: { hash: string; thumbHash: string | null }) =>
  build.updateTable('archivedFiles').set({ thumbHash: given.thumbHash }).where('hash', '=', given.hash),
);

/** Which file shows another one small; '' when none can be made, null when one is still to be made. */
export const shownSmallBy = (hash: string, thumbHash: string | null): Write => shown({ hash, thumbHash });

const notSmall = shape((build, given: { most: number }) =>
  build
    .selectFrom('archivedFiles')
    .selectAll()
    .where('thumbHash', 'is', null)
    .orderBy('storedAt', 'desc')
    .orderBy('hash')
    .limit(given.most)
    .$castTo<FileRow>(),
);

/** Files that nothing shows small yet, newest first. */
export const withoutSmall = (db: Store, most: number): Promise<FileRow[]> => db.read(notSmall({ most }));

const damaged = shape((build, given: { hash: string; trouble: string }) =>
  build
    .updateTable('feedbackPictures')
    .set({ trouble: given.trouble })
    .where('hash', '=', given.hash)
    .where('trouble', 'is', null),
);

/** A word about all pictures that are this file. */
export const troubleOf = (hash: string, trouble: string): Write => damaged({ hash, trouble });

const waiting = shape((build, given: { now: number }) =>
  build
    .selectFrom('feedbackPictures')
    .select('feedbackId')
    .where('state', 'in', ['wanted', 'failed'])
    .where('tryAfter', '<=', given.now)
    .limit(1),
);

/** Whether there is a picture to be fetched, or to be made small. */
export async function hasWork(db: Store, now: number): Promise<boolean> {
  if ((await db.read(waiting({ now }))).length > 0) return true;
  return (await withoutSmall(db, 1)).length > 0;
}
