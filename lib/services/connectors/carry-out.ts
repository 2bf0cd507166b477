import { isTracker } from '@/lib/connectors/connector';
import { type Connector, ConnectorError, type Item, type Made } from '@/lib/connectors/types';
import { StaleWriteError } from '@/lib/store/errors';
import { announced } from '@/lib/store/feed';
import type { Ctx } from '../ctx';
import { changeHandover, guardWhenSent, type HandoverRow, handoverRow } from './handover-rows';
import type { ConnectorRow } from './rows';

/** Clocks differ: what was made shortly before we say that we sent it may be ours, ms. */
const SLACK_MS = 10 * 60_000;
/** What answered too late may be carried out yet: so long after it was sent nothing is sent again, ms. */
const SURE_MS = 2 * 60_000;
/** How long to wait for the next look, by how many there were, ms. */
const WAITS_MS = [5_000, 15_000, 45_000, 90_000, 5 * 60_000, 30 * 60_000] as const;
/** By itself it is sent so often at most. */
const MOST_SENDS = 3;

const waitAfter = (looks: number): number => WAITS_MS[Math.min(looks, WAITS_MS.length - 1)] ?? 0;

/** What came of it: as the row stands now, and when to try again where the other side said so, ms since 1970. */
export interface Carried {
  readonly row: HandoverRow;
  readonly retryAt?: number | undefined;
  /** Nothing was done, and the person may try again. */
  readonly refusal?: ConnectorError;
}

/** Sends what was written down before. Whoever has lost the turn meanwhile changes nothing. */
export async function send(
  ctx: Ctx,
  row: HandoverRow,
  { connector, to, facts }: { connector: Connector; to: ConnectorRow; facts?: Item['facts'] },
): Promise<Carried> {
  try {
    const { id, title, body } = row;
    return await sent(ctx, row, to, await connector.make({ id, title, body, ...(facts ? { facts } : {}) }));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.kind === 'unsure') return unsure(ctx, row, { connector, to, error });
    return notDone(ctx, row, error);
  }
}

/** It is done: what was made there is kept, and nothing more is sent. */
async function sent(ctx: Ctx, row: HandoverRow, to: ConnectorRow, made: Made | null): Promise<Carried> {
  const { db, clock } = ctx;
  const now = clock.now();
  const kept = made ?? { key: null, remoteId: null, url: null };
  return settled(ctx, row, [
    changeHandover(ctx, row, {
      ...{ state: 'sent', trouble: null, guard: guardWhenSent(to, row), ...kept },
      stateAfter: made ? now : null,
    }),
    // The first of them is also the link that lists know.
    ...(made
      ? [
          db.build
            .updateTable('issues')
            .set(({ eb }) => ({ link: made.url, version: eb('version', '+', 1), updatedAt: now }))
            .where('id', '=', row.issueId)
            .where('link', 'is', null),
        ]
      : []),
    ...announced('feedback', [row.issueId], now),
  ]);
}

/** Nothing was done. The first time the person is told; what is repeated by itself goes on later. */
async function notDone(ctx: Ctx, row: HandoverRow, error: ConnectorError): Promise<Carried> {
  const now = ctx.clock.now();
  const retryAt = error.afterMs === undefined ? undefined : now + error.afterMs;
  if (row.sends > 1 && error.kind === 'passing') {
    const turnUntil = retryAt ?? now + waitAfter(row.looks);
    return settled(ctx, row, [
      changeHandover(ctx, row, { state: 'unsure', trouble: error.message, turnUntil }),
    ]);
  }
  const change = { state: 'refused', trouble: error.message, guard: null };
  return { ...(await settled(ctx, row, [changeHandover(ctx, row, change)])), retryAt, refusal: error };
}

/** It may have been done: it is looked for at once, and again later; only a person knows of a message. */
async function unsure(
  ctx: Ctx,
  row: HandoverRow,
  { connector, to, error }: { connector: Connector; to: ConnectorRow; error: ConnectorError },
): Promise<Carried> {
  const found = connector.find ? await lookFor(connector, row) : null;
  if (found instanceof ConnectorError || found === null) {
    const now = ctx.clock.now();
    const turnUntil = now + Math.max(waitAfter(0), error.afterMs ?? 0);
    return settled(ctx, row, [
      changeHandover(ctx, row, { state: 'unsure', trouble: error.message, turnUntil }),
    ]);
  }
  return sent(ctx, row, to, found);
}

/** Looks for what may have been made. @returns what stands in the way, where that cannot be known now */
async function lookFor(connector: Connector, row: HandoverRow): Promise<Made | ConnectorError | null> {
  try {
    return (await connector.find?.({ id: row.id }, row.createdAt - SLACK_MS)) ?? null;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}

/**
 * Goes on with what nobody is at: looks before it repeats. What is not there long enough after it was sent, is sent
 * again; what cannot be looked for is left to a person.
 */
export async function goOn(
  ctx: Ctx,
  row: HandoverRow,
  { connector, to }: { connector: Connector; to: ConnectorRow },
): Promise<Carried> {
  const now = ctx.clock.now();
  if (!isTracker(to.kind) || !connector.find) {
    const trouble = row.trouble ?? 'Flightdeck was stopped while it was being sent.';
    // Nobody but a person can tell: it is left alone.
    return settled(ctx, row, [changeHandover(ctx, row, { state: 'unsure', trouble, turnUntil: NEVER })]);
  }
  const found = await lookFor(connector, row);
  const looks = row.looks + 1;
  const later = (trouble: string | null, afterMs = 0) =>
    settled(ctx, row, [
      changeHandover(ctx, row, {
        ...{
          state: 'unsure',
          looks,
          trouble,
          turnUntil: ctx.clock.now() + Math.max(waitAfter(looks), afterMs),
        },
      }),
    ]);
  if (found instanceof ConnectorError) return later(found.message, found.afterMs);
  if (found !== null) return sent(ctx, row, to, found);
  if (looks < 2 || now - row.sentAt < SURE_MS) return later(row.trouble);
  if (row.sends >= MOST_SENDS) return later('It was tried several times and is not there.');
  const again = { state: 'sending', sends: row.sends + 1, sentAt: now, looks: 0 };
  const { row: next, isOurs } = await changed(ctx, row, [changeHandover(ctx, row, again)]);
  return isOurs ? send(ctx, next, { connector, to }) : { row: next };
}

/** Later than any instant. */
const NEVER = 8_640_000_000_000_000;

async function settled(
  ctx: Ctx,
  row: HandoverRow,
  writes: Parameters<Ctx['db']['write']>[0],
): Promise<Carried> {
  return { row: (await changed(ctx, row, writes)).row };
}

async function changed(ctx: Ctx, row: HandoverRow, writes: Parameters<Ctx['db']['write']>[0]) {
  let isOurs = true;
  try {
    await ctx.db.write(writes);
  } catch (error) {
    // Somebody else has taken it on and knows better.
    if (!(error instanceof StaleWriteError)) throw error;
    isOurs = false;
  }
  return { row: (await handoverRow(ctx.db, row.id)) ?? row, isOurs };
}
