import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { announced } from '@/lib/store/feed';
import { built, shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { movingReports, recounted } from './counts';

export const CRASHES = 'betaFeedbackCrashSubmissions';

/** Reports that are taken in by one transaction. */
const PORTION = 500;
/** Letters of a comment's first line that make a title. */
const LONGEST_TITLE = 200;

/** The issue that a report is while it is alone: always the same, so that a repetition makes no second one. */
export function ownIssueId(accountId: string, reportId: string): string {
  return createHash('sha256').update(`${accountId}\n${reportId}`).digest('hex').slice(0, 24);
}

/** What people may read as a title; '' where the report has no words of its own, and the service finds some. */
export function titleOf(comment: string | null): string {
  const line = (comment ?? '').split(/[\r\n\u2028\u2029]+/).find((text) => text.trim() !== '') ?? '';
  return [...line.trim()].slice(0, LONGEST_TITLE).join('');
}

/**
 * Gives every report of an account that has none yet an issue of its own, the newest first; of crashes the log is wanted
 * from then on. Gives the number of reports taken in.
 */
export async function takeIn(
  db: Store,
  { accountId, now, signal }: { accountId: string; now: number; signal?: AbortSignal | undefined },
): Promise<number> {
  let taken = 0;
  while (!signal?.aborted) {
    const rows = await db.read(untaken({ accountId }));
    if (rows.length === 0) break;
    // One word for all of them: whoever is told reads the lists anew.
    await movingReports(db, accountId, [
      ...taking(accountId, rows, now),
      ...announced('feedback', [accountId], now),
    ]);
    taken += rows.length;
    if (rows.length < PORTION) break;
    // A write to SQLite lets nobody else have a turn.
    await breathe();
  }
  return taken;
}

const untaken = shape((build, given: { accountId: string }) =>
  build
    .selectFrom('feedback')
    .select(['id', 'appId', 'type', 'comment'])
    .where('accountId', '=', given.accountId)
    .where('issueId', 'is', null)
    .orderBy('createdDate', (by) => by.desc().nullsLast())
    .limit(PORTION),
);

function taking(
  accountId: string,
  rows: readonly { id: string; appId: string; type: string; comment: string | null }[],
  now: number,
): Write[] {
  const own = rows.map(({ id, appId, comment }) => ({ id, appId, title: titleOf(comment) }));
  const ids = rows.map(({ id }) => [accountId, id, ownIssueId(accountId, id)]);
  return [
    given(ids),
    ...ownIssues(accountId, own, now),
    recounted({ issueIds: rows.map(({ id }) => ownIssueId(accountId, id)) }),
  ];
}

const given = (ids: readonly (readonly string[])[]): Write =>
  built((build, { listed }) =>
    build
      .updateTable('feedback')
      .from(
        listed(ids, ['accountId', 'id', 'issueId'])
          .$castTo<{ accountId: string; id: string; issueId: string }>()
          .as('own'),
      )
      .set(({ ref, eb, val }) => ({
        issueId: ref('own.issueId'),
        logState: eb
          .case()
          .when(eb.and([eb('feedback.type', '=', CRASHES), eb('feedback.logState', 'is', null)]))
          .then(val('wanted'))
          .else(ref('feedback.logState'))
          .end(),
      }))
      .whereRef('feedback.accountId', '=', 'own.accountId')
      .whereRef('feedback.id', '=', 'own.id')
      // Nothing but the key may be looked up by an index: SQLite would go through the list for every report.
      .where(({ eb, fn, val }) => eb(fn.coalesce('feedback.issueId', val('')), '=', '')),
  );

/** The issues that reports are alone, for those that stand in their own; one that is there already stays as it is. */
export function ownIssues(
  accountId: string,
  reports: readonly { readonly id: string; readonly appId: string; readonly title: string }[],
  now: number,
): Write[] {
  const rows = reports.map(({ id, appId, title }) => ({
    ...{ id: ownIssueId(accountId, id), accountId, appId, kind: 'report', title },
    ...{ createdAt: now, updatedAt: now, areRulesDue: 1 },
  }));
  // Another worker may have put one of them elsewhere since it was read.
  return [...inserted(rows), unneeded({ ids: rows.map(({ id }) => id) })];
}

interface OwnIssue {
  readonly id: string;
  readonly accountId: string;
  readonly appId: string;
  readonly kind: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly areRulesDue: number;
}
const inserted = shapeOfRows<OwnIssue>(
  ['id', 'accountId', 'appId', 'kind', 'title', 'createdAt', 'updatedAt', 'areRulesDue'],
  (build, rows) =>
    build
      .insertInto('issues')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing()),
);
const unneeded = shape((build, given: { ids: readonly string[] }, { among }) =>
  build
    .deleteFrom('issues')
    .where(({ ref }) => among(ref('issues.id'), given.ids))
    .where('version', '=', 1)
    .where('mergedInto', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('feedback as f').select('f.id').whereRef('f.issueId', '=', 'issues.id'))),
    ),
);
