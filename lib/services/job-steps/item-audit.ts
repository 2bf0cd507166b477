import type { AuditDraft } from '@/lib/audit/entry';
import { type AuditIntent, beginAll, finishStatement } from '@/lib/audit/trail';
import type { JobItem, Work } from '@/lib/jobs/types';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { namesOfMany } from '../history/names';
import { ItemCallError } from './trouble';

/** What an item is about to do, as the trail tells it; who, where and which job are filled in. */
export type ItemDraft = Pick<AuditDraft, 'action' | 'type' | 'resourceId' | 'label' | 'before' | 'requested'>;

export interface AuditedCall<Result> {
  readonly result: Result;
  /** The statement that marks the n-th item's row as done. */
  finish(index: number, after?: unknown): Write;
}

/** Items for which something was sent: they cannot be put back any more, so the store is waited for. */
const begun = new WeakSet<JobItem>();

/**
 * One call for one or several items: an audit row each before it, committed; their outcomes are the caller's to
 * commit with the mirror's. When the call fails, or there is no room for all rows, the rows get what that means.
 * @throws ItemCallError around the call's own error, or the store's
 */
export async function auditedCall<Result>(
  work: Work<Ctx>,
  items: readonly JobItem[],
  draftOf: (item: JobItem) => ItemDraft,
  call: () => Promise<Result>,
): Promise<AuditedCall<Result>> {
  const { context: ctx, job } = work;
  let intents: readonly AuditIntent[] = [];
  const db = items.some((item) => begun.has(item)) ? { ...ctx.db, write: work.write } : ctx.db;
  try {
    const { accountId } = job;
    const drafts = items.map(draftOf);
    const names = await namesOfMany(
      db,
      drafts.map((draft) => ({ ...draft, accountId })),
    );
    intents = await beginAll(
      db,
      drafts.map((draft, index) => ({
        ...draft,
        names: names[index],
        at: ctx.clock.now(),
        actorId: job.createdBy,
        actorEmail: job.createdByEmail,
        accountId,
        appId: job.appId,
        requestId: requestIdOf(job.id, items[index]),
        jobId: job.id,
      })),
    );
    for (const item of items) begun.add(item);
    const result = await call();
    return {
      result,
      finish(index, after) {
        const intent = intents[index];
        if (!intent) throw new Error(`No audit row for item ${index}.`);
        return finishStatement(intent, { status: 'succeeded', at: ctx.clock.now(), after });
      },
    };
  } catch (error) {
    throw new ItemCallError(error, (status, errors) =>
      intents.map((intent) => finishStatement(intent, { status, at: ctx.clock.now(), errors })),
    );
  }
}

/** The statements that settle the rows an item left open when nobody knew what had become of it. */
export async function settleAudit(
  work: Work<Ctx>,
  item: JobItem,
  outcome: { readonly status: 'succeeded' | 'failed' | 'unknown'; readonly after?: unknown },
): Promise<Write[]> {
  const { context: ctx, job } = work;
  const open = await ctx.db.query<AuditIntent>(
    `SELECT id, hash FROM auditEntries WHERE status IN ('pending', 'unknown') AND jobId = ? AND requestId = ?`,
    [job.id, requestIdOf(job.id, item)],
  );
  return open.map((intent) =>
    finishStatement(intent, {
      status: outcome.status,
      at: ctx.clock.now(),
      ...(outcome.status === 'succeeded' ? { after: outcome.after } : { errors: [WHY[outcome.status]] }),
    }),
  );
}

const WHY = {
  failed: { detail: 'Read back from App Store Connect: it was not carried out.' },
  unknown: { detail: 'App Store Connect does not show whether it was carried out.' },
} as const;

function requestIdOf(jobId: string, item: JobItem | undefined): string {
  return `${jobId}/${item?.position}`;
}
