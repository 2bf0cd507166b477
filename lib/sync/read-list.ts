import { AscError, isAscError } from '@/lib/asc/errors';
import type { ResourceLike } from '@/lib/mirror/resource';
import type { Statement } from '@/lib/mirror/store';
import { type CutList, cutLists, readWhole } from './completion';
import { evictUnseen } from './evict';
import { isExpiredCursor, isGone } from './failure';
import { withApps } from './placed';
import { type ListPage, type ListPlan, pageOfList } from './plan';
import type { Run } from './run-state';
import { beginScope, type ScopeState, scopeStatement } from './scopes';
import { pageStatements } from './store-page';
import { noteUncounted } from './uncounted';
import { wholeListStatements } from './whole-list';

/**
 * Reads a list to its end, from its checkpoint if there is one. Each page is one transaction of rows and checkpoint;
 * what a complete pass did not see is removed at the end, and never before.
 */
export async function readList(run: Run, plan: ListPlan): Promise<void> {
  let state = beginScope(run.scopes.get(plan.scope), plan.scope, run.clock.now());
  const followed = new Set<string>();
  let isRestarted = false;
  let coming = state.phase === 'running' ? fetchPage(run, plan, state.nextUrl) : undefined;
  while (coming) {
    const { page, fetchedAt, error }: Fetched = await coming;
    if (page === undefined) {
      if (plan.appId !== undefined && isGone(error)) return forget(run, state);
      if (state.nextUrl === null || isRestarted || !isExpiredCursor(error)) throw error;
      run.log.info(
        { scope: plan.scope },
        'The stored page is no longer known to Apple; the list begins again.',
      );
      isRestarted = true;
      followed.clear();
      state = beginScope({ ...state, phase: 'idle' }, plan.scope, run.clock.now());
      coming = fetchPage(run, plan, null);
      continue;
    }
    if (page.next !== undefined && followed.has(page.next)) throw endless(page.next);
    if (page.next !== undefined) followed.add(page.next);
    // The next page is on its way while this one is stored: Apple's latency and our work do not add up.
    coming = page.next === undefined ? undefined : fetchPage(run, plan, page.next);
    const { generation } = state;
    state = advance(state, page, run.clock.now());
    await store(run, plan, page, { generation, fetchedAt }, [scopeStatement(run.accountId, state)]);
    run.scopes.set(plan.scope, state);
    run.progress.at(plan.scope, plan.type, state.seen, state.total);
  }
  await finish(run, plan, state);
}

interface Fetched {
  readonly page?: ListPage;
  readonly error?: unknown;
  /** When the page was asked for, ms since 1970. */
  readonly fetchedAt: number;
}

/** Never rejects: what went wrong is looked at when its turn comes. */
async function fetchPage(run: Run, plan: ListPlan, url: string | null): Promise<Fetched> {
  const fetchedAt = run.clock.now();
  try {
    return { page: await ask(run, plan, url), fetchedAt };
  } catch (error) {
    return { error, fetchedAt };
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
  { generation, fetchedAt }: { generation: number; fetchedAt: number },
  checkpoint: readonly Statement[],
): Promise<void> {
  const { accountId, db } = run;
  run.progress.rows += page.resources.length;
  const resources = await withApps(run, plan, page.resources);
  if (plan.type === 'betaGroups') noteUncounted(run, resources);
  const placed = { ...page, resources };
  await run.write([
    ...pageStatements(db, { accountId, plan, page: placed, generation, fetchedAt }),
    ...checkpoint,
  ]);
  for (const cut of cutLists(plan.type, resources)) await complete(run, cut, resources, plan);
}

async function complete(
  run: Run,
  cut: CutList,
  resources: readonly ResourceLike[],
  plan: ListPlan,
): Promise<void> {
  const fetchedAt = run.clock.now();
  const owner = resources.find(({ id }) => id === cut.id);
  const whole = await readWhole(run.asc, cut, run.options);
  run.progress.requests += whole.requests;
  if (!owner) return;
  const place = { accountId: run.accountId, appId: plan.appId, fetchedAt };
  await run.write(wholeListStatements(owner, cut.name, whole.resources, place));
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
  };
}

async function finish(run: Run, plan: ListPlan, state: ScopeState): Promise<void> {
  const evicted = await evictUnseen(run.db, run.accountId, plan, state, (statements) =>
    run.write(statements),
  );
  if (evicted > 0) run.log.info({ scope: plan.scope, evicted }, 'Removed what Apple no longer lists.');
  await close(run, { ...state, phase: 'idle', nextUrl: null, completedAt: run.clock.now() });
}

/** The app was removed, or taken from the key, between the list of apps and this one. */
async function forget(run: Run, state: ScopeState): Promise<void> {
  const now = run.clock.now();
  await close(run, { ...state, phase: 'idle', nextUrl: null, completedAt: now, error: 'gone' });
}

async function close(run: Run, state: ScopeState): Promise<void> {
  await run.write([scopeStatement(run.accountId, state)]);
  run.scopes.set(state.scope, state);
}

function endless(url: string): AscError {
  return new AscError({
    kind: 'pagination_loop',
    message: 'The list does not end: App Store Connect names the same next page again.',
    method: 'GET',
    path: url.replace(/^https?:\/\/[^/]*/, ''),
  });
}
