import { type ResourceLike, toOneId, totalOf } from '@/lib/mirror/resource';
import { testersScope } from './plan';
import type { Run } from './run-state';

/** Remembers the groups of a page that come without the number of their testers. */
export function noteUncounted(run: Run, groups: readonly ResourceLike[]): void {
  for (const group of groups) {
    if (totalOf(group, 'betaTesters') === undefined) {
      run.uncounted.set(group.id, toOneId(group, 'app') ?? undefined);
    }
  }
}

/** The apps of which the sizes of groups do not show that somebody came or left. */
export function uncountedApps(run: Run): Set<string> {
  return new Set([...run.uncounted.values()].filter((appId) => appId !== undefined));
}

/** Counts the members of groups that Apple did not count, in apps whose testers were read to the end once. */
export async function countUncounted(run: Run): Promise<void> {
  if (run.uncounted.size === 0) return;
  await run.write([
    run.db.build
      .updateTable('betaGroups as g')
      .set((set) => ({
        testerCount: set
          .selectFrom('betaGroupTesters as m')
          .select((count) => count.fn.countAll<number>().as('n'))
          .whereRef('m.accountId', '=', 'g.accountId')
          .whereRef('m.groupId', '=', 'g.id'),
      }))
      .where('g.accountId', '=', run.accountId)
      .where((is) => run.db.dialect.among(is.ref('g.id'), [...run.uncounted.keys()]))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('syncScopes as s')
            .select('s.scope')
            .whereRef('s.accountId', '=', 'g.accountId')
            .where((is) => is('s.scope', '=', is(is.val(testersScope('')), '||', is.ref('g.appId'))))
            .where('s.completedAt', 'is not', null),
        ),
      ),
  ]);
}
