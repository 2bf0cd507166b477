import { authorise } from '@/lib/access/policy';
import { dayOf } from '@/lib/format/utc-days';
import { accountRows } from '../accounts/rows';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';
import { programmeNow } from '../programme-time';
import { type Range, rangeOf } from './range';
import type { Scope } from './readings';

export interface Asked {
  readonly appId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly parameters: URLSearchParams;
}

/** Which apps are asked about, and of which days. @throws RefusedError 404 unknown app, 400 no such days */
export async function askedOf(
  ctx: Ctx,
  { appId, accountId, parameters }: Asked,
): Promise<{ readonly scope: Scope; readonly range: Range }> {
  authorise(ctx.actor, 'programme:read');
  const range = rangeOf(parameters, dayOf(programmeNow(ctx)));
  if (appId !== undefined) {
    const app = await appOf(ctx, appId, accountId);
    return { scope: { accountIds: [app.accountId], appId }, range };
  }
  const accountIds = (await accountRows(ctx.db)).map(({ id }) => id);
  // A list of none is no list to every engine.
  return { scope: { accountIds: accountIds.length > 0 ? accountIds : [''] }, range };
}
