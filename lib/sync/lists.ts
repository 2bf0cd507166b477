import { testersByState } from '@/lib/mirror/overview';
import { runTasks, type Task } from './cursors';
import { areAllBuildsDue, dueTesterApps, nextInTurn } from './due';
import { evictOrphans } from './evict';
import { type Failure, failureOf } from './failure';
import { isDated, readNewest } from './newest';
import { appsPlan, buildsPlan, feedbackPlans, groupsPlan, type ListPlan, testersPlan } from './plan';
import { readList } from './read-list';
import type { Run } from './run-state';
import { countUncounted, uncountedApps } from './uncounted';

/** A list that could not be read, while others could. */
export interface ListFailure {
  readonly scope: string;
  readonly failure: Failure;
}

const CURSORS = 6;
const PAGE = 200;
/** What a group whose size Apple does not tell is taken for: rather a long list first than last. */
const UNTOLD = 10_000;

/**
 * Reads every list of an account. A list that fails keeps its checkpoint and lets the others go on, unless the reason
 * concerns them all.
 */
export async function readEverything(run: Run, passStartedAt: number): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  const read = (plan: ListPlan, weight: number): Task => ({
    weight,
    run: () => attempt(failures, plan, () => readList(run, plan)),
  });
  const isOpen = ({ scope }: ListPlan) => {
    const state = run.scopes.get(scope);
    return state?.phase !== 'idle' || (state.completedAt ?? 0) < passStartedAt;
  };
  // Groups come before testers, who name them: which app a membership belongs to is known by its group.
  const groups = isOpen(groupsPlan)
    ? attempt(failures, groupsPlan, () => readList(run, groupsPlan))
    : Promise.resolve<[]>([]);
  const apps: Task = {
    weight: Number.POSITIVE_INFINITY,
    async run() {
      if (isOpen(appsPlan)) await attempt(failures, appsPlan, () => readList(run, appsPlan));
      await groups;
      return perApp(run)
        .filter(({ plan }) => isOpen(plan))
        .map(({ plan, pages }) => read(plan, pages));
    },
  };
  const builds = isOpen(buildsPlan) ? [read(buildsPlan, 1_000)] : [];
  await runTasks([apps, ...builds, { weight: 1_000, run: () => groups }], CURSORS, run.abort);
  await countUncounted(run);
  if (!failures.some(({ scope }) => scope === appsPlan.scope))
    await evictOrphans(run.db, run.accountId, (statements) => run.write(statements));
  return failures;
}

/** Looks for what is new: all apps and groups, the top of builds and feedback, and the testers whose turn it is. */
export async function readNews(run: Run): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  const sizes = groupSizes(run);
  const read = (plan: ListPlan, weight = 1): Task => ({
    weight,
    run: () => attempt(failures, plan, () => (isDated(plan) ? readNewest(run, plan) : readList(run, plan))),
  });
  const whole = (plan: ListPlan): Task => ({
    weight: 100,
    run: () => attempt(failures, plan, () => readList(run, plan)),
  });
  const now = run.clock.now();
  const builds = areAllBuildsDue(run.scopes.get(buildsPlan.scope), now)
    ? whole(buildsPlan)
    : read(buildsPlan);
  const apps: Task = {
    weight: Number.POSITIVE_INFINITY,
    async run() {
      await attempt(failures, appsPlan, () => readList(run, appsPlan));
      const plans = appIdsOf(run).flatMap(feedbackPlans);
      const inTurn = nextInTurn(
        plans.map(({ scope }) => scope),
        (scope) => now - (run.scopes.get(scope)?.startedAt ?? Number.NEGATIVE_INFINITY),
      );
      return plans.map((plan) => (plan.scope === inTurn ? whole(plan) : read(plan)));
    },
  };
  await runTasks([apps, read(groupsPlan, 100), builds], CURSORS, run.abort);
  const news = { changed: changedApps(sizes, groupSizes(run)), unknown: uncountedApps(run) };
  const due = dueTesterApps(run.scopes, appIdsOf(run), news, now);
  await runTasks(
    due.map((appId) => whole(testersPlan(appId))),
    CURSORS,
    run.abort,
  );
  await countUncounted(run);
  return failures;
}

async function attempt(failures: ListFailure[], { scope }: ListPlan, read: () => Promise<void>): Promise<[]> {
  try {
    await read();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.endsRun) throw error;
    failures.push({ scope, failure });
  }
  return [];
}

function appIdsOf(run: Run): string[] {
  return run.db
    .query<{ id: string }>('SELECT "id" FROM "apps" WHERE "accountId" = ? ORDER BY "id"', [run.accountId])
    .map(({ id }) => id);
}

/** The lists of each app with the pages they probably have. */
function perApp(run: Run): { plan: ListPlan; pages: number }[] {
  const known = testersByState(run.db, run.accountId);
  const inGroups = testersInGroups(run);
  return appIdsOf(run).flatMap((appId) => {
    const total = known.get(`${run.accountId} ${appId}`)?.total ?? 0;
    // A tester of several groups is counted several times, which does no harm to an order.
    const expected = (plan: ListPlan, least: number) =>
      1 + Math.ceil(Math.max(least, run.scopes.get(plan.scope)?.total ?? 0) / PAGE);
    const testers = testersPlan(appId);
    return [
      { plan: testers, pages: expected(testers, total || (inGroups.get(appId) ?? 0)) },
      ...feedbackPlans(appId).map((plan) => ({ plan, pages: expected(plan, 0) })),
    ];
  });
}

/** The size of each app's testers as its groups tell it, before the first of them was read. */
function testersInGroups(run: Run): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { appId, testerCount } of groupSizes(run).values())
    sizes.set(appId, (sizes.get(appId) ?? 0) + (testerCount ?? UNTOLD));
  return sizes;
}

function groupSizes(run: Run): Map<string, { appId: string; testerCount: number | null }> {
  const rows = run.db.query<{ id: string; appId: string; testerCount: number | null }>(
    'SELECT "id", "appId", "testerCount" FROM "betaGroups" WHERE "accountId" = ?',
    [run.accountId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function changedApps(
  before: ReturnType<typeof groupSizes>,
  after: ReturnType<typeof groupSizes>,
): Set<string> {
  const changed = new Set<string>();
  for (const [id, { appId, testerCount }] of after) {
    if (before.get(id)?.testerCount !== testerCount) changed.add(appId);
  }
  for (const [id, { appId }] of before) if (!after.has(id)) changed.add(appId);
  return changed;
}
