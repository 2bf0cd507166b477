import { authorise } from '@/lib/access/policy';
import { queryMirror } from '@/lib/mirror/query';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { notFound } from '../errors';
import { forActor } from '../resources/shape';
import { type IssueFigures, readExample, readIssueFigures } from './issue';
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
