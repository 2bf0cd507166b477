import { type AscError, isAscError } from '@/lib/asc/errors';
import { shape } from '@/lib/store/shape';
import { type AccountStatus, statesThatStay } from '@/lib/sync/failure';
import type { Ctx } from '../ctx';

/** Failures that say something about the key or the connection rather than about one request. */
const STATUS_OF: Partial<Record<AscError['kind'], AccountStatus>> = {
  unauthorized: 'unauthorized',
  bad_credential: 'unauthorized',
  agreement_missing: 'agreement_missing',
  clock_skew: 'clock_skew',
  network: 'unreachable',
  timeout: 'unreachable',
  breaker_open: 'unreachable',
  server: 'server',
  intermediary: 'unreachable',
};

const statusOf = shape((build, given: { readonly accountId: string }) =>
  build.selectFrom('Account').select('status').where('id', '=', given.accountId),
);

/**
 * Keeps what a call said about its account, so that every page can show a banner. Written only when it changes, and
 * never in the way of the answer.
 */
export async function noteHealth(
  ctx: Pick<Ctx, 'db' | 'clock' | 'log'>,
  accountId: string,
  failure: unknown,
): Promise<void> {
  const status = failure === null ? 'ok' : isAscError(failure) ? STATUS_OF[failure.kind] : undefined;
  if (status === undefined) return;
  const [known] = await ctx.db.read<{ status: AccountStatus }>(statusOf({ accountId }));
  if (!known || statesThatStay(status, false).includes(known.status)) return;
  // One good answer says nothing of what only the sync finds out: a list it may not read, or not to the end.
  if (status === 'ok' && !Object.values(STATUS_OF).includes(known.status)) return;
  const detail = failure instanceof Error ? failure.message : null;
  const now = ctx.clock.now();
  ctx.db
    .write([
      ctx.db.build
        .updateTable('Account')
        .set({ status, statusDetail: detail, statusAt: now, updatedAt: now })
        .where('id', '=', accountId),
    ])
    .catch((error: unknown) => ctx.log.warn({ accountId, err: error }, 'account status not kept'));
}
