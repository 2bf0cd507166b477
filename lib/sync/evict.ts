import { goneStatement, removalStatements } from '@/lib/mirror/evict';
import type { Database, SqlValue, Statement } from '@/lib/mirror/store';
import { testerEventStatements } from '@/lib/mirror/tester-events';
import type { ListPlan } from './plan';
import type { ScopeState } from './scopes';

/** Rows removed in one transaction. */
const CHUNK = 100;

interface Unseen {
  readonly id: string;
  readonly state?: string | null;
  readonly emailLower?: string | null;
}

interface Where {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/**
 * Removes what a complete pass did not see, in short transactions. When rows moved between pages (fewer seen than
 * Apple counts) only what two passes in a row did not see goes.
 */
export async function evictUnseen(
  db: Database,
  accountId: string,
  plan: ListPlan,
  state: ScopeState,
  write: (statements: Statement[]) => Promise<void>,
): Promise<number> {
  let evicted = 0;
  for (const table of tablesOf(plan)) {
    const before = generationOf(db, accountId, plan, state);
    for (;;) {
      const unseen = nextUnseen(db, accountId, table, plan, { ...state, generation: before });
      if (unseen.length === 0) break;
      await write(removal(accountId, table, plan, unseen, state));
      evicted += unseen.length;
    }
  }
  return evicted;
}

type EvictedTable = 'apps' | 'betaGroups' | 'betaTesters' | 'builds' | 'preReleaseVersions' | 'feedback';

function tablesOf({ type }: ListPlan): EvictedTable[] {
  if (type === 'builds') return ['builds', 'preReleaseVersions'];
  if (type === 'betaFeedbackCrashSubmissions' || type === 'betaFeedbackScreenshotSubmissions')
    return ['feedback'];
  return [type];
}

/** Rows of a generation before this one go. */
function generationOf(db: Database, accountId: string, plan: ListPlan, state: ScopeState): number {
  const [table] = tablesOf(plan);
  if (state.total === null || table === undefined) return state.generation;
  const where = scopeWhere(accountId, table, plan);
  const [row] = db.query<{ n: number }>(
    `SELECT COUNT(*) AS n FROM "${table}" WHERE ${where.sql} AND ("generation" = ? OR "fetchedAt" >= ?)`,
    [...where.params, state.generation, state.startedAt ?? 0],
  );
  return (row?.n ?? 0) >= state.total ? state.generation : state.generation - 1;
}

function scopeWhere(accountId: string, table: EvictedTable, plan: ListPlan): Where {
  const parts = ['"accountId" = ?'];
  const params: SqlValue[] = [accountId];
  if (plan.appId !== undefined) {
    parts.push('"appId" = ?');
    params.push(plan.appId);
  }
  if (table === 'feedback') {
    parts.push('"type" = ?', '"goneAt" IS NULL');
    params.push(plan.type);
  }
  return { sql: parts.join(' AND '), params };
}

function nextUnseen(
  db: Database,
  accountId: string,
  table: EvictedTable,
  plan: ListPlan,
  { generation, startedAt }: ScopeState,
): Unseen[] {
  const where = scopeWhere(accountId, table, plan);
  const columns = table === 'betaTesters' ? '"id", "state", "emailLower"' : '"id"';
  return db.query<Unseen>(
    `SELECT ${columns} FROM "${table}" WHERE ${where.sql} AND "generation" < ? AND "fetchedAt" < ? LIMIT ${CHUNK}`,
    [...where.params, generation, startedAt ?? 0],
  );
}

function removal(
  accountId: string,
  table: EvictedTable,
  { appId }: ListPlan,
  unseen: readonly Unseen[],
  { startedAt }: ScopeState,
): Statement[] {
  const ids = unseen.map(({ id }) => id);
  const at = startedAt ?? 0;
  if (table === 'feedback') return [goneStatement(accountId, ids, at)];
  const removed = removalStatements({ accountId, table, ids, appId });
  if (table === 'apps') return [...removed, ...ids.flatMap((id) => appLists(accountId, id))];
  if (table !== 'betaTesters' || appId === undefined) return removed;
  const left = unseen.map(({ id, state = null, emailLower = null }) => ({
    accountId,
    appId,
    testerId: id,
    emailLower,
    at,
    kind: 'left' as const,
    before: state,
  }));
  return [...testerEventStatements(left), ...removed];
}

/** The lists of an app that is gone are no longer part of the account's freshness. */
function appLists(accountId: string, appId: string): Statement[] {
  return [
    {
      sql: `DELETE FROM "syncScopes" WHERE "accountId" = ? AND "scope" LIKE '%/' || ?`,
      params: [accountId, appId],
    },
  ];
}

const APP_TABLES = [
  'appIcons',
  'betaGroupTesters',
  'buildTesters',
  'buildGroups',
  'betaTesters',
  'betaBuildLocalizations',
  'builds',
  'preReleaseVersions',
  'betaGroups',
] as const;

/** Removes the mirror rows of apps the key no longer sees, a few hundred at a time; feedback stays, being ours to keep. */
export async function evictOrphans(
  db: Database,
  accountId: string,
  write: (statements: Statement[]) => Promise<void>,
): Promise<void> {
  const orphan = '"accountId" = ? AND "appId" NOT IN (SELECT "id" FROM "apps" WHERE "accountId" = ?)';
  const params = [accountId, accountId];
  // The counters name every app that has testers, so that half a million rows need not be looked at.
  const apps = db.query<{ appId: string }>(
    `SELECT DISTINCT "appId" FROM "betaTesterCounts" WHERE ${orphan} UNION SELECT DISTINCT "appId" FROM "betaGroups" WHERE ${orphan}
     UNION SELECT DISTINCT "appId" FROM "builds" WHERE ${orphan}`,
    [...params, ...params, ...params],
  );
  for (const { appId } of apps) {
    for (const table of APP_TABLES) {
      const where = '"accountId" = ? AND "appId" = ?';
      for (;;) {
        const [row] = db.query<{ n: number }>(
          `SELECT COUNT(*) AS n FROM (SELECT 1 FROM "${table}" WHERE ${where} LIMIT 1)`,
          [accountId, appId],
        );
        if (!row || row.n === 0) break;
        await write([
          {
            sql: `DELETE FROM "${table}" WHERE rowid IN (SELECT rowid FROM "${table}" WHERE ${where} LIMIT 200)`,
            params: [accountId, appId],
          },
        ]);
      }
    }
    await write([
      {
        sql: 'DELETE FROM "betaTesterCounts" WHERE "accountId" = ? AND "appId" = ?',
        params: [accountId, appId],
      },
    ]);
  }
}
