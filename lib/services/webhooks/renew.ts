import { z } from 'zod';
import { receiverSubject } from '@/lib/access/key-store';
import { authorise } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { exactly } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import { publicAddress } from './address';
import { isInDoubt, type ReceiverRow } from './rows';
import { newSecret, tellAgain } from './tell';
import { receiverOf } from './webhooks';

export const renewBody = z.strictObject({
  /** Whether a new secret is made; else only what App Store Connect should know is told again. */
  isNewSecret: z.boolean(),
});

/**
 * Tells App Store Connect again what it should know of a webhook; with a new secret, if wished. Both secrets are taken from
 * before it is told until a day after it is sure to use the new one, so that no event is lost in between. Where that is not
 * known of the last one, the same is told again: a third would drop the one that may be in use.
 */
export async function renewWebhook(
  ctx: Ctx,
  receiverId: string,
  { isNewSecret }: z.infer<typeof renewBody>,
): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const { base } = publicAddress(ctx.env);
  const receiver = await receiverOf(ctx, receiverId);
  if (!isNewSecret || isInDoubt(receiver)) return tellAgain(ctx, receiver, base);
  const keyVersion = receiver.keyVersion + 1;
  const renewed: ReceiverRow = {
    ...receiver,
    keyVersion,
    sealedSecret: await ctx.keys.seal(receiverSubject(receiverId), keyVersion, newSecret()),
    formerSecret: receiver.sealedSecret,
    formerUntil: null,
  };
  await putSecrets(ctx, renewed, receiver.keyVersion);
  try {
    await tellAgain(ctx, renewed, base);
  } catch (error) {
    // Where nobody knows what App Store Connect has done both stay good; where it did nothing, the old one is in use.
    if (isNothingDone(error)) await putSecrets(ctx, receiver, keyVersion);
    throw error;
  }
}

/** Whether App Store Connect has certainly changed nothing. */
const isNothingDone = (error: unknown): boolean =>
  error instanceof RefusedError
    ? error.problems.some(({ code }) => code === 'FLIGHTDECK.NOT_APPLIED')
    : isAscError(error) && error.errors.length > 0 && error.status !== undefined && error.status < 500;

async function putSecrets(ctx: Ctx, row: ReceiverRow, expected: number): Promise<void> {
  const { keyVersion, sealedSecret, formerSecret, formerUntil } = row;
  await ctx.db.write([
    ctx.keys.guard(),
    exactly(
      1,
      ctx.db.build
        .updateTable('receivers')
        .set({ keyVersion, sealedSecret, formerSecret, formerUntil, updatedAt: ctx.clock.now() })
        .where('id', '=', row.id)
        .where('keyVersion', '=', expected),
    ),
  ]);
}
