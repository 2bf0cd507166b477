import { attempt, type ListFailure } from './lists';
import { readGroup } from './members';
import { appsPlan, buildsPlan, feedbackPlans, groupsPlan, type ListPlan, testersPlan } from './plan';
import { readList } from './read-list';
import { type Run, readerOf } from './run-state';

/**
 * Reads whole the lists a person asked for: `apps`, `betaGroups`, `builds`, `betaTesters/<app>`, `feedback/<app>`, or
 * `members/<group>`, which is one group with its members. Groups come first, since testers name them.
 */
export async function readScoped(run: Run, scopes: readonly string[]): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  for (const scope of [...scopes].sort((a, b) => rankOf(a) - rankOf(b))) {
    for (const step of stepsOf(run, scope)) await attempt(run, failures, step, step.read);
  }
  return failures;
}

interface Step {
  readonly scope: string;
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
  if (kind === 'members') return [{ scope, read: () => readGroup(readerOf(run), id) }];
  const plans = Object.hasOwn(WHOLE, kind) ? (WHOLE[kind]?.(id) ?? []) : [];
  return plans.map((plan) => ({ scope: plan.scope, read: () => readList(run, plan) }));
}
