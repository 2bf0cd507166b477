import type { Database, Statement } from '@/lib/mirror/store';

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
export function readScopes(db: Database, accountId: string): Map<string, ScopeState> {
  const rows = db.query<ScopeState>(
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
export function scopeStatement(accountId: string, state: ScopeState): Statement {
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
export function lookedAtStatement(accountId: string, scope: string, now: number): Statement {
  return {
    sql: 'UPDATE "syncScopes" SET "completedAt" = ?, "error" = NULL WHERE "accountId" = ? AND "scope" = ? AND "completedAt" IS NOT NULL',
    params: [now, accountId, scope],
  };
}
