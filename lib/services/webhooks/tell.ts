import { randomBytes } from 'node:crypto';
import { receiverSubject } from '@/lib/access/key-store';
import { WEBHOOK_EVENT_TYPE } from '@/lib/asc/catalogue/values';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { isToldGone } from '../resources/refresh';
import { updateResource } from '../resources/write';
import { eventAddress } from './address';
import { type ReceiverRow, sureStatement } from './rows';

/** What deliveries are signed with. */
export const newSecret = () => randomBytes(32).toString('hex');

/** What App Store Connect is to know of a webhook. */
export async function attributesOf(ctx: Ctx, { id: receiverId, path, ...row }: ReceiverRow, base: string) {
  const sealed = { keyVersion: row.keyVersion, sealedKey: row.sealedSecret };
  return {
    url: eventAddress(base, path),
    secret: await ctx.keys.open({ id: receiverSubject(receiverId), ...sealed }),
    eventTypes: [...WEBHOOK_EVENT_TYPE],
    enabled: true,
  };
}

/** Which webhook at App Store Connect it is; its deliveries are then looked at anew. */
export const belongs = ({ db, clock }: Ctx, receiverId: string, webhookId: string | null) =>
  db.build
    .updateTable('receivers')
    .set({ webhookId, trouble: null, checkedAt: null, updatedAt: clock.now() })
    .where('id', '=', receiverId);

/** Tells App Store Connect once more where to send what, signed with what. */
export async function tellAgain(ctx: Ctx, receiver: ReceiverRow, base: string): Promise<void> {
  const { webhookId, accountId, appId } = receiver;
  if (webhookId === null) throw notFound('App Store Connect does not have this webhook. Register it.');
  const attributes = await attributesOf(ctx, receiver, base);
  try {
    await updateResource(ctx, {
      ...{ type: 'webhooks', id: webhookId, accountId, appId },
      body: { data: { type: 'webhooks', id: webhookId, attributes } },
    });
  } catch (error) {
    if (isGone(error)) await ctx.db.write([belongs(ctx, receiver.id, null)]);
    throw error;
  }
  const now = ctx.clock.now();
  await ctx.db.write([
    ctx.db.build
      .updateTable('receivers')
      .set({ url: attributes.url, trouble: null, checkedAt: null, updatedAt: now })
      .where('id', '=', receiver.id),
    sureStatement(receiver, now),
  ]);
}

/** Whether App Store Connect no longer has it. */
export const isGone = (error: unknown): boolean =>
  isToldGone(error) || (error instanceof RefusedError && error.status === 404);
