import { authorise } from '@/lib/access/policy';
import * as mirror from '@/lib/mirror/overview';
import type { Ctx } from './ctx';
import { programmeNow } from './programme-time';
import { forActor } from './resources/shape';

/** Every app with its counts. */
export async function getOverview(ctx: Ctx, accountId?: string): Promise<mirror.Overview> {
  authorise(ctx.actor, 'programme:read');
  return forActor(ctx, await mirror.overview(ctx.db, programmeNow(ctx), accountId));
}
