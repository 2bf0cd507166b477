import { type ResourceLike, toOneId, totalOf } from '@/lib/mirror/resource';
import type { Database } from '@/lib/store/database';
import { type ListPlan, testersScope } from './plan';

interface KnownGroup {
  readonly id: string;
  readonly appId: string;
  readonly testerCount: number | null;
}

/**
 * The testers' lists that a page of groups shows to be out of date: a group has another size than was known, or is new. To
 * be asked before the page is stored, for afterwards the old size is gone.
 */
export async function changedTesterScopes(
  db: Database,
  accountId: string,
  { type }: ListPlan,
  resources: readonly ResourceLike[],
): Promise<string[]> {
  if (type !== 'betaGroups') return [];
  const rows = await db.query<KnownGroup>(
    `SELECT "id", "appId", "testerCount" FROM "betaGroups" WHERE "accountId" = ? AND "id" IN (SELECT value FROM json_each(?))`,
    [accountId, JSON.stringify(resources.map(({ id }) => id))],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const apps = resources.flatMap((group) => {
    const before = known.get(group.id);
    const total = totalOf(group, 'betaTesters');
    const appId = toOneId(group, 'app') ?? before?.appId;
    const isChanged = total === undefined ? before === undefined : before?.testerCount !== total;
    return isChanged && appId !== undefined ? [appId] : [];
  });
  return [...new Set(apps)].map(testersScope);
}
