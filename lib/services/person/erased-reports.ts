import { inTurn, recounted } from '@/lib/feedback/counts';
import { erasedParts } from '@/lib/feedback/erasing';
import { erasedAgain, withoutPerson } from '@/lib/mirror/erased';
import { announced } from '@/lib/store/feed';
import { shapeOfRows } from '@/lib/store/rows';
import type { Write } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import { placeholderOf } from './person-key';

interface Mark {
  readonly accountId: string;
  readonly feedbackId: string;
  readonly erasureId: string;
  readonly isWhole: number;
  readonly testerId: string | null;
  readonly comment: string | null;
  readonly commentWords: string | null;
  readonly document: string;
}
const COLUMNS = [
  ...(['accountId', 'feedbackId', 'erasureId', 'isWhole', 'testerId'] as const),
  ...(['comment', 'commentWords', 'document'] as const),
] as const;

const wholeMarks = shapeOfRows<Mark>(COLUMNS, (build, rows) =>
  build
    .insertInto('erasedReports')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'feedbackId']).doUpdateSet((set) => ({
        erasureId: set.ref('excluded.erasureId'),
        isWhole: 1,
        testerId: set.ref('excluded.testerId'),
        comment: null,
        commentWords: null,
        document: set.ref('excluded.document'),
      })),
    ),
);
const wordMarks = shapeOfRows<Mark>(COLUMNS, (build, rows) =>
  build
    .insertInto('erasedReports')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'feedbackId'])
        .doUpdateSet((set) => ({
          comment: set.ref('excluded.comment'),
          commentWords: set.ref('excluded.commentWords'),
          document: set.ref('excluded.document'),
        }))
        // Of a report that was erased as a whole nothing comes back.
        .where('erasedReports.isWhole', '=', 0),
    ),
);

/** What takes reports of one account away from the person who sent them, for good; state and figures of issues stay. */
export function reportsErased(
  { db, clock }: Pick<Ctx, 'db' | 'clock'>,
  { erasureId, hash, accountId }: { erasureId: string; hash: string; accountId: string },
  reports: readonly { readonly id: string; readonly document: string }[],
): Write[] {
  const ids = reports.map(({ id }) => id);
  const now = clock.now();
  const marks = reports.map(({ id, document }) => ({
    ...{ accountId, feedbackId: id, erasureId, isWhole: 1, testerId: placeholderOf(hash) },
    ...{ comment: null, commentWords: null, document: withoutPerson(document) },
  }));
  return inTurn(db, accountId, [
    ...wholeMarks(marks),
    ...erasedAgain({ accountId, ids }),
    ...erasedParts({ accountId, ids }),
    db.build
      .updateTable('shareLinks')
      .set({ revokedAt: now, revokedBy: 'erasure' })
      .where('kind', '=', 'report')
      .where('accountId', '=', accountId)
      .where('revokedAt', 'is', null)
      .where(({ ref }) => db.dialect.among(ref('targetId'), ids)),
    recounted({ accountId, reportIds: ids }),
    ...announced('feedback', [accountId], now),
  ]);
}

/** What takes the address out of somebody else's words, for good. */
export function commentErased(report: {
  readonly accountId: string;
  readonly id: string;
  readonly erasureId: string;
  readonly comment: string;
  readonly commentWords: string;
}): Write[] {
  const { accountId, id, erasureId, comment, commentWords } = report;
  return [
    ...wordMarks([
      {
        ...{ accountId, feedbackId: id, erasureId, isWhole: 0, testerId: null, comment, commentWords },
        document: JSON.stringify({ comment }),
      },
    ]),
    ...erasedAgain({ accountId, ids: [id] }),
  ];
}
