import { testerEventStatements } from '@/lib/history/tester-events';
import { goneStatement, removalStatements, removeSome, TABLES_OF_APPS } from '@/lib/mirror/evict';
import { rowsOf } from '@/lib/mirror/loose';
import { largeMembersOf } from '@/lib/mirror/memberships';
import { comingWith, isApp, isEvictable, isPerApp, tableOf } from '@/lib/mirror/tables';
import { built } from '@/lib/store/rows';
import type { Store, Write } from '@/lib/store/store';
import { type ListPlan, testersScope } from './plan';
import type { ScopeState } from './scopes';

/** Rows removed in one transaction. */
const CHUNK = 100;

interface Unseen {
  readonly id: string;
  readonly state?: string | null;
  readonly emailLower?: string | null;
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
  db: Store,
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

async function beliefOf(db: Store, accountId: string, plan: ListPlan, state: ScopeState): Promise<Belief> {
  const { generation, total } = state;
  const startedAt = state.startedAt ?? 0;
  const [table] = tablesOf(plan);
  const sure: Belief = { generation, notSince: startedAt, isDoubtful: false };
  if (table === undefined) return sure;
  const [row] = await db.read(
    listed(db, accountId, table, plan).select((count) => [
      count.fn.countAll<number>().as('held'),
      count.fn
        .countAll<number>()
        .filterWhere((is) => is.or([is('generation', '=', generation), is('fetchedAt', '>=', startedAt)]))
        .as('seen'),
      count.fn
        .countAll<number>()
        .filterWhere((is) => is.and([is('generation', '=', generation - 1), is('fetchedAt', '<', startedAt)]))
        .as('lately'),
    ]),
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
  const table = tableOf(type);
  return [table, ...comingWith(table)] as EvictedTable[];
}

/** The rows that a list is about, of one of its tables. */
function listed({ build }: Store, accountId: string, table: EvictedTable, { type, appId }: ListPlan) {
  let rows = rowsOf(build, table).where('accountId', '=', accountId);
  if (appId !== undefined) rows = rows.where('appId', '=', appId);
  if (!isEvictable(table)) rows = rows.where('type', '=', type).where('goneAt', 'is', null);
  return rows;
}

async function nextUnseen(
  db: Store,
  accountId: string,
  table: EvictedTable,
  plan: ListPlan,
  { generation, notSince }: Belief,
): Promise<Unseen[]> {
  return db.read<Unseen>(
    listed(db, accountId, table, plan)
      .select(isPerApp(table) ? ['id', 'state', 'emailLower'] : ['id'])
      .where('generation', '<', generation)
      .where('fetchedAt', '<', notSince)
      .limit(CHUNK),
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
  if (!isEvictable(table)) return [goneStatement(accountId, ids, at)];
  const removed = removalStatements({ accountId, table, ids, appId });
  // Whoever was in the group only may have left the app with it.
  if (largeMembersOf(table)) return [dueOfGroups(accountId, ids, at), ...removed];
  if (isApp(table)) return [...removed, ...ids.map((id) => appLists(accountId, id))];
  if (!isPerApp(table) || appId === undefined) return removed;
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
  return built((build, { among }) =>
    build
      .updateTable('syncScopes')
      .set({ dueAt: at })
      .where('accountId', '=', accountId)
      .where('scope', 'in', (groups) =>
        groups
          .selectFrom('betaGroups')
          .select((is) => is(is.val(testersScope('')), '||', is.ref('appId')).as('scope'))
          .where('accountId', '=', accountId)
          .where((is) => among(is.ref('id'), ids)),
      ),
  );
}

/** The lists of an app that is gone are no longer part of the account's freshness. */
function appLists(accountId: string, appId: string): Write {
  return built((build) =>
    build.deleteFrom('syncScopes').where('accountId', '=', accountId).where('scope', 'like', `%/${appId}`),
  );
}

/** Rows of an app removed in one transaction. */
const AT_ONCE = 200;

/** Removes the mirror rows of apps the key no longer sees, a few hundred at a time; feedback stays, being ours to keep. */
export async function evictOrphans(
  db: Store,
  accountId: string,
  write: (statements: Write[]) => Promise<void>,
): Promise<void> {
  for (const appId of await orphans(db, accountId)) {
    for (const table of TABLES_OF_APPS) {
      while (await hasRows(db, table, accountId, appId)) {
        await write([removeSome(table, { accountId, appId }, AT_ONCE)]);
      }
    }
    await write([
      db.build.deleteFrom('betaTesterCounts').where('accountId', '=', accountId).where('appId', '=', appId),
    ]);
  }
}

/** Apps that have rows here and that the account does not see. */
async function orphans({ read, build }: Store, accountId: string): Promise<string[]> {
  // The counters name every app that has testers, so that half a million rows need not be looked at.
  const named = (table: 'betaTesterCounts' | 'betaGroups' | 'builds') =>
    build
      .selectFrom(table)
      .select('appId')
      .where('accountId', '=', accountId)
      .where('appId', 'not in', (seen) =>
        seen.selectFrom('apps').select('id').where('accountId', '=', accountId),
      );
  const rows = await read(named('betaTesterCounts').union(named('betaGroups')).union(named('builds')));
  return rows.map(({ appId }) => appId);
}

async function hasRows(
  { read, build }: Store,
  table: (typeof TABLES_OF_APPS)[number],
  accountId: string,
  appId: string,
): Promise<boolean> {
  const rows = await read(
    build
      .selectFrom(table)
      .select('appId')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .limit(1),
  );
  return rows.length > 0;
}
