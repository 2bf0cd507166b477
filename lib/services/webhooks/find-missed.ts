import type { Resource } from '@/lib/asc/types';
import { isRecord } from '@/lib/mirror/resource';
import { shape } from '@/lib/store/shape';
import { CHECK_MS } from '@/lib/sync/covered';
import { failureOf } from '@/lib/sync/failure';
import { dueStatement, lookedAtStatement } from '@/lib/sync/scopes';
import type { Ctx } from '../ctx';
import { isToldGone } from '../resources/refresh';
import { type Came, keepEvents } from './keep';
import { readPayload } from './payload';
import { feedbackScopes } from './read-matter';
import { type ReceiverRow, receiverRows } from './rows';

/** So many pages of deliveries are read at most: older ones are not told by App Store Connect either. */
const MOST_PAGES = 10;
/** Events are forgotten after so long, ms; App Store Connect lists the deliveries of a week. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const PAGE = 200;
/** App Store Connect has been seen to list no more deliveries than these: there may have been others. */
const MANY = 20;

const noted = shape(
  (build, given: { id: string; checkedAt: number; readTo: string | null; trouble: string | null }) =>
    build
      .updateTable('receivers')
      .set({ checkedAt: given.checkedAt, readTo: given.readTo, trouble: given.trouble })
      .where('id', '=', given.id),
);
const waitingOf = shape((build, given: { id: string }) =>
  build
    .selectFrom('receivedEvents')
    .select('id')
    .where('receiverId', '=', given.id)
    .where('state', '=', 'waiting')
    .limit(1),
);
const forgotten = shape((build, given: { before: number }) =>
  build.deleteFrom('receivedEvents').where('receivedAt', '<', given.before).where('state', '<>', 'waiting'),
);

/**
 * Looks whether App Store Connect still has each webhook as it was told, and among its deliveries for events that never came:
 * two requests each, every quarter of an hour and after a time without a worker. What did come is known by its id.
 */
export async function findMissed(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const now = ctx.clock.now();
  for (const receiver of await receiverRows(ctx.db)) {
    const age = now - (receiver.checkedAt ?? Number.NEGATIVE_INFINITY);
    // What was looked at in the future was looked at before the clock was set back.
    if (signal.aborted || receiver.webhookId === null || (age >= 0 && age < CHECK_MS)) continue;
    await checkOne(ctx, receiver, receiver.webhookId, signal);
  }
  await ctx.db.write([forgotten({ before: now - KEPT_MS })]);
}

async function checkOne(
  ctx: Ctx,
  receiver: ReceiverRow,
  webhookId: string,
  signal: AbortSignal,
): Promise<void> {
  const { id, readTo, accountId, appId } = receiver;
  const checkedAt = ctx.clock.now();
  const scopes = feedbackScopes(appId);
  try {
    const asc = await ctx.ascFor(accountId, 'sync');
    const { document } = await asc.get('webhooks', webhookId, {}, { signal });
    const trouble = changedThere(receiver, document.data.attributes);
    // Before it was found well, things may have happened that nobody was told of.
    const isWell = trouble === null;
    const isNews = isWell && (receiver.checkedAt === null || receiver.trouble !== null);
    const { events, newest, count } = await deliveredSince(ctx, receiver, webhookId, signal);
    await keepEvents(ctx.db, events);
    const isQuiet = (await ctx.db.read(waitingOf({ id }))).length === 0;
    await ctx.db.write([
      noted({ id, checkedAt, readTo: newest ?? readTo, trouble }),
      ...(count >= MANY || isNews ? [dueStatement(accountId, scopes, checkedAt)] : []),
      // What nobody told of by now has not happened: the lists are as young as this.
      ...(isQuiet && isWell ? scopes.map((scope) => lookedAtStatement(accountId, scope, checkedAt)) : []),
    ]);
  } catch (error) {
    if (signal.aborted) return;
    ctx.log.info({ err: error, receiverId: id }, 'The deliveries of a webhook cannot be looked at now.');
    const isGone = isToldGone(error);
    const trouble = isGone
      ? 'App Store Connect no longer has this webhook. Register it again.'
      : failureOf(error).message;
    await ctx.db.write([
      noted({ id, checkedAt, readTo, trouble }),
      ...(isGone
        ? [ctx.db.build.updateTable('receivers').set({ webhookId: null }).where('id', '=', id)]
        : []),
    ]);
  }
}

const FEEDBACK_EVENTS = [
  'BETA_FEEDBACK_CRASH_SUBMISSION_CREATED',
  'BETA_FEEDBACK_SCREENSHOT_SUBMISSION_CREATED',
] as const;

/** What somebody has changed in App Store Connect so that feedback is no longer told of, in words; null when nothing. */
function changedThere(
  { url }: ReceiverRow,
  { enabled, eventTypes, url: there }: NonNullable<Resource<'webhooks'>['attributes']> = {},
): string | null {
  const found = [
    enabled === false ? 'It is switched off.' : '',
    eventTypes && FEEDBACK_EVENTS.some((type) => !eventTypes.includes(type))
      ? 'It does not tell of all new feedback any more.'
      : '',
    there && there !== url ? 'It sends to another address than the one it was given.' : '',
  ].filter(Boolean);
  return found.length === 0
    ? null
    : `Somebody changed it in App Store Connect. ${found.join(' ')} Set it right.`;
}

/** What was delivered since the newest delivery known, by whatever outcome, and when the newest one was. */
async function deliveredSince(
  ctx: Ctx,
  { id: receiverId, accountId, readTo }: ReceiverRow,
  webhookId: string,
  signal: AbortSignal,
): Promise<{ events: Came[]; newest: string | null; count: number }> {
  const asc = await ctx.ascFor(accountId, 'sync');
  const since = readTo === null ? {} : { createdDateGreaterThanOrEqualTo: readTo };
  const pages = asc.relatedPages(
    'webhooks',
    webhookId,
    'deliveries',
    { filter: since, include: ['event'], limit: { page: PAGE } },
    { signal },
  );
  const events: Came[] = [];
  let newest: string | null = null;
  let count = 0;
  let pagesRead = 0;
  for await (const { document } of pages) {
    for (const { attributes } of document.data) {
      const created = attributes?.createdDate;
      if (typeof created === 'string' && (newest === null || Date.parse(created) > Date.parse(newest)))
        newest = created;
    }
    for (const included of document.included ?? []) {
      const { type, attributes } = included as { type: string; attributes?: unknown };
      if (type !== 'webhookEvents' || !isRecord(attributes) || typeof attributes.payload !== 'string')
        continue;
      const payload = attributes.payload;
      const told = readPayload(payload);
      events.push({ receiverId, told, payload, origin: 'found', at: ctx.clock.now() });
    }
    count += document.data.length;
    pagesRead += 1;
    if (pagesRead >= MOST_PAGES) break;
  }
  return { events, newest, count };
}
