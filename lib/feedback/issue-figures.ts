import { type Shaped, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { CRASHES } from './intake';

/** What can be counted of the reports of an issue, by the column that says it. */
const COUNTED = [
  'buildId',
  'deviceModel',
  'osVersion',
  'testerId',
  'email',
  'variantHash',
  'locale',
] as const;
type Column = (typeof COUNTED)[number];

export interface Share {
  readonly value: string | null;
  readonly count: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

const sharesBy = Object.fromEntries(
  COUNTED.map((column) => [
    column,
    shape((build, given: { issueId: string; most: number }) =>
      build
        .selectFrom('feedback')
        .select(({ fn, ref }) => [
          ref(column).as('value'),
          fn.countAll<number>().as('count'),
          fn.min<string | null>('createdDate').as('firstDate'),
          fn.max<string | null>('createdDate').as('lastDate'),
        ])
        .where('issueId', '=', given.issueId)
        .groupBy(column)
        .orderBy('count', 'desc')
        .orderBy(column, (by) => by.asc().nullsLast())
        .limit(given.most),
    ),
  ]),
) as unknown as Record<Column, (given: { issueId: string; most: number }) => Shaped<Share>>;

/** How the reports of an issue divide by one of their columns, the most frequent first. */
export function sharesOf(db: Store, issueId: string, column: Column, most = 50): Promise<Share[]> {
  return db.read<Share>(sharesBy[column]({ issueId, most }));
}

const dates = shape((build, given: { issueId: string }) =>
  build
    .selectFrom('feedback')
    .select('createdDate')
    .where('issueId', '=', given.issueId)
    .where('createdDate', 'is not', null)
    .orderBy('createdDate')
    .$narrowType<{ createdDate: string }>(),
);

/** Reports by day (UTC), oldest first, days without any left out. */
export async function reportsByDay(db: Store, issueId: string): Promise<{ day: string; count: number }[]> {
  const days = new Map<string, number>();
  for (const { createdDate } of await db.read(dates({ issueId }))) {
    const day = createdDate.slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return [...days].map(([day, count]) => ({ day, count }));
}

/** What crashes are compared by. */
export interface Circumstances {
  readonly issueId: string | null;
  readonly batteryPercentage: number | null;
  readonly diskBytesAvailable: number | null;
  readonly appUptimeInMilliseconds: number | null;
  readonly osVersion: string | null;
  readonly deviceFamily: string | null;
  readonly deviceModel: string | null;
  readonly locale: string | null;
  readonly connectionType: string | null;
}

const circumstances = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('feedback')
    .select(['issueId', 'batteryPercentage', 'diskBytesAvailable', 'appUptimeInMilliseconds'])
    .select(['osVersion', 'deviceFamily', 'deviceModel', 'locale', 'connectionType'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('type', '=', CRASHES),
);

/** The circumstances of all crashes of an app. */
export function circumstancesOf(db: Store, accountId: string, appId: string): Promise<Circumstances[]> {
  return db.read(circumstances({ accountId, appId }));
}

const newest = shape((build, given: { issueId: string }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('crashLogs as l', (join) =>
      join.onRef('l.accountId', '=', 'f.accountId').onRef('l.feedbackId', '=', 'f.id'),
    )
    .select(['f.accountId', 'f.id'])
    .where('f.issueId', '=', given.issueId)
    .where('f.issueHash', 'is not', null)
    .orderBy('f.isPlaced')
    .orderBy('f.createdDate', (by) => by.desc().nullsLast())
    .limit(1),
);

/** The newest report of an issue whose log is here; null when there is none. */
export async function newestLog(
  db: Store,
  issueId: string,
): Promise<{ accountId: string; id: string } | null> {
  const [row] = await db.read(newest({ issueId }));
  return row ?? null;
}

const similar = shape(
  (build, given: { id: string; accountId: string; appId: string; topFrame: string; most: number }) =>
    build
      .selectFrom('issues')
      .select(['id', 'title', 'crashKind', 'topFrame', 'status', 'reportCount', 'lastDate'])
      .where('accountId', '=', given.accountId)
      .where('appId', '=', given.appId)
      .where('topFrame', '=', given.topFrame)
      .where('id', '<>', given.id)
      .where('mergedInto', 'is', null)
      .where('reportCount', '>', 0)
      .orderBy('reportCount', 'desc')
      .orderBy('id')
      .limit(given.most),
);

/** Other issues of the app that crash in the same function. */
export function similarTo(
  db: Store,
  given: { id: string; accountId: string; appId: string; topFrame: string },
) {
  return db.read(similar({ ...given, most: 10 }));
}
