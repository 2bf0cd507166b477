import type { Database } from '@/lib/store/database';
import type { MirrorRow } from './rows';

/** Testers' rows by their keys, in the order of the keys. */
export async function rowsOf(db: Database, keys: readonly number[]): Promise<MirrorRow[]> {
  if (keys.length === 0) return [];
  return db.query<MirrorRow>(
    'SELECT t.* FROM json_each(?) AS k JOIN "betaTesters" AS t ON t."rowKey" = k.value ORDER BY k.key',
    [JSON.stringify(keys)],
  );
}
