import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import type { MirrorRow } from './rows';

const rows = shape((build, given: { keys: readonly number[] }, dialect) =>
  build
    .selectFrom('betaTesters')
    .selectAll()
    .where(({ ref }) => dialect.amongNumbers(ref('rowKey'), given.keys)),
);

/** Testers' rows by their keys, in the order of the keys. */
export async function rowsOf(db: Store, keys: readonly number[]): Promise<MirrorRow[]> {
  if (keys.length === 0) return [];
  const found = new Map((await db.read(rows({ keys }))).map((row) => [row.rowKey, row]));
  return keys.flatMap((key) => found.get(key) ?? []);
}
