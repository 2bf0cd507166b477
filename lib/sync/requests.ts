import { type Database, StaleWriteError } from '@/lib/mirror/store';
import type { SyncMode } from './run';

/** A person's wish for a sync. */
export interface SyncRequest {
  readonly id: string;
  readonly mode: SyncMode;
}

/** Old requests are of no more use, ms. */
const KEPT_MS = 24 * 60 * 60_000;

/** Takes what people asked for of an account: one sync answers all of it, a full one if anybody wanted that. */
export async function takeRequest(db: Database, accountId: string, now: number): Promise<SyncRequest | null> {
  const waiting = db.query<{ id: string; mode: string }>(
    'SELECT "id", "mode" FROM "syncRequests" WHERE "accountId" = ? AND "takenAt" IS NULL ORDER BY "requestedAt"',
    [accountId],
  );
  const [first] = waiting;
  if (!first) return null;
  try {
    await db.write([
      {
        sql: `UPDATE "syncRequests" SET "takenAt" = ? WHERE "takenAt" IS NULL AND "id" IN (SELECT value FROM json_each(?))`,
        params: [now, JSON.stringify(waiting.map(({ id }) => id))],
        expectChanges: waiting.length,
      },
      { sql: 'DELETE FROM "syncRequests" WHERE "takenAt" < ?', params: [now - KEPT_MS] },
    ]);
  } catch (error) {
    // Another worker has taken them.
    if (error instanceof StaleWriteError) return null;
    throw error;
  }
  return { id: first.id, mode: waiting.some(({ mode }) => mode === 'full') ? 'full' : 'incremental' };
}
