import { built } from '@/lib/store/rows';
import { shape } from '@/lib/store/shape';
import type { Store, Write } from '@/lib/store/store';

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
export async function readScopes(db: Store, accountId: string): Promise<Map<string, ScopeState>> {
  const rows = await db.read(
    db.build
      .selectFrom('syncScopes')
      .select(COLUMNS)
      .where('accountId', '=', accountId)
      .$narrowType<{ phase: ScopeState['phase'] }>(),
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

const COLUMNS = [
  'scope',
  'generation',
  'phase',
  'nextUrl',
  'pages',
  'seen',
  'total',
  'startedAt',
  'updatedAt',
  'completedAt',
  'error',
] as const;

const stored = shape((build, given: ScopeState & { accountId: string }) => {
  const state = {
    generation: given.generation,
    phase: given.phase,
    nextUrl: given.nextUrl,
    pages: given.pages,
    seen: given.seen,
    total: given.total,
    startedAt: given.startedAt,
    updatedAt: given.updatedAt,
    completedAt: given.completedAt,
    error: given.error,
  };
  return build
    .insertInto('syncScopes')
    .values({ accountId: given.accountId, scope: given.scope, ...state })
    .onConflict((conflict) => conflict.columns(['accountId', 'scope']).doUpdateSet(state));
});

/** Stores where a pass stands. */
export function scopeStatement(accountId: string, state: ScopeState): Write {
  return stored({ ...state, accountId });
}

const lookedAt = shape((build, given: { accountId: string; scope: string; now: number }) =>
  build
    .updateTable('syncScopes')
    .set({ completedAt: given.now, error: null, failingSince: null })
    .where('accountId', '=', given.accountId)
    .where('scope', '=', given.scope)
    .where('completedAt', 'is not', null)
    .where('dueAt', 'is', null),
);

/**
 * Says of a list that was looked at only from the top when that was; one that was never complete, or that is still to be read
 * whole, stays as old as it is.
 */
export function lookedAtStatement(accountId: string, scope: string, now: number): Write {
  return lookedAt({ accountId, scope, now });
}

/** Says of a list that was read by itself when that was. */
export function readStatement(accountId: string, scope: string, at: number): Write {
  return built((build) =>
    build
      .insertInto('syncScopes')
      .values({
        accountId,
        scope,
        generation: 1,
        phase: 'idle',
        startedAt: at,
        updatedAt: at,
        completedAt: at,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['accountId', 'scope'])
          .doUpdateSet({ startedAt: at, updatedAt: at, completedAt: at, error: null, failingSince: null }),
      ),
  );
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
  return built((build) =>
    build
      .insertInto('syncScopes')
      .values({ accountId, scope, error, failingSince: now, dueAt: now })
      .onConflict((conflict) =>
        conflict.columns(['accountId', 'scope']).doUpdateSet((set) => ({
          nextUrl: isUseless
            ? null
            : set
                .case()
                .when('syncScopes.error', 'is not', null)
                .then(null)
                .else(set.ref('syncScopes.nextUrl'))
                .end(),
          error,
          failingSince: set.fn.coalesce('syncScopes.failingSince', 'excluded.failingSince'),
          dueAt: now,
        })),
      ),
  );
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
    built((build) =>
      build
        .updateTable('syncScopes')
        .set((set) => ({
          failingSince: null,
          dueAt: set
            .case()
            .when(set.and([set('dueAt', '>', state.startedAt ?? 0), set('dueAt', '<=', now)]))
            .then(set.ref('dueAt'))
            .else(againAt)
            .end(),
        }))
        .where('accountId', '=', accountId)
        .where('scope', '=', state.scope),
    ),
  ];
}

/** Marks the testers of apps as changed: they are read again until a pass that began later has seen them. */
export function dueStatement(accountId: string, scopes: readonly string[], now: number): Write {
  return built((build, { among }) =>
    build
      .updateTable('syncScopes')
      .set({ dueAt: now })
      .where('accountId', '=', accountId)
      .where((is) => among(is.ref('scope'), scopes)),
  );
}

/** The lists that are to be read again by now. */
export async function dueScopes(db: Store, accountId: string, now: number): Promise<Set<string>> {
  const rows = await db.read(
    db.build
      .selectFrom('syncScopes')
      .select('scope')
      .where('accountId', '=', accountId)
      .where('dueAt', '<=', now),
  );
  return new Set(rows.map(({ scope }) => scope));
}
