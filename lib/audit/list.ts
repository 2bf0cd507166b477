import type { Database, SqlValue } from '@/prisma/database';
import { type AuditEntry, type AuditRow, toEntry } from './entry';

export interface AuditQuery {
  readonly accountId?: string | undefined;
  readonly appId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly type?: string | undefined;
  readonly action?: string | undefined;
  readonly status?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly jobId?: string | undefined;
  /** ms since 1970, included */
  readonly from?: number | undefined;
  /** ms since 1970, not included */
  readonly to?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: number | undefined;
  /** 1 to 200 */
  readonly limit: number;
}

export interface AuditPage {
  readonly entries: AuditEntry[];
  readonly total: number;
  readonly nextCursor: number | null;
}

const EQUAL = ['accountId', 'appId', 'actorId', 'type', 'action', 'status', 'resourceId', 'jobId'] as const;
const UNDONE = `(SELECT undo.id FROM auditEntries AS undo
  WHERE undo.undoOf = entry.id AND undo.status = 'succeeded' LIMIT 1) AS undoneBy`;

/** The trail, newest first, by keyset: a page costs the same wherever it is. */
export function listAudit(db: Database, query: AuditQuery): AuditPage {
  const { where, params } = conditions(query);
  const total =
    db.query<{ n: number }>(`SELECT count(*) AS n FROM auditEntries AS entry ${where}`, params)[0]?.n ?? 0;
  const after = query.cursor === undefined ? '' : `${where === '' ? 'WHERE' : 'AND'} entry.seq < ?`;
  const rows = db.query<AuditRow>(
    `SELECT entry.*, ${UNDONE} FROM auditEntries AS entry ${where} ${after} ORDER BY entry.seq DESC LIMIT ?`,
    [...params, ...(query.cursor === undefined ? [] : [query.cursor]), query.limit + 1],
  );
  const entries = rows.slice(0, query.limit).map(toEntry);
  return { entries, total, nextCursor: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null };
}

/** One entry of the trail, or null. */
export function getAudit(db: Database, id: string): (AuditEntry & { hash: string }) | null {
  const row = db.query<AuditRow>(`SELECT entry.*, ${UNDONE} FROM auditEntries AS entry WHERE id = ?`, [
    id,
  ])[0];
  return row ? { ...toEntry(row), hash: row.hash } : null;
}

function conditions(query: AuditQuery): { where: string; params: SqlValue[] } {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  const add = (sql: string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    parts.push(sql);
    params.push(value);
  };
  for (const column of EQUAL) add(`entry."${column}" = ?`, query[column]);
  add('entry.at >= ?', query.from);
  add('entry.at < ?', query.to);
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', params };
}

/** The code of an outcome that no look at Apple can tell any more. */
export const OVERWRITTEN = 'FLIGHTDECK.OVERWRITTEN';

/**
 * Writes to Apple begun before an instant (ms) whose outcome is not known and may still be found, newest first; those
 * of jobs left out.
 */
export function unfinishedEntries(
  db: Database,
  before: number,
  limit: number,
): (AuditEntry & { hash: string })[] {
  const rows = db.query<AuditRow>(
    `SELECT * FROM auditEntries WHERE status IN ('pending', 'unknown') AND jobId IS NULL AND accountId IS NOT NULL AND at < ?
       AND instr(coalesce(errors, ''), '"${OVERWRITTEN}"') = 0
     ORDER BY (status = 'unknown'), seq DESC LIMIT ?`,
    [before, limit],
  );
  return rows.map((row) => ({ ...toEntry(row), hash: row.hash }));
}

/** Changes of the same thing begun after an entry that were not refused, oldest first; a creation goes by its name. */
export function laterChanges(db: Database, entry: AuditEntry): AuditEntry[] {
  const [same, value] =
    entry.resourceId === null
      ? (['label', entry.label] as const)
      : (['resourceId', entry.resourceId] as const);
  const rows = db.query<AuditRow>(
    `SELECT * FROM auditEntries WHERE seq > ? AND accountId IS ? AND type = ? AND "${same}" = ? AND status <> 'failed'
     ORDER BY seq`,
    [entry.seq, entry.accountId, entry.type, value],
  );
  return rows.map(toEntry);
}
