import type { AscWriter } from '@/lib/asc/client-interface';
import { type AscError, isAscError } from '@/lib/asc/errors';
import type { WriteCall } from '@/lib/asc/operations';
import type { OneDocument } from '@/lib/asc/types';
import type { AuditDraft } from '@/lib/audit/entry';
import { type AuditIntent, type AuditResult, begin, beginAll, finishStatement } from '@/lib/audit/trail';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Database, Write } from '@/lib/store/database';
import type { ClientLane, Ctx } from '../ctx';
import { namesOfMany } from '../history/names';
import { noteHealth } from './health';

/** A row of the trail about a call; who and what for. What it is about follows from the call unless it says more. */
export type Entry = Pick<
  AuditDraft,
  'actorId' | 'actorEmail' | 'label' | 'before' | 'requested' | 'requestId' | 'jobId' | 'undoOf'
> &
  Partial<Pick<AuditDraft, 'type' | 'resourceId'>> & {
    /** What else the trail should keep the names of. */
    readonly named?: unknown;
  };

/** A write, and the rows of the trail it gets: one, or one for each of the several items it is about. */
export interface Order {
  readonly call: WriteCall;
  readonly accountId: string;
  readonly appId: string | null;
  readonly lane: ClientLane;
  readonly entries: readonly Entry[];
  /** Where the intents are kept, when the store is waited for longer than usual. */
  readonly db?: Database;
}

/** What a write has brought. */
export interface Success {
  readonly document: ResourceObject | null;
  readonly included: readonly ResourceObject[];
  readonly appleRequestId: string | undefined;
  /** Apple has accepted the order and carries it out later (202). */
  readonly isQueued: boolean;
}

/** A write that Apple has answered with a success, whose outcome is still to be kept. */
export interface Sent extends Success {
  readonly rows: Rows;
  /** Marks the n-th row as done; stands in one transaction with what else follows. */
  finish(index: number, after?: unknown): Write;
}

type Outcome = Omit<AuditResult, 'at'>;

/** What a write has in the trail. */
export interface Rows {
  readonly ids: readonly string[];
  /** Marks all of them with what came of it. */
  close(outcome: Outcome): Write[];
}

/** Rows of the trail that are still open, or of an outcome that nobody knew. */
export function openRows({ clock }: Pick<Ctx, 'clock'>, intents: readonly AuditIntent[]): Rows {
  return {
    ids: intents.map(({ id }) => id),
    close: (outcome) => intents.map((intent) => finishStatement(intent, { ...outcome, at: clock.now() })),
  };
}

/** A write that came to no success: refused, lost, or never sent. */
export class SendError extends Error {
  override readonly name = 'SendError';
  constructor(
    /** Apple's own error, or the store's. */
    override readonly cause: unknown,
    readonly rows: Rows,
    /** When it was sent, ms since 1970; null when there was no room for its rows, and no call. */
    readonly sentAt: number | null,
  ) {
    super('A write to App Store Connect did not succeed.');
  }
}

/**
 * The one way to change something at Apple. The intents are committed first: no row, no call, so a full disk or a
 * locked store refuses here. Then the call is sent, once. Outcome, copy and stale answers are the caller's to commit
 * in one transaction, with {@link Sent.finish} and `effectsOf`.
 * @throws SendError around Apple's error, or the store's
 */
export async function send(
  ctx: Ctx,
  { call, accountId, appId, lane, entries, ...order }: Order,
): Promise<Sent> {
  const db = order.db ?? ctx.db;
  const now = () => ctx.clock.now();
  let intents: readonly AuditIntent[] = [];
  let sentAt: number | null = null;
  try {
    const named = await namesOfMany(
      db,
      entries.map((entry) => ({
        ...aboutOf(call, entry),
        accountId,
        requested: [entry.requested, entry.named],
      })),
    );
    const drafts = entries.map(({ named: _, ...entry }, index) => ({
      ...aboutOf(call, entry),
      accountId,
      appId,
      names: named[index],
      at: now(),
      action: call.operation,
    }));
    const [first, ...others] = drafts;
    // Intents of several requests that come one by one are written together.
    intents = first && others.length === 0 ? [await begin(db, first)] : await beginAll(db, drafts);
    sentAt = now();
    const asc = (await ctx.ascFor(accountId, lane)) as AscWriter;
    const { document, requestId, status } = await asc.perform(call);
    await noteHealth(ctx, accountId, null);
    const answer = document as OneDocument<ResourceObject> | null;
    return {
      document: answer?.data ?? null,
      included: (answer?.included ?? []) as ResourceObject[],
      appleRequestId: requestId,
      isQueued: status === 202,
      rows: openRows(ctx, intents),
      finish(index, after) {
        const intent = intents[index];
        if (!intent) throw new Error(`No row of the trail for ${index}.`);
        return finishStatement(intent, { status: 'succeeded', at: now(), after, appleRequestId: requestId });
      },
    };
  } catch (error) {
    if (sentAt !== null) await noteHealth(ctx, accountId, error);
    throw new SendError(error, openRows(ctx, intents), sentAt);
  }
}

/** What an entry is about: what the call names, unless it says more. */
function aboutOf(call: WriteCall, entry: Omit<Entry, 'named'>) {
  return { type: call.type, resourceId: call.id ?? null, ...entry };
}

/** Apple's error behind a failed write, or behind a read about it; null when it is not Apple's. */
export function refusalIn(error: unknown): AscError | null {
  const cause = error instanceof SendError ? error.cause : error;
  return isAscError(cause) ? cause : null;
}

/** Marks what a refused write has in the trail as failed, in Apple's words. */
export function closed(error: unknown, { errors }: AscError): Write[] {
  return error instanceof SendError ? error.rows.close({ status: 'failed', errors }) : [];
}
