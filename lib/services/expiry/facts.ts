import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';

type Place = { readonly accountId: string; readonly appId: string };

/** What is known of a build that can still be expired. */
export interface BuildFacts {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly preReleaseVersionId: string | null;
  readonly uploadedDate: string | null;
  readonly processingState: string | null;
  readonly internalBuildState: string | null;
  readonly externalBuildState: string | null;
  readonly betaReviewState: string | null;
  readonly groupCount: number;
  readonly externalGroupCount: number;
  readonly individualCount: number;
}

const unexpired = shape((build, given: Place) =>
  build
    .selectFrom('builds as b')
    .select(['b.id', 'b.version', 'b.trainVersion', 'b.platform', 'b.preReleaseVersionId', 'b.uploadedDate'])
    .select(['b.processingState', 'b.internalBuildState', 'b.externalBuildState', 'b.betaReviewState'])
    .select(({ selectFrom, fn }) => [
      selectFrom('buildGroups as m')
        .select(fn.countAll<number>().as('n'))
        .whereRef('m.accountId', '=', 'b.accountId')
        .whereRef('m.buildId', '=', 'b.id')
        .as('groupCount'),
      selectFrom('buildGroups as m')
        .innerJoin('betaGroups as g', (join) =>
          join.onRef('g.accountId', '=', 'm.accountId').onRef('g.id', '=', 'm.groupId'),
        )
        .select(fn.countAll<number>().as('n'))
        .whereRef('m.accountId', '=', 'b.accountId')
        .whereRef('m.buildId', '=', 'b.id')
        .where('g.isInternalGroup', 'is distinct from', 1)
        .as('externalGroupCount'),
      selectFrom('buildTesters as m')
        .select(fn.countAll<number>().as('n'))
        .whereRef('m.accountId', '=', 'b.accountId')
        .whereRef('m.buildId', '=', 'b.id')
        .as('individualCount'),
    ])
    .where('b.accountId', '=', given.accountId)
    .where('b.appId', '=', given.appId)
    .where('b.expired', 'is distinct from', 1)
    .orderBy('b.uploadedDate', 'desc')
    .orderBy('b.id'),
);

/** The builds of an app that have not expired, newest first. */
export async function buildFacts(db: Store, { accountId, appId }: Place): Promise<BuildFacts[]> {
  const rows = await db.read(unexpired({ accountId, appId }));
  return rows.map((row) => ({
    ...row,
    groupCount: Number(row.groupCount ?? 0),
    externalGroupCount: Number(row.externalGroupCount ?? 0),
    individualCount: Number(row.individualCount ?? 0),
  }));
}

/** The last reading of each build up to a day. */
const before = shape((build, given: Place & { day: string }) =>
  build
    .selectFrom('buildDays as d')
    .select(['d.buildId', 'd.installCount'])
    .where('d.accountId', '=', given.accountId)
    .where('d.appId', '=', given.appId)
    .where('d.day', '=', ({ selectFrom }) =>
      selectFrom('buildDays as x')
        .select(({ fn }) => fn.max('x.day').as('day'))
        .whereRef('x.accountId', '=', 'd.accountId')
        .whereRef('x.buildId', '=', 'd.buildId')
        .where('x.day', '<=', given.day),
    ),
);

/** The least and the most of each build's readings since a day, and when the last of them was. */
const since = shape((build, given: Place & { day: string }) =>
  build
    .selectFrom('buildDays')
    .select(({ fn }) => [
      'buildId',
      fn.min('installCount').as('least'),
      fn.max('installCount').as('most'),
      fn.max('day').as('last'),
    ])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('day', '>=', given.day)
    .groupBy('buildId'),
);

/** What our readings say of a build's installations over a time. */
export interface InstallHistory {
  /** How many there were before it; null where nothing was read then. */
  readonly before: number | null;
  readonly least: number | null;
  readonly most: number | null;
  /** The last day that was read. */
  readonly last: string | null;
}

/** Our readings of installations since a UTC day, and the last one before, by build. */
export async function installHistory(
  db: Store,
  place: Place,
  day: string,
): Promise<Map<string, InstallHistory>> {
  const given = { accountId: place.accountId, appId: place.appId, day };
  const [first, later] = await Promise.all([db.read(before(given)), db.read(since(given))]);
  const was = new Map(first.map(({ buildId, installCount }) => [buildId, installCount]));
  return new Map(
    later.map(({ buildId, least, most, last }) => [
      buildId,
      { before: was.get(buildId) ?? null, least, most, last },
    ]),
  );
}
