import { buildWords } from '@/lib/format/builds';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';

/** An app of the mirror and the account that holds it. */
export interface AppFacts {
  readonly accountId: string;
  readonly appId: string;
  readonly name: string;
}

/** @throws RefusedError when no account has the app, or several have it and none is named */
export function appOf(ctx: Ctx, appId: string, accountId?: string | undefined): AppFacts {
  const rows = ctx.db.query<{ accountId: string; name: string | null }>(
    `SELECT apps.accountId, apps.name FROM apps JOIN "Account" AS account ON account.id = apps.accountId
     WHERE apps.id = ? AND account.removedAt IS NULL ${accountId === undefined ? '' : 'AND apps.accountId = ?'}`,
    accountId === undefined ? [appId] : [appId, accountId],
  );
  const [row] = rows;
  if (!row) throw notFound('There is no such app, or it has not been synced yet.');
  if (rows.length > 1) {
    const detail = 'Several accounts have this app. Name one with the header Flightdeck-Account.';
    throw new RefusedError({ status: 409, code: 'FLIGHTDECK.ACCOUNT', title: 'Which account', detail });
  }
  return { accountId: row.accountId, appId, name: row.name ?? appId };
}

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly isInternalGroup: boolean;
  readonly hasAccessToAllBuilds: boolean;
  readonly testerCount: number | null;
}

/** The groups of an app as the mirror has them, by name. */
export function groupsOf(ctx: Ctx, { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>): GroupRow[] {
  const rows = ctx.db.query<{
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
export function externalTesterCount(ctx: Ctx, { accountId, appId }: AppFacts): number {
  const [row] = ctx.db.query<{ n: number }>(
    `SELECT count(DISTINCT m.testerId) AS n FROM betaGroupTesters AS m
     JOIN betaGroups AS g ON g.accountId = m.accountId AND g.id = m.groupId
     WHERE m.accountId = ? AND m.appId = ? AND g.isInternalGroup = 0`,
    [accountId, appId],
  );
  return row?.n ?? 0;
}

/** What people call builds of an app, by id; with `isInstallable` without those that have expired. */
export function buildNames(
  ctx: Ctx,
  { accountId, appId }: Pick<AppFacts, 'accountId' | 'appId'>,
  ids: readonly string[],
  { isInstallable = false }: { readonly isInstallable?: boolean } = {},
): Map<string, string> {
  const rows = ctx.db.query<{ id: string } & Parameters<typeof buildWords>[0]>(
    `SELECT id, trainVersion, version, platform FROM builds
     WHERE accountId = ? AND appId = ? AND id IN (SELECT value FROM json_each(?))
       ${isInstallable ? 'AND expired IS NOT 1' : ''}`,
    [accountId, appId, JSON.stringify(ids)],
  );
  return new Map(rows.map(({ id, ...build }) => [id, buildWords(build)]));
}
