import { testerEventStatements } from '@/lib/history/tester-events';
import { goneStatement, removalStatements } from '@/lib/mirror/evict';
import type { Database, SqlValue, Write } from '@/lib/store/database';
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

/** What a pass did not show while rows moved between its pages goes when it was not seen for so long, ms. */
const LONG_UNSEEN_MS = 24 * 60 * 60_000;
/** Fewer missing rows than this are no collapse. */
const FEW = 10;

export interface Evicted {
  readonly evicted: number;
  /** The pass did not show everything it should have, or less than can be believed at once: it is to be repeated. */
  readonly isDoubtful: boolean;
}

/**
 * Removes what a complete pass did not see, in short transactions. Absence is believed only where the pass is beyond doubt:
 * fewer rows than Apple counts means that some were not shown, and a list that has suddenly collapsed may be a glitch.
 */
export async function evictUnseen(
  db: Database,
  accountId: string,
  plan: ListPlan,
  state: ScopeState,
  write: (statements: Write[]) => Promise<void>,
): Promise<Evicted> {
  let evicted = 0;
  const belief = await beliefOf(db, accountId, plan, state);
  for (const table of tablesOf(plan)) {
    for (;;) {
      const unseen = await nextUnseen(db, accountId, table, plan, belief);
      if (unseen.length === 0) break;
      await write(removal(accountId, table, plan, unseen, state));
      evicted += unseen.length;
    }
  }
  return { evicted, isDoubtful: belief.isDoubtful };
}

/** Rows of an older generation that were not seen since go. */
interface Belief {
  readonly generation: number;
  readonly notSince: number;
  readonly isDoubtful: boolean;
}

async function beliefOf(db: Database, accountId: string, plan: ListPlan, state: ScopeState): Promise<Belief> {
  const { generation, total } = state;
  const startedAt = state.startedAt ?? 0;
  const [table] = tablesOf(plan);
  const sure: Belief = { generation, notSince: startedAt, isDoubtful: false };
  if (table === undefined) return sure;
  const where = scopeWhere(accountId, table, plan);
  const [row] = await db.query<{ held: number; seen: number; lately: number }>(
    `SELECT COUNT(*) AS held, COALESCE(SUM("generation" = ? OR "fetchedAt" >= ?), 0) AS seen,
       COALESCE(SUM("generation" = ? AND "fetchedAt" < ?), 0) AS lately FROM "${table}" WHERE ${where.sql}`,
    [generation, startedAt, generation - 1, startedAt, ...where.params],
  );
  const { held = 0, seen = 0, lately = 0 } = row ?? {};
  const unseen = held - seen;
  // A row that came twice may have come in the place of another: who is missing may only not have been shown.
  if (total !== null && seen < total) {
    return { generation: generation - 1, notSince: startedAt - LONG_UNSEEN_MS, isDoubtful: true };
  }
  const hasRepeats = total === null && state.seen > seen;
  const isCollapse = seen === 0 || (unseen > seen && unseen >= FEW);
  if (unseen > 0 && (hasRepeats || isCollapse)) {
    return { generation: generation - 1, notSince: startedAt, isDoubtful: lately > 0 };
  }
  return sure;
}

type EvictedTable = 'apps' | 'betaGroups' | 'betaTesters' | 'builds' | 'preReleaseVersions' | 'feedback';

function tablesOf({ type }: ListPlan): EvictedTable[] {
  if (type === 'builds') return ['builds', 'preReleaseVersions'];
  if (type === 'betaFeedbackCrashSubmissions' || type === 'betaFeedbackScreenshotSubmissions')
    return ['feedback'];
  return [type];
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

async function nextUnseen(
  db: Database,
  accountId: string,
  table: EvictedTable,
  plan: ListPlan,
  { generation, notSince }: Belief,
): Promise<Unseen[]> {
  const where = scopeWhere(accountId, table, plan);
  const columns = table === 'betaTesters' ? '"id", "state", "emailLower"' : '"id"';
  return db.query<Unseen>(
    `SELECT ${columns} FROM "${table}" WHERE ${where.sql} AND "generation" < ? AND "fetchedAt" < ? LIMIT ${CHUNK}`,
    [...where.params, generation, notSince],
  );
}

function removal(
  accountId: string,
  table: EvictedTable,
  { appId }: ListPlan,
  unseen: readonly Unseen[],
  { startedAt }: ScopeState,
): Write[] {
  const ids = unseen.map(({ id }) => id);
  const at = startedAt ?? 0;
  if (table === 'feedback') return [goneStatement(accountId, ids, at)];
  const removed = removalStatements({ accountId, table, ids, appId });
  // Whoever was in the group only may have left the app with it.
  if (table === 'betaGroups') return [dueOfGroups(accountId, ids, at), ...removed];
  if (table === 'apps') return [...removed, ...ids.flatMap((id) => appLists(accountId, id))];
  if (table !== 'betaTesters' || appId === undefined) return removed;
  const left = unseen.map(({ id, state = null, emailLower = null }) => ({
    accountId,
    appId,
    testerId: id,
    email: emailLower,
    at,
    kind: 'left' as const,
    before: state,
  }));
  return [...testerEventStatements(left), ...removed];
}

function dueOfGroups(accountId: string, ids: readonly string[], at: number): Write {
  return {
    sql: `UPDATE "syncScopes" SET "dueAt" = ? WHERE "accountId" = ? AND "scope" IN (
      SELECT 'betaTesters/' || "appId" FROM "betaGroups" WHERE "accountId" = ? AND "id" IN (SELECT value FROM json_each(?)))`,
    params: [at, accountId, accountId, JSON.stringify(ids)],
  };
}

/** The lists of an app that is gone are no longer part of the account's freshness. */
function appLists(accountId: string, appId: string): Write[] {
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
  write: (statements: Write[]) => Promise<void>,
): Promise<void> {
  const orphan = '"accountId" = ? AND "appId" NOT IN (SELECT "id" FROM "apps" WHERE "accountId" = ?)';
  const params = [accountId, accountId];
  // The counters name every app that has testers, so that half a million rows need not be looked at.
  const apps = await db.query<{ appId: string }>(
    `SELECT DISTINCT "appId" FROM "betaTesterCounts" WHERE ${orphan} UNION SELECT DISTINCT "appId" FROM "betaGroups" WHERE ${orphan}
     UNION SELECT DISTINCT "appId" FROM "builds" WHERE ${orphan}`,
    [...params, ...params, ...params],
  );
  for (const { appId } of apps) {
    for (const table of APP_TABLES) {
      const where = '"accountId" = ? AND "appId" = ?';
      for (;;) {
        const [row] = await db.query<{ n: number }>(
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
