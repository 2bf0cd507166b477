import { authorise } from '@/lib/access/policy';
import { formatPartOf } from '@/lib/format/numbers';
import { createJob, type NewItem } from '@/lib/jobs/create';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import type { ColumnGuess } from './csv/columns';
import type { Encoding } from './csv/encodings';
import type { Table } from './csv/read-table';
import { groupWord, uniqueNames } from './group-names';
import type { ImportPayload } from './import-testers';
import type { PlannedRow, RowOutcome } from './plan';
import { type ImportOptions, type PreparedImport, prepareImport } from './prepare';

/** What a person sees before anything is sent. */
export interface ImportPreview extends Omit<ColumnGuess, 'body'> {
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

/** What would happen with each row, without any call to Apple. */
export async function previewImport(
  ctx: Ctx,
  bytes: Uint8Array,
  options: ImportOptions,
  page: PreviewPage,
): Promise<ImportPreview> {
  authorise(ctx.actor, 'testers:write');
  const { table, columns, rows, counts, warnings } = await prepareImport(ctx, bytes, options);
  const { body: _people, ...guess } = columns;
  const shown = page.outcome ? rows.filter((row) => row.outcome === page.outcome) : rows;
  return {
    ...guess,
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

/** Queues the import; rows that cannot be sent are listed in it with their reason. Gives the job's id. */
export async function startImport(
  ctx: Ctx,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<{ jobId: string; counts: Readonly<Record<RowOutcome, number>> }> {
  authorise(ctx.actor, 'testers:write');
  authorise(ctx.actor, 'jobs:run');
  const prepared = await prepareImport(ctx, bytes, options);
  const { app, counts } = prepared;
  const toSend = counts.invite + counts.addToGroup;
  if (toSend === 0) {
    throw new RefusedError({
      status: 422,
      code: 'FLIGHTDECK.FILE.NOTHING_TO_DO',
      title: 'Nothing to import',
      detail: 'No row of this file brings anybody new.',
      meta: { counts },
    });
  }
  const jobId = await createJob(
    ctx.db,
    {
      kind: 'import-testers',
      title: `Import ${formatPartOf(toSend, prepared.rows.length, 'tester')} into ${app.title}`,
      accountId: app.accountId,
      appId: app.appId,
      params: { groupIds: options.groupIds, buildIds: options.buildIds, counts, planned: toSend },
      ...creatorOf(ctx),
      items: itemsOf(prepared),
    },
    ctx.clock.now(),
  );
  return { jobId, counts };
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
    yield { payload: payloadOf(row, isUnique), label: row.email, ...(settled ? { settled } : {}) };
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
