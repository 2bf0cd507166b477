import { type RawBuilder, sql } from 'kysely';
import { forms, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { iconVersions } from './app-icons';
import { overviewAges } from './query/freshness';
import { sharedApps } from './query/holders';

export interface AppOverview {
  readonly accountId: string;
  /** What the account is called, where another has the app too. */
  readonly accountName: string | null;
  readonly appId: string;
  readonly name: string | null;
  readonly bundleId: string | null;
  /** A word that changes with the icon's picture; null without one. */
  readonly icon: string | null;
  readonly testers: { readonly total: number; readonly byState: Readonly<Record<string, number>> };
  readonly groups: { readonly total: number; readonly external: number; readonly publicLinks: number };
  readonly builds: { readonly total: number; readonly active: number };
  /** The build uploaded last. */
  readonly latestBuild: LatestBuild | null;
  readonly feedback: { readonly total: number; readonly lastWeek: number };
  /** When the oldest of the app's lists was last completely synced; ms since 1970, null for never. */
  readonly fetchedAt: number | null;
}

export interface LatestBuild {
  readonly id: string;
  readonly version: string | null;
  readonly trainVersion: string | null;
  readonly platform: string | null;
  readonly uploadedDate: string | null;
  readonly expirationDate: string | null;
  readonly internalBuildState: string | null;
  readonly externalBuildState: string | null;
}

export interface Overview<App = AppOverview> {
  readonly apps: readonly App[];
  /** All apps together. */
  readonly testers: { readonly total: number; readonly byState: Readonly<Record<string, number>> };
}

const WEEK_MS = 7 * 24 * 60 * 60_000;

type Scoped<T> = T & { accountId: string; appId: string };

/** Queries over all accounts or one, by what they ask. */
const asked = forms();
const formOf = (what: string, accountId: string | undefined) =>
  `${what} ${accountId === undefined ? '' : 'account'}`;

/** Every app with its counts; `now` in ms since 1970. */
export async function overview(db: Store, now: number, accountId?: string): Promise<Overview> {
  const apps = await listedApps(db, accountId);
  const testers = await testersByState(db, accountId);
  const groups = byApp(await groupCounts(db, accountId));
  const builds = byApp(await buildCounts(db, accountId));
  const latest = byApp(await latestBuilds(db, accountId));
  const feedback = byApp(await feedbackCounts(db, now, accountId));
  const icons = await iconVersions(db);
  const shared = await sharedApps(db);
  const ages = await overviewAges(db, apps, accountId);
  return {
    apps: apps.map(({ accountId: account, id: appId, name, bundleId }) => {
      const key = `${account} ${appId}`;
      return {
        accountId: account,
        accountName: shared.get(key) ?? null,
        appId,
        name,
        bundleId,
        icon: icons.get(key) ?? null,
        testers: testers.get(key) ?? { total: 0, byState: {} },
        groups: without(groups.get(key), { total: 0, external: 0, publicLinks: 0 }),
        builds: without(builds.get(key), { total: 0, active: 0 }),
        latestBuild: latestOf(latest.get(key)),
        feedback: without(feedback.get(key), { total: 0, lastWeek: 0 }),
        fetchedAt: ages.get(key) ?? null,
      };
    }),
    testers: sumOf([...testers.values()]),
  };
}

export interface StateCounts {
  readonly total: number;
  readonly byState: Readonly<Record<string, number>>;
}

/** Testers per state of each app (`<account> <app>` → counts), from the counters; '' stands for no state. */
export async function testersByState(db: Store, accountId?: string): Promise<Map<string, StateCounts>> {
  const rows = await db.read(
    asked(formOf('testers', accountId), { accountId }, (build, at) =>
      build
        .selectFrom('betaTesterCounts')
        .select(['accountId', 'appId', 'state', 'count'])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''))
        .orderBy('accountId')
        .orderBy('appId')
        .orderBy('state'),
    ),
  );
  const counts = new Map<string, { total: number; byState: Record<string, number> }>();
  for (const row of rows) {
    const key = `${row.accountId} ${row.appId}`;
    const count = counts.get(key) ?? { total: 0, byState: {} };
    counts.set(key, count);
    count.total += row.count;
    if (row.count > 0) count.byState[row.state] = row.count;
  }
  return counts;
}

const members = shape((build, given: { accountId: string; groupId: string }) =>
  build
    .selectFrom('betaGroupTesters as m')
    .innerJoin('betaTesters as t', (join) =>
      join
        .onRef('t.accountId', '=', 'm.accountId')
        .onRef('t.appId', '=', 'm.appId')
        .onRef('t.id', '=', 'm.testerId'),
    )
    .select(({ fn }) => [sql<string>`coalesce(t."state", '')`.as('state'), fn.countAll<number>().as('n')])
    .where('m.accountId', '=', given.accountId)
    .where('m.groupId', '=', given.groupId)
    .groupBy(sql`1`)
    .orderBy(sql`1`),
);

/** Testers per state of one group. */
export async function groupTestersByState(
  db: Store,
  accountId: string,
  groupId: string,
): Promise<StateCounts> {
  const rows = await db.read(members({ accountId, groupId }));
  return {
    total: rows.reduce((sum, { n }) => sum + n, 0),
    byState: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
  };
}

function sumOf(counts: readonly StateCounts[]): StateCounts {
  const byState: Record<string, number> = {};
  let total = 0;
  for (const count of counts) {
    total += count.total;
    for (const [state, n] of Object.entries(count.byState)) byState[state] = (byState[state] ?? 0) + n;
  }
  return { total, byState };
}

function listedApps(db: Store, accountId: string | undefined) {
  return db.read(
    asked(formOf('apps', accountId), { accountId }, (build, at, dialect) =>
      build
        .selectFrom('apps')
        .select(['accountId', 'id', 'name', 'bundleId'])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''))
        .orderBy(
          ({ ref }) => dialect.folded(ref('name')),
          (by) => by.asc().nullsFirst(),
        )
        .orderBy('id')
        .orderBy('accountId'),
    ),
  );
}

/** How many rows of a group meet a condition. */
const those = (condition: RawBuilder<unknown>) => sql<number>`COUNT(CASE WHEN ${condition} THEN 1 END)`;

function groupCounts(db: Store, accountId: string | undefined) {
  return db.read(
    asked(formOf('groups', accountId), { accountId }, (build, at) =>
      build
        .selectFrom('betaGroups')
        .select(({ fn }) => [
          'accountId',
          'appId',
          fn.countAll<number>().as('total'),
          those(sql`"isInternalGroup" IS NOT TRUE`).as('external'),
          those(sql`"publicLinkEnabled" IS TRUE`).as('publicLinks'),
        ])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''))
        .groupBy(['accountId', 'appId']),
    ),
  );
}

function buildCounts(db: Store, accountId: string | undefined) {
  return db.read(
    asked(formOf('builds', accountId), { accountId }, (build, at) =>
      build
        .selectFrom('builds')
        .select(({ fn }) => [
          'accountId',
          'appId',
          fn.countAll<number>().as('total'),
          those(sql`"expired" IS FALSE AND "processingState" = 'VALID'`).as('active'),
        ])
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''))
        .groupBy(['accountId', 'appId']),
    ),
  );
}

function latestBuilds(db: Store, accountId: string | undefined): Promise<Scoped<LatestBuild>[]> {
  return db.read(
    asked(formOf('latest', accountId), { accountId }, (build, at) =>
      build
        .selectFrom('apps as a')
        .innerJoin('builds as b', (join) =>
          join.onRef('b.accountId', '=', 'a.accountId').on('b.id', '=', ({ selectFrom }) =>
            selectFrom('builds as c')
              .select('c.id')
              .whereRef('c.accountId', '=', 'a.accountId')
              .whereRef('c.appId', '=', 'a.id')
              .orderBy('c.uploadedDate', (by) => by.desc().nullsLast())
              .limit(sql.lit(1)),
          ),
        )
        .select(['b.accountId', 'b.appId', 'b.id', 'b.version', 'b.trainVersion', 'b.platform'])
        .select(['b.uploadedDate', 'b.expirationDate', 'b.internalBuildState', 'b.externalBuildState'])
        .$if(accountId !== undefined, (of) => of.where('a.accountId', '=', at.accountId ?? '')),
    ),
  );
}

function feedbackCounts(db: Store, now: number, accountId: string | undefined) {
  const since = new Date(now - WEEK_MS).toISOString();
  return db.read(
    asked(formOf('feedback', accountId), { accountId, since }, (build, at) =>
      build
        .selectFrom('feedback')
        .select(({ fn }) => [
          'accountId',
          'appId',
          fn.countAll<number>().as('total'),
          those(sql`"createdDate" >= ${at.since}`).as('lastWeek'),
        ])
        .where('goneAt', 'is', null)
        .$if(accountId !== undefined, (of) => of.where('accountId', '=', at.accountId ?? ''))
        .groupBy(['accountId', 'appId']),
    ),
  );
}

function byApp<T extends { accountId: string; appId: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [`${row.accountId} ${row.appId}`, row]));
}

function without<T extends object>(row: (T & { accountId: string; appId: string }) | undefined, none: T): T {
  if (!row) return none;
  const { accountId: _account, appId: _app, ...rest } = row;
  return rest as unknown as T;
}

function latestOf(row: Scoped<LatestBuild> | undefined): LatestBuild | null {
  if (!row) return null;
  const { accountId: _account, appId: _app, ...build } = row;
  return build;
}
