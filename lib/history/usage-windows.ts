import { shapeOfRows } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Write } from '@/lib/store/store';

// Apple's windows roll on, and it forgets what has left them: each is kept as the stretch of time that it told of.

/** What is counted in a stretch of time, by Apple's words; testers with a session are counted by us. */
export const WINDOW_COUNTS = [
  'activeTesters',
  'inviteCount',
  'installCount',
  'sessionCount',
  'crashCount',
  'feedbackCount',
  'viewCount',
  'acceptedCount',
  'didNotAcceptCount',
  'didNotMeetCriteriaCount',
] as const;
export type WindowCount = (typeof WINDOW_COUNTS)[number];

export type WindowMetric = 'betaTesterUsages' | 'betaBuildUsages' | 'publicLinkUsages';

/** A stretch of time from one of Apple's dates to another, with what was counted in it. */
export interface UsageWindow extends Readonly<Partial<Record<WindowCount, number | null>>> {
  readonly metric: WindowMetric;
  readonly type: 'apps' | 'betaGroups' | 'builds';
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly start: string;
  readonly end: string;
}

interface Place {
  readonly accountId: string;
  readonly appId: string;
  /** UTC day of the reading, `YYYY-MM-DD`. */
  readonly day: string;
}

const KEY = ['accountId', 'metric', 'type', 'id', 'start', 'end'] as const;

const noted = shapeOfRows<UsageWindow, Place>(
  ['metric', 'type', 'id', 'start', 'end', ...WINDOW_COUNTS],
  (build, rows, _, { accountId, appId, day }) =>
    build
      .insertInto('usageWindows')
      .values(rows.map((row) => ({ accountId, appId, day, ...row })))
      .onConflict((conflict) =>
        conflict.columns([...KEY]).doUpdateSet((set) => ({
          day: set.ref('excluded.day'),
          ...Object.fromEntries(WINDOW_COUNTS.map((name) => [name, set.ref(`excluded.${name}`)])),
        })),
      ),
);

/** Windows as they were read: records, of which a later reading of the same stretch replaces the earlier. */
export function usageWindowStatements(place: Place, windows: readonly UsageWindow[]): Write[] {
  return windows.length === 0 ? [] : [...noted(windows, place)];
}

interface OfGroups extends Place {
  readonly start: string;
  readonly end: string;
}

const ofGroups = shape((build, given: OfGroups) =>
  build
    .insertInto('usageWindows')
    .columns([...KEY, 'appId', 'day', 'activeTesters', 'sessionCount', 'crashCount', 'feedbackCount'])
    .expression(
      build
        .selectFrom('betaGroups as g')
        .leftJoin('betaGroupTesters as m', (join) =>
          join.onRef('m.accountId', '=', 'g.accountId').onRef('m.groupId', '=', 'g.id'),
        )
        .leftJoin('testerDays as d', (join) =>
          join
            .onRef('d.accountId', '=', 'm.accountId')
            .onRef('d.appId', '=', 'm.appId')
            .onRef('d.testerId', '=', 'm.testerId')
            .on('d.day', '=', given.day),
        )
        .select(({ val, cast, fn, ref }) => [
          'g.accountId',
          cast<string>(val('betaTesterUsages'), 'text').as('metric'),
          cast<string>(val('betaGroups'), 'text').as('type'),
          'g.id',
          cast<string>(val(given.start), 'text').as('start'),
          cast<string>(val(given.end), 'text').as('end'),
          'g.appId',
          cast<string>(val(given.day), 'text').as('day'),
          fn.count<number>('d.testerId').filterWhere('d.sessionCount', '>', 0).as('activeTesters'),
          fn.coalesce(fn.sum<number>(ref('d.sessionCount')), val(0)).as('sessionCount'),
          fn.coalesce(fn.sum<number>(ref('d.crashCount')), val(0)).as('crashCount'),
          fn.coalesce(fn.sum<number>(ref('d.feedbackCount')), val(0)).as('feedbackCount'),
        ])
        .where('g.accountId', '=', given.accountId)
        .where('g.appId', '=', given.appId)
        .groupBy(['g.accountId', 'g.appId', 'g.id']),
    )
    .onConflict((conflict) =>
      conflict.columns([...KEY]).doUpdateSet((set) => ({
        day: set.ref('excluded.day'),
        activeTesters: set.ref('excluded.activeTesters'),
        sessionCount: set.ref('excluded.sessionCount'),
        crashCount: set.ref('excluded.crashCount'),
        feedbackCount: set.ref('excluded.feedbackCount'),
      })),
    ),
);

/** The same of each group of an app, from what was just noted of its testers and who is in which group: no request. */
export function groupWindowsStatement(given: OfGroups): Write {
  return ofGroups(given);
}
