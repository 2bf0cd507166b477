import { type RawBuilder, sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { allOf, columnIs } from './condition';
import type { OwnList } from './facts';
import { TABS, WITH_UNSEEN } from './feedback-facts';

const NAMES = ['review', 'mine', 'open', 'resolved', 'all'] as const;
/** How many rows each tab of a list of feedback holds. */
export type TabCounts = Readonly<Record<(typeof NAMES)[number], number>>;

/** Whether there is a tab of this name. */
export const isTab = (name: string): name is (typeof NAMES)[number] =>
  (NAMES as readonly string[]).includes(name);

const counts = forms();

/** Counts all tabs of a list at once: an issue knows how many reports it has, so that no report is looked at. */
export async function countFeedbackTabs(
  db: Store,
  asked: {
    readonly type: OwnList;
    readonly appId?: string | undefined;
    readonly accountId?: string | undefined;
    readonly userId: string;
    readonly now: number;
  },
): Promise<TabCounts> {
  const isIssues = asked.type === 'issues';
  const where = allOf([
    ...(asked.accountId === undefined ? [] : [columnIs('accountId', [asked.accountId])]),
    ...(asked.appId === undefined ? [] : [columnIs('appId', [asked.appId])]),
  ]);
  const given = { where: where.values, now: asked.now, user: asked.userId };
  const [row] = await db.read(
    counts(`${asked.type} ${where.form}`, given, (_, at, dialect) => {
      const weight = isIssues ? sql`1` : sql`i."reportCount"`;
      const of = (name: string): RawBuilder<unknown> =>
        sql`coalesce(SUM(CASE WHEN ${TABS[name]?.(sql`${at.now}`, sql`${at.user}`)} THEN ${weight} ELSE 0 END), 0) AS ${sql.ref(name)}`;
      const only = isIssues ? sql`i."kind" = 'crash' AND i."mergedInto" IS NULL` : sql`1 = 1`;
      const unseen = isIssues
        ? sql`0`
        : sql`(SELECT COUNT(*) FROM "feedback" AS t WHERE t."issueId" IS NULL AND ${where.is(at.where, dialect)})`;
      return sql<
        Record<string, number>
      >`SELECT ${sql.join(NAMES.map(of))}, ${unseen} AS "unseen" FROM "issues" AS i
        WHERE ${only} AND ${where.ofIssue?.(at.where, dialect)}`;
    }),
  );
  const count = (name: string) =>
    Number(row?.[name] ?? 0) + (WITH_UNSEEN.has(name) ? Number(row?.unseen ?? 0) : 0);
  return Object.fromEntries(NAMES.map((name) => [name, count(name)])) as Record<
    (typeof NAMES)[number],
    number
  >;
}
