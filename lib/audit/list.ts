import type { Store } from '@/lib/store/store';
import { type AuditEntry, type AuditRow, toEntry } from './entry';

/** What is about an issue and names it. */
const OF_ISSUES = ['issues', 'issueNotes', 'feedbackReplies', 'feedbackDrawings'];

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
  /** Decisions about this issue, also those made about several at once. */
  readonly issueId?: string | undefined;
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

/** What users are called, now and in entries of former versions, whose hashes hold the word. */
const USERS = ['users', 'people'] as const;

const EQUAL = ['accountId', 'appId', 'actorId', 'type', 'action', 'status', 'resourceId', 'jobId'] as const;

/** Every place in the trail is below it, and both engines hold it as the place of a row. */
const BEYOND = 2 ** 31 - 1;

/** The trail, newest first, by keyset: a page costs the same wherever it is. */
export async function listAudit(db: Store, query: AuditQuery): Promise<AuditPage> {
  const { cursor, limit } = query;
  const those = matching(db, query);
  const [counted] = await db.read(those.select(({ fn }) => fn.countAll<number>().as('n')));
  const page = cursor === undefined ? those : those.where('entry.seq', '<', Math.min(cursor, BEYOND));
  const rows = await db.read(
    withUndo(page)
      .orderBy('entry.seq', 'desc')
      .limit(limit + 1),
  );
  const entries = rows.slice(0, limit).map(toEntry);
  const nextCursor = rows.length > limit ? (entries.at(-1)?.seq ?? null) : null;
  return { entries, total: counted?.n ?? 0, nextCursor };
}

/** The trail act by act, newest first: all rows of a job are one. */
export async function listActs(
  db: Store,
  query: AuditQuery,
): Promise<{ acts: Act[]; total: number; nextCursor: number | null }> {
  const those = matching(db, query);
  const [counted] = await db.read(
    db.build.selectNoFrom([
      those
        .where('entry.jobId', 'is', null)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('single'),
      those.select((entry) => entry.fn.count<number>('entry.jobId').distinct().as('n')).as('jobs'),
    ]),
  );
  const before = Math.min(query.cursor ?? BEYOND, BEYOND);
  const most = query.limit + 1;
  const single = those
    .select(['entry.seq', 'entry.jobId'])
    .where('entry.jobId', 'is', null)
    .where('entry.seq', '<', before)
    .orderBy('entry.seq', 'desc')
    .limit(most);
  const jobs = those
    .select(({ fn }) => [fn.min('entry.seq').as('seq'), 'entry.jobId'])
    .where('entry.jobId', 'is not', null)
    .groupBy('entry.jobId')
    .having(({ eb, fn }) => eb(fn.min('entry.seq'), '<', before));
  const acts: Act[] = await db.read(
    db.build
      .selectFrom(db.build.selectFrom(single.as('single')).selectAll().unionAll(jobs).as('act'))
      .select(['seq', 'jobId'])
      .orderBy('seq', 'desc')
      .limit(most),
  );
  const shown = acts.slice(0, query.limit);
  return {
    acts: shown,
    total: (counted?.single ?? 0) + (counted?.jobs ?? 0),
    nextCursor: acts.length > query.limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

/** Entries by their place in the trail. */
export async function entriesAt(db: Store, seqs: readonly number[]): Promise<Map<number, AuditEntry>> {
  if (seqs.length === 0) return new Map();
  const rows = await db.read(withUndo(entries(db)).where('entry.seq', 'in', seqs));
  return new Map(rows.map((row) => [row.seq, toEntry(row)]));
}

/** The first entry of each of these jobs; one of which nothing has been sent yet has none. */
export async function firstOfJobs(db: Store, jobIds: readonly string[]): Promise<Map<string, AuditEntry>> {
  if (jobIds.length === 0) return new Map();
  const first = db.build
    .selectFrom('auditEntries')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where(({ ref }) => db.dialect.among(ref('jobId'), jobIds))
    .groupBy('jobId');
  const rows = await db.read(
    entries(db).selectAll('entry').where('entry.seq', 'in', first).$castTo<AuditRow>(),
  );
  return new Map(rows.map((row) => [row.jobId ?? '', toEntry(row)]));
}

/** Which of these people stand in the trail. */
export async function actorsAmong(db: Store, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.read(
    db.build
      .selectFrom('users')
      .select('id')
      .where(({ ref }) => db.dialect.among(ref('id'), ids))
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('auditEntries').select('seq').whereRef('auditEntries.actorId', '=', 'users.id')),
      ),
  );
  return rows.map(({ id }) => id);
}

/** One entry of the trail, or null. */
export async function getAudit(db: Store, id: string): Promise<(AuditEntry & { hash: string }) | null> {
  const [row] = await db.read(withUndo(entries(db)).where('entry.id', '=', id));
  return row ? { ...toEntry(row), hash: row.hash } : null;
}

/** Nothing but the trail, to be narrowed. */
function entries({ build }: Store) {
  return build.selectFrom('auditEntries as entry');
}

/** Whole rows, each with the undo that took it back. */
function withUndo(those: ReturnType<typeof entries>) {
  return those
    .selectAll('entry')
    .select(({ selectFrom }) =>
      selectFrom('auditEntries as undo')
        .select('undo.id')
        .whereRef('undo.undoOf', '=', 'entry.id')
        .where('undo.status', '=', 'succeeded')
        .limit(1)
        .as('undoneBy'),
    )
    .$castTo<AuditRow & { undoneBy: string | null }>();
}

function matching(db: Store, query: AuditQuery): ReturnType<typeof entries> {
  const { from, to, about, issueId, search } = query;
  const { among, contains, holds, jsonField, jsonHolds } = db.dialect;
  let those = entries(db);
  for (const column of EQUAL) {
    const value = query[column];
    if (value === undefined) continue;
    those =
      column === 'type' && value === USERS[0]
        ? those.where('entry.type', 'in', USERS)
        : those.where(`entry.${column}`, '=', value);
  }
  if (from !== undefined) those = those.where('entry.at', '>=', from);
  if (to !== undefined) those = those.where('entry.at', '<', to);
  if (about) {
    those = those.where(({ eb, or, and, ref, selectFrom }) =>
      or([
        and([eb('entry.jobId', 'is', null), among(ref('entry.type'), about.types)]),
        eb(
          'entry.jobId',
          'in',
          selectFrom('jobs')
            .select('jobs.id')
            .where((job) => among(job.ref('jobs.kind'), about.jobKinds)),
        ),
      ]),
    );
  }
  if (issueId !== undefined) {
    those = those.where(({ eb, or, and, ref }) =>
      or([
        and([eb('entry.resourceId', '=', issueId), eb('entry.type', 'in', OF_ISSUES)]),
        and([
          eb('entry.resourceId', 'is', null),
          eb('entry.type', '=', 'issues'),
          contains(ref('entry.before'), JSON.stringify(issueId)),
        ]),
      ]),
    );
  }
  if (search) {
    const { text, appIds, actorIds, jobIds } = search;
    those = those.where(({ eb, or, and, ref }) =>
      or([
        holds(ref('entry.label'), text),
        holds(ref('entry.actorEmail'), text),
        and([
          eb('entry.action', '=', 'update'),
          holds(jsonField(ref('entry.after'), 'attributes', 'name'), text),
        ]),
        jsonHolds(ref('entry.names'), text),
        among(ref('entry.appId'), appIds),
        among(ref('entry.actorId'), actorIds),
        among(ref('entry.jobId'), jobIds),
      ]),
    );
  }
  return those;
}

/** The code of an outcome that no look at Apple can tell any more. */
export const OVERWRITTEN = 'FLIGHTDECK.OVERWRITTEN';

/**
 * Writes to Apple begun before an instant (ms) whose outcome is not known and may still be found, newest first; those
 * of jobs left out.
 */
export async function unfinishedEntries(
  db: Store,
  before: number,
  limit: number,
): Promise<(AuditEntry & { hash: string })[]> {
  const rows = await db.read(
    entries(db)
      .selectAll('entry')
      .where('entry.status', 'in', ['pending', 'unknown'])
      .where('entry.jobId', 'is', null)
      .where('entry.accountId', 'is not', null)
      .where('entry.at', '<', before)
      .where(({ eb, or, not, ref }) =>
        or([
          eb('entry.errors', 'is', null),
          not(db.dialect.contains(ref('entry.errors'), `"${OVERWRITTEN}"`)),
        ]),
      )
      // 'pending' stands before 'unknown'.
      .orderBy('entry.status')
      .orderBy('entry.seq', 'desc')
      .limit(limit)
      .$castTo<AuditRow>(),
  );
  return rows.map((row) => ({ ...toEntry(row), hash: row.hash }));
}

/** Changes of the same thing begun after an entry that were not refused, oldest first; a creation goes by its name. */
export async function laterChanges(db: Store, entry: AuditEntry): Promise<AuditEntry[]> {
  const { seq, accountId, type, resourceId, label } = entry;
  const later = entries(db)
    .selectAll('entry')
    .where('entry.seq', '>', seq)
    .where('entry.accountId', accountId === null ? 'is' : '=', accountId)
    .where('entry.type', '=', type)
    .where('entry.status', '<>', 'failed')
    .orderBy('entry.seq');
  const same =
    resourceId === null
      ? later.where('entry.label', '=', label)
      : later.where('entry.resourceId', '=', resourceId);
  return (await db.read(same.$castTo<AuditRow>())).map(toEntry);
}
