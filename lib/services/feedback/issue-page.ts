import { authorise } from '@/lib/access/policy';
import { queryMirror } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { forActor } from '../resources/shape';
import { type IssueFigures, readExample, readIssueFigures, readIssueKey } from './issue';
import { type Note, notesOf } from './notes';
import { worded } from './title';

/** One crash issue with all that its page shows. */
export interface IssuePage {
  /** As lists know it. */
  readonly issue: ResourceObject;
  readonly figures: IssueFigures;
  /** The newest log of it, read for people. */
  readonly example: Awaited<ReturnType<typeof readExample>>;
  readonly notes: readonly Note[];
}

/** A crash issue for its page; one that was merged is the one it was merged into. @throws RefusedError 404 */
export async function issuePage(ctx: Ctx, id: string): Promise<IssuePage> {
  authorise(ctx.actor, 'feedback:read');
  const figures = await readIssueFigures(ctx, id);
  const [listed, example, notes] = await Promise.all([
    queryMirror(ctx.db, 'issues', { accountId: figures.accountId, filter: { id: [figures.id] }, limit: 1 }),
    readExample(ctx, figures.id),
    notesOf(ctx, figures.id),
  ]);
  const [issue] = listed.data;
  if (!issue) throw notFound('This is one report alone, not a crash that several share.');
  return forActor(ctx, { issue: worded(issue), figures, example, notes });
}

/** The report that an issue is alone, whose page is the issue's; null for a crash that several share, and for none. */
export async function loneReport(
  ctx: Ctx,
  issueId: string,
): Promise<{ id: string; accountId: string } | null> {
  authorise(ctx.actor, 'feedback:read');
  const key = await readIssueKey(ctx, issueId).catch((error: unknown) => {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  });
  if (key === null || key.kind === 'crash') return null;
  return ctx.db.prisma.feedback.findFirst({
    where: { issueId: key.id, accountId: key.accountId },
    select: { id: true, accountId: true },
  });
}
