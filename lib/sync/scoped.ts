import { attempt, type ListFailure } from './lists';
import { readGroup } from './members';
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

/**
 * Reads whole the lists a person asked for: `apps`, `betaGroups`, `builds`, `betaTesters/<app>`, `feedback/<app>`, or
 * `members/<group>`, which is one group with its members. Groups come first, since testers name them. What the run has
 * read by now, or failed to read, is left out: a full sync that goes on with an older pass has read only some of them.
 */
export async function readScoped(
  run: Run,
  scopes: readonly string[],
  failed: readonly ListFailure[],
): Promise<ListFailure[]> {
  const failures: ListFailure[] = [];
  const isTried = (scope: string) => hasRead(run, scope) || failed.some((one) => one.scope === scope);
  for (const scope of [...scopes].sort((a, b) => rankOf(a) - rankOf(b))) {
    for (const step of await stepsOf(run, scope))
      if (!step.lists.every(isTried)) await attempt(run, failures, step, step.read);
  }
  return failures;
}

interface Step {
  readonly scope: string;
  /** The lists of which it reads the whole or a part. */
  readonly lists: readonly string[];
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

async function stepsOf(run: Run, scope: string): Promise<Step[]> {
  const [kind = '', id = ''] = scope.split('/');
  if (kind === 'members') {
    const appId = await appOf(run, id);
    const lists = [groupsPlan.scope, ...(appId === undefined ? [] : [testersScope(appId)])];
    return [{ scope, lists, read: () => readGroup(readerOf(run), id) }];
  }
  const plans = Object.hasOwn(WHOLE, kind) ? (WHOLE[kind]?.(id) ?? []) : [];
  return plans.map((plan) => ({ scope: plan.scope, lists: [plan.scope], read: () => readList(run, plan) }));
}

async function appOf({ db, accountId }: Run, groupId: string): Promise<string | undefined> {
  const [group] = await db.read(
    db.build
      .selectFrom('betaGroups')
      .select('appId')
      .where('accountId', '=', accountId)
      .where('id', '=', groupId),
  );
  return group?.appId ?? undefined;
}
