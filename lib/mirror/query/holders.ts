import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from '@/lib/store/dialect';
import { forms, shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { isApp, isPerApp } from '../tables';
import { idColumnOf } from './by-id';
import { factsOf, isMirrorType, type MirrorType } from './facts';

/** An account that has something, and the app it belongs to there. */
export interface Holder {
  readonly accountId: string;
  readonly appId: string | null;
}

interface Within {
  readonly appId?: string | undefined;
  readonly accountId?: string | undefined;
}

/** Which of several accounts is meant where none is named: not one whose key is refused at present, then the oldest. */
const meantFirst = sql`CASE WHEN a."status" IN ('unauthorized', 'forbidden', 'agreement_missing') THEN 1 ELSE 0 END,
  a."createdAt" ASC NULLS FIRST, t."accountId"`;

const holders = forms();

/**
 * The accounts that have something of this id, the one meant first: the one rule for what two accounts share. Nothing
 * that changes from one sync to the next decides, so all that belongs together comes from the same account.
 */
export async function holdersOf(db: Store, type: string, id: string, within: Within = {}): Promise<Holder[]> {
  const { appId, accountId } = within;
  const form = `${type} ${appId === undefined ? '' : 'app'} ${accountId === undefined ? '' : 'account'}`;
  const rows = await db.read(
    holders(
      isMirrorType(type) ? form : `document ${form}`,
      { type, id, appId, accountId },
      (_, at, dialect) => {
        const asked = isMirrorType(type)
          ? ofTable(type, at.id, { appId: appId === undefined ? undefined : at.appId, dialect })
          : ofDocuments(at.type, at.id);
        // Every index begins with the account.
        const account = accountId === undefined ? sql`IN (SELECT ${asked.accounts})` : sql`= ${at.accountId}`;
        const where = [...asked.where, sql`t."accountId" ${account}`];
        const leftOver = asked.isLeftOver ? sql`${asked.isLeftOver},` : sql``;
        return sql<Holder>`SELECT t."accountId", ${asked.app} AS "appId"
        FROM ${sql.table(asked.table)} AS t LEFT JOIN "Account" AS a ON a."id" = t."accountId"
        WHERE ${sql.join(where, sql` AND `)} AND a."removedAt" IS NULL
        ORDER BY ${leftOver} ${meantFirst}, 2`;
      },
    ),
  );
  if (isMirrorType(type)) return rows;
  return rows.map((row) => ({
    accountId: row.accountId,
    appId: /^apps\/(.+)$/.exec(row.appId ?? '')?.[1] ?? null,
  }));
}

interface Asked {
  readonly table: string;
  readonly app: RawBuilder<string | null>;
  readonly where: readonly RawBuilder<SqlBool>[];
  /** Which accounts can have it at all. */
  readonly accounts: RawBuilder<unknown>;
  /** Whether the row's app has left the account, 0 or 1: what is left over counts only where nobody else has it. */
  readonly isLeftOver?: RawBuilder<unknown>;
}

function ofTable(
  type: MirrorType,
  id: string,
  { appId, dialect }: { readonly appId: string | undefined; readonly dialect: Dialect },
): Asked {
  const { table, where } = factsOf(type);
  // Every index of testers begins with the app too.
  const testers = isPerApp(type) ? [sql<SqlBool>`t."appId" IN (SELECT "id" FROM "apps")`] : [];
  const inApp = !isApp(type) && appId !== undefined ? [sql<SqlBool>`t."appId" = ${appId}`] : testers;
  return {
    table,
    app: isApp(type) ? sql`t."id"` : sql`t."appId"`,
    where: [
      sql<SqlBool>`${sql.ref(`t.${idColumnOf(type)}`)} = ${id}`,
      ...(where ? [where.is([], dialect)] : []),
      ...inApp,
    ],
    accounts: sql`DISTINCT "accountId" FROM "apps"`,
    ...(isApp(type)
      ? {}
      : {
          isLeftOver: sql`CASE WHEN EXISTS (SELECT 1 FROM "apps" AS p WHERE p."accountId" = t."accountId" AND p."id" = t."appId") THEN 0 ELSE 1 END`,
        }),
  };
}

function ofDocuments(type: string, id: string): Asked {
  return {
    table: 'documents',
    app: sql`t."parent"`,
    where: [sql`t."type" = ${type}`, sql`t."id" = ${id}`],
    accounts: sql`"id" FROM "Account"`,
  };
}

const shared = shape((build, _given: object) =>
  build
    .selectFrom('apps as t')
    .leftJoin('Account as a', 'a.id', 't.accountId')
    .select(['t.accountId', 't.id', 'a.name'])
    .where('t.id', 'in', (of) =>
      of
        .selectFrom('apps')
        .select('id')
        .groupBy('id')
        .having((count) => count.fn.countAll<number>(), '>', 1),
    )
    .orderBy('t.accountId')
    .orderBy('t.id'),
);

/** The accounts that share an app with another: `<account> <app>` → what the account is called. */
export async function sharedApps(db: Store): Promise<Map<string, string>> {
  const rows = await db.read(shared({}));
  return new Map(rows.map(({ accountId, id, name }) => [`${accountId} ${id}`, name ?? accountId]));
}

/** What an app is called in an account, and what the account is called where another has the app too. */
export interface AppNames {
  readonly name: string | null;
  readonly accountName: string | null;
  readonly accountId: string;
}

/** An app in the account that is named, or else in the first that has it; null when none has. */
export type AppNamesOf = (appId: string, accountId: string | null | undefined) => AppNames | null;

interface NamedApp {
  readonly accountId: string;
  readonly id: string;
  readonly name: string | null;
  readonly account: string | null;
}

const named = shape(
  (_, given: { ids: readonly string[] }, { among }) =>
    sql<NamedApp>`SELECT t."accountId", t."id", t."name", a."name" AS "account"
    FROM "apps" AS t LEFT JOIN "Account" AS a ON a."id" = t."accountId"
    WHERE ${among(sql.ref('t.id'), given.ids)} AND a."removedAt" IS NULL
    ORDER BY ${meantFirst}`,
);

/** The names of some apps, in one read. */
export async function namesOfApps(db: Store, appIds: readonly (string | null)[]): Promise<AppNamesOf> {
  const ids = [...new Set(appIds.filter((id) => id !== null))];
  const rows = ids.length === 0 ? [] : await db.read(named({ ids }));
  const byId = new Map<string, NamedApp[]>();
  for (const row of rows) byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
  return (appId, accountId) => {
    const all = byId.get(appId) ?? [];
    const app = all.find((one) => one.accountId === accountId) ?? all[0];
    if (!app) return null;
    const accountName = all.length > 1 ? (app.account ?? app.accountId) : null;
    return { name: app.name, accountName, accountId: app.accountId };
  };
}

/** The names of one app. */
export async function appNames(
  db: Store,
  appId: string,
  accountId: string | null | undefined,
): Promise<AppNames | null> {
  return (await namesOfApps(db, [appId]))(appId, accountId);
}
