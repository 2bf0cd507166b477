import { isAscError } from '@/lib/asc/errors';
import { largeMembersOf } from '@/lib/mirror/memberships';
import type { ResourceLike } from '@/lib/mirror/resource';
import type { Write } from '@/lib/store/store';
import { changedTesterScopes } from './changed';
import { type CutList, cutLists, readWhole } from './completion';
import { evictUnseen, type Found } from './evict';
import { isGone, isUnusableAddress } from './failure';
import { Trail } from './next';
import { withApps } from './placed';
import { type ListPage, type ListPlan, onlyOf, pageOfList } from './plan';
import type { Run } from './run-state';
import { beginScope, closeStatements, dueStatement, type ScopeState, scopeStatement } from './scopes';
import { pageStatements } from './store-page';
import { noteUncounted } from './uncounted';
import { groupsWithUntoldCriteria, readCriteria, untoldLists } from './untold';
import { wholeListStatements } from './whole-list';

/**
 * Reads a list to its end, from its checkpoint if there is one. Each page is one transaction of rows and checkpoint;
 * what a complete pass did not see is removed at the end, and never before.
 */
export async function readList(run: Run, plan: ListPlan): Promise<void> {
  let under: Promise<Fetched> | undefined;
  const fetch = (url: string | null): Promise<Fetched> => {
    under = fetchPage(run, plan, url);
    return under;
  };
  try {
    await readPages(run, plan, fetch);
  } finally {
    // A page that was asked for in vain must not keep its place.
    void under?.then(({ done }) => done());
  }
}

async function readPages(
  run: Run,
  plan: ListPlan,
  fetch: (url: string | null) => Promise<Fetched>,
): Promise<void> {
  const known = run.scopes.get(plan.scope);
  let state = beginScope(known, plan.scope, run.clock.now());
  let trail = new Trail(state.nextUrl);
  let isRestarted = false;
  let coming = state.phase === 'running' ? fetch(state.nextUrl) : undefined;
  while (coming) {
    const { page, fetchedAt, error, done }: Fetched = await coming;
    if (page === undefined) {
      done();
      if (plan.appId !== undefined && state.nextUrl === null && isGone(error)) return forget(run, state);
      if (state.nextUrl === null || isRestarted || !isUnusableAddress(error)) throw error;
      run.log.info(
        { scope: plan.scope },
        'The stored page cannot be asked for any more; the list begins again.',
      );
      isRestarted = true;
      trail = new Trail();
      state = beginScope({ ...state, phase: 'idle' }, plan.scope, run.clock.now());
      coming = fetch(null);
      continue;
    }
    const at = { generation: state.generation, fetchedAt };
    let next: string | undefined;
    try {
      next = trail.after(page, page.resources.length);
    } catch (bad) {
      // Its rows are good, but not the way on: nothing of that is kept as a checkpoint.
      await store(run, plan, page, at, []).finally(done);
      throw bad;
    }
    // The next page is on its way while this one is stored: Apple's latency and our work do not add up.
    coming = next === undefined ? undefined : fetch(next);
    state = advance(state, page, run.clock.now());
    await store(run, plan, page, at, [scopeStatement(run.accountId, state)]).finally(done);
    run.scopes.set(plan.scope, state);
    run.progress.at(plan.scope, plan.type, state.seen, state.total);
  }
  await finish(run, plan, state, known?.error === DOUBTFUL);
}

interface Fetched {
  readonly page?: ListPage;
  readonly error?: unknown;
  /** When the page was asked for, ms since 1970. */
  readonly fetchedAt: number;
  /** Says that the page is stored, or of no use: another may be asked for. */
  readonly done: () => void;
}

/** Never rejects: what went wrong is looked at when its turn comes. */
async function fetchPage(run: Run, plan: ListPlan, url: string | null): Promise<Fetched> {
  const done = await run.slots.take();
  const fetchedAt = run.clock.now();
  try {
    const page = await ask(run, plan, url);
    run.slots.answered(run.clock.now() - fetchedAt);
    return { page, fetchedAt, done };
  } catch (error) {
    return { error, fetchedAt, done };
  }
}

/** Asks for one page and counts the request, also when it fails. */
export async function ask(run: Run, plan: ListPlan, url: string | null): Promise<ListPage> {
  run.signal.throwIfAborted();
  try {
    const page = await pageOfList(run.asc, plan, url, run.options);
    run.progress.requests += page.attempts;
    return page;
  } catch (error) {
    if (isAscError(error)) run.progress.requests += error.attempts ?? 0;
    throw error;
  }
}

/** Stores a page, and reads out what it carries only the beginning of. */
export async function store(
  run: Run,
  plan: ListPlan,
  page: ListPage,
  at: { generation: number; fetchedAt: number },
  checkpoint: readonly Write[],
): Promise<void> {
  const { accountId, db } = run;
  run.progress.rows += page.resources.length;
  const resources = await withApps(run, plan, page.resources);
  if (largeMembersOf(plan.type)) noteUncounted(run, resources);
  const untold = await untoldLists(db, accountId, plan, resources);
  const criteria = await groupsWithUntoldCriteria(db, accountId, plan, resources);
  const changed = await changedTesterScopes(db, accountId, plan, resources);
  await run.write([
    ...(await pageStatements(db, { accountId, plan, page: { ...page, resources }, ...at })),
    ...(changed.length > 0 ? [dueStatement(accountId, changed, run.clock.now())] : []),
    ...checkpoint,
  ]);
  for (const cut of [...cutLists(plan.type, resources), ...untold]) await complete(run, cut, resources, plan);
  for (const id of criteria) await completeCriteria(run, plan, id, at);
}

async function complete(
  run: Run,
  cut: CutList,
  resources: readonly ResourceLike[],
  plan: ListPlan,
): Promise<void> {
  const fetchedAt = run.clock.now();
  const owner = resources.find(({ id }) => id === cut.id);
  try {
    const whole = await readWhole(run.asc, cut, run.options);
    run.progress.requests += whole.requests;
    if (!owner) return;
    const place = { accountId: run.accountId, appId: plan.appId, fetchedAt };
    await run.write(wholeListStatements(owner, cut.name, whole.resources, place));
  } catch (error) {
    // Deleted between the page and this question: the next pass no longer sees it.
    if (!isGone(error)) throw error;
  }
}

async function completeCriteria(
  run: Run,
  plan: ListPlan,
  id: string,
  { generation }: { generation: number },
): Promise<void> {
  const fetchedAt = run.clock.now();
  try {
    const { resources, included, attempts } = await readCriteria(run.asc, id, run.options);
    run.progress.requests += attempts;
    const page: ListPage = {
      resources,
      included,
      next: undefined,
      refusedNext: undefined,
      total: undefined,
      attempts,
    };
    await run.write(
      await pageStatements(run.db, { accountId: run.accountId, plan, page, generation, fetchedAt }),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function advance(state: ScopeState, page: ListPage, now: number): ScopeState {
  return {
    ...state,
    phase: page.next === undefined ? 'evicting' : 'running',
    nextUrl: page.next ?? null,
    pages: state.pages + 1,
    seen: state.seen + page.resources.length,
    // The most Apple ever counted: when somebody leaves meanwhile, a row may have slipped past between two pages.
    total: page.total === undefined ? state.total : Math.max(page.total, state.total ?? 0),
    updatedAt: now,
    error: null,
  };
}

/** What a scope says of a pass that did not show everything it should have. */
const DOUBTFUL = 'doubtful';
/** A list that goes on being doubtful is read again this often, ms. */
const DOUBT_MS = 30 * 60_000;

async function finish(run: Run, plan: ListPlan, state: ScopeState, wasDoubtful: boolean): Promise<void> {
  const { evicted, isDoubtful } = await evictUnseen(run.db, run.accountId, plan, state, {
    write: (statements) => run.write(statements),
    find: (ids) => readByIds(run, plan, state, ids),
  });
  if (evicted > 0) run.log.info({ scope: plan.scope, evicted }, 'Removed what Apple no longer lists.');
  const now = run.clock.now();
  const againAt = isDoubtful ? now + (wasDoubtful ? DOUBT_MS : 0) : null;
  const error = isDoubtful ? DOUBTFUL : null;
  await close(run, { ...state, phase: 'idle', nextUrl: null, completedAt: now, error }, againAt);
}

/** Asks for rows that a pass has missed, and stores those that are there as seen by it. */
async function readByIds(
  run: Run,
  plan: ListPlan,
  { generation }: ScopeState,
  ids: readonly string[],
): Promise<Found> {
  const there = new Set<string>();
  const trail = new Trail();
  let total = 0;
  for (let url: string | null = null; ; ) {
    const fetchedAt = run.clock.now();
    const page = await ask(run, onlyOf(plan, ids), url);
    for (const { id } of page.resources) there.add(id);
    total = Math.max(total, page.total ?? 0);
    await store(run, plan, page, { generation, fetchedAt }, []);
    const next = trail.after(page, page.resources.length);
    if (next === undefined) return { there, isWhole: there.size >= total };
    url = next;
  }
}

/** The app was removed, or taken from the key, between the list of apps and this one. */
async function forget(run: Run, state: ScopeState): Promise<void> {
  const now = run.clock.now();
  await close(run, { ...state, phase: 'idle', nextUrl: null, completedAt: now, error: 'gone' });
}

async function close(run: Run, state: ScopeState, againAt: number | null = null): Promise<void> {
  await run.write(closeStatements(run.accountId, state, { now: run.clock.now(), againAt }));
  run.scopes.set(state.scope, state);
}
