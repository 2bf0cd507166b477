import type { SqlValue, Write } from '@/lib/store/database';
import { type MirrorTable, TABLES } from './tables';
import { buryStatements, testerGrave } from './tombstones';

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

/** What hangs on a row of the mirror and goes with it: membership table → column. */
const DEPENDENTS: Readonly<Record<string, readonly (readonly [table: string, column: string])[]>> = {
  betaGroups: [
    ['betaGroupTesters', 'groupId'],
    ['buildGroups', 'groupId'],
  ],
  betaTesters: [
    ['betaGroupTesters', 'testerId'],
    ['buildTesters', 'testerId'],
  ],
  builds: [
    ['buildGroups', 'buildId'],
    ['buildTesters', 'buildId'],
    ['betaBuildLocalizations', 'buildId'],
  ],
};

/** After a deletion at Apple: the rows and their memberships, gone for pages read before as well. */
export function evictStatements({ accountId, type, ids, appId, at, isQueued }: EvictInput): Write[] {
  if (ids.length === 0) return [];
  const table = tableOf(type);
  const marks = ids.map(() => '?').join(', ');
  if (table === 'documents') {
    return [
      {
        sql: `DELETE FROM "documents" WHERE "accountId" = ? AND "type" = ? AND "id" IN (${marks})`,
        params: [accountId, type, ...ids],
      },
    ];
  }
  if (table === 'feedback') return [goneStatement(accountId, ids, at)];
  const scope = scopeOf(table, accountId, appId);
  return [
    ...(table === 'betaTesters' ? [fewerTesters(accountId, ids, scope)] : []),
    ...removalStatements({ accountId, table, ids, appId }),
    ...buryStatements({
      accountId,
      type: table === 'betaTesters' ? testerGrave(appId) : table,
      ids,
      at: isQueued ? at + QUEUED_MS : at,
    }),
  ];
}

function fewerTesters(accountId: string, ids: readonly string[], scope: Scope): Write {
  const marks = ids.map(() => '?').join(', ');
  return {
    sql: `UPDATE "betaGroups" SET "testerCount" = max(0, "testerCount" - (
      SELECT COUNT(*) FROM "betaGroupTesters" AS m WHERE m."accountId" = "betaGroups"."accountId"
      AND m."groupId" = "betaGroups"."id" AND m."testerId" IN (${marks})))
      WHERE "accountId" = ?${scope.sql} AND "testerCount" IS NOT NULL`,
    params: [...ids, accountId, ...scope.params],
  };
}

export interface UnseenRows {
  readonly accountId: string;
  readonly table: Exclude<MirrorTable, 'documents' | 'feedback'>;
  readonly ids: readonly string[];
  /** Needed for testers, whose rows belong to one app. */
  readonly appId?: string | undefined;
}

/** Removes rows that a complete pass did not see, with what hangs on them; counts that Apple gave stay as they are. */
export function removalStatements({ accountId, table, ids, appId }: UnseenRows): Write[] {
  const marks = ids.map(() => '?').join(', ');
  const scope = scopeOf(table, accountId, appId);
  return [
    ...(DEPENDENTS[table] ?? []).map(([dependent, column]) => ({
      sql: `DELETE FROM "${dependent}" WHERE "accountId" = ?${scope.sql} AND "${column}" IN (${marks})`,
      params: [accountId, ...scope.params, ...ids],
    })),
    {
      sql: `DELETE FROM "${table}" WHERE "accountId" = ?${scope.sql} AND "id" IN (${marks})`,
      params: [accountId, ...scope.params, ...ids],
    },
  ];
}

/** Feedback outlives Apple's copy: it is only marked. */
export function goneStatement(accountId: string, ids: readonly string[], at: number): Write {
  return {
    sql: `UPDATE "feedback" SET "goneAt" = ? WHERE "accountId" = ? AND "goneAt" IS NULL AND "id" IN (${ids.map(() => '?').join(', ')})`,
    params: [at, accountId, ...ids],
  };
}

/** The table of a type. */
export function tableOf(type: string): keyof typeof TABLES {
  if (type === 'betaFeedbackCrashSubmissions' || type === 'betaFeedbackScreenshotSubmissions')
    return 'feedback';
  return type in TABLES && type !== 'documents' ? (type as keyof typeof TABLES) : 'documents';
}

interface Scope {
  sql: string;
  params: SqlValue[];
}

function scopeOf(table: string, accountId: string, appId: string | undefined): Scope {
  if (appId !== undefined && table !== 'apps') return { sql: ' AND "appId" = ?', params: [appId] };
  if (table !== 'betaTesters') return { sql: '', params: [] };
  return { sql: ' AND "appId" IN (SELECT "id" FROM "apps" WHERE "accountId" = ?)', params: [accountId] };
}
