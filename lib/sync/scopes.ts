import type { Database, Write } from '@/lib/store/database';

/** Where the pass over one list stands. */
export interface ScopeState {
  readonly scope: string;
  readonly generation: number;
  readonly phase: 'idle' | 'running' | 'evicting';
  readonly nextUrl: string | null;
  readonly pages: number;
  readonly seen: number;
  readonly total: number | null;
  /** ms since 1970, here and below */
  readonly startedAt: number | null;
  readonly updatedAt: number | null;
  readonly completedAt: number | null;
  readonly error: string | null;
}

/** The marker of a full sync: running from its first page until every list is complete. */
export const FULL_PASS = '*';

/** A checkpoint older than this is not resumed: rows may have moved between pages, and cursors expire. */
const RESUMABLE_MS = 30 * 60_000;

/** All scopes of an account by name. */
export async function readScopes(db: Database, accountId: string): Promise<Map<string, ScopeState>> {
  const rows = await db.query<ScopeState>(
    `SELECT "scope", "generation", "phase", "nextUrl", "pages", "seen", "total", "startedAt", "updatedAt", "completedAt", "error"
     FROM "syncScopes" WHERE "accountId" = ?`,
    [accountId],
  );
  return new Map(rows.map((row) => [row.scope, row]));
}

/** The state a pass begins with: where it was left not long ago, or a new generation. */
export function beginScope(known: ScopeState | undefined, scope: string, now: number): ScopeState {
  const isOpen = known?.phase === 'running' && known.nextUrl !== null;
  if (known && (known.phase === 'evicting' || (isOpen && now - (known.updatedAt ?? 0) < RESUMABLE_MS))) {
    return known;
  }
  return {
    scope,
    generation: (known?.generation ?? 0) + 1,
    phase: 'running',
    nextUrl: null,
    pages: 0,
    seen: 0,
    total: null,
    startedAt: now,
    updatedAt: now,
    completedAt: known?.completedAt ?? null,
    error: null,
  };
}

/** Stores where a pass stands. */
export function scopeStatement(accountId: string, state: ScopeState): Write {
  return {
    sql: `INSERT INTO "syncScopes" ("accountId", "scope", "generation", "phase", "nextUrl", "pages", "seen", "total",
        "startedAt", "updatedAt", "completedAt", "error") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT ("accountId", "scope") DO UPDATE SET "generation" = excluded."generation", "phase" = excluded."phase",
        "nextUrl" = excluded."nextUrl", "pages" = excluded."pages", "seen" = excluded."seen", "total" = excluded."total",
        "startedAt" = excluded."startedAt", "updatedAt" = excluded."updatedAt", "completedAt" = excluded."completedAt",
        "error" = excluded."error"`,
    params: [
      accountId,
      state.scope,
      state.generation,
      state.phase,
      state.nextUrl,
      state.pages,
      state.seen,
      state.total,
      state.startedAt,
      state.updatedAt,
      state.completedAt,
      state.error,
    ],
  };
}

/** Says of a list that was looked at only from the top when that was; a list that was never complete stays so. */
export function lookedAtStatement(accountId: string, scope: string, now: number): Write {
  return {
    sql: `UPDATE "syncScopes" SET "completedAt" = ?, "error" = NULL, "failingSince" = NULL
      WHERE "accountId" = ? AND "scope" = ? AND "completedAt" IS NOT NULL`,
    params: [now, accountId, scope],
  };
}

/**
 * Notes that a list could not be read, and since when. A checkpoint that is of no use, or that fails again before a page
 * was stored, is dropped: the list then begins anew.
 */
export function failedStatement(
  accountId: string,
  { scope, error, isUseless }: { scope: string; error: string; isUseless: boolean },
  now: number,
): Write {
  return {
    sql: `INSERT INTO "syncScopes" ("accountId", "scope", "error", "failingSince", "dueAt") VALUES (?, ?, ?, ?, ?)
      ON CONFLICT ("accountId", "scope") DO UPDATE SET
        "nextUrl" = CASE WHEN ? OR "error" IS NOT NULL THEN NULL ELSE "nextUrl" END,
        "error" = excluded."error", "failingSince" = coalesce("failingSince", excluded."failingSince"), "dueAt" = excluded."dueAt"`,
    params: [accountId, scope, error, now, now, Number(isUseless)],
  };
}

/**
 * Closes a pass over a list. A mark that was set while it was read stays, for the pass may have been past the place;
 * `againAt` sets one when the pass itself gave cause for doubt.
 */
export function closeStatements(
  accountId: string,
  state: ScopeState,
  { now, againAt }: { now: number; againAt: number | null },
): Write[] {
  return [
    scopeStatement(accountId, state),
    {
      sql: `UPDATE "syncScopes" SET "failingSince" = NULL,
          "dueAt" = CASE WHEN "dueAt" > ? AND "dueAt" <= ? THEN "dueAt" ELSE ? END
        WHERE "accountId" = ? AND "scope" = ?`,
      params: [state.startedAt ?? 0, now, againAt, accountId, state.scope],
    },
  ];
}

/** Marks the testers of apps as changed: they are read again until a pass that began later has seen them. */
export function dueStatement(accountId: string, scopes: readonly string[], now: number): Write {
  return {
    sql: `UPDATE "syncScopes" SET "dueAt" = ? WHERE "accountId" = ? AND "scope" IN (SELECT value FROM json_each(?))`,
    params: [now, accountId, JSON.stringify(scopes)],
  };
}

/** The lists that are to be read again by now. */
export async function dueScopes(db: Database, accountId: string, now: number): Promise<Set<string>> {
  const rows = await db.query<{ scope: string }>(
    'SELECT "scope" FROM "syncScopes" WHERE "accountId" = ? AND "dueAt" <= ?',
    [accountId, now],
  );
  return new Set(rows.map(({ scope }) => scope));
}
