import type { WriteCall } from '@/lib/asc/operations';
import type { AuditIntent } from '@/lib/audit/trail';
import type { JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { effectsOf } from '../resources/effects';
import { type Found, look } from '../resources/read-back';
import { type Entry, openRows, SendError, type Sent, send } from '../resources/send';
import { placeOf } from './place';

/** What the trail says of an item; who, where and which job are filled in, and what it is about by the call. */
export type ItemEntry = Pick<Entry, 'type' | 'resourceId' | 'label' | 'before' | 'requested'>;

/** Items for which something was sent: they cannot be put back any more, so the store is waited for. */
const begun = new WeakSet<JobItem>();
export const hasBegun = (item: JobItem) => begun.has(item);

/**
 * One call for one or several items: an audit row each before it; their outcomes are the caller's to commit with what
 * {@link effectsIn} gives. When the call fails, or there is no room for all rows, the rows get what that means.
 * @throws SendError
 */
export async function sendFor(
  work: Work<Ctx>,
  items: readonly JobItem[],
  call: WriteCall,
  entryOf: (item: JobItem) => ItemEntry,
): Promise<Sent> {
  const { context: ctx, job } = work;
  const { accountId, appId } = await placeOf(work);
  const entries = items.map((item) => ({
    ...entryOf(item),
    actorId: job.createdBy,
    actorEmail: job.createdByEmail,
    requestId: requestIdOf(job.id, item),
    jobId: job.id,
  }));
  const db = items.some((item) => begun.has(item)) ? { ...ctx.db, write: work.write } : ctx.db;
  const mark = () => {
    for (const item of items) begun.add(item);
  };
  try {
    const sent = await send(ctx, { call, accountId, appId, lane: 'write', entries, db });
    mark();
    return sent;
  } catch (error) {
    if (error instanceof SendError && error.sentAt !== null) mark();
    throw error;
  }
}

/** Our copy after a call of a job, as after any other. */
export async function effectsIn(
  work: Work<Ctx>,
  call: WriteCall,
  answer: Pick<Sent, 'document'> & { readonly isQueued?: boolean } = { document: null },
): Promise<Write[]> {
  const { db, clock } = work.context;
  const { accountId, appId } = await placeOf(work);
  const { document, isQueued = false } = answer;
  return effectsOf({ db, accountId, appId, at: clock.now(), isQueued }, call, document);
}

/** What became at Apple of a call that may have been sent for an item. @throws AscError when Apple cannot be asked */
export async function lookFor(work: Work<Ctx>, item: JobItem, call: WriteCall): Promise<Found> {
  const { asc, accountId, appId } = await placeOf(work);
  return look({ asc, db: work.context.db }, { call, accountId, appId, sentAt: item.sentAt ?? 0 });
}

/** The rows an item has in the trail whose outcome nobody knows; without any nothing was sent. */
export function openAudit(
  { context: { db }, job }: Work<Ctx>,
  item: JobItem,
): Promise<(AuditIntent & { readonly before: string | null })[]> {
  return db.read(
    db.build
      .selectFrom('auditEntries')
      .select(['id', 'hash', 'before'])
      .where('status', 'in', ['pending', 'unknown'])
      .where('jobId', '=', job.id)
      .where('requestId', '=', requestIdOf(job.id, item)),
  );
}

/** The statements that settle the rows an item left open when nobody knew what had become of it. */
export async function settleAudit(
  work: Work<Ctx>,
  item: JobItem,
  outcome: { readonly status: 'succeeded' | 'failed' | 'unknown'; readonly after?: unknown },
): Promise<Write[]> {
  const { status, after } = outcome;
  return openRows(work.context, await openAudit(work, item)).close(
    status === 'succeeded' ? { status, after } : { status, errors: [WHY[status]] },
  );
}

/** What becomes of an item of which nobody can find out whether it was carried out, in words. */
export async function unknownOutcome(work: Work<Ctx>, item: JobItem, detail: string): Promise<Outcome> {
  const statements = await settleAudit(work, item, { status: 'unknown' });
  return { status: 'failed', code: OUTCOME_UNKNOWN, detail, statements };
}

export const OUTCOME_UNKNOWN = 'FLIGHTDECK.OUTCOME_UNKNOWN';

const WHY = {
  failed: { detail: 'Read back from App Store Connect: it was not carried out.' },
  unknown: { detail: 'App Store Connect does not show whether it was carried out.' },
} as const;

function requestIdOf(jobId: string, item: JobItem): string {
  return `${jobId}/${item.position}`;
}
