import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { authorise, type UserActor } from '@/lib/access/policy';
import { record } from '@/lib/audit/trail';
import { formatPlural } from '@/lib/format/numbers';
import { auditActor } from '../audited';
import { requireTyped } from '../confirmation';
import type { Ctx } from '../ctx';
import { badMember, notFound } from '../errors';
import { allMatching } from '../feedback/chosen-issues';
import { type TriageTarget, triageTarget } from '../feedback/triage-body';
import { asCsv, asJson } from '../sheets';
import { REPORT_HEADER, REPORT_WORDS, type ReportKey, reportRows } from './export-rows';
import { exportEntries, zipped } from './export-zip';

type PersonCtx = Ctx & { readonly actor: UserActor };

const EXPORT_FORMATS = ['csv', 'json', 'zip'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const exportBody = z.strictObject({
  target: triageTarget,
  format: z.enum(EXPORT_FORMATS, 'Choose csv, json or zip.'),
  /** How many reports, typed by the person who takes them out. */
  confirm: z.union([z.string(), z.number()]).optional(),
});

/** Until when what was chosen can be downloaded, ms. */
const LASTS_MS = 30 * 60_000;
const MOST = 20_000;

/**
 * Notes which reports somebody is about to download, once they have typed how many: of issues, all of theirs.
 * @throws RefusedError 400 for none or too many, 404, 409 FLIGHTDECK.CONFIRM until the number is typed
 */
export async function prepareExport(
  ctx: PersonCtx,
  { target, format, confirm }: z.infer<typeof exportBody>,
): Promise<{ id: string; count: number }> {
  mayExport(ctx);
  const reports = await chosenReports(ctx, target);
  if (reports.length === 0) throw notFound('There is no such report, or it has not been synced yet.');
  if (reports.length > MOST)
    throw badMember('/target', 'These are more than 20,000 reports. Narrow the list with filters first.');
  const what = format === 'zip' ? 'Comments, addresses, crash logs and pictures' : 'Comments and addresses';
  requireTyped(
    reports.length,
    confirm,
    `${what} of ${formatPlural(reports.length, 'report')} leave Flightdeck.`,
  );
  const [id, now] = [randomUUID(), ctx.clock.now()];
  const { build } = ctx.db;
  await ctx.db.write([
    build.deleteFrom('feedbackExports').where('createdAt', '<', now - LASTS_MS),
    build
      .insertInto('feedbackExports')
      .values({ id, userId: ctx.actor.id, format, reports: JSON.stringify(reports), createdAt: now }),
  ]);
  return { id, count: reports.length };
}

/** A file that is made while it is read. */
interface ExportFile {
  readonly format: ExportFormat;
  readonly fileName: string;
  readonly content: AsyncGenerator<string> | Readable;
}

/** What was prepared, as a file; it stands in the trail before the first row leaves. @throws RefusedError 404 */
export async function readPrepared(ctx: PersonCtx, id: string): Promise<ExportFile> {
  mayExport(ctx);
  const now = ctx.clock.now();
  const row = await ctx.db.prisma.feedbackExport.findFirst({
    where: { id, userId: ctx.actor.id, createdAt: { gte: now - LASTS_MS } },
  });
  if (!row) throw notFound('This download is over. Choose the reports again and export them anew.');
  const reports = JSON.parse(row.reports) as ReportKey[];
  const format = row.format as ExportFormat;
  const accounts = new Set(reports.map(([accountId]) => accountId));
  await record(
    ctx.db,
    {
      ...auditActor(ctx.actor),
      ...{ at: now, action: 'export', type: 'feedback', label: formatPlural(reports.length, 'report') },
      ...{ accountId: accounts.size === 1 ? [...accounts][0] : null, requestId: ctx.requestId },
      requested: { count: reports.length, format },
    },
    { status: 'succeeded', after: { count: reports.length, format } },
  );
  const fileName = `feedback-${new Date(now).toISOString().slice(0, 10)}.${format}`;
  if (format === 'zip')
    return { format, fileName, content: zipped(exportEntries(ctx, reports), new Date(now)) };
  const sheet = { header: REPORT_HEADER, words: REPORT_WORDS, rows: reportRows(ctx, reports) };
  return { format, fileName, content: format === 'csv' ? asCsv(sheet) : asJson(sheet) };
}

function mayExport(ctx: Ctx): void {
  authorise(ctx.actor, 'feedback:read');
  authorise(ctx.actor, 'export:run');
}

/** The reports that are meant, each once. */
async function chosenReports(ctx: Ctx, target: TriageTarget): Promise<ReportKey[]> {
  if ('issues' in target) return ofIssues(ctx, target.issues);
  if ('matching' in target) {
    const rows = await allMatching(ctx, target.matching);
    if (target.matching.type === 'issues')
      return ofIssues(
        ctx,
        rows.map(({ id }) => id),
      );
    return rows.map(({ id, meta }) => [String(meta?.accountId), id] as const);
  }
  const wanted = new Map(target.reports.map(({ id, accountId }) => [id, accountId]));
  const rows = await ctx.db.read(
    ctx.db.build
      .selectFrom('feedback')
      .select(['accountId', 'id'])
      .where(({ ref }) => ctx.db.dialect.among(ref('id'), [...wanted.keys()]))
      .orderBy('createdDate', (by) => by.desc().nullsLast())
      .orderBy('id'),
  );
  return rows.flatMap(({ accountId, id }) =>
    (wanted.get(id) ?? accountId) === accountId ? [[accountId, id] as const] : [],
  );
}

async function ofIssues({ db }: Ctx, issueIds: readonly string[]): Promise<ReportKey[]> {
  const rows = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['accountId', 'id'])
      .where(({ ref }) => db.dialect.among(ref('issueId'), issueIds))
      .orderBy('createdDate', (by) => by.desc().nullsLast())
      .orderBy('id'),
  );
  return rows.map(({ accountId, id }) => [accountId, id] as const);
}
