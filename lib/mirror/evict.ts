import { sql } from 'kysely';
import { built } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';
import { MEMBERSHIPS, type Membership, membershipsOf } from './memberships';
import { type EvictableTable, hangingOn, isApp, isEvictable, isPerApp, tableOf } from './tables';
import { afterPage, buryStatements, testerGrave } from './tombstones';

export interface EvictInput {
  readonly accountId: string;
  /** Apple's type. */
  readonly type: string;
  readonly ids: readonly string[];
  /** Only this app's rows; testers that are removed from one app stay in the others. */
  readonly appId?: string | undefined;
  /** When Apple answered the deletion, ms since 1970. */
  readonly at: number;
  /** Apple has only accepted the order (202): for a while its lists may still name what is gone here. */
  readonly isQueued?: boolean | undefined;
}

/** How long Apple may take for what it has accepted, ms. */
const QUEUED_MS = 10 * 60_000;

/** After a deletion at Apple: the rows and their memberships, gone for pages read before as well. */
export function evictStatements({ accountId, type, ids, appId, at, isQueued }: EvictInput): Write[] {
  if (ids.length === 0) return [];
  const table = tableOf(type);
  if (table === 'documents') return [forgottenDocuments(accountId, type, ids)];
  if (!isEvictable(table)) return [goneStatement(accountId, ids, at)];
  const rows = { accountId, table, ids, appId };
  return [
    afterPage(accountId),
    ...(isPerApp(table) ? [fewerTesters(rows)] : []),
    ...removalStatements(rows),
    ...buryStatements({
      accountId,
      type: isPerApp(table) ? testerGrave(appId) : table,
      ids,
      at: isQueued ? at + QUEUED_MS : at,
    }),
  ];
}

function forgottenDocuments(accountId: string, type: string, ids: readonly string[]): Write {
  return built((build, { among }) =>
    build
      .deleteFrom('documents')
      .where('accountId', '=', accountId)
      .where('type', '=', type)
      .where(among(sql.ref<string>('id'), ids)),
  );
}

function fewerTesters(rows: UnseenRows): Write {
  return built((_, dialect) => {
    const left = sql<number>`"testerCount" - (SELECT COUNT(*) FROM "betaGroupTesters" AS m
      WHERE m."accountId" = "betaGroups"."accountId" AND m."groupId" = "betaGroups"."id"
      AND ${dialect.among(sql.ref<string>('m.testerId'), rows.ids)})`;
    return sql`UPDATE "betaGroups" SET "testerCount" = CASE WHEN ${left} > 0 THEN ${left} ELSE 0 END
      WHERE ${scopeOf(rows)} AND "testerCount" IS NOT NULL`;
  });
}

export interface UnseenRows {
  readonly accountId: string;
  readonly table: Exclude<EvictableTable, 'documents'>;
  readonly ids: readonly string[];
  /** Needed for testers, whose rows belong to one app. */
  readonly appId?: string | undefined;
}

/** What hangs on a row and goes with it: table and column. Memberships go with either of their sides. */
function dependentsOf(table: string): readonly (readonly [table: string, column: string])[] {
  const memberships = membershipsOf(table).map((side) => [side.table, side.own] as const);
  return [...memberships, ...hangingOn(table)];
}

/** Removes rows that a complete pass did not see, with what hangs on them; counts that Apple gave stay as they are. */
export function removalStatements(rows: UnseenRows): Write[] {
  return [...dependentsOf(rows.table), [rows.table, 'id'] as const].map(([table, column]) =>
    built(
      (_, { among }) =>
        sql`DELETE FROM ${sql.table(table)} WHERE ${scopeOf(rows)} AND ${among(sql.ref<string>(column), rows.ids)}`,
    ),
  );
}

/** Feedback outlives Apple's copy: it is only marked. */
export function goneStatement(accountId: string, ids: readonly string[], at: number): Write {
  return built((build, { among }) =>
    build
      .updateTable('feedback')
      .set({ goneAt: at })
      .where('accountId', '=', accountId)
      .where('goneAt', 'is', null)
      .where(among(sql.ref<string>('id'), ids)),
  );
}

/** Rows of the account, of one app where that is known; testers are found through their apps. */
function scopeOf({ table, accountId, appId }: Pick<UnseenRows, 'table' | 'accountId' | 'appId'>) {
  const account = sql`"accountId" = ${accountId}`;
  if (appId !== undefined && !isApp(table)) return sql`${account} AND "appId" = ${appId}`;
  if (!isPerApp(table)) return account;
  return sql`${account} AND "appId" IN (SELECT "id" FROM "apps" WHERE "accountId" = ${accountId})`;
}

/** Everything that is of one app, what hangs on others first. Feedback is not among it, being ours to keep. */
export const TABLES_OF_APPS = [
  'appIcons',
  ...(Object.keys(MEMBERSHIPS) as Membership[]),
  'betaTesters',
  'betaBuildLocalizations',
  'builds',
  'preReleaseVersions',
  'betaGroups',
] as const;

/** Everything that Apple's answers fill and that may be read again; without feedback, for the same reason. */
export const TABLES_OF_ACCOUNTS = [
  ...TABLES_OF_APPS,
  'apps',
  'documents',
  'tombstones',
  'syncScopes',
] as const;

const leftOver = shape((_) => {
  const held = TABLES_OF_ACCOUNTS.map(
    (table) => sql`EXISTS (SELECT 1 FROM ${sql.table(table)} AS t WHERE t."accountId" = a."id")`,
  );
  return sql<{ id: string }>`SELECT a."id" FROM "Account" AS a
    WHERE a."removedAt" IS NOT NULL AND (${sql.join(held, sql` OR `)}) ORDER BY a."id"`;
});

/** The removed accounts of which something is still here. */
export async function leftOverAccounts(db: Pick<Store, 'read'>): Promise<string[]> {
  return (await db.read(leftOver({}))).map(({ id }) => id);
}

type Emptied = (typeof TABLES_OF_ACCOUNTS)[number];

/** Removes so many rows at most, so that others get their turn; changes fewer when none are left. */
export function removeSome(
  table: Emptied,
  { accountId, appId }: { accountId: string; appId?: string },
  most: number,
): Write {
  return built((_, { rowPlace }) => {
    const ofApp = appId === undefined ? sql`` : sql` AND "appId" = ${appId}`;
    return sql`DELETE FROM ${sql.table(table)} WHERE ${rowPlace()} IN (
      SELECT ${rowPlace()} FROM ${sql.table(table)} WHERE "accountId" = ${accountId}${ofApp} LIMIT ${sql.lit(most)})`;
  });
}
