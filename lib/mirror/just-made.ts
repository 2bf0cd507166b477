import { sql } from 'kysely';
import { built } from '@/lib/store/rows';
import type { Store } from '@/lib/store/store';
import { TABLES, type TableFacts, tableOf } from './tables';

/** Apple's answers may leave out for so long what it has just made, ms. */
export const LATE_MS = 60_000;

interface Rows {
  readonly accountId: string;
  /** Apple's type. */
  readonly type: string;
  readonly ids: readonly string[];
  readonly appId?: string | null | undefined;
}

/**
 * Which of these rows came here moments ago, by a write or a read of their own, and were in no pass of the sync yet: that
 * an answer does not show them means nothing.
 */
export async function justMade(
  db: Pick<Store, 'read'>,
  { accountId, type, ids, appId }: Rows,
  now: number,
): Promise<ReadonlySet<string>> {
  const { name, hasGeneration }: TableFacts = TABLES[tableOf(type)];
  if (!hasGeneration || ids.length === 0) return new Set();
  const rows = await db.read(
    built<{ id: string }>(
      (_, { among }) => sql`SELECT DISTINCT "id" FROM ${sql.table(name)} WHERE "accountId" = ${accountId}
        ${appId == null ? sql`` : sql`AND "appId" = ${appId}`} AND ${among(sql.ref<string>('id'), ids)}
        AND "generation" = 0 AND "fetchedAt" >= ${now - LATE_MS}`,
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
