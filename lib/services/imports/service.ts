import { z } from 'zod';
import { authorise } from '@/lib/access/policy';
import { formatPartOf } from '@/lib/format/numbers';
import { type NewItem, queueJob, storeDraft } from '@/lib/jobs/create';
import { dropFormerDrafts, isOpenDraft, readDraftItems } from '@/lib/jobs/drafts';
import { readJob } from '@/lib/jobs/rows';
import { StaleWriteError } from '@/lib/store/errors';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import type { ColumnGuess } from './csv/columns';
import type { Encoding } from './csv/encodings';
import type { Table } from './csv/read-table';
import { groupWord, uniqueNames } from './group-names';
import type { ImportPayload } from './import-testers';
import { type PlannedRow, ROW_OUTCOMES, type RowOutcome } from './plan';
import { type ImportOptions, type PreparedImport, prepareImport } from './prepare';

/** What a person sees before anything is sent. */
export interface ImportPreview extends Omit<ColumnGuess, 'body'> {
  /** What its pages are read by and it is started by. */
  readonly draft: string;
  readonly encoding: Encoding;
  /** How the encoding is known; `unsure` when another would do as well. */
  readonly howDecoded: Table['howDecoded'];
  readonly kind: Table['kind'];
  readonly separator: string;
  readonly counts: Readonly<Record<RowOutcome, number>>;
  readonly total: number;
  readonly warnings: readonly string[];
  /** What a person can answer so that more rows can be sent, each once. */
  readonly questions: readonly ImportQuestion[];
  readonly rows: readonly PlannedRow[];
}

export type ImportQuestion = NonNullable<PlannedRow['question']> & { readonly rows: number };

export interface PreviewPage {
  readonly outcome?: RowOutcome | undefined;
  readonly offset: number;
  readonly limit: number;
}

/**
 * Reads a file once and keeps what would happen with each row as a draft of the job, for its maker alone and for a day;
 * no call to Apple.
 */
export async function previewImport(
  ctx: Ctx,
  bytes: Uint8Array,
  options: ImportOptions,
  page: PreviewPage,
): Promise<ImportPreview> {
  authorise(ctx.actor, 'testers:write');
  const prepared = await prepareImport(ctx, bytes, options);
  const { table, columns, rows, counts, warnings } = prepared;
  const { body: _people, ...guess } = columns;
  const draft = await keepDraft(ctx, prepared, options);
  const shown = page.outcome ? rows.filter((row) => row.outcome === page.outcome) : rows;
  return {
    ...guess,
    draft,
    encoding: table.encoding,
    howDecoded: table.howDecoded,
    kind: table.kind,
    separator: table.separator,
    counts,
    total: rows.length,
    warnings,
    questions: questionsOf(rows),
    rows: shown.slice(page.offset, page.offset + page.limit),
  };
}

/** Another page of a draft's rows. @throws RefusedError 404 when the draft is gone, or somebody else's */
export async function importRows(
  ctx: Ctx,
  draft: string,
  { outcome, offset, limit }: PreviewPage,
): Promise<readonly PlannedRow[]> {
  authorise(ctx.actor, 'testers:write');
  await draftOf(ctx, draft);
  const only = outcome && { member: 'outcome', word: outcome };
  return (await readDraftItems(ctx.db, draft, { only, offset, limit })) as PlannedRow[];
}

/** The draft of an import that this person has made. */
async function draftOf(ctx: Ctx, id: string) {
  const job = await readJob(ctx.db, id);
  if (isOpenDraft(job, creatorOf(ctx), ctx.clock.now()) && job.kind === 'import-testers') return job;
  throw gone();
}

function gone(): RefusedError {
  return new RefusedError({
    status: 404,
    code: 'FLIGHTDECK.IMPORT.GONE',
    title: 'Not kept any more',
    detail: 'What was read from this file is not kept any more. Choose the file again.',
  });
}

async function keepDraft(ctx: Ctx, prepared: PreparedImport, options: ImportOptions): Promise<string> {
  const { app, counts, rows } = prepared;
  const { groupIds, buildIds } = options;
  const planned = counts.invite + counts.addToGroup;
  const creator = creatorOf(ctx);
  const id = await storeDraft(
    ctx.db,
    {
      kind: 'import-testers',
      title: `Import ${formatPartOf(planned, rows.length, 'tester')} into ${app.title}`,
      accountId: app.accountId,
      appId: app.appId,
      params: { groupIds, buildIds, counts, planned },
      ...creator,
      items: itemsOf(prepared),
    },
    ctx.clock.now(),
  );
  await dropFormerDrafts(ctx.db, { kind: 'import-testers', ...creator });
  return id;
}

const MOST_QUESTIONS = 50;

function questionsOf(rows: readonly PlannedRow[]): ImportQuestion[] {
  const asked = new Map<string, ImportQuestion>();
  for (const { question } of rows) {
    if (!question) continue;
    const key =
      question.kind === 'group' ? `group ${question.key}` : `record ${question.email.toLowerCase()}`;
    asked.set(key, { ...question, rows: (asked.get(key)?.rows ?? 0) + 1 });
  }
  return [...asked.values()].slice(0, MOST_QUESTIONS);
}

/** What was started, and what is in it. */
interface Started {
  readonly jobId: string;
  readonly counts: Readonly<Record<RowOutcome, number>>;
}

/** Queues what a file brings, at once; rows that cannot be sent are listed in it with their reason. */
export async function startImport(ctx: Ctx, bytes: Uint8Array, options: ImportOptions): Promise<Started> {
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const prepared = await prepareImport(ctx, bytes, options);
  mustBringSomebody(prepared.counts);
  return startDraft(ctx, await keepDraft(ctx, prepared, options));
}

/** Queues a draft as it was shown. @throws RefusedError 404 when it is gone, or somebody else's; 422 when it brings nobody */
export async function startDraft(ctx: Ctx, draft: string): Promise<Started> {
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const { params } = await draftOf(ctx, draft);
  const { counts } = importParams.parse(params);
  mustBringSomebody(counts);
  try {
    await queueJob(ctx.db, draft, ctx.clock.now(), creatorOf(ctx));
  } catch (error) {
    // It was started a moment ago, or given up for newer ones.
    throw error instanceof StaleWriteError ? gone() : error;
  }
  return { jobId: draft, counts };
}

const importParams = z.object({ counts: z.record(z.enum(ROW_OUTCOMES), z.number()) });

function mustBringSomebody(counts: Readonly<Record<RowOutcome, number>>): void {
  if (counts.invite + counts.addToGroup > 0) return;
  throw new RefusedError({
    status: 422,
    code: 'FLIGHTDECK.FILE.NOTHING_TO_DO',
    title: 'Nothing to import',
    detail: 'No row of this file brings anybody new.',
    meta: { counts },
  });
}

/** Who starts a job, as its audit rows will name them. */
export function creatorOf({ actor }: Ctx): { createdBy: string | null; createdByEmail: string | null } {
  return actor.kind === 'user'
    ? { createdBy: actor.id, createdByEmail: actor.email }
    : { createdBy: null, createdByEmail: actor.name };
}

function* itemsOf({ rows, groups }: PreparedImport): Generator<NewItem> {
  const isUnique = uniqueNames(groups);
  for (const row of rows) {
    const settled = settledOf(row);
    yield {
      payload: payloadOf(row, isUnique),
      label: row.email,
      shown: row,
      ...(settled ? { settled } : {}),
    };
  }
}

function settledOf(row: PlannedRow): NonNullable<NewItem['settled']> | null {
  if (row.outcome === 'invalid' || row.outcome === 'held') {
    const { code = 'FLIGHTDECK.INVALID', detail = '' } = row.reason ?? {};
    return { status: 'failed', code, detail };
  }
  if (row.outcome !== 'alreadyThere') return null;
  const detail = row.builds.length > 0 ? 'Has these builds already.' : 'In all of these groups already.';
  return { status: 'skipped', code: 'FLIGHTDECK.ALREADY_THERE', detail };
}

function payloadOf(row: PlannedRow, isUnique: (name: string) => boolean): ImportPayload {
  return {
    line: row.line,
    email: row.email,
    firstName: row.firstName,
    lastName: row.lastName,
    groupIds: row.groups.map((group) => group.id),
    buildIds: row.builds.map((build) => build.id),
    groups:
      row.outcome === 'invalid'
        ? row.groupsCell
        : row.groups.map((group) => groupWord(group, isUnique(group.name))).join(';'),
    testerId: row.outcome === 'addToGroup' ? row.testerId : null,
    isOtherKind: row.isOtherKind,
  };
}
