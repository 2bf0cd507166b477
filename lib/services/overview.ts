import { authorise } from '@/lib/access/policy';
import * as mirror from '@/lib/mirror/overview';
import { type Attention, attentionOf } from './alerts/attention';
import type { Ctx } from './ctx';
import { forActor } from './resources/shape';

export interface AppOverview extends mirror.AppOverview {
  /** What needs somebody today. */
  readonly attention: readonly Attention[];
}

export interface Overview extends mirror.Overview<AppOverview> {
  /** What belongs to no single app, such as a refused key. */
  readonly attention: readonly Attention[];
}

/** Every app with its counts, and what needs attention today. */
export async function getOverview(ctx: Ctx, accountId?: string): Promise<Overview> {
  authorise(ctx.actor, 'programme:read');
  const now = ctx.clock.now();
  const counted = await mirror.overview(ctx.db, now, accountId);
  const attention = await attentionOf(ctx.db, now, accountId);
  return forActor(ctx, {
    ...counted,
    apps: counted.apps.map((app) => ({
      ...app,
      attention: attention
        .filter((fact) => fact.accountId === app.accountId && fact.appId === app.appId)
        .map((fact) => (app.accountName === null ? fact : { ...fact, accountName: app.accountName })),
    })),
    attention: attention.filter((fact) => fact.appId === null),
  });
}
