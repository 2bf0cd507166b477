import { findCriteria } from '@/lib/mirror/criteria';
import { getMirror } from '@/lib/mirror/query';
import { isMirrorType } from '@/lib/mirror/query/facts';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Database } from '@/lib/store/database';

type Find = (db: Database, accountId: string, id: string) => Promise<ResourceObject | null>;

/** Types that have no table of their own because another row holds them. */
const HELD: Readonly<Record<string, Find>> = { betaRecruitmentCriteria: findCriteria };

/** Whether rows of the mirror hold this type, in a table of its own or as part of another. */
export function isHeld(type: string): boolean {
  return isMirrorType(type) || Object.hasOwn(HELD, type);
}

/** The copy of a resource in the mirror's typed tables, or null. */
export async function mirrored(
  db: Database,
  accountId: string,
  type: string,
  id: string,
): Promise<ResourceObject | null> {
  if (isMirrorType(type)) return (await getMirror(db, accountId, type, id))?.data ?? null;
  return HELD[type]?.(db, accountId, id) ?? null;
}
