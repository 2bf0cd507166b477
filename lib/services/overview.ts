import { authorise } from '@/lib/access/policy';
import { type Overview, overview } from '@/lib/mirror/overview';
import type { Ctx } from './ctx';
import { forActor } from './resources/shape';

/** Every app with its counts, and what needs attention today. */
export async function getOverview(ctx: Ctx, accountId?: string): Promise<Overview> {
  authorise(ctx.actor, 'programme:read');
  return forActor(ctx, await overview(ctx.db, ctx.clock.now(), accountId));
}
