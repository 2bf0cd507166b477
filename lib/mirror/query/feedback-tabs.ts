import { sql } from 'kysely';
import { forms } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { allOf, columnIs } from './condition';
import { conditionsOf } from './conditions';
import { factsOf, type OwnList } from './facts';

const TABS = ['review', 'mine', 'open', 'resolved', 'all'] as const;
/** How many rows each tab of a list of feedback holds. */
export type TabCounts = Readonly<Record<(typeof TABS)[number], number>>;

const counts = forms();

/** Counts all tabs of a list at once. */
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
  const { where: always, ...facts } = factsOf(asked.type);
  const tabs = TABS.map((tab) =>
    allOf(
      conditionsOf(facts, {
        limit: 1,
        now: asked.now,
        filter: { view: [tab === 'mine' ? `mine~${asked.userId}` : tab] },
      }),
    ),
  );
  const where = allOf([
    ...(always ? [always] : []),
    ...(asked.accountId === undefined ? [] : [columnIs('accountId', [asked.accountId])]),
    ...(asked.appId === undefined ? [] : [columnIs('appId', [asked.appId])]),
  ]);
  const values = tabs.flatMap((tab) => tab.values);
  const [row] = await db.read(
    counts(`${asked.type} ${where.form}`, { where: where.values, tabs: values }, (_, at, dialect) => {
      let from = 0;
      const sums = tabs.map((tab, index) => {
        const places = at.tabs.slice(from, from + tab.values.length);
        from += tab.values.length;
        return sql`COUNT(CASE WHEN ${tab.is(places, dialect)} THEN 1 END) AS ${sql.ref(TABS[index] ?? '')}`;
      });
      return sql<TabCounts>`SELECT ${sql.join(sums)} FROM ${sql.table(facts.table)} AS t WHERE ${where.is(at.where, dialect)}`;
    }),
  );
  return row ?? { review: 0, mine: 0, open: 0, resolved: 0, all: 0 };
}
