import type { Store, Write } from '@/lib/store/store';
import { recounted } from './counts';
import { handedOverBack } from './handed-over';
import { ownIssueId } from './intake';

/** What was where before a person placed it. */
export interface Back {
  readonly reports: readonly { readonly id: string; readonly issueId: string; readonly isPlaced: number }[];
  readonly aliases: readonly {
    readonly appId: string;
    readonly hash: string;
    /** Null where there was none. */
    readonly issueId: string | null;
    readonly source: string;
    readonly rule: number;
  }[];
  readonly notes: readonly { readonly id: string; readonly issueId: string }[];
}

/** What takes a placing back, as JSON can hold it. */
export interface TakeBack extends Back {
  readonly accountId: string;
  /** Where everything went; null where each went to a place of its own. */
  readonly to: string | null;
  /** Labels that were added there. */
  readonly labels: readonly string[];
  /** Issues that were merged away. */
  readonly merged: readonly string[];
  /** An issue that was made, and out of which. */
  readonly made: { readonly issueId: string; readonly from: string } | null;
}

/** What belongs to issues that no rule would bring back: reports without a hash or placed by hand, aliases, notes. */
export async function before(db: Store, accountId: string, issueIds: readonly string[]): Promise<Back> {
  const { build, dialect } = db;
  const reports = await db.read(
    build
      .selectFrom('feedback')
      .select(['id', 'issueId', 'isPlaced'])
      .where('accountId', '=', accountId)
      .where(({ ref }) => dialect.among(ref('issueId'), issueIds))
      .where(({ or, eb }) => or([eb('isPlaced', '=', 1), eb('issueHash', 'is', null)])),
  );
  const aliases = await db.read(
    build
      .selectFrom('issueAliases')
      .select(['appId', 'hash', 'issueId', 'source', 'rule'])
      .where('accountId', '=', accountId)
      .where(({ ref }) => dialect.among(ref('issueId'), issueIds)),
  );
  const notes = await db.read(
    build
      .selectFrom('issueNotes')
      .select(['id', 'issueId'])
      .where(({ ref }) => dialect.among(ref('issueId'), issueIds)),
  );
  return {
    reports: reports.flatMap(({ issueId, ...row }) => (issueId === null ? [] : [{ ...row, issueId }])),
    aliases,
    notes,
  };
}

/** Reports of issues go where their hashes lead; those that a person placed stay. */
export function followed(db: Store, accountId: string, issueIds: readonly string[]): Write {
  return db.build
    .updateTable('feedback')
    .set(({ fn, ref, selectFrom }) => {
      const meant = (column: 'issueHash' | 'variantHash') =>
        selectFrom('issueAliases as a')
          .select('a.issueId')
          .whereRef('a.accountId', '=', 'feedback.accountId')
          .whereRef('a.appId', '=', 'feedback.appId')
          .whereRef('a.hash', '=', `feedback.${column}`);
      return { issueId: fn.coalesce(meant('variantHash'), meant('issueHash'), ref('feedback.issueId')) };
    })
    .where('feedback.accountId', '=', accountId)
    .where('feedback.isPlaced', '=', 0)
    .where('feedback.issueHash', 'is not', null)
    .where(({ ref }) => db.dialect.among(ref('feedback.issueId'), issueIds));
}

/**
 * What takes a placing back: what came since by the same hashes goes along, what was placed elsewhere since stays there.
 * To be given to `movingReports`.
 */
export function takenBack(
  db: Store,
  given: TakeBack,
  { now, by }: { now: number; by: string | null },
): Write[] {
  const { build, dialect } = db;
  const { accountId, to, made } = given;
  const places = [...(to === null ? [] : [to]), ...(made === null ? [] : [made.from])];
  const issueIds = [...new Set([...places, ...given.merged, ...given.reports.map(({ issueId }) => issueId)])];
  return [
    build
      .updateTable('issues')
      .set(({ eb }) => ({ mergedInto: null, version: eb('version', '+', 1), updatedAt: now, updatedBy: by }))
      .where(({ ref }) => dialect.among(ref('id'), given.merged))
      .where('mergedInto', '=', to),
    ...given.aliases.map(({ appId, hash, issueId, source, rule }) =>
      issueId === null
        ? build
            .deleteFrom('issueAliases')
            .where('accountId', '=', accountId)
            .where('appId', '=', appId)
            .where('hash', '=', hash)
            .where('issueId', '=', to)
        : build
            .updateTable('issueAliases')
            .set({ issueId, source, rule })
            .where('accountId', '=', accountId)
            .where('appId', '=', appId)
            .where('hash', '=', hash)
            .where('issueId', '=', to),
    ),
    ...given.reports.map(({ id, issueId, isPlaced }) => {
      const back = build
        .updateTable('feedback')
        .set({ issueId, isPlaced })
        .where('accountId', '=', accountId)
        .where('id', '=', id);
      return to === null ? back : back.where('issueId', '=', to);
    }),
    ...given.notes.map(({ id, issueId }) =>
      build.updateTable('issueNotes').set({ issueId }).where('id', '=', id).where('issueId', '=', to),
    ),
    build
      .deleteFrom('issueLabels')
      .where('issueId', '=', to)
      .where(({ ref }) => dialect.among(ref('label'), given.labels)),
    followed(db, accountId, places),
    ...(made === null ? [] : unmade(db, accountId, made, { now, by })),
    ...(to === null ? given.reports.map((report) => aloneNoMore(db, accountId, report)) : []),
    ...(to === null ? [] : handedOverBack({ accountId, to, issueIds: issueIds.filter((id) => id !== to) })),
    recounted({ issueIds }),
  ];
}

/** The issue that a report was alone, when it is in another one again. */
function aloneNoMore(db: Store, accountId: string, { id, issueId }: Back['reports'][number]): Write {
  const own = ownIssueId(accountId, id);
  return db.build
    .updateTable('issues')
    .set({ mergedInto: issueId, reportCount: 0, testerCount: 0, firstDate: null, lastDate: null })
    .where('id', '=', own)
    .where('id', '<>', issueId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('feedback as x').select('x.id').where('x.issueId', '=', own))),
    );
}

/** An issue that was made goes again; what of it has no other place goes where it came from. */
function unmade(
  db: Store,
  accountId: string,
  { issueId, from }: { issueId: string; from: string },
  { now, by }: { now: number; by: string | null },
): Write[] {
  return [
    db.build
      .updateTable('feedback')
      .set({ issueId: from })
      .where('accountId', '=', accountId)
      .where('issueId', '=', issueId),
    db.build.updateTable('issueNotes').set({ issueId: from }).where('issueId', '=', issueId),
    db.build
      .updateTable('issues')
      .set(({ eb }) => ({ mergedInto: from, version: eb('version', '+', 1), updatedAt: now, updatedBy: by }))
      .where('id', '=', issueId),
  ];
}
