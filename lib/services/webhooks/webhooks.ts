import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { receiverSubject } from '@/lib/access/key-store';
import { authorise } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { detailOf } from '../job-steps/trouble';
import { createResource, deleteResource } from '../resources/write';
import { eventAddress, publicAddress } from './address';
import { type ReceiverRow, receiverRows } from './rows';
import { attributesOf, belongs, isGone, newSecret, tellAgain } from './tell';

const id = z.string().min(1).max(400);
export const registerBody = z.strictObject({
  /** Each app of each account once. */
  apps: z
    .array(z.strictObject({ accountId: id, appId: id }))
    .min(1)
    .max(500),
});

/** What came of one app of several. */
export interface Registered {
  readonly accountId: string;
  readonly appId: string;
  /** Why not, in words; null when it is registered. */
  readonly trouble: string | null;
}

/**
 * Registers a webhook at App Store Connect for each app, one after another; one that is refused does not hold the others up.
 * @throws RefusedError 409 where App Store Connect could not reach this installation
 */
export async function registerWebhooks(
  ctx: Ctx,
  { apps }: z.infer<typeof registerBody>,
): Promise<Registered[]> {
  authorise(ctx.actor, 'settings:write');
  const { base, problem } = publicAddress(ctx.env);
  if (problem !== null)
    throw new RefusedError({
      ...{ status: 409, code: 'FLIGHTDECK.WEBHOOK_ADDRESS', title: 'App Store Connect cannot reach this' },
      detail: problem,
    });
  const outcomes: Registered[] = [];
  for (const app of apps) {
    try {
      await register(ctx, app, base);
      outcomes.push({ ...app, trouble: null });
    } catch (error) {
      const trouble = wordsOf(error);
      outcomes.push({ ...app, trouble });
      await ctx.db.write([
        ctx.db.build
          .updateTable('receivers')
          .set({ trouble })
          .where('accountId', '=', app.accountId)
          .where('appId', '=', app.appId),
      ]);
    }
  }
  return outcomes;
}

/** @throws what is no refusal */
function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return error.problems.map(({ detail }) => detail).join(' ');
  if (isAscError(error)) return detailOf(error);
  throw error;
}

/** One that was made before, maybe by a request whose answer was lost, is known by its id or its address. */
async function register(
  ctx: Ctx,
  { accountId, appId }: { accountId: string; appId: string },
  base: string,
): Promise<void> {
  const receiver = (await ofApp(ctx, accountId, appId)) ?? (await firstRow(ctx, { accountId, appId }, base));
  const made = await madeBefore(ctx, receiver);
  if (made !== null) {
    await ctx.db.write([belongs(ctx, receiver.id, made)]);
    return tellAgain(ctx, { ...receiver, webhookId: made }, base);
  }
  const attributes = { ...(await attributesOf(ctx, receiver, base)), name: 'Flightdeck' };
  const relationships = { app: { data: { type: 'apps', id: appId } } };
  const { document } = await createResource(ctx, {
    ...{ type: 'webhooks', accountId, appId },
    body: { data: { type: 'webhooks', attributes, relationships } },
  });
  if (document) await ctx.db.write([belongs(ctx, receiver.id, document.id)]);
}

async function ofApp(ctx: Ctx, accountId: string, appId: string): Promise<ReceiverRow | undefined> {
  return (await receiverRows(ctx.db)).find((one) => one.accountId === accountId && one.appId === appId);
}

/** Where the events will come to stands before App Store Connect is told of it. */
async function firstRow(
  ctx: Ctx,
  app: { accountId: string; appId: string },
  base: string,
): Promise<ReceiverRow> {
  const [row, path, now] = [randomUUID(), randomBytes(24).toString('base64url'), ctx.clock.now()];
  const sealedSecret = await ctx.keys.seal(receiverSubject(row), 1, newSecret());
  const values = {
    ...{ id: row, ...app, path, url: eventAddress(base, path), sealedSecret, keyVersion: 1 },
    ...{ createdAt: now, updatedAt: now, createdBy: ctx.actor.kind === 'user' ? ctx.actor.id : null },
  };
  await ctx.db.write([
    ctx.keys.guard(),
    ctx.db.build
      .insertInto('receivers')
      .values(values)
      .onConflict((on) => on.doNothing()),
  ]);
  const kept = await ofApp(ctx, app.accountId, app.appId);
  if (!kept) throw notFound('There is no such account, or it was removed.');
  return kept;
}

async function madeBefore(ctx: Ctx, receiver: ReceiverRow): Promise<string | null> {
  const { accountId, appId, path, webhookId } = receiver;
  const asc = await ctx.ascFor(accountId, 'interactive');
  for await (const { document } of asc.relatedPages('apps', appId, 'webhooks', {})) {
    const own = document.data.find(
      ({ id, attributes }) => id === webhookId || attributes?.url?.endsWith(`/${path}`) === true,
    );
    if (own) return own.id;
  }
  return null;
}

/** Deletes a webhook at App Store Connect, and destroys its secret here. What came by it stays for its thirty days. */
export async function removeWebhook(ctx: Ctx, receiverId: string): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const { webhookId, accountId, appId } = await receiverOf(ctx, receiverId);
  if (webhookId !== null) {
    try {
      await deleteResource(ctx, { type: 'webhooks', id: webhookId, accountId, appId });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  await ctx.db.write([ctx.db.build.deleteFrom('receivers').where('id', '=', receiverId)]);
}

/** Has App Store Connect send a test to a webhook. */
export async function pingWebhook(ctx: Ctx, receiverId: string): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const { webhookId, accountId, appId } = await receiverOf(ctx, receiverId);
  if (webhookId === null) throw notFound('App Store Connect does not have this webhook. Register it.');
  const relationships = { webhook: { data: { type: 'webhooks', id: webhookId } } };
  await createResource(ctx, {
    ...{ type: 'webhookPings', accountId, appId },
    body: { data: { type: 'webhookPings', relationships } },
  });
}

/** @throws RefusedError 404 */
export async function receiverOf({ db }: Pick<Ctx, 'db'>, receiverId: string): Promise<ReceiverRow> {
  const row = (await receiverRows(db)).find((one) => one.id === receiverId);
  if (!row) throw notFound('There is no such webhook here, or it was removed.');
  return row;
}
