import { APP_TESTER_LIMIT, PAGE_LIMIT } from '@/lib/asc/catalogue/limits';
import { coveredApps } from './covered';
import { runTasks, type Task } from './cursors';
import { areAllBuildsDue, dueTesterApps, nextInTurn } from './due';
import { type Failure, failureOf, isLost, isPause } from './failure';
import { appsWithFreshBuilds, portions, recentlyInvited, spareRequests } from './lively';
import { readTesters } from './members';
import { isDated, readNewest } from './newest';
import { evictOrphans } from './orphans';
import {
  appsPlan,
  buildsPlan,
  feedbackPlans,
  groupsPlan,
  type ListPlan,
  testersPlan,
  testersScope,
} from './plan';
import { readList } from './read-list';
import { hasRead, type Run, readerOf } from './run-state';
import { dueScopes, failedStatement } from './scopes';
import { countUncounted, uncountedApps } from './uncounted';

/** A list that could not be read, while others could. */
export interface ListFailure {
  readonly scope: string;
  readonly failure: Failure;
}

/** What a full sync asks for first. */
export const FIRST_LISTS: readonly ListPlan[] = [appsPlan, groupsPlan, buildsPlan];

/** Lists that are read at a time. */
export const CURSORS = 6;
/** What a group whose size Apple does not tell is taken for: rather a long list first than last. */
const UNTOLD = APP_TESTER_LIMIT;

/**
 * Reads every list of an account. A list that fails keeps its checkpoint and lets the others go on, unless the reason
 * concerns them all.
 */
export async function readEverything(run: Run, passStartedAt: number): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  const read = (plan: ListPlan, weight: number): Task => ({
    weight,
    run: () => attempt(run, failures, plan, () => readList(run, plan)),
  });
  const isOpen = (plan: ListPlan) => isUnread(run, plan, passStartedAt);
  // Groups come before testers, who name them: which app a membership belongs to is known by its group.
  const groups = isOpen(groupsPlan)
    ? attempt(run, failures, groupsPlan, () => readList(run, groupsPlan))
    : Promise.resolve<[]>([]);
  const apps: Task = {
    weight: Number.POSITIVE_INFINITY,
    async run() {
      if (isOpen(appsPlan)) await attempt(run, failures, appsPlan, () => readList(run, appsPlan));
      await groups;
      const open = (await perApp(run)).filter(({ plan }) => isOpen(plan));
      // The estimates are one page too high, so that an unknown list counts too; a kill may not cost more for that.
      run.slots.expect(open.reduce((sum, { pages }) => sum + Math.max(1, pages - 1), 0));
      return open.map(({ plan, pages }) => read(plan, pages));
    },
  };
  const builds = isOpen(buildsPlan) ? [read(buildsPlan, 1_000)] : [];
  await runTasks([apps, ...builds, { weight: 1_000, run: () => groups }], CURSORS, run.abort);
  await countUncounted(run);
  if (!failures.some(({ scope }) => scope === appsPlan.scope))
    await evictOrphans(run.db, run.accountId, (statements) => run.write(statements));
  return failures;
}

function isUnread({ scopes }: Run, { scope }: ListPlan, since: number): boolean {
  const state = scopes.get(scope);
  return state?.phase !== 'idle' || (state.completedAt ?? 0) < since;
}

/** The lists of an account that were not read to their end since an instant (ms since 1970). */
export async function openLists(run: Run, since: number): Promise<string[]> {
  const plans = [...FIRST_LISTS, ...(await perApp(run)).map(({ plan }) => plan)];
  return plans.filter((plan) => isUnread(run, plan, since)).map(({ scope }) => scope);
}

/** Looks for what is new: all apps and groups, the top of builds and feedback, and the testers whose turn it is. */
export async function readNews(run: Run): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  const now = run.clock.now();
  const before = await dueScopes(run.db, run.accountId, now);
  const task = (plan: ListPlan, weight: number, read: () => Promise<unknown>): Task => ({
    weight,
    run: () => attempt(run, failures, plan, read),
  });
  const whole = (plan: ListPlan) => task(plan, 100, () => readList(run, plan));
  const news = (plan: ListPlan) =>
    task(plan, 1, () => (isDated(plan) ? readNewest(run, plan) : readList(run, plan)));
  const areBuildsDue = before.has(buildsPlan.scope) || areAllBuildsDue(run.scopes.get(buildsPlan.scope), now);
  const apps: Task = {
    weight: Number.POSITIVE_INFINITY,
    async run() {
      await attempt(run, failures, appsPlan, () => readList(run, appsPlan));
      const plans = (await appIdsOf(run)).flatMap(feedbackPlans);
      const inTurn = nextInTurn(
        plans.map(({ scope }) => scope),
        (scope) => now - (run.scopes.get(scope)?.startedAt ?? Number.NEGATIVE_INFINITY),
      );
      // Of these App Store Connect tells by itself; whoever asks for a sync wants to see for himself.
      const told = run.isWished ? new Set() : await coveredApps(run.db, run.accountId, now);
      const isTold = ({ scope, appId }: ListPlan) => {
        const known = run.scopes.get(scope);
        return told.has(appId) && known?.phase === 'idle' && known.completedAt !== null;
      };
      return plans.flatMap((plan) => {
        if (plan.scope === inTurn || before.has(plan.scope)) return [whole(plan)];
        return isTold(plan) ? [] : [news(plan)];
      });
    },
  };
  const first = [apps, whole(groupsPlan), areBuildsDue ? whole(buildsPlan) : news(buildsPlan)];
  await runTasks(first, CURSORS, run.abort).catch(async (error: unknown) => {
    // When nothing but feedback fails, testers are read all the same, as soon as the client asks again.
    if (!isPause(error) || !hasRead(run, appsPlan.scope)) throw error;
    failures.push({ scope: error.path ?? '', failure: failureOf(error) });
    await run.clock.sleep(Math.max(0, (error.retryAt ?? 0) - run.clock.now()), run.signal);
  });
  // The groups have just marked the apps in which somebody came or left.
  const spare = await spareRequests(run.db, run.accountId, run.asc.budget, now);
  const { few, many } = await invitedOf(run, now, spare);
  const reasons = {
    due: await dueScopes(run.db, run.accountId, run.clock.now()),
    unknown: uncountedApps(run),
    lively: new Set([...(await appsWithFreshBuilds(run.db, run.accountId, now)), ...many]),
  };
  const swept = dueTesterApps(run.scopes, await appIdsOf(run), reasons, { spare, now });
  const asked = few.filter(({ appId }) => !swept.includes(appId));
  await runTasks(
    [
      ...swept.map((appId) => whole(testersPlan(appId))),
      ...asked.map(({ appId, ids }) =>
        task(testersPlan(appId), 1, () => readTesters(readerOf(run), appId, ids)),
      ),
    ],
    CURSORS,
    run.abort,
  );
  await countUncounted(run);
  return failures;
}

/** Whoever was invited lately is asked for by id where that takes fewer requests than reading the whole app. */
async function invitedOf(run: Run, now: number, spare: number) {
  const few: { appId: string; ids: string[] }[] = [];
  const many: string[] = [];
  let left = spare;
  for (const [appId, ids] of await recentlyInvited(run.db, run.accountId, now)) {
    const scope = run.scopes.get(testersScope(appId));
    const asked = portions(ids);
    if (scope?.completedAt == null || left < asked.length) continue;
    if (asked.length > MOST_PORTIONS || asked.length > scope.pages) many.push(appId);
    else {
      left -= asked.length;
      few.push(...asked.map((portion) => ({ appId, ids: portion })));
    }
  }
  return { few, many };
}

/** More testers than these portions hold are cheaper to sweep now and then than to ask for in every cycle. */
const MOST_PORTIONS = 2;

/** Reads a list and notes it when it cannot be read; what concerns all lists ends the run. */
export async function attempt(
  run: Run,
  failures: ListFailure[],
  { scope }: { readonly scope: string },
  read: () => Promise<unknown>,
): Promise<[]> {
  try {
    await read();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.endsRun) throw error;
    failures.push({ scope, failure });
    const facts = { scope, error: failure.message, isUseless: isLost(error) };
    await run.write([failedStatement(run.accountId, facts, run.clock.now())]);
  }
  return [];
}

async function appIdsOf({ db, accountId }: Run): Promise<string[]> {
  const apps = await db.read(
    db.build.selectFrom('apps').select('id').where('accountId', '=', accountId).orderBy('id'),
  );
  return apps.map(({ id }) => id);
}

/** The lists of each app with the pages they probably have. */
async function perApp(run: Run): Promise<{ plan: ListPlan; pages: number }[]> {
  const known = await testersKnown(run);
  const inGroups = await testersInGroups(run);
  return (await appIdsOf(run)).flatMap((appId) => {
    const total = known.get(appId) ?? 0;
    // A tester of several groups is counted several times, which does no harm to an order.
    const expected = (plan: ListPlan, least: number) =>
      1 + Math.ceil(Math.max(least, run.scopes.get(plan.scope)?.total ?? 0) / PAGE_LIMIT);
    const testers = testersPlan(appId);
    return [
      { plan: testers, pages: expected(testers, total || (inGroups.get(appId) ?? 0)) },
      ...feedbackPlans(appId).map((plan) => ({ plan, pages: expected(plan, 0) })),
    ];
  });
}

/** How many testers of each app are here. */
async function testersKnown({ db, accountId }: Run): Promise<Map<string, number>> {
  const apps = await db.read(
    db.build
      .selectFrom('betaTesterCounts')
      .select((sum) => ['appId', sum.fn.sum<number>('count').as('total')])
      .where('accountId', '=', accountId)
      .groupBy('appId'),
  );
  return new Map(apps.map(({ appId, total }) => [appId, total]));
}

/** The size of each app's testers as its groups tell it, before the first of them was read. */
async function testersInGroups({ db, accountId }: Run): Promise<Map<string, number>> {
  const groups = await db.read(
    db.build.selectFrom('betaGroups').select(['appId', 'testerCount']).where('accountId', '=', accountId),
  );
  const sizes = new Map<string, number>();
  for (const { appId, testerCount } of groups)
    sizes.set(appId, (sizes.get(appId) ?? 0) + (testerCount ?? UNTOLD));
  return sizes;
}
