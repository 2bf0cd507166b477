import type { Database, SqlValue } from '../store';
import { factsOf, type MirrorType } from './facts';

const MINUTE_MS = 60_000;
/** Testers are swept once a day, everything else is looked at in each cycle. */
const TESTERS_STALE_MS = 26 * 60 * MINUTE_MS;
const STALE_MS = 20 * MINUTE_MS;

/** When what a list shows was last completely synced, and whether that is too long ago. */
export function freshnessOf(
  db: Database,
  type: MirrorType,
  {
    accountId,
    appIds,
    now,
  }: { accountId?: string | undefined; appIds?: readonly string[] | undefined; now: number },
): { fetchedAt: number | null; stale: boolean } {
  const { scope } = factsOf(type);
  const [name = '', perApp] = scope.split('/');
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (perApp && appIds && appIds.length > 0) {
    conditions.push(`"scope" IN (${appIds.map(() => '?').join(', ')})`);
    params.push(...appIds.map((id) => `${name}/${id}`));
  } else if (perApp) {
    // All scopes of the type: '0' is the character after '/'.
    conditions.push('"scope" >= ? AND "scope" < ?');
    params.push(`${name}/`, `${name}0`);
  } else {
    conditions.push('"scope" = ?');
    params.push(name);
  }
  if (accountId !== undefined) {
    conditions.push('"accountId" = ?');
    params.push(accountId);
  }
  const [row] = db.query<{ scopes: number; done: number; oldest: number | null }>(
    `SELECT COUNT(*) AS scopes, COUNT("completedAt") AS done, MIN("completedAt") AS oldest FROM "syncScopes" WHERE ${conditions.join(' AND ')}`,
    params,
  );
  const fetchedAt = row && row.scopes > 0 && row.done === row.scopes ? row.oldest : null;
  const limit = type === 'betaTesters' ? TESTERS_STALE_MS : STALE_MS;
  return { fetchedAt, stale: fetchedAt === null || now - fetchedAt > limit };
}
