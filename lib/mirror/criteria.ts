import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { ResourceObject } from './resource';

const withCriteria = shape((build, given: { accountId: string; id: string }, { jsonField }) =>
  build
    .selectFrom('betaGroups')
    .select(['id as groupId', 'appId', 'criteria', 'fetchedAt'])
    .where('accountId', '=', given.accountId)
    .where('criteria', 'is not', null)
    .where(({ ref }) => jsonField(ref('criteria'), 'id'), '=', given.id)
    .orderBy('id'),
);

/** Recruitment criteria by their id, as their group's row holds them, or null. Apple offers no address to read them. */
export async function findCriteria(db: Store, accountId: string, id: string): Promise<ResourceObject | null> {
  const [row] = await db.read(withCriteria({ accountId, id }));
  if (!row?.criteria) return null;
  const { attributes } = JSON.parse(row.criteria) as { attributes: Record<string, unknown> };
  return {
    type: 'betaRecruitmentCriteria',
    id,
    attributes,
    relationships: { betaGroup: { data: { type: 'betaGroups', id: row.groupId } } },
    meta: { accountId, appId: row.appId, fetchedAt: row.fetchedAt },
  };
}
