import { createHash, randomUUID } from 'node:crypto';
import { StaleWriteError } from '@/lib/store/database';
import { shape } from '@/lib/store/shape';
import { exactly, type Store, type Write } from '@/lib/store/store';
import { storedTexts } from '@/lib/store/text';
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
/** The most entries that are put into the chain at once. */
const AT_ONCE = 100;

/**
 * Writes an intent and commits it. When it rejects, nothing may be sent: no row, no call.
 * @throws DatabaseUnavailableError when the store cannot be written
 */
export function begin(db: Store, draft: AuditDraft): Promise<AuditIntent> {
  return new Promise((resolve, reject) => {
    const queue = waiting.get(db) ?? [];
    queue.push({ draft, resolve, reject });
    if (waiting.has(db)) return;
    waiting.set(db, queue);
    void chainAll(db, queue);
  });
}

/** Writes intents in their order, all or none. @throws as {@link begin} */
export async function beginAll(db: Store, drafts: readonly AuditDraft[]): Promise<AuditIntent[]> {
  const entries = drafts.map((draft) => intentColumns(randomUUID(), draft));
  if (entries.length === 0) return [];
  // Hashed rows form a chain, so each must follow the newest one; whoever was slower reads again.
  for (let attempt = 1; ; attempt += 1) {
    let previousHash = await newestHash(db);
    const intents: AuditIntent[] = [];
    const inserts = entries.map((entry) => {
      const hash = hashOfIntent({ ...entry, previousHash });
      const insert = insertion({ ...entry, previousHash, hash, first: FIRST, newest: previousHash });
      previousHash = hash;
      intents.push({ id: entry.id, hash });
      return exactly(1, insert);
    });
    try {
      await db.write([...db.dialect.inTurn('auditEntries'), ...inserts]);
      return intents;
    } catch (error) {
      if (!(error instanceof StaleWriteError) || attempt >= TRIES) throw error;
    }
  }
}

interface Waiting {
  readonly draft: AuditDraft;
  resolve(intent: AuditIntent): void;
  reject(error: unknown): void;
}
/** Intents of this process that wait for their place: those that come while one is written go together. */
const waiting = new WeakMap<Store, Waiting[]>();

async function chainAll(db: Store, queue: Waiting[]): Promise<void> {
  while (queue.length > 0) {
    const these = queue.splice(0, AT_ONCE);
    try {
      const intents = await beginAll(
        db,
        these.map(({ draft }) => draft),
      );
      for (const [index, { resolve, reject }] of these.entries()) {
        const intent = intents[index];
        if (intent) resolve(intent);
        else reject(new Error('An intent was not written.'));
      }
    } catch (error) {
      for (const { reject } of these) reject(error);
    }
  }
  waiting.delete(db);
}

const finish = shape(
  (build, given: Outcome & { id: string; appleRequestId: string | null; outcomeHash: string }) =>
    build
      .updateTable('auditEntries')
      .set({
        status: given.status,
        after: given.after,
        errors: given.errors,
        finishedAt: given.finishedAt,
        appleRequestId: given.appleRequestId,
        outcomeHash: given.outcomeHash,
      })
      .where('id', '=', given.id)
      .where('status', 'in', ['pending', 'unknown']),
);
type Outcome = Pick<AuditRow, 'status' | 'after' | 'errors'> & { readonly finishedAt: number };

/** The write of an outcome, to stand in one transaction with what it is the outcome of. */
export function finishStatement({ id, hash }: AuditIntent, result: AuditResult): Write {
  const { status, at: finishedAt, appleRequestId = null } = result;
  const outcome = storedTexts({
    status,
    after: json(result.after),
    errors: json(result.errors),
    finishedAt,
  });
  return finish({ ...outcome, id, appleRequestId, outcomeHash: hashOfOutcome(hash, outcome) });
}

/** An entry about something that has already happened here and needs no call, such as a sign-in. */
export async function record(db: Store, draft: AuditDraft, result: Omit<AuditResult, 'at'>): Promise<string> {
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

/** As they will be read again: what is hashed must be what is stored. */
function intentColumns(id: string, draft: AuditDraft) {
  return storedTexts({
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
    after: json(draft.requested),
    names: draft.names && Object.keys(draft.names).length > 0 ? JSON.stringify(draft.names) : null,
  });
}

type Linked = ReturnType<typeof intentColumns> & {
  readonly previousHash: string;
  readonly hash: string;
  /** What the chain begins with, and what it must end with for the entry to follow. */
  readonly first: string;
  readonly newest: string;
};
const COLUMNS = [...INTENT_COLUMNS, 'after', 'names', 'previousHash', 'hash'] as const;

const insertion = shape((build, given: Linked) =>
  build
    .insertInto('auditEntries')
    .columns([...COLUMNS, 'status'])
    .expression(
      build
        .selectNoFrom(({ val }) => [
          ...COLUMNS.map((column) => val(given[column]).as(column)),
          val('pending').as('status'),
        ])
        .where(({ eb, fn, selectFrom, val }) =>
          eb(
            fn.coalesce(
              selectFrom('auditEntries').select('hash').orderBy('seq', 'desc').limit(1),
              val(given.first),
            ),
            '=',
            given.newest,
          ),
        ),
    ),
);

const newest = shape((build) =>
  build.selectFrom('auditEntries').select('hash').orderBy('seq', 'desc').limit(1),
);

async function newestHash(db: Store): Promise<string> {
  const [row] = await db.read(newest({}));
  return row?.hash ?? FIRST;
}

function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
