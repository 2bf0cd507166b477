import type { Database } from '@/lib/store/database';
import { StaleWriteError } from '@/lib/store/errors';
import type { Write } from '@/lib/store/store';

/** `scoped` reads only the lists that are named. */
export type SyncMode = 'full' | 'incremental' | 'scoped';

/** What people wish of a sync. */
export interface SyncRequest {
  /** Those that one sync answers. */
  readonly ids: readonly string[];
  readonly mode: SyncMode;
  /** Lists to read whole, beside what the mode reads. */
  readonly scopes: readonly string[];
}

/** Old requests are of no more use, ms. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * Takes what people asked for of an account: one sync answers all of it, a full one if anybody wanted that, only the
 * lists that were named if nobody wanted more.
 */
export async function takeRequest(db: Database, accountId: string, now: number): Promise<SyncRequest | null> {
  const waiting = await db.query<{ id: string; mode: SyncMode; scopes: string | null }>(
    'SELECT "id", "mode", "scopes" FROM "syncRequests" WHERE "accountId" = ? AND "takenAt" IS NULL ORDER BY "requestedAt"',
    [accountId],
  );
  if (waiting.length === 0) return null;
  const ids = waiting.map(({ id }) => id);
  try {
    await db.write([
      {
        sql: `UPDATE "syncRequests" SET "takenAt" = ? WHERE "takenAt" IS NULL AND "id" IN (SELECT value FROM json_each(?))`,
        params: [now, JSON.stringify(ids)],
        expectChanges: ids.length,
      },
      { sql: 'DELETE FROM "syncRequests" WHERE "takenAt" < ?', params: [now - KEPT_MS] },
    ]);
  } catch (error) {
    // Another worker has taken them.
    if (error instanceof StaleWriteError) return null;
    throw error;
  }
  const modes = new Set(waiting.map(({ mode }) => mode));
  const mode = MODES.find((one) => modes.has(one)) ?? 'incremental';
  const scopes = waiting.flatMap(({ scopes: text }) => (text === null ? [] : (JSON.parse(text) as string[])));
  return { ids, mode, scopes: [...new Set(scopes)] };
}

/** The widest first. */
const MODES: readonly SyncMode[] = ['full', 'incremental', 'scoped'];

/** Gives requests back that could not be begun with. */
export async function giveBack(db: Database, ids: readonly string[]): Promise<void> {
  await db.write([
    {
      sql: 'UPDATE "syncRequests" SET "takenAt" = NULL WHERE "runId" IS NULL AND "id" IN (SELECT value FROM json_each(?))',
      params: [JSON.stringify(ids)],
    },
  ]);
}

/** Says which run answers the requests. */
export function answeredBy(runId: string, ids: readonly string[]): Write[] {
  return ids.length === 0
    ? []
    : [
        {
          sql: 'UPDATE "syncRequests" SET "runId" = ? WHERE "id" IN (SELECT value FROM json_each(?))',
          params: [runId, JSON.stringify(ids)],
        },
      ];
}
