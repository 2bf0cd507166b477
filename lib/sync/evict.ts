import { FILTER_IDS } from '@/lib/asc/catalogue/limits';
import { testerEventStatements } from '@/lib/history/tester-events';
import { goneStatement, removalStatements } from '@/lib/mirror/evict';
import { LATE_MS } from '@/lib/mirror/just-made';
import { rowsOf } from '@/lib/mirror/loose';
import { largeMembersOf } from '@/lib/mirror/memberships';
import { comingWith, isApp, isEvictable, isPerApp, tableOf } from '@/lib/mirror/tables';
import { built } from '@/lib/store/rows';
import type { Store, Write } from '@/lib/store/store';
import { type ListPlan, testersScope } from './plan';
import type { ScopeState } from './scopes';

/** Rows removed in one transaction, after they were asked for at once. */
const CHUNK = FILTER_IDS;

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

/** What came of asking for some rows by their ids. */
export interface Found {
  readonly there: ReadonlySet<string>;
  /** Fewer came than Apple counts otherwise: of the missing ones nothing is known then. */
  readonly isWhole: boolean;
}

interface Means {
  write(statements: Write[]): Promise<void>;
  /** Asks for rows by their ids, and stores those that are there. */
  find(ids: readonly string[]): Promise<Found>;
}

/**
 * Removes what a complete pass did not see, in short transactions. Absence is believed only where the pass is beyond doubt:
 * fewer rows than Apple counts means that some were not shown, and a list that has suddenly collapsed may be a glitch.
 * Between two pages a row may slip past although the numbers agree, so what is missing from several pages is asked for.
 */
export async function evictUnseen(
  db: Store,
  accountId: string,
  plan: ListPlan,
  state: ScopeState,
  { write, find }: Means,
): Promise<Evicted> {
  let evicted = 0;
  const belief = await beliefOf(db, accountId, plan, state);
  for (const table of tablesOf(plan)) {
    // What comes with another list came again with the rows that were found.
    const isAsked = plan.hasIds === true && hasSeams(state) && table === tableOf(plan.type);
    for (let after = ''; ; ) {
      const unseen = await nextUnseen(db, accountId, table, plan, belief, after);
      const last = unseen.at(-1);
      if (last === undefined) break;
      after = last.id;
      const found = isAsked ? await find(unseen.map(({ id }) => id)) : undefined;
      if (found?.isWhole === false) return { evicted, isDoubtful: true };
      const gone = unseen.filter(({ id }) => !found?.there.has(id));
      if (gone.length === 0) continue;
      await write(removal(accountId, table, plan, gone, state));
      evicted += gone.length;
    }
  }
  return { evicted, isDoubtful: belief.isDoubtful };
}

/** Whether rows can have moved between the pages of a pass. */
const hasSeams = ({ pages }: ScopeState) => pages > 1;

/** Rows of an older generation that were not seen since go. */
interface Belief {
  readonly generation: number;
  readonly notSince: number;
  /** What came here since, and was in no pass yet, may only be shown late. */
  readonly lateSince: number;
  readonly isDoubtful: boolean;
}

async function beliefOf(db: Store, accountId: string, plan: ListPlan, state: ScopeState): Promise<Belief> {
  const { generation, total } = state;
  const startedAt = state.startedAt ?? 0;
  const [table] = tablesOf(plan);
  const lateSince = startedAt - LATE_MS;
  const sure: Belief = { generation, notSince: startedAt, lateSince, isDoubtful: false };
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
      count.fn
        .countAll<number>()
        .filterWhere((is) =>
          is.and([
            is('generation', '=', 0),
            is('fetchedAt', '>=', lateSince),
            is('fetchedAt', '<', startedAt),
          ]),
        )
        .as('late'),
    ]),
  );
  const { held = 0, seen = 0, lately = 0, late = 0 } = row ?? {};
  const unseen = held - seen - late;
  // A row that came twice may have come in the place of another: who is missing may only not have been shown.
  if (total !== null && seen < total) {
    return { generation: generation - 1, notSince: startedAt - LONG_UNSEEN_MS, lateSince, isDoubtful: true };
  }
  const hasRepeats = total === null && state.seen > seen;
  const isCollapse = seen === 0 || (unseen > seen && unseen >= FEW);
  // Where nothing can be asked for by its id, two passes must have missed it.
  const mayHaveSlipped = hasSeams(state) && plan.hasIds !== true;
  if (unseen > 0 && (hasRepeats || isCollapse || mayHaveSlipped)) {
    return { generation: generation - 1, notSince: startedAt, lateSince, isDoubtful: lately + late > 0 };
  }
  return { ...sure, isDoubtful: late > 0 };
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
  { generation, notSince, lateSince }: Belief,
  after: string,
): Promise<Unseen[]> {
  return db.read<Unseen>(
    listed(db, accountId, table, plan)
      .select(isPerApp(table) ? ['id', 'state', 'emailLower'] : ['id'])
      .where('generation', '<', generation)
      .where('fetchedAt', '<', notSince)
      .where((is) => is.or([is('generation', '>', 0), is('fetchedAt', '<', lateSince)]))
      .where('id', '>', after)
      .orderBy('id')
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
