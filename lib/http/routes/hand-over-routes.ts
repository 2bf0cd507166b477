import { Readable } from 'node:stream';
import { badParameter } from '@/lib/services/errors';
import { copyAsMarkdown } from '@/lib/services/hand-over/copy';
import { exportBody, prepareExport, readPrepared } from '@/lib/services/hand-over/export';
import { byteStream } from '../core/byte-stream';
import { endpoint } from '../core/endpoint';
import { textStream } from '../core/text-stream';

const markdown = (kind: 'report' | 'issue') =>
  endpoint({
    name: `${kind === 'report' ? 'feedback' : 'issues'}/markdown`,
    permission: 'feedback:read',
    async run({ ctx, params, query, account }) {
      const howMuch = query.get('stack') ?? 'top';
      if (howMuch !== 'top' && howMuch !== 'thread') throw badParameter('stack', 'Choose top or thread.');
      const which = { kind, id: params.id ?? '', accountId: account };
      return new Response(await copyAsMarkdown(ctx, which, howMuch), {
        headers: { 'Content-Type': 'text/markdown; charset=utf-8' },
      });
    },
  });

/** A report as Markdown: its first calls, or with `stack=thread` the whole thread that crashed. */
export const readReportMarkdown = markdown('report');
/** The same of a crash issue. */
export const readIssueMarkdown = markdown('issue');

/** So much fit the ids of 20,000 reports, bytes. */
const BODY_LIMIT = 2_000_000;

/** Notes which reports are to be downloaded, and in which form. */
export const createExport = endpoint({
  name: 'feedback/export',
  permission: 'export:run',
  body: exportBody,
  bodyLimit: BODY_LIMIT,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await prepareExport(ctx, body) } }),
});

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  zip: 'application/zip',
} as const;

/** The file of what was noted. */
export const readExportFile = endpoint({
  name: 'feedback/export',
  permission: 'export:run',
  async run({ ctx, params }) {
    const { format, fileName, content } = await readPrepared(ctx, params.id ?? '');
    const type = TYPES[format];
    return content instanceof Readable
      ? byteStream(content, { type, fileName })
      : textStream(content, { type, fileName });
  },
});
