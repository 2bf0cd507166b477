import type { Database, SqlValue } from '@/lib/store/database';
import { iconVersions } from './app-icons';
import { type Attention, attentionOf } from './attention';
import { freshnessOf } from './query/freshness';
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
  readonly attention: readonly Attention[];
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

export interface Overview {
  readonly apps: readonly AppOverview[];
  /** All apps together. */
  readonly testers: { readonly total: number; readonly byState: Readonly<Record<string, number>> };
  /** What belongs to no single app, such as a refused key. */
  readonly attention: readonly Attention[];
}

const WEEK_MS = 7 * 24 * 60 * 60_000;

type Scoped<T> = T & { accountId: string; appId: string };

/** Every app with its counts and what needs attention today; `now` in ms since 1970. */
export async function overview(db: Database, now: number, accountId?: string): Promise<Overview> {
  const scope = scopeOf(accountId);
  const apps = await db.query<{
    accountId: string;
    id: string;
    name: string | null;
    bundleId: string | null;
  }>(
    `SELECT "accountId", "id", "name", "bundleId" FROM "apps"${scope.sql} ORDER BY fold("name"), "id", "accountId"`,
    scope.params,
  );
  const testers = await testersByState(db, accountId);
  const groups = byApp(
    await db.query<Scoped<{ total: number; external: number; publicLinks: number }>>(
      `SELECT "accountId", "appId", COUNT(*) AS total, SUM("isInternalGroup" IS NOT 1) AS external,
        SUM("publicLinkEnabled" IS 1) AS publicLinks FROM "betaGroups"${scope.sql} GROUP BY "accountId", "appId"`,
      scope.params,
    ),
  );
  const builds = byApp(await buildCounts(db, accountId));
  const latest = byApp(await latestBuilds(db, accountId));
  const feedback = byApp(await feedbackCounts(db, now, accountId));
  const icons = await iconVersions(db);
  const shared = await sharedApps(db);
  const attention = (await attentionOf(db, now, accountId)).map((fact) => {
    const accountName = shared.get(`${fact.accountId} ${fact.appId}`);
    return accountName === undefined ? fact : { ...fact, accountName };
  });
  return {
    apps: await Promise.all(
      apps.map(async ({ accountId: account, id: appId, name, bundleId }) => {
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
          fetchedAt: (await freshnessOf(db, { of: 'overview', accountId: account, appIds: [appId] }, now))
            .fetchedAt,
          attention: attention.filter((fact) => fact.accountId === account && fact.appId === appId),
        };
      }),
    ),
    testers: sumOf([...testers.values()]),
    attention: attention.filter((fact) => fact.appId === null),
  };
}

export interface StateCounts {
  readonly total: number;
  readonly byState: Readonly<Record<string, number>>;
}

/** Testers per state of each app (`<account> <app>` → counts), from the counters; '' stands for no state. */
export async function testersByState(db: Database, accountId?: string): Promise<Map<string, StateCounts>> {
  const scope = scopeOf(accountId);
  const rows = await db.query<Scoped<{ state: string; count: number }>>(
    `SELECT "accountId", "appId", "state", "count" FROM "betaTesterCounts"${scope.sql}`,
    scope.params,
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

/** Testers per state of one group. */
export async function groupTestersByState(
  db: Database,
  accountId: string,
  groupId: string,
): Promise<StateCounts> {
  const rows = await db.query<{ state: string; n: number }>(
    `SELECT coalesce(t."state", '') AS state, COUNT(*) AS n FROM "betaGroupTesters" AS m
     JOIN "betaTesters" AS t ON t."accountId" = m."accountId" AND t."appId" = m."appId" AND t."id" = m."testerId"
     WHERE m."accountId" = ? AND m."groupId" = ? GROUP BY 1`,
    [accountId, groupId],
  );
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

async function buildCounts(db: Database, accountId: string | undefined) {
  const scope = scopeOf(accountId);
  return db.query<Scoped<{ total: number; active: number }>>(
    `SELECT "accountId", "appId", COUNT(*) AS total, SUM("expired" IS 0 AND "processingState" IS 'VALID') AS active
     FROM "builds"${scope.sql} GROUP BY "accountId", "appId"`,
    scope.params,
  );
}

async function latestBuilds(db: Database, accountId: string | undefined): Promise<Scoped<LatestBuild>[]> {
  const scope = scopeOf(accountId, 'a.');
  return db.query<Scoped<LatestBuild>>(
    `SELECT b."accountId", b."appId", b."id", b."version", b."trainVersion", b."platform", b."uploadedDate", b."expirationDate",
       b."internalBuildState", b."externalBuildState"
     FROM "apps" AS a JOIN "builds" AS b ON b."accountId" = a."accountId" AND b."id" = (
       SELECT c."id" FROM "builds" AS c WHERE c."accountId" = a."accountId" AND c."appId" = a."id"
       ORDER BY c."uploadedDate" DESC LIMIT 1)${scope.sql}`,
    scope.params,
  );
}

async function feedbackCounts(db: Database, now: number, accountId: string | undefined) {
  const since = new Date(now - WEEK_MS).toISOString();
  return db.query<Scoped<{ total: number; lastWeek: number }>>(
    `SELECT "accountId", "appId", COUNT(*) AS total, SUM("createdDate" >= ?) AS lastWeek
     FROM "feedback" WHERE "goneAt" IS NULL${accountId === undefined ? '' : ' AND "accountId" = ?'} GROUP BY "accountId", "appId"`,
    [since, ...(accountId === undefined ? [] : [accountId])],
  );
}

function scopeOf(accountId: string | undefined, alias = ''): { sql: string; params: SqlValue[] } {
  return accountId === undefined
    ? { sql: '', params: [] }
    : { sql: ` WHERE ${alias}"accountId" = ?`, params: [accountId] };
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
