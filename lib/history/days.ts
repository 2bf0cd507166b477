import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';
import { erasedFrom } from './erased';

// Daily figures are records: a later reading of the same day replaces it, nothing removes it.

/** The sums of a tester's use within Apple's window. */
export interface TesterFigures {
  readonly testerId: string;
  readonly sessionCount: number | null;
  readonly crashCount: number | null;
  readonly feedbackCount: number | null;
}

/** How many did what at a public link. */
export const LINK_COUNTS = [
  'viewCount',
  'acceptedCount',
  'didNotAcceptCount',
  'didNotMeetCriteriaCount',
] as const;
/** The funnel of a public link, all figures as Apple gives them. */
export const LINK_FIGURES = [
  ...LINK_COUNTS,
  'notRelevantRatio',
  'notClearRatio',
  'notInterestingRatio',
] as const;
export type LinkFigures = Readonly<Record<(typeof LINK_FIGURES)[number], number | null>>;

const groupDays = shape((build, { accountId, day }: { accountId: string; day: string }) =>
  build
    .insertInto('groupDays')
    .columns(['accountId', 'groupId', 'day', 'testerCount', 'isLinkOn', 'buildCount'])
    .expression(
      build
        .selectFrom('betaGroups as g')
        .select((select) => [
          'g.accountId',
          'g.id',
          select.cast<string>(select.val(day), 'text').as('day'),
          'g.testerCount',
          'g.publicLinkEnabled',
          select
            .selectFrom('buildGroups as b')
            .select((count) => count.fn.countAll<number>().as('n'))
            .whereRef('b.accountId', '=', 'g.accountId')
            .whereRef('b.groupId', '=', 'g.id')
            .as('buildCount'),
        ])
        .where('g.accountId', '=', accountId),
    )
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'groupId', 'day']).doUpdateSet((set) => ({
        testerCount: set.ref('excluded.testerCount'),
        isLinkOn: set.ref('excluded.isLinkOn'),
        buildCount: set.ref('excluded.buildCount'),
      })),
    ),
);

/** The sizes of all groups of an account on a day (`YYYY-MM-DD`, UTC) and whether their links were on, from the mirror. */
export function groupDayStatement(accountId: string, day: string): Write {
  return groupDays({ accountId, day });
}

type LinkDay = LinkFigures & { readonly accountId: string; readonly groupId: string; readonly day: string };

const linkDay = shape((build, given: LinkDay) => {
  const { accountId, groupId, day } = given;
  const figures = Object.fromEntries(LINK_FIGURES.map((name) => [name, given[name]])) as LinkFigures;
  return build
    .insertInto('linkDays')
    .values({ accountId, groupId, day, ...figures })
    .onConflict((conflict) => conflict.columns(['accountId', 'groupId', 'day']).doUpdateSet(figures));
});

/** A group's link figures on a day. */
export function linkDayStatement(
  accountId: string,
  groupId: string,
  day: string,
  figures: LinkFigures,
): Write {
  return linkDay({ accountId, groupId, day, ...figures });
}

interface Day {
  readonly accountId: string;
  readonly appId: string;
  readonly day: string;
}

const testerDays = shapeOfRows<TesterFigures, Day>(
  ['testerId', 'sessionCount', 'crashCount', 'feedbackCount'],
  (build, rows, _, { accountId, appId, day }) =>
    build
      .insertInto('testerDays')
      .values(rows.map((figures) => ({ accountId, appId, day, ...figures })))
      .onConflict((conflict) =>
        conflict.columns(['accountId', 'appId', 'testerId', 'day']).doUpdateSet((set) => ({
          sessionCount: set.ref('excluded.sessionCount'),
          crashCount: set.ref('excluded.crashCount'),
          feedbackCount: set.ref('excluded.feedbackCount'),
        })),
      ),
);

/** What the mirror says of them is kept with the figures, for it says it only today. */
const asTheyAre = shape((build, given: Day & { testerIds: readonly string[] }, { among }) =>
  build
    .updateTable('testerDays as d')
    .set((set) => {
      const tester = set
        .selectFrom('betaTesters as t')
        .where('t.accountId', '=', given.accountId)
        .where('t.appId', '=', given.appId)
        .whereRef('t.id', '=', 'd.testerId');
      return { state: tester.select('t.state'), devices: tester.select('t.appDevices') };
    })
    .where('d.accountId', '=', given.accountId)
    .where('d.appId', '=', given.appId)
    .where('d.day', '=', given.day)
    .where((is) => among(is.ref('d.testerId'), given.testerIds)),
);

/** Testers' figures on a day with their state and devices of that day. */
export function testerDayStatements(
  accountId: string,
  appId: string,
  day: string,
  figures: readonly TesterFigures[],
): Write[] {
  // One statement may not meet a row twice: of a tester who is told twice the last counts.
  const once = [...new Map(figures.map((one) => [one.testerId, one])).values()];
  if (once.length === 0) return [];
  const place = { accountId, appId, day };
  const testerIds = once.map(({ testerId }) => testerId);
  return [
    ...testerDays(once, place),
    asTheyAre({ ...place, testerIds }),
    erasedFrom('testerDays', { accountId, appId, testerIds }),
  ];
}
