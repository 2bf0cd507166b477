import { exactly, type Store } from '@/lib/store/store';
import { recounted } from './counts';
import { ownIssueId, ownIssues, titleOf } from './intake';
import {
  appOf,
  type By,
  belongings,
  newLabels,
  type Placement,
  putInto,
  reportsOf,
  suspected,
  touched,
} from './placement';
import { before, followed } from './take-back';

/** Puts reports into an issue, where no rule moves them; issues that they leave empty are merged into it. */
export async function attachReports(
  db: Store,
  { issueId, reportIds, ...by }: By & { readonly issueId: string; readonly reportIds: readonly string[] },
): Promise<Placement> {
  const reports = (await reportsOf(db, by.accountId, reportIds)).filter(
    (report) => report.issueId !== issueId,
  );
  const formers = [...new Set(reports.map((report) => report.issueId))];
  const emptied = await emptiedBy(db, reports, formers);
  const { notes, aliases } = await before(db, by.accountId, emptied);
  const labels = await newLabels(db, emptied, issueId);
  return {
    writes: [
      exactly(1, touched(db, by, issueId)),
      exactly(
        reports.length,
        putInto(db, by.accountId, reports, issueId)
          .where('appId', 'in', appOf(db, issueId))
          .where('issueId', '<>', issueId),
      ),
      db.build
        .updateTable('issues')
        .set(({ eb }) => ({ mergedInto: issueId, version: eb('version', '+', 1), updatedAt: by.now }))
        .where(({ ref }) => db.dialect.among(ref('id'), emptied))
        .where('mergedInto', 'is', null),
      // What comes by their hashes goes where the last that was there was put.
      db.build
        .updateTable('issueAliases')
        .set({ issueId, source: 'merge' })
        .where(({ ref }) => db.dialect.among(ref('issueId'), emptied)),
      ...belongings(db, emptied, issueId, labels, by.now),
      suspected(db, by.accountId, issueId),
      recounted({ issueIds: [issueId, ...formers] }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: issueId,
      reports,
      aliases,
      notes,
      labels,
      merged: emptied,
      made: null,
    },
  };
}

/** Takes reports out of an issue: each goes where the rule has it, or is an issue of its own again. */
export async function detachReports(
  db: Store,
  { issueId, reportIds, ...by }: By & { readonly issueId: string; readonly reportIds: readonly string[] },
): Promise<Placement> {
  const all = await reportsOf(db, by.accountId, reportIds);
  const here = all.filter((report) => report.issueId === issueId);
  const alone = here.filter(({ issueHash }) => issueHash === null);
  const ids = here.map(({ id }) => id);
  const { among } = db.dialect;
  return {
    writes: [
      exactly(1, touched(db, by, issueId)),
      exactly(
        ids.length,
        db.build
          .updateTable('feedback')
          .set({ isPlaced: 0 })
          .where('accountId', '=', by.accountId)
          .where('issueId', '=', issueId)
          .where(({ ref }) => among(ref('id'), ids)),
      ),
      ...alone.map(({ id }) =>
        db.build
          .updateTable('feedback')
          .set({ issueId: ownIssueId(by.accountId, id) })
          .where('accountId', '=', by.accountId)
          .where('id', '=', id),
      ),
      ...(alone.length === 0
        ? []
        : ownIssues(
            by.accountId,
            alone.map(({ id, appId, comment }) => ({ id, appId, title: titleOf(comment) })),
            by.now,
          )),
      db.build
        .updateTable('issues')
        .set({ mergedInto: null })
        .where(({ ref }) =>
          among(
            ref('id'),
            alone.map(({ id }) => ownIssueId(by.accountId, id)),
          ),
        ),
      followed(db, by.accountId, [issueId]),
      recounted({ issueIds: [issueId], accountId: by.accountId, reportIds: ids }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: null,
      reports: here,
      aliases: [],
      notes: [],
      labels: [],
      merged: [],
      made: null,
    },
  };
}

/** Those of the issues that keep none of their reports. */
async function emptiedBy(
  db: Store,
  reports: readonly { id: string; issueId: string }[],
  formers: readonly string[],
): Promise<string[]> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(({ fn }) => ['issueId', fn.countAll<number>().as('n')])
      .where(({ ref }) => db.dialect.among(ref('issueId'), formers))
      .groupBy('issueId'),
  );
  return rows.flatMap(({ issueId, n }) =>
    issueId !== null && reports.filter((report) => report.issueId === issueId).length >= n ? [issueId] : [],
  );
}
