import { createHash, randomUUID } from 'node:crypto';
import { type Database, StaleWriteError, type Statement } from '@/lib/store/database';
import type { AuditDraft, AuditOutcome, AuditProblem, AuditRow } from './entry';

/** An entry that stands in the trail as `pending`; its outcome is written with {@link finishStatement}. */
export interface AuditIntent {
  readonly id: string;
  readonly hash: string;
}

/** What came of it. */
export interface AuditResult {
  readonly status: AuditOutcome;
  /** ms since 1970 */
  readonly at: number;
  readonly after?: unknown;
  /** Apple's `errors[]` when refused. */
  readonly errors?: readonly AuditProblem[] | undefined;
  /** Apple's own id of the request, for their support. */
  readonly appleRequestId?: string | null | undefined;
}

const FIRST = '0'.repeat(64);
const TRIES = 50;

/**
 * Writes an intent and commits it. When it rejects, nothing may be sent: no row, no call.
 * @throws DatabaseUnavailableError when the store cannot be written
 */
export async function begin(db: Database, draft: AuditDraft): Promise<AuditIntent> {
  const id = randomUUID();
  // Hashed rows form a chain, so each must follow the newest one; whoever was slower reads again.
  for (let attempt = 1; ; attempt += 1) {
    const previousHash = await newestHash(db);
    const hash = hashOfIntent({ ...intentColumns(id, draft), previousHash });
    try {
      await db.write([insertStatement(id, draft, previousHash, hash)]);
      return { id, hash };
    } catch (error) {
      if (!(error instanceof StaleWriteError) || attempt >= TRIES) throw error;
    }
  }
}

/** The statement that writes an outcome, to stand in one transaction with what it is the outcome of. */
export function finishStatement(intent: AuditIntent, result: AuditResult): Statement {
  const after = json(result.after);
  const errors = json(result.errors);
  const outcome = { status: result.status, after, errors, finishedAt: result.at };
  return {
    sql: `UPDATE auditEntries SET status = ?, after = ?, errors = ?, finishedAt = ?, appleRequestId = ?, outcomeHash = ?
          WHERE id = ? AND status IN ('pending', 'unknown')`,
    params: [
      result.status,
      after,
      errors,
      result.at,
      result.appleRequestId ?? null,
      hashOfOutcome(intent.hash, outcome),
      intent.id,
    ],
  };
}

/** An entry about something that has already happened here and needs no call, such as a sign-in. */
export async function record(
  db: Database,
  draft: AuditDraft,
  result: Omit<AuditResult, 'at'>,
): Promise<string> {
  const intent = await begin(db, draft);
  await db.write([finishStatement(intent, { ...result, at: draft.at })]);
  return intent.id;
}

/** Hash over what was intended and over the entry before it. */
export function hashOfIntent(
  row: Pick<AuditRow, (typeof INTENT_COLUMNS)[number] | 'names' | 'previousHash'>,
): string {
  // Entries from before names were kept have none, and keep the hash they got.
  const names = row.names === null ? [] : [row.names];
  const facts = [row.previousHash, ...INTENT_COLUMNS.map((column) => row[column]), ...names];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Hash over the outcome, bound to its intent. */
export function hashOfOutcome(
  intentHash: string,
  row: Pick<AuditRow, 'status' | 'after' | 'errors' | 'finishedAt'>,
): string {
  const facts = [intentHash, row.status, row.after, row.errors, row.finishedAt];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** The hash the first entry builds on. */
export const FIRST_HASH = FIRST;

const INTENT_COLUMNS = [
  'id',
  'at',
  'actorId',
  'actorEmail',
  'accountId',
  'appId',
  'action',
  'type',
  'resourceId',
  'label',
  'before',
  'requestId',
  'jobId',
  'undoOf',
] as const;

function intentColumns(id: string, draft: AuditDraft) {
  return {
    id,
    at: draft.at,
    actorId: draft.actorId,
    actorEmail: draft.actorEmail,
    accountId: draft.accountId ?? null,
    appId: draft.appId ?? null,
    action: draft.action,
    type: draft.type,
    resourceId: draft.resourceId ?? null,
    label: draft.label ?? null,
    before: json(draft.before),
    requestId: draft.requestId ?? null,
    jobId: draft.jobId ?? null,
    undoOf: draft.undoOf ?? null,
    names: draft.names && Object.keys(draft.names).length > 0 ? JSON.stringify(draft.names) : null,
  };
}

function insertStatement(id: string, draft: AuditDraft, previousHash: string, hash: string): Statement {
  const columns = {
    ...intentColumns(id, draft),
    after: json(draft.requested),
    status: 'pending',
    previousHash,
    hash,
  };
  const names = Object.keys(columns);
  return {
    sql: `INSERT INTO auditEntries (${names.map((name) => `"${name}"`).join(', ')})
          SELECT ${names.map(() => '?').join(', ')}
          WHERE coalesce((SELECT hash FROM auditEntries ORDER BY seq DESC LIMIT 1), ?) = ?`,
    params: [...Object.values(columns), FIRST, previousHash],
    expectChanges: 1,
  };
}

async function newestHash(db: Database): Promise<string> {
  return (
    (await db.query<{ hash: string }>('SELECT hash FROM auditEntries ORDER BY seq DESC LIMIT 1'))[0]?.hash ??
    FIRST
  );
}

function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
