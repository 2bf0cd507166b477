import type { Database, SqlValue } from '@/lib/store/database';
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
  /** Changes of these types made one by one, and jobs of these kinds. */
  readonly about?: { readonly types: readonly string[]; readonly jobKinds: readonly string[] } | undefined;
  /** Text that stands in a name, or one of these apps, people or jobs. */
  readonly search?: AuditSearch | undefined;
  /** ms since 1970, included */
  readonly from?: number | undefined;
  /** ms since 1970, not included */
  readonly to?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: number | undefined;
  /** 1 to 200 */
  readonly limit: number;
}

export interface AuditSearch {
  readonly text: string;
  readonly appIds: readonly string[];
  readonly actorIds: readonly string[];
  readonly jobIds: readonly string[];
}

/** What somebody did at one time: a single change, or a whole job, which stands where its first row does. */
export interface Act {
  readonly seq: number;
  readonly jobId: string | null;
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
export async function listAudit(db: Database, query: AuditQuery): Promise<AuditPage> {
  const { where, params } = conditions(query);
  const total =
    (await db.query<{ n: number }>(`SELECT count(*) AS n FROM auditEntries AS entry ${where}`, params))[0]
      ?.n ?? 0;
  const after = query.cursor === undefined ? '' : `${where === '' ? 'WHERE' : 'AND'} entry.seq < ?`;
  const rows = await db.query<AuditRow>(
    `SELECT entry.*, ${UNDONE} FROM auditEntries AS entry ${where} ${after} ORDER BY entry.seq DESC LIMIT ?`,
    [...params, ...(query.cursor === undefined ? [] : [query.cursor]), query.limit + 1],
  );
  const entries = rows.slice(0, query.limit).map(toEntry);
  return { entries, total, nextCursor: rows.length > query.limit ? (entries.at(-1)?.seq ?? null) : null };
}

/** The trail act by act, newest first: all rows of a job are one. */
export async function listActs(
  db: Database,
  query: AuditQuery,
): Promise<{ acts: Act[]; total: number; nextCursor: number | null }> {
  const { where, params } = conditions(query);
  const and = where === '' ? 'WHERE' : `${where} AND`;
  const [counted] = await db.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM auditEntries AS entry ${and} entry.jobId IS NULL)
       + (SELECT count(DISTINCT entry.jobId) FROM auditEntries AS entry ${where}) AS n`,
    [...params, ...params],
  );
  const before = query.cursor ?? Number.MAX_SAFE_INTEGER;
  const most = query.limit + 1;
  const acts = await db.query<Act>(
    `SELECT seq, jobId FROM (
       SELECT * FROM (SELECT entry.seq AS seq, NULL AS jobId FROM auditEntries AS entry
         ${and} entry.jobId IS NULL AND entry.seq < ? ORDER BY entry.seq DESC LIMIT ?)
       UNION ALL
       SELECT min(entry.seq) AS seq, entry.jobId AS jobId FROM auditEntries AS entry
         ${and} entry.jobId IS NOT NULL GROUP BY entry.jobId HAVING min(entry.seq) < ?)
     ORDER BY seq DESC LIMIT ?`,
    [...params, before, most, ...params, before, most],
  );
  const shown = acts.slice(0, query.limit);
  return {
    acts: shown,
    total: counted?.n ?? 0,
    nextCursor: acts.length > query.limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

/** Entries by their place in the trail. */
export async function entriesAt(db: Database, seqs: readonly number[]): Promise<Map<number, AuditEntry>> {
  const rows = await db.query<AuditRow>(
    `SELECT entry.*, ${UNDONE} FROM auditEntries AS entry WHERE entry.seq IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(seqs)],
  );
  return new Map(rows.map((row) => [row.seq, toEntry(row)]));
}

/** The first entry of a job, or null when nothing of it has been sent yet. */
export async function firstOfJob(db: Database, jobId: string): Promise<AuditEntry | null> {
  const [row] = await db.query<AuditRow>('SELECT * FROM auditEntries WHERE jobId = ? ORDER BY seq LIMIT 1', [
    jobId,
  ]);
  return row ? toEntry(row) : null;
}

/** Which of these people stand in the trail. */
export async function actorsAmong(db: Database, ids: readonly string[]): Promise<string[]> {
  return (
    await db.query<{ id: string }>(
      `SELECT value AS id FROM json_each(?) WHERE EXISTS (SELECT 1 FROM auditEntries WHERE actorId = value)`,
      [JSON.stringify(ids)],
    )
  ).map(({ id }) => id);
}

/** One entry of the trail, or null. */
export async function getAudit(db: Database, id: string): Promise<(AuditEntry & { hash: string }) | null> {
  const row = (
    await db.query<AuditRow>(`SELECT entry.*, ${UNDONE} FROM auditEntries AS entry WHERE id = ?`, [id])
  )[0];
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
  const { about, search } = query;
  if (about) {
    parts.push(`((entry.jobId IS NULL AND entry.type IN (SELECT value FROM json_each(?)))
      OR entry.jobId IN (SELECT id FROM jobs WHERE kind IN (SELECT value FROM json_each(?))))`);
    params.push(JSON.stringify(about.types), JSON.stringify(about.jobKinds));
  }
  if (search) {
    const like = `%${search.text.replace(/[\\%_]/g, '\\$&')}%`;
    parts.push(`(entry.label LIKE ? ESCAPE '\\' OR entry.actorEmail LIKE ? ESCAPE '\\'
      OR (entry.action = 'update' AND json_extract(entry.after, '$.attributes.name') LIKE ? ESCAPE '\\')
      OR EXISTS (SELECT 1 FROM json_each(entry.names) AS named WHERE named.value LIKE ? ESCAPE '\\')
      OR entry.appId IN (SELECT value FROM json_each(?)) OR entry.actorId IN (SELECT value FROM json_each(?))
      OR entry.jobId IN (SELECT value FROM json_each(?)))`);
    params.push(like, like, like, like);
    params.push(...[search.appIds, search.actorIds, search.jobIds].map((ids) => JSON.stringify(ids)));
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', params };
}

/** The code of an outcome that no look at Apple can tell any more. */
export const OVERWRITTEN = 'FLIGHTDECK.OVERWRITTEN';

/**
 * Writes to Apple begun before an instant (ms) whose outcome is not known and may still be found, newest first; those
 * of jobs left out.
 */
export async function unfinishedEntries(
  db: Database,
  before: number,
  limit: number,
): Promise<(AuditEntry & { hash: string })[]> {
  const rows = await db.query<AuditRow>(
    `SELECT * FROM auditEntries WHERE status IN ('pending', 'unknown') AND jobId IS NULL AND accountId IS NOT NULL AND at < ?
       AND instr(coalesce(errors, ''), '"${OVERWRITTEN}"') = 0
     ORDER BY (status = 'unknown'), seq DESC LIMIT ?`,
    [before, limit],
  );
  return rows.map((row) => ({ ...toEntry(row), hash: row.hash }));
}

/** Changes of the same thing begun after an entry that were not refused, oldest first; a creation goes by its name. */
export async function laterChanges(db: Database, entry: AuditEntry): Promise<AuditEntry[]> {
  const [same, value] =
    entry.resourceId === null
      ? (['label', entry.label] as const)
      : (['resourceId', entry.resourceId] as const);
  const rows = await db.query<AuditRow>(
    `SELECT * FROM auditEntries WHERE seq > ? AND accountId IS ? AND type = ? AND "${same}" = ? AND status <> 'failed'
     ORDER BY seq`,
    [entry.seq, entry.accountId, entry.type, value],
  );
  return rows.map(toEntry);
}
