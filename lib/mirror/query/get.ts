import type { Database, SqlValue } from '../store';
import { factsOf, isMirrorType, type MirrorType } from './facts';
import { isStale } from './freshness';
import { dress } from './list';
import { idColumnOf, includedOf } from './relations';
import { type MirrorRow, toResource } from './rows';
import type { MirrorDocument } from './types';

export interface GetOptions {
  readonly include?: readonly string[] | undefined;
  /** The most linkages shown, by relationship. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
  /** Which app's row of a tester; otherwise the newest. */
  readonly appId?: string | undefined;
  readonly now?: number | undefined;
}

/** One resource from the mirror, or null when it is not there. Without an account, the first that holds the id. */
export function getMirror(
  db: Database,
  accountId: string | undefined,
  type: MirrorType,
  id: string,
  { include = [], limits = {}, appId, now = Date.now() }: GetOptions = {},
): MirrorDocument | null {
  const row = rowOf(db, accountId, type, id, appId);
  if (!row) return null;
  const [data] = dress(db, type, [toResource(type, row)], include, limits);
  if (!data) return null;
  const rowApp = type === 'apps' ? row.id : row.appId;
  const { included, isIncomplete } = includedOf(db, type, [data], include);
  return {
    data,
    included,
    ...(isIncomplete ? { isIncomplete } : {}),
    accountId: row.accountId,
    appId: rowApp ? String(rowApp) : null,
    fetchedAt: row.fetchedAt,
    stale: isStale(type, row.fetchedAt, now),
  };
}

function rowOf(
  db: Database,
  accountId: string | undefined,
  type: MirrorType,
  id: string,
  appId: string | undefined,
): MirrorRow | undefined {
  const facts = factsOf(type);
  const conditions = [`t."${idColumnOf(type)}" = ?`];
  const params: SqlValue[] = [id];
  if (facts.where) conditions.push(facts.where);
  if (accountId !== undefined) {
    conditions.push('t."accountId" = ?');
    params.push(accountId);
  } else {
    conditions.push(`t."accountId" IN (SELECT DISTINCT "accountId" FROM "apps")`);
  }
  if (type === 'betaTesters') {
    // Every index of testers begins with the app.
    conditions.push(appId === undefined ? `t."appId" IN (SELECT "id" FROM "apps")` : 't."appId" = ?');
    if (appId !== undefined) params.push(appId);
  }
  const [row] = db.query<MirrorRow>(
    `SELECT t.* FROM "${facts.table}" AS t WHERE ${conditions.join(' AND ')} ORDER BY t."fetchedAt" DESC LIMIT 1`,
    params,
  );
  return row;
}

/** Which account and app an id belongs to, as far as the mirror knows; long-tail documents have no app. */
export function resolveAccount(
  db: Database,
  type: string,
  id: string,
): { accountId: string; appId: string | null } | null {
  if (isMirrorType(type)) {
    const row = rowOf(db, undefined, type, id, undefined);
    if (!row) return null;
    return { accountId: row.accountId, appId: type === 'apps' ? row.id : String(row.appId) };
  }
  const [row] = db.query<{ accountId: string; parent: string }>(
    'SELECT "accountId", "parent" FROM "documents" WHERE "type" = ? AND "id" = ? AND "accountId" IN (SELECT "id" FROM "Account") LIMIT 1',
    [type, id],
  );
  if (!row) return null;
  const [, appId] = /^apps\/(.+)$/.exec(row.parent) ?? [];
  return { accountId: row.accountId, appId: appId ?? null };
}
