import type { Database } from '@/lib/store/database';
import type { ResourceObject } from './resource';

interface Row {
  groupId: string;
  appId: string;
  criteria: string;
  fetchedAt: number;
}

/** Recruitment criteria by their id, as their group's row holds them, or null. Apple offers no address to read them. */
export async function findCriteria(
  db: Database,
  accountId: string,
  id: string,
): Promise<ResourceObject | null> {
  const [row] = await db.query<Row>(
    `SELECT "id" AS groupId, "appId", "criteria", "fetchedAt" FROM "betaGroups"
     WHERE "accountId" = ? AND "criteria" IS NOT NULL AND json_extract("criteria", '$.id') = ?`,
    [accountId, id],
  );
  if (!row) return null;
  const { attributes } = JSON.parse(row.criteria) as { attributes: Record<string, unknown> };
  return {
    type: 'betaRecruitmentCriteria',
    id,
    attributes,
    relationships: { betaGroup: { data: { type: 'betaGroups', id: row.groupId } } },
    meta: { accountId, appId: row.appId, fetchedAt: row.fetchedAt },
  };
}
