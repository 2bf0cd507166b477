import type { Database, SqlValue } from '@/lib/store/database';
import { factsOf, isMirrorType } from './facts';
import { idColumnOf } from './relations';

/** An account that has something, and the app it belongs to there. */
export interface Holder {
  readonly accountId: string;
  readonly appId: string | null;
}

interface Row extends Holder {
  /** Whether App Store Connect refuses the account's key at present. */
  readonly isRefused: number;
}

/**
 * The accounts that have something of this id, the one meant first: the one rule for what two accounts share. Nothing
 * that changes from one sync to the next decides, so all that belongs together comes from the same account.
 */
export async function holdersOf(
  db: Database,
  type: string,
  id: string,
  { appId, accountId }: { readonly appId?: string | undefined; readonly accountId?: string | undefined } = {},
): Promise<Holder[]> {
  const asked = isMirrorType(type) ? ofTable(type, id, appId) : ofDocuments(type, id);
  // Every index begins with the account.
  asked.where.push(`t."accountId" ${accountId === undefined ? `IN (SELECT ${asked.accounts})` : '= ?'}`);
  if (accountId !== undefined) asked.params.push(accountId);
  const rows = await db.query<Row>(
    `SELECT t."accountId", ${asked.app} AS appId,
       coalesce(a."status" IN ('unauthorized', 'forbidden', 'agreement_missing'), 0) AS isRefused
     FROM "${asked.table}" AS t LEFT JOIN "Account" AS a ON a."id" = t."accountId"
     WHERE ${asked.where.join(' AND ')} AND a."removedAt" IS NULL
     ORDER BY ${asked.isLeftOver}, isRefused, a."createdAt", t."accountId", 2`,
    asked.params,
  );
  return rows.map((row) => ({ accountId: row.accountId, appId: asked.appOf(row.appId) }));
}

interface Asked {
  readonly table: string;
  readonly app: string;
  readonly where: string[];
  readonly params: SqlValue[];
  readonly appOf: (told: string | null) => string | null;
  /** Which accounts can have it at all. */
  readonly accounts: string;
  /** Whether the row's app has left the account: what is left over counts only where nobody else has it. */
  readonly isLeftOver: string;
}

function ofTable(type: Parameters<typeof factsOf>[0], id: string, appId: string | undefined): Asked {
  const { table, where } = factsOf(type);
  const asked: Asked = {
    table,
    app: type === 'apps' ? 't."id"' : 't."appId"',
    where: [`t."${idColumnOf(type)}" = ?`, ...(where ? [where] : [])],
    params: [id],
    appOf: (told) => told,
    accounts: 'DISTINCT "accountId" FROM "apps"',
    isLeftOver:
      type === 'apps'
        ? 'NULL'
        : 'NOT EXISTS (SELECT 1 FROM "apps" AS p WHERE p."accountId" = t."accountId" AND p."id" = t."appId")',
  };
  if (appId !== undefined && type !== 'apps') {
    asked.where.push('t."appId" = ?');
    asked.params.push(appId);
  } else if (type === 'betaTesters') {
    // Every index of testers begins with the app too.
    asked.where.push(`t."appId" IN (SELECT "id" FROM "apps")`);
  }
  return asked;
}

function ofDocuments(type: string, id: string): Asked {
  return {
    table: 'documents',
    app: 't."parent"',
    where: ['t."type" = ?', 't."id" = ?'],
    params: [type, id],
    accounts: '"id" FROM "Account"',
    isLeftOver: 'NULL',
    appOf: (told) => /^apps\/(.+)$/.exec(told ?? '')?.[1] ?? null,
  };
}

/** The accounts that share an app with another: `<account> <app>` → what the account is called. */
export async function sharedApps(db: Database): Promise<Map<string, string>> {
  const rows = await db.query<{ accountId: string; id: string; name: string | null }>(
    `SELECT t."accountId", t."id", a."name" FROM "apps" AS t LEFT JOIN "Account" AS a ON a."id" = t."accountId"
     WHERE t."id" IN (SELECT "id" FROM "apps" GROUP BY "id" HAVING COUNT(*) > 1)`,
  );
  return new Map(rows.map(({ accountId, id, name }) => [`${accountId} ${id}`, name ?? accountId]));
}

/** What an app is called in an account, and what the account is called where another has the app too. */
export async function appNames(
  db: Database,
  appId: string,
  accountId: string | null | undefined,
): Promise<{
  readonly name: string | null;
  readonly accountName: string | null;
  readonly accountId: string;
} | null> {
  const holders = await holdersOf(db, 'apps', appId);
  const holder = holders.find((one) => one.accountId === accountId) ?? holders[0];
  if (!holder) return null;
  const [app] = await db.query<{ name: string | null; account: string | null }>(
    `SELECT t."name", a."name" AS account FROM "apps" AS t LEFT JOIN "Account" AS a ON a."id" = t."accountId"
     WHERE t."accountId" = ? AND t."id" = ?`,
    [holder.accountId, appId],
  );
  const accountName = holders.length > 1 ? (app?.account ?? holder.accountId) : null;
  return { name: app?.name ?? null, accountName, accountId: holder.accountId };
}
