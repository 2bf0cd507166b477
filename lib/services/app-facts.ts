import { appWords } from '@/lib/format/app-address';
import { buildWords } from '@/lib/format/builds';
import { isolated } from '@/lib/format/isolated';
import { appNames, getMirror } from '@/lib/mirror/query';
import { attributesOf } from '@/lib/mirror/resource';
import type { Ctx } from './ctx';
import { notFound } from './errors';

/** An app of the mirror and the account that holds it. */
export interface AppFacts {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string;
  /** The name, with the account where another has the app too: for titles. */
  readonly title: string;
}

/**
 * An app in the account that is named, or else in the first that has it.
 * @throws RefusedError 404 when the account does not have the app, or none has
 */
export async function appOf(ctx: Ctx, appId: string, accountId?: string | undefined): Promise<AppFacts> {
  const app = await getMirror(ctx.db, accountId, 'apps', appId);
  if (!app) throw notFound('There is no such app, or it has not been synced yet.');
  const { name: given } = attributesOf(app.data);
  const name = typeof given === 'string' ? given : appId;
  const accountName = (await appNames(ctx.db, appId, app.accountId))?.accountName;
  const title = appWords(name, accountName && isolated(accountName));
  return { accountId: app.accountId, appId, name, title };
}

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
  readonly hasAccessToAllBuilds: boolean;
  readonly testerCount: number | null;
}

/** The groups of an app as the mirror has them, by name. */
export async function groupsOf(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<GroupRow[]> {
  const rows = await ctx.db.query<{
    id: string;
    name: string | null;
    isInternalGroup: number | null;
    hasAccessToAllBuilds: number | null;
    testerCount: number | null;
  }>(
    `SELECT id, name, isInternalGroup, hasAccessToAllBuilds, testerCount FROM betaGroups
     WHERE accountId = ? AND appId = ? ORDER BY name`,
    [accountId, appId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name ?? row.id,
    isInternalGroup: row.isInternalGroup === 1,
    hasAccessToAllBuilds: row.hasAccessToAllBuilds === 1,
    testerCount: row.testerCount,
  }));
}

/** How many different people are in external groups of the app. */
export async function externalTesterCount(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
): Promise<number> {
  const [row] = await ctx.db.query<{ n: number }>(
    `SELECT count(DISTINCT m.testerId) AS n FROM betaGroupTesters AS m
     JOIN betaGroups AS g ON g.accountId = m.accountId AND g.id = m.groupId
     WHERE m.accountId = ? AND m.appId = ? AND g.isInternalGroup = 0`,
    [accountId, appId],
  );
  return row?.n ?? 0;
}

/** What people call builds of an app, by id; with `isInstallable` without those that have expired. */
export async function buildNames(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  ids: readonly string[],
  { isInstallable = false }: { readonly isInstallable?: boolean } = {},
): Promise<Map<string, string>> {
  const rows = await ctx.db.query<{ id: string } & Parameters<typeof buildWords>[0]>(
    `SELECT id, trainVersion, version, platform FROM builds
     WHERE accountId = ? AND appId = ? AND id IN (SELECT value FROM json_each(?))
       ${isInstallable ? 'AND expired IS NOT 1' : ''}`,
    [accountId, appId, JSON.stringify(ids)],
  );
  return new Map(rows.map(({ id, ...build }) => [id, buildWords(build)]));
}
