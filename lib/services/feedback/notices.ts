import { z } from 'zod';
import { authorise, may, type UserActor } from '@/lib/access/policy';
import type { Ctx } from '../ctx';
import { forActor } from '../resources/shape';
import { issueName } from './title';

type PersonCtx = Ctx & { readonly actor: UserActor };

/** What the bell tells one person; instants as ISO text. */
export interface NoticeTold {
  readonly id: string;
  readonly kind: string;
  /** Who caused it; null for Flightdeck itself. */
  readonly who: string | null;
  readonly issueId: string | null;
  /** What the issue or the job is called; of an alert, all that it says. */
  readonly about: string | null;
  /** The page to look at. */
  readonly path: string;
  readonly at: string;
  readonly isRead: boolean;
}

const MOST = 50;

/** The newest notices of who asks, and how many are unread. */
export async function myNotices(ctx: PersonCtx): Promise<{ unread: number; notices: NoticeTold[] }> {
  authorise(ctx.actor, 'feedback:read');
  const { build } = ctx.db;
  let mine = build.selectFrom('notices as n').where('n.userId', '=', ctx.actor.id);
  if (!may(ctx.actor, 'jobs:read')) mine = mine.where('n.jobId', 'is', null);
  const rows = await ctx.db.read(
    mine
      .leftJoin('issues as i', 'i.id', 'n.issueId')
      .leftJoin('users as u', 'u.id', 'n.byUserId')
      .leftJoin('jobs as j', 'j.id', 'n.jobId')
      .select([
        'n.id',
        'n.kind',
        'n.issueId',
        'n.jobId',
        'j.title as job',
        'n.words',
        'n.path',
        'n.createdAt',
        'n.readAt',
        'n.byUserId',
      ])
      .select(['i.title', 'i.crashKind', 'i.topFrame', 'i.kind as issueKind', 'u.name', 'u.email'])
      .select((eb) =>
        eb
          .selectFrom('feedback as f')
          .select(({ fn }) => fn.max<string>('f.id').as('id'))
          .whereRef('f.issueId', '=', 'n.issueId')
          .as('reportId'),
      )
      .orderBy('n.createdAt', 'desc')
      .orderBy('n.id')
      .limit(MOST),
  );
  const [count] = await ctx.db.read(
    mine.select(({ fn }) => fn.countAll<number>().as('n')).where('n.readAt', 'is', null),
  );
  const notices = rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, issueId: row.issueId },
    who: row.byUserId === null ? null : row.name || row.email || 'Somebody who is gone',
    about:
      row.words ??
      (row.issueKind === null ? row.job : issueName({ ...row, title: row.title ?? '', kind: row.issueKind })),
    path: pathOf(row),
    at: new Date(row.createdAt).toISOString(),
    isRead: row.readAt !== null,
  }));
  return forActor(ctx, { unread: count?.n ?? 0, notices });
}

function pathOf(row: {
  readonly issueId: string | null;
  readonly jobId: string | null;
  readonly issueKind: string | null;
  readonly reportId: string | null;
  readonly path: string | null;
}): string {
  if (row.path) return row.path;
  if (row.jobId) return `/jobs/${encodeURIComponent(row.jobId)}`;
  if (row.issueKind === 'crash' && row.issueId) return `/issues/${encodeURIComponent(row.issueId)}`;
  return row.reportId ? `/feedback/${encodeURIComponent(row.reportId)}` : '/feedback?view=mine';
}

export const noticesReadBody = z.strictObject({
  /** Absent: all of them. */
  ids: z.array(z.string().min(1).max(200)).min(1).max(200).exactOptional(),
});

/** Marks notices of one's own as read. */
export async function readNotices(ctx: PersonCtx, { ids }: z.infer<typeof noticesReadBody>): Promise<void> {
  authorise(ctx.actor, 'feedback:read');
  await ctx.db.prisma.notice.updateMany({
    where: { userId: ctx.actor.id, readAt: null, ...(ids === undefined ? {} : { id: { in: [...ids] } }) },
    data: { readAt: ctx.clock.now() },
  });
}
