import { authorise } from '@/lib/access/policy';
import { record } from '@/lib/audit/trail';
import { attributeLabel } from '@/lib/format/attribute-labels';
import { formatPlural } from '@/lib/format/numbers';
import { BUILD_FIGURES } from '@/lib/history/build-days';
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
    request.type === 'betaTesters'
      ? { header: TESTER_HEADER, rows: testerRows(ctx, request) }
      : listSheet(ctx, request, COLUMNS[request.type]);
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

/** What each row of a list says beside its id: attributes and what Flightdeck knows, one value a cell. */
const COLUMNS: Readonly<Record<Exclude<ExportType, 'betaTesters'>, readonly string[]>> = {
  betaGroups: [
    ...['name', 'createdDate', 'isInternalGroup', 'hasAccessToAllBuilds', 'feedbackEnabled'],
    ...['publicLinkEnabled', 'publicLink', 'publicLinkId', 'publicLinkLimitEnabled', 'publicLinkLimit'],
    ...['iosBuildsAvailableForAppleSiliconMac', 'iosBuildsAvailableForAppleVision'],
    ...['testerCount', 'buildCount', 'linkTesterCount', 'lastActivity', 'appId', 'accountId'],
  ],
  builds: [
    ...[
      'trainVersion',
      'version',
      'platform',
      'uploadedDate',
      'expirationDate',
      'expired',
      'processingState',
    ],
    ...['internalBuildState', 'externalBuildState', 'betaReviewState', 'submittedDate', 'autoNotifyEnabled'],
    ...['usesNonExemptEncryption', 'buildAudienceType', 'minOsVersion', 'lsMinimumSystemVersion'],
    ...['computedMinMacOsVersion', 'computedMinVisionOsVersion', 'installBytes', 'groups', 'locales'],
    ...['individualCount', ...BUILD_FIGURES, 'appId', 'accountId'],
  ],
};

/** A list page by page, as the list itself shows it. */
function listSheet(ctx: Ctx, request: ExportRequest, columns: readonly string[]): Sheet {
  const header = ['id', ...columns];
  return { header, words: header.map(attributeLabel), rows: listRows(ctx, request, header) };
}

async function* listRows(
  ctx: Ctx,
  request: ExportRequest,
  header: readonly string[],
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for (let cursor: string | undefined; ; ) {
    const page = await queryMirror(ctx.db, request.type, {
      ...wantedOf(request),
      limit: PAGE,
      // Its groups are told by name, from the linkages.
      ...(request.type === 'builds' ? { include: ['betaGroups'] } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield page.data.map(({ id, attributes = {}, meta = {} }) => {
      const values: Readonly<Record<string, unknown>> = { ...attributes, ...meta, ...read(meta.use), id };
      return header.map((name) => cellOf(values[name]));
    });
    cursor = page.nextCursor;
    if (cursor === undefined) return;
  }
}

function wantedOf({ accountId, filter, search }: ExportRequest) {
  return { accountId, filter, ...(search ? { search } : {}) };
}

/** Lists by what names their members, groups and instants by theirs, languages by their codes. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(cellOf).join(';');
  const { name, at, ...others } = read(value);
  return cellOf(name ?? at ?? Object.keys(others));
}

function read(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The type of an export's address. @throws RefusedError 400 */
export function exportTypeOf(word: string | null): ExportType {
  const type = EXPORT_TYPES.find((one) => one === word);
  if (!type) throw badParameter('type', `Choose from ${EXPORT_TYPES.join(', ')}.`);
  return type;
}
