import { authorise } from '@/lib/access/policy';
import { record } from '@/lib/audit/trail';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { formatPlural } from '@/lib/format/numbers';
import { countMirror, queryMirror } from '@/lib/mirror/query';
import { auditActor } from '../audited';
import { CONFIRM_PARAMETER, requireTyped, type Typed } from '../confirmation';
import type { Ctx } from '../ctx';
import { badParameter } from '../errors';
import { asCsv, asJson, type Cell, type Sheet } from '../sheets';
import { TESTER_HEADER, testerRows } from './export-testers';

export const EXPORT_TYPES = ['betaTesters', 'betaGroups', 'builds'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

export interface ExportRequest {
  readonly type: ExportType;
  readonly format: 'csv' | 'json';
  readonly accountId?: string | undefined;
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly search?: string | undefined;
  /** How many testers, typed by the person who takes their data out. */
  readonly confirm?: Typed;
}

const PAGE = 1000;

/**
 * The whole of a list with all its columns, a piece at a time. Exports stand in the audit trail before the first row
 * leaves.
 */
export async function exportList(ctx: Ctx, request: ExportRequest): Promise<AsyncGenerator<string>> {
  authorise(ctx.actor, 'export:run');
  const isPersonal = request.type === 'betaTesters';
  if (isPersonal) {
    authorise(ctx.actor, 'testers:identify');
    const total = await countMirror(ctx.db, request.type, wantedOf(request));
    const loss = `Names, addresses and notes of ${formatPlural(total, 'tester')} leave Flightdeck.`;
    requireTyped(total, request.confirm, loss, CONFIRM_PARAMETER);
  }
  const sheet =
    isPersonal && isPlain(request)
      ? { header: TESTER_HEADER, rows: testerRows(ctx, request) }
      : await listSheet(ctx, request);
  await record(
    ctx.db,
    {
      ...auditActor(ctx.actor),
      at: ctx.clock.now(),
      accountId: request.accountId ?? null,
      appId: request.filter.apps?.[0] ?? request.filter.app?.[0] ?? null,
      action: 'export',
      type: request.type,
      label: `${request.format.toUpperCase()} file`,
      requested: { filter: request.filter, search: request.search ?? null },
      requestId: ctx.requestId,
    },
    { status: 'succeeded' },
  );
  return request.format === 'csv' ? asCsv(sheet) : asJson(sheet);
}

/** Only by app and account, or not at all: then one range of the table answers without a page of documents. */
function isPlain({ filter, search }: ExportRequest): boolean {
  return !search && Object.keys(filter).every((name) => name === 'apps' || (filter[name] ?? []).length === 0);
}

/** Any filtered or searched list, page by page as the list itself shows it. */
async function listSheet(ctx: Ctx, request: ExportRequest): Promise<Sheet> {
  const first = await listPage(ctx, request);
  const header = [...new Set(first.rows.flatMap((row) => Object.keys(row)))];
  return { header, words: header.map(attributeLabel), rows: remaining(ctx, request, first, header) };
}

interface ListPage {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly nextCursor: string | undefined;
}

async function* remaining(
  ctx: Ctx,
  request: ExportRequest,
  first: ListPage,
  header: readonly string[],
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for (let page = first; ; page = await listPage(ctx, request, page.nextCursor)) {
    yield page.rows.map((row) => header.map((name) => row[name] ?? null));
    if (page.nextCursor === undefined) return;
  }
}

function wantedOf({ accountId, filter, search }: ExportRequest) {
  return { accountId, filter, ...(search ? { search } : {}) };
}

async function listPage(ctx: Ctx, request: ExportRequest, cursor?: string): Promise<ListPage> {
  const page = await queryMirror(ctx.db, request.type, {
    ...wantedOf(request),
    limit: PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const rows = page.data.map(({ id, attributes = {}, meta = {} }) => ({
    id,
    ...flat(attributes),
    ...flat(meta),
  }));
  return { rows, nextCursor: page.nextCursor };
}

function flat(values: Readonly<Record<string, unknown>>): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isCell(value) ? value : JSON.stringify(value)]),
  );
}

function isCell(value: unknown): value is Cell {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** The type of an export's address. @throws RefusedError 400 */
export function exportTypeOf(word: string | null): ExportType {
  const type = EXPORT_TYPES.find((one) => one === word);
  if (!type) throw badParameter('type', `Choose from ${EXPORT_TYPES.join(', ')}.`);
  return type;
}
