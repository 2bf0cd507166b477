import type { ResourceType } from '@/lib/asc/catalogue/types';
import { shape } from '@/lib/store/shape';
import { failureOf } from '@/lib/sync/failure';
import { feedbackPlans } from '@/lib/sync/plan';
import { dueStatement } from '@/lib/sync/scopes';
import { readUploads, UPLOADS } from '@/lib/sync/uploads';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { readAfresh, readerOf } from '../resources/refresh';
import { requestSync } from '../sync';

/** Events about one thing, which one reading answers. */
export interface Matter {
  readonly receiverId: string;
  readonly accountId: string;
  readonly appId: string;
  readonly type: string | null;
  readonly id: string | null;
  readonly ids: readonly string[];
  readonly tries: number;
  readonly isTest: boolean;
}

/** The lists that an app's feedback stands in. */
export const feedbackScopes = (appId: string) => feedbackPlans(appId).map(({ scope }) => scope);

/** The whole list is read with the next sync, which is asked for at once; the mark stays until it was. */
export async function markDue(
  ctx: Ctx,
  { accountId, appId }: Matter,
  list: 'feedback' | 'builds',
): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.write([dueStatement(accountId, list === 'builds' ? ['builds'] : feedbackScopes(appId), now)]);
  await askForSync(ctx, accountId);
}

/** A wish of the last minute answers this one too. */
async function askForSync(ctx: Ctx, accountId: string): Promise<void> {
  await requestSync(ctx, { accountId, mode: 'incremental' }).catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.retryAt === undefined) throw error;
  });
}

/** Reads from App Store Connect what the events are about, into our copy. @throws AscError when it cannot be asked */
export async function readThing(ctx: Ctx, matter: Matter, id: string, signal: AbortSignal): Promise<void> {
  const { accountId, appId, type } = matter;
  const manner = { lane: 'sync' as const, signal };
  const afresh = (of: ResourceType, which: string) =>
    readAfresh(ctx, { accountId, type: of, id: which, appId }, manner);
  if (type === 'buildBetaDetails') {
    const buildId = await buildOf(ctx, accountId, id, signal);
    if (buildId !== null) await afresh('builds', buildId);
    return;
  }
  if (type !== UPLOADS) {
    // A report may be told of before it can be read by itself: it is not to be missed until the day's whole reading.
    if (!(await afresh(type as ResourceType, id))) await markDue(ctx, matter, 'feedback');
    return;
  }
  const { asc, db, clock } = await readerOf(ctx, accountId, manner);
  await readUploads({ asc, db, accountId, clock, signal }, appId);
  // An upload and the build that comes of it have been seen to share their id; nothing says that they must.
  const isBuild = await afresh('builds', id).catch((error: unknown) => {
    if (signal.aborted || failureOf(error).status !== undefined) throw error;
    return false;
  });
  if (!isBuild) await askForSync(ctx, accountId);
}

const buildOfDetail = shape((build, given: { accountId: string; id: string }) =>
  build
    .selectFrom('builds')
    .select('id')
    .where('accountId', '=', given.accountId)
    .where('buildBetaDetailId', '=', given.id),
);

/** The build a detail belongs to: as our copy has it, else as App Store Connect says. */
async function buildOf(
  ctx: Ctx,
  accountId: string,
  detailId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [known] = await ctx.db.read(buildOfDetail({ accountId, id: detailId }));
  if (known) return known.id;
  const asc = await ctx.ascFor(accountId, 'sync');
  const { document } = await asc.getRelated('buildBetaDetails', detailId, 'build', {}, { signal });
  return document.data?.id ?? null;
}
