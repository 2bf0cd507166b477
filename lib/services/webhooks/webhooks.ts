import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { receiverSubject } from '@/lib/access/key-store';
import { authorise } from '@/lib/access/policy';
import { WEBHOOK_EVENT_TYPE } from '@/lib/asc/catalogue/values';
import { isAscError } from '@/lib/asc/errors';
import { exactly } from '@/lib/store/store';
import type { Ctx } from '../ctx';
import { notFound, RefusedError } from '../errors';
import { detailOf } from '../job-steps/trouble';
import { isToldGone } from '../resources/refresh';
import { createResource, deleteResource, updateResource } from '../resources/write';
import { eventAddress, publicAddress } from './address';
import { type ReceiverRow, receiverRows } from './rows';

const id = z.string().min(1).max(400);
export const registerBody = z.strictObject({
  /** Each app of each account once. */
  apps: z
    .array(z.strictObject({ accountId: id, appId: id }))
    .min(1)
    .max(500),
});
export const renewBody = z.strictObject({
  /** Whether a new secret is made; else only what App Store Connect should know is told again. */
  isNewSecret: z.boolean(),
});

/** What came of one app of several. */
export interface Registered {
  readonly accountId: string;
  readonly appId: string;
  /** Why not, in words; null when it is registered. */
  readonly trouble: string | null;
}

/** How long the secret before is taken as well: deliveries that are under way, and those sent again, ms. */
const FORMER_MS = 24 * 60 * 60_000;

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

/** One that may have been made before, by a request whose answer was lost, is known by its address. */
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

const newSecret = () => randomBytes(32).toString('hex');

async function attributesOf(ctx: Ctx, { id: receiverId, path, ...row }: ReceiverRow, base: string) {
  const sealed = { keyVersion: row.keyVersion, sealedKey: row.sealedSecret };
  return {
    url: eventAddress(base, path),
    secret: await ctx.keys.open({ id: receiverSubject(receiverId), ...sealed }),
    eventTypes: [...WEBHOOK_EVENT_TYPE],
    enabled: true,
  };
}

const belongs = ({ db, clock }: Ctx, receiverId: string, webhookId: string | null) =>
  db.build
    .updateTable('receivers')
    .set({ webhookId, trouble: null, updatedAt: clock.now() })
    .where('id', '=', receiverId);

async function madeBefore(ctx: Ctx, { accountId, appId, path }: ReceiverRow): Promise<string | null> {
  const asc = await ctx.ascFor(accountId, 'interactive');
  for await (const { document } of asc.relatedPages('apps', appId, 'webhooks', {})) {
    const own = document.data.find(({ attributes }) => attributes?.url?.endsWith(`/${path}`) === true);
    if (own) return own.id;
  }
  return null;
}

/** Tells App Store Connect once more where to send what, signed with what. */
async function tellAgain(ctx: Ctx, receiver: ReceiverRow, base: string): Promise<void> {
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
  await ctx.db.write([
    ctx.db.build
      .updateTable('receivers')
      .set({ url: attributes.url, trouble: null, updatedAt: ctx.clock.now() })
      .where('id', '=', receiver.id),
  ]);
}

const isGone = (error: unknown): boolean =>
  isToldGone(error) || (error instanceof RefusedError && error.status === 404);

/**
 * Tells App Store Connect again what it should know of a webhook; with a new secret, if wished. Both secrets are taken from
 * before it is told until a day after, so that no event is lost in between.
 */
export async function renewWebhook(
  ctx: Ctx,
  receiverId: string,
  { isNewSecret }: z.infer<typeof renewBody>,
): Promise<void> {
  authorise(ctx.actor, 'settings:write');
  const { base } = publicAddress(ctx.env);
  const receiver = await receiverOf(ctx, receiverId);
  if (!isNewSecret) return tellAgain(ctx, receiver, base);
  const keyVersion = receiver.keyVersion + 1;
  const renewed: ReceiverRow = {
    ...receiver,
    keyVersion,
    sealedSecret: await ctx.keys.seal(receiverSubject(receiverId), keyVersion, newSecret()),
    formerSecret: receiver.sealedSecret,
    formerUntil: ctx.clock.now() + FORMER_MS,
  };
  await putSecrets(ctx, renewed, receiver.keyVersion);
  try {
    await tellAgain(ctx, renewed, base);
  } catch (error) {
    // Where nobody knows what App Store Connect has done both stay good; where it refused, the old one is in use.
    if (isRefusal(error)) await putSecrets(ctx, receiver, keyVersion);
    throw error;
  }
}

/** Whether App Store Connect has certainly changed nothing. */
const isRefusal = (error: unknown): boolean =>
  isAscError(error) && error.errors.length > 0 && error.status !== undefined && error.status < 500;

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
