import { largeMembersOf } from '@/lib/mirror/memberships';
import { type ResourceLike, toOneId, totalOf } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { type ListPlan, testersScope } from './plan';

const knownGroups = shape(
  (build, { accountId, ids }: { accountId: string; ids: readonly string[] }, { among }) =>
    build
      .selectFrom('betaGroups')
      .select(['id', 'appId', 'testerCount'])
      .where('accountId', '=', accountId)
      .where((is) => among(is.ref('id'), ids)),
);

/**
 * The testers' lists that a page of groups shows to be out of date: a group has another size than was known, or is new. To
 * be asked before the page is stored, for afterwards the old size is gone.
 */
export async function changedTesterScopes(
  db: Pick<Store, 'read'>,
  accountId: string,
  { type }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<string[]> {
  const members = largeMembersOf(type);
  if (!members) return [];
  const rows = await db.read(knownGroups({ accountId, ids: resources.map(({ id }) => id) }));
  const known = new Map(rows.map((row) => [row.id, row]));
  const apps = resources.flatMap((group) => {
    const before = known.get(group.id);
    const total = totalOf(group, members.name);
    const appId = toOneId(group, 'app') ?? before?.appId;
    const isChanged = total === undefined ? before === undefined : before?.testerCount !== total;
    return isChanged && appId !== undefined ? [appId] : [];
  });
  return [...new Set(apps)].map(testersScope);
}
