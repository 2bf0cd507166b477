import type { Store, Write } from '@/lib/store/store';
import type { Back, TakeBack } from './take-back';

/** Who places what: everything is of one account, and of the app of the issue. */
export interface By {
  readonly accountId: string;
  readonly now: number;
  /** The person's id. */
  readonly by: string | null;
}

/**
 * What a person's placing writes, to be given to `movingReports`, and what takes it back, to be kept for an undo. The
 * writes insist on what was read: StaleWriteError says that somebody else was faster.
 */
export interface Placement {
  readonly writes: readonly Write[];
  readonly takeBack: TakeBack;
}

/** What insists that an issue still stands, and counts the change. */
export function touched(db: Store, { accountId, now, by }: By, issueId: string) {
  return db.build
    .updateTable('issues')
    .set(({ eb }) => ({ version: eb('version', '+', 1), updatedAt: now, updatedBy: by }))
    .where('accountId', '=', accountId)
    .where('id', '=', issueId)
    .where('mergedInto', 'is', null);
}

/** The app of an issue. */
export const appOf = (db: Store, issueId: string) =>
  db.build.selectFrom('issues as one').select('one.appId').where('one.id', '=', issueId);

/** Puts reports somewhere by hand, where no rule moves them. */
export function putInto(db: Store, accountId: string, reports: readonly { id: string }[], issueId: string) {
  return db.build
    .updateTable('feedback')
    .set({ issueId, isPlaced: 1 })
    .where('accountId', '=', accountId)
    .where(({ ref }) =>
      db.dialect.among(
        ref('id'),
        reports.map(({ id }) => id),
      ),
    );
}

/** A report with where it stands. */
export type Report = Back['reports'][number] & {
  readonly appId: string;
  readonly comment: string | null;
  readonly issueHash: string | null;
};

/** Reports of an account by their ids. */
export async function reportsOf(db: Store, accountId: string, ids: readonly string[]): Promise<Report[]> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'appId', 'issueId', 'isPlaced', 'comment', 'issueHash'])
      .where('accountId', '=', accountId)
      .where(({ ref }) => db.dialect.among(ref('id'), ids)),
  );
  return rows.flatMap(({ issueId, ...row }) => (issueId === null ? [] : [{ ...row, issueId }]));
}

/** Labels of issues that another one does not have. */
export async function newLabels(db: Store, from: readonly string[], into: string): Promise<string[]> {
  const rows = await db.read(
    db.build
      .selectFrom('issueLabels')
      .select(['issueId', 'label'])
      .where(({ ref }) => db.dialect.among(ref('issueId'), [...from, into])),
  );
  const own = new Set(rows.filter(({ issueId }) => issueId === into).map(({ label }) => label));
  return [...new Set(rows.map(({ label }) => label))].filter((label) => !own.has(label));
}

/** What people said goes along; labels are added to those that are there. */
export function belongings(
  db: Store,
  from: readonly string[],
  into: string,
  labels: readonly string[],
  now: number,
): Write[] {
  return [
    db.build
      .updateTable('issueNotes')
      .set({ issueId: into })
      .where(({ ref }) => db.dialect.among(ref('issueId'), from)),
    ...labels.map((label) =>
      db.build
        .insertInto('issueLabels')
        .values({ issueId: into, label, createdAt: now })
        .onConflict((conflict) => conflict.columns(['issueId', 'label']).doNothing()),
    ),
  ];
}

/** Of a resolved issue that got reports: whether one is of a newer build is to be judged. */
export function suspected(db: Store, accountId: string, issueId: string): Write {
  return db.build
    .updateTable('feedback')
    .set({ mayRegress: 1 })
    .where('feedback.accountId', '=', accountId)
    .where('feedback.issueId', '=', issueId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('issues as i')
          .select('i.id')
          .where('i.id', '=', issueId)
          .where('i.status', '=', 'resolved'),
      ),
    );
}
