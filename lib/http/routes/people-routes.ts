import type { z } from 'zod';
import { badParameter } from '@/lib/services/errors';
import { MAX_FILE_BYTES } from '@/lib/services/imports/csv/refusal';
import { inviteBody, previewInvite } from '@/lib/services/imports/invite-one';
import { ROW_OUTCOMES } from '@/lib/services/imports/plan';
import { importOptions } from '@/lib/services/imports/prepare';
import { importRows, previewImport, startDraft, startImport } from '@/lib/services/imports/service';
import {
  previewPrune,
  previewRestore,
  pruneBody,
  prunePreviewBody,
  restoreBody,
  restoreTesters,
  startPrune,
} from '@/lib/services/prune/service';
import { bulkBody, previewBulk, startBulk } from '@/lib/services/testers/bulk';
import { exportList, exportTypeOf } from '@/lib/services/testers/export';
import { endpoint, placed } from '../core/endpoint';
import { readBytes } from '../core/read-bytes';
import { textStream } from '../core/text-stream';

/** What an operation on many testers will do; nothing is sent. */
export const readBulkPreview = endpoint({
  name: 'people/bulk/preview',
  permission: 'testers:write',
  body: bulkBody,
  run: async ({ ctx, body, account }) => ({ body: { data: await previewBulk(ctx, placed(body, account)) } }),
});

/** Queues an operation on many testers. */
export const addBulk = endpoint({
  name: 'people/bulk',
  permission: 'jobs:run',
  body: bulkBody,
  run: async ({ ctx, body, account }) => ({
    status: 201,
    body: { data: await startBulk(ctx, placed(body, account)) },
  }),
});

/** What an import will do with each row. The body is the file; everything else stands in the address. */
export const readImportPreview = endpoint({
  name: 'people/import/preview',
  permission: 'testers:write',
  async run({ ctx, request, query, account }) {
    const options = optionsOf(query, account);
    const page = pageOf(query);
    const bytes = await readBytes(request, MAX_FILE_BYTES);
    return { body: { data: await previewImport(ctx, bytes, options, page) } };
  },
});

/** Another page of what was read from a file; the address names its draft. */
export const readImportRows = endpoint({
  name: 'people/import/preview',
  permission: 'testers:write',
  run: async ({ ctx, query }) => ({
    body: { data: { rows: await importRows(ctx, query.get('draft') ?? '', pageOf(query)) } },
  }),
});

function pageOf(query: URLSearchParams) {
  const word = query.get('outcome');
  const outcome = ROW_OUTCOMES.find((one) => one === word);
  if (word !== null && !outcome) throw badParameter('outcome', `Choose from ${ROW_OUTCOMES.join(', ')}.`);
  return {
    outcome,
    offset: numberOf(query, 'offset', 0, 50_000),
    limit: numberOf(query, 'limit', 200, 1000),
  };
}

/** Queues an import: of a draft that the address names, or of the file in the body. */
export const addImport = endpoint({
  name: 'people/import',
  permission: 'jobs:run',
  async run({ ctx, request, query, account }) {
    const draft = query.get('draft');
    if (draft !== null) return { status: 201, body: { data: await startDraft(ctx, draft) } };
    const options = optionsOf(query, account);
    const bytes = await readBytes(request, MAX_FILE_BYTES);
    return { status: 201, body: { data: await startImport(ctx, bytes, options) } };
  },
});

/** What inviting one person will do. */
export const readInvitePreview = endpoint({
  name: 'people/invite/preview',
  permission: 'testers:write',
  body: inviteBody,
  run: async ({ ctx, body, account }) => ({
    body: { data: await previewInvite(ctx, placed(body, account)) },
  }),
});

export const readPrunePreview = endpoint({
  name: 'people/prune/preview',
  permission: 'testers:write',
  body: prunePreviewBody,
  run: async ({ ctx, body, account }) => ({ body: { data: await previewPrune(ctx, placed(body, account)) } }),
});

export const addPrune = endpoint({
  name: 'people/prune',
  permission: 'jobs:run',
  body: pruneBody,
  run: async ({ ctx, body, account }) => ({
    status: 201,
    body: { data: await startPrune(ctx, placed(body, account)) },
  }),
});

export const readRestorePreview = endpoint({
  name: 'people/restore/preview',
  permission: 'jobs:run',
  body: restoreBody,
  run: async ({ ctx, body }) => ({ body: { data: await previewRestore(ctx, body) } }),
});

export const addRestore = endpoint({
  name: 'people/restore',
  permission: 'jobs:run',
  body: restoreBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await restoreTesters(ctx, body) } }),
});

/** A list as a file: `type`, `format`, `filter[…]` and `search` as in the list itself. */
export const readExport = endpoint({
  name: 'people/export',
  permission: 'export:run',
  async run({ ctx, query, account }) {
    const type = exportTypeOf(query.get('type'));
    const format = query.get('format') ?? 'csv';
    if (format !== 'csv' && format !== 'json') throw badParameter('format', 'Choose csv or json.');
    const parts = await exportList(ctx, {
      type,
      format,
      accountId: account,
      filter: filtersOf(query),
      search: query.get('search') ?? undefined,
      confirm: query.get('confirm') ?? undefined,
    });
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10);
    return textStream(parts, {
      type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
      fileName: `${type}-${day}.${format}`,
    });
  },
});

function filtersOf(query: URLSearchParams): Record<string, string[]> {
  const filter: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of query) {
    const key = /^filter\[([^\]]+)\]$/.exec(name)?.[1];
    if (key) filter[key] = value.split(',').filter((word) => word !== '');
  }
  return filter;
}

/** `options` is JSON: appId, groupIds, mapping, hasHeader, separator. */
function optionsOf(query: URLSearchParams, accountId: string | undefined): z.infer<typeof importOptions> {
  let given: unknown;
  try {
    given = JSON.parse(query.get('options') ?? '{}');
  } catch {
    throw badParameter('options', 'The options are not JSON.');
  }
  const merged = accountId && typeof given === 'object' ? { accountId, ...given } : given;
  const parsed = importOptions.safeParse(merged);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badParameter('options', `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`.trim());
}

function numberOf(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const value = Number(query.get(name) ?? fallback);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw badParameter(name, `This is a whole number from 0 to ${most}.`);
  }
  return value;
}
