import { type Failure, failureOf } from './failure';
import type { ListFailure } from './lists';
import { readGroup } from './members';
import { appsPlan, buildsPlan, feedbackPlans, groupsPlan, type ListPlan, testersPlan } from './plan';
import { readList } from './read-list';
import type { Run } from './run-state';

/**
 * Reads whole the lists a person asked for: `apps`, `betaGroups`, `builds`, `betaTesters/<app>`, `feedback/<app>`, or
 * `members/<group>`, which is one group with its members. Groups come first, since testers name them.
 */
export async function readScoped(run: Run, scopes: readonly string[]): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  for (const scope of [...scopes].sort((a, b) => rankOf(a) - rankOf(b))) {
    for (const { name, read } of stepsOf(run, scope)) {
      const failure = await attempt(read);
      if (failure) failures.push({ scope: name, failure });
    }
  }
  return failures;
}

interface Step {
  readonly name: string;
  read(): Promise<unknown>;
}

const WHOLE: Readonly<Record<string, (id: string) => readonly ListPlan[]>> = {
  apps: () => [appsPlan],
  betaGroups: () => [groupsPlan],
  builds: () => [buildsPlan],
  betaTesters: (appId) => [testersPlan(appId)],
  feedback: feedbackPlans,
};

const ORDER = [...Object.keys(WHOLE), 'members'];

function rankOf(scope: string): number {
  return ORDER.indexOf(scope.split('/')[0] ?? '');
}

function stepsOf(run: Run, scope: string): Step[] {
  const [kind = '', id = ''] = scope.split('/');
  if (kind === 'members') return [{ name: scope, read: () => readGroup(readerOf(run), id) }];
  const plans = Object.hasOwn(WHOLE, kind) ? (WHOLE[kind]?.(id) ?? []) : [];
  return plans.map((plan) => ({ name: plan.scope, read: () => readList(run, plan) }));
}

function readerOf(run: Run): Parameters<typeof readGroup>[0] {
  return {
    ...run,
    counted({ attempts, rows }) {
      run.progress.requests += attempts;
      run.progress.rows += rows;
    },
  };
}

/** What ends a run ends it here too; any other failure is about the one list. */
async function attempt(read: () => Promise<unknown>): Promise<Failure | null> {
  try {
    await read();
    return null;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.endsRun) throw error;
    return failure;
  }
}
