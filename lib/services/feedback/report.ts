import { authorise } from '@/lib/access/policy';
import { drawingsOf } from '@/lib/feedback/archive/drawings';
import { deviceName } from '@/lib/format/devices';
import { queryMirror } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { forActor } from '../resources/shape';
import { type Note, notesOf } from './notes';
import { worded } from './title';

export type { Note };

/** One report with all that its page shows; the crash log itself is read apart. */
export interface ReportPage {
  /** As lists know it. */
  readonly report: ResourceObject;
  /** The comment as it was written. */
  readonly comment: string | null;
  readonly facts: {
    readonly deviceModel: string | null;
    readonly deviceName: string | null;
    readonly osVersion: string | null;
    readonly platform: string | null;
    readonly devicePlatform: string | null;
    readonly architecture: string | null;
    readonly locale: string | null;
    readonly timeZone: string | null;
    readonly connection: string | null;
    readonly pairedAppleWatch: string | null;
    readonly battery: number | null;
    readonly diskAvailable: number | null;
    readonly diskTotal: number | null;
    readonly uptimeMs: number | null;
  };
  readonly log: {
    readonly state: string | null;
    readonly trouble: string | null;
    readonly exceptionType: string | null;
    readonly topFrame: string | null;
  };
  readonly pictures: readonly {
    readonly position: number;
    readonly state: string;
    readonly trouble: string | null;
    readonly width: number | null;
    readonly height: number | null;
  }[];
  /** What the team drew on copies of them. */
  readonly drawings: readonly {
    readonly id: string;
    /** Of the picture that was drawn on. */
    readonly position: number;
    readonly width: number;
    readonly height: number;
    readonly by: string;
    readonly at: string;
  }[];
  readonly notes: readonly Note[];
  /** Of the same tester, newest first. */
  readonly others: readonly {
    readonly id: string;
    readonly type: string;
    readonly createdDate: string | null;
    readonly comment: string | null;
  }[];
  /** Where the issue links to outside. */
  readonly link: string | null;
  readonly duplicateOf: string | null;
}

const OTHERS = 10;

/** A report for its page. @throws RefusedError 404 */
export async function reportPage(
  ctx: Ctx,
  { id, accountId }: { readonly id: string; readonly accountId?: string | undefined },
): Promise<ReportPage> {
  authorise(ctx.actor, 'feedback:read');
  const { db } = ctx;
  const page = await queryMirror(db, 'feedback', { accountId, filter: { id: [id] }, limit: 1 });
  const [report] = page.data;
  if (!report) throw notFound('There is no such report, or it has not been synced yet.');
  const account = String(report.meta?.accountId);
  const row = await db.prisma.feedback.findUniqueOrThrow({
    where: { accountId_id: { accountId: account, id } },
  });
  const [pictures, drawings, others, issue, notes] = await Promise.all([
    db.prisma.feedbackPicture.findMany({
      where: { accountId: account, feedbackId: id },
      select: { position: true, state: true, trouble: true, width: true, height: true },
      orderBy: { position: 'asc' },
    }),
    drawingsOf(db, { accountId: account, feedbackId: id }),
    row.testerId === null
      ? []
      : db.prisma.feedback.findMany({
          where: { accountId: account, testerId: row.testerId, id: { not: id } },
          select: { id: true, type: true, createdDate: true, comment: true },
          orderBy: { createdDate: 'desc' },
          take: OTHERS,
        }),
    row.issueId === null
      ? null
      : db.prisma.issue.findUnique({
          where: { id: row.issueId },
          select: { link: true, duplicateOf: true },
        }),
    row.issueId === null ? [] : notesOf(ctx, row.issueId),
  ]);
  const number = (value: bigint | number | null) => (value === null ? null : Number(value));
  return forActor(ctx, {
    report: worded(report),
    comment: row.comment,
    facts: {
      ...{ deviceModel: row.deviceModel, osVersion: row.osVersion, platform: row.appPlatform },
      deviceName: row.deviceModel === null ? null : deviceName(row.deviceModel),
      ...{ devicePlatform: row.devicePlatform, architecture: row.architecture, locale: row.locale },
      ...{
        timeZone: row.timeZone,
        connection: row.connectionType,
        pairedAppleWatch: row.pairedAppleWatch && deviceName(row.pairedAppleWatch),
      },
      battery: row.batteryPercentage,
      diskAvailable: number(row.diskBytesAvailable),
      diskTotal: number(row.diskBytesTotal),
      uptimeMs: number(row.appUptimeInMilliseconds),
    },
    log: {
      ...{ state: row.logState, trouble: row.logTrouble },
      ...{ exceptionType: row.exceptionType, topFrame: row.topFrame },
    },
    pictures,
    drawings: drawings.map(({ createdAt, name, email, ...drawing }) => ({
      ...{ id: drawing.id, position: drawing.position, width: drawing.width, height: drawing.height },
      by: name || email || 'Somebody who is gone',
      at: new Date(createdAt).toISOString(),
    })),
    notes,
    others: others.map((other) => ({ ...other, comment: other.comment?.slice(0, 200) ?? null })),
    link: issue?.link ?? null,
    duplicateOf: issue?.duplicateOf ?? null,
  });
}
