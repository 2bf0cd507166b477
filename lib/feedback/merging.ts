import { exactly, type Store } from '@/lib/store/store';
import { recounted } from './counts';
import { appOf, type By, belongings, newLabels, type Placement, suspected, touched } from './placement';
import { before } from './take-back';

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
          .where('appId', 'in', appOf(db, into)),
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
