import { randomUUID } from 'node:crypto';
import { RULE } from '@/lib/crash/signature';
import { exactly, type Store, type Write } from '@/lib/store/store';
import { recounted } from './counts';
import { ownIssueId, ownIssues, titleOf } from './intake';
import { type Back, before, followed, type TakeBack } from './take-back';

/** Who places what: everything is of one account, and of the app of the issue. */
interface By {
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

/** Puts everything of issues of an app into another one, and whatever comes with their hashes from now on. */
export async function mergeIssues(
  db: Store,
  { into, from, ...by }: By & { readonly into: string; readonly from: readonly string[] },
): Promise<Placement> {
  const others = [...new Set(from)].filter((id) => id !== into);
  const former = await before(db, by.accountId, others);
  const { among } = db.dialect;
  const labels = await newLabels(db, others, into);
  return {
    writes: [
      exactly(1, touched(db, by, into)),
      exactly(
        others.length,
        db.build
          .updateTable('issues')
          .set(({ eb }) => ({
            mergedInto: into,
            version: eb('version', '+', 1),
            updatedAt: by.now,
            updatedBy: by.by,
          }))
          .where('accountId', '=', by.accountId)
          .where('mergedInto', 'is', null)
          .where(({ ref }) => among(ref('id'), others))
          .where(
            'appId',
            'in',
            db.build.selectFrom('issues as t').select('t.appId').where('t.id', '=', into),
          ),
      ),
      db.build
        .updateTable('issueAliases')
        .set({ issueId: into, source: 'merge' })
        .where('accountId', '=', by.accountId)
        .where(({ ref }) => among(ref('issueId'), others)),
      db.build
        .updateTable('feedback')
        .set({ issueId: into })
        .where('accountId', '=', by.accountId)
        .where(({ ref }) => among(ref('issueId'), others)),
      ...belongings(db, others, into, labels, by.now),
      suspected(db, by.accountId, into),
      recounted({ issueIds: [into, ...others] }),
    ],
    takeBack: { accountId: by.accountId, to: into, ...former, labels, merged: others, made: null },
  };
}

/** Makes an issue of its own of some variants of another, and of whatever comes with their hashes from now on. */
export async function splitVariants(
  db: Store,
  { issueId, variants, ...by }: By & { readonly issueId: string; readonly variants: readonly string[] },
): Promise<Placement & { readonly issueId: string }> {
  const made = randomUUID();
  const hashes = [...new Set(variants)];
  const known = await db.read(
    db.build
      .selectFrom('issueAliases')
      .select(['appId', 'hash', 'issueId', 'source', 'rule'])
      .where('accountId', '=', by.accountId)
      .where(({ ref }) => db.dialect.among(ref('hash'), hashes))
      .where('appId', 'in', appOf(db, issueId)),
  );
  const [app] = await db.read(appOf(db, issueId));
  const appId = app?.appId ?? '';
  return {
    issueId: made,
    writes: [
      exactly(1, touched(db, by, issueId)),
      madeLike(db, by, made, issueId),
      ...hashes.map((hash) =>
        db.build
          .insertInto('issueAliases')
          .values({
            accountId: by.accountId,
            appId,
            hash,
            issueId: made,
            rule: RULE,
            source: 'split',
            createdAt: by.now,
          })
          .onConflict((conflict) =>
            conflict
              .columns(['accountId', 'appId', 'hash'])
              .doUpdateSet({ issueId: made, source: 'split', rule: RULE }),
          ),
      ),
      followed(db, by.accountId, [issueId]),
      namedByNewest(db, made),
      recounted({ issueIds: [issueId, made] }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: made,
      reports: [],
      aliases: hashes.map(
        (hash): Back['aliases'][number] =>
          known.find((alias) => alias.hash === hash) ?? {
            appId,
            hash,
            issueId: null,
            source: '',
            rule: RULE,
          },
      ),
      notes: [],
      labels: [],
      merged: [],
      made: { issueId: made, from: issueId },
    },
  };
}

/** Makes an issue of its own of single reports, which no rule moves from then on. */
export async function splitReports(
  db: Store,
  { issueId, reportIds, ...by }: By & { readonly issueId: string; readonly reportIds: readonly string[] },
): Promise<Placement & { readonly issueId: string }> {
  const made = randomUUID();
  const reports = await reportsOf(db, by.accountId, reportIds);
  const here = reports.filter((report) => report.issueId === issueId);
  return {
    issueId: made,
    writes: [
      exactly(1, touched(db, by, issueId)),
      madeLike(db, by, made, issueId),
      exactly(here.length, putInto(db, by.accountId, here, made)),
      namedByNewest(db, made),
      recounted({ issueIds: [issueId, made] }),
    ],
    takeBack: {
      accountId: by.accountId,
      to: made,
      reports: here,
      aliases: [],
      notes: [],
      labels: [],
      merged: [],
      made: { issueId: made, from: issueId },
    },
  };
}

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

function touched(db: Store, { accountId, now, by }: By, issueId: string) {
  return db.build
    .updateTable('issues')
    .set(({ eb }) => ({ version: eb('version', '+', 1), updatedAt: now, updatedBy: by }))
    .where('accountId', '=', accountId)
    .where('id', '=', issueId)
    .where('mergedInto', 'is', null);
}

const appOf = (db: Store, issueId: string) =>
  db.build.selectFrom('issues as one').select('one.appId').where('one.id', '=', issueId);

function madeLike(db: Store, { accountId, now, by }: By, made: string, issueId: string): Write {
  return exactly(
    1,
    db.build
      .insertInto('issues')
      .columns(['id', 'accountId', 'appId', 'kind', 'title', 'createdAt', 'updatedAt', 'updatedBy'])
      .expression(
        db.build
          .selectFrom('issues as i')
          .select((eb) => [
            eb.cast<string>(eb.val(made), 'text').as('id'),
            'i.accountId',
            'i.appId',
            eb.cast<string>(eb.val('crash'), 'text').as('kind'),
            'i.title',
            eb.cast<number>(eb.val(now), 'bigint').as('createdAt'),
            eb.cast<number>(eb.val(now), 'bigint').as('updatedAt'),
            eb.cast<string>(eb.val(by), 'text').as('updatedBy'),
          ])
          .where('i.accountId', '=', accountId)
          .where('i.id', '=', issueId),
      ),
  );
}

/** What was made by hand is called after its newest report. */
function namedByNewest(db: Store, issueId: string): Write {
  const newest = (column: 'crashKind' | 'topFrame') =>
    db.build
      .selectFrom('feedback as f')
      .select(`f.${column}`)
      .where('f.issueId', '=', issueId)
      .orderBy('f.createdDate', (by) => by.desc().nullsLast())
      .limit(1);
  return db.build
    .updateTable('issues')
    .set({ crashKind: newest('crashKind'), topFrame: newest('topFrame') })
    .where('id', '=', issueId);
}

function putInto(db: Store, accountId: string, reports: readonly { id: string }[], issueId: string) {
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

type Report = Back['reports'][number] & {
  readonly appId: string;
  readonly comment: string | null;
  readonly issueHash: string | null;
};

async function reportsOf(db: Store, accountId: string, ids: readonly string[]): Promise<Report[]> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['id', 'appId', 'issueId', 'isPlaced', 'comment', 'issueHash'])
      .where('accountId', '=', accountId)
      .where(({ ref }) => db.dialect.among(ref('id'), ids)),
  );
  return rows.flatMap(({ issueId, ...row }) => (issueId === null ? [] : [{ ...row, issueId }]));
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

async function newLabels(db: Store, from: readonly string[], into: string): Promise<string[]> {
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
function belongings(
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
function suspected(db: Store, accountId: string, issueId: string): Write {
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
