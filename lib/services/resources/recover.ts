import { isResourceType } from '@/lib/asc/catalogue';
import { isOffered, isWriteOperation, type WriteCall } from '@/lib/asc/operations';
import type { AuditEntry } from '@/lib/audit/entry';
import { laterChanges, OVERWRITTEN, unfinishedEntries } from '@/lib/audit/list';
import { isIdentified, isRecord } from '@/lib/mirror/resource';
import type { Ctx } from '../ctx';
import { isSame } from './expectation';
import { type Found, readBack } from './read-back';
import { canReadAfresh, refreshResource } from './refresh';
import { dropStatements, staleTypes } from './responses';
import { openRows } from './send';

/** A write that is still under way is given this long, ms; longer than any call to Apple may take. */
const UNDER_WAY_MS = 2 * 60_000;
const AT_ONCE = 20;

/**
 * Looks up at Apple what became of writes whose process ended before an outcome was kept, or whose outcome could
 * not be asked. Never writes to Apple. Those of jobs are the jobs' own business.
 * @returns how many are known now
 */
export async function recoverOutcomes(ctx: Ctx): Promise<number> {
  let known = 0;
  for (const entry of await unfinishedEntries(ctx.db, ctx.clock.now() - UNDER_WAY_MS, AT_ONCE)) {
    const call = callOf(entry);
    if (!call || entry.accountId === null) continue;
    if (await recover(ctx, entry, entry.hash, call, entry.accountId)) known += 1;
  }
  return known;
}

async function recover(
  ctx: Ctx,
  entry: AuditEntry,
  hash: string,
  call: WriteCall,
  accountId: string,
): Promise<boolean> {
  const written = { call, accountId, appId: entry.appId, sentAt: entry.at };
  const found = await judged(ctx, entry, await readBack(ctx, written));
  const rows = openRows(ctx, [{ id: entry.id, hash }]);
  if (found.outcome === 'unknown') {
    const reason = 'isOverwritten' in found ? COVERED : found.isHidden ? HIDDEN : undefined;
    if (entry.status === 'pending' || reason !== undefined)
      await ctx.db.write(rows.close({ status: 'unknown', after: entry.after, errors: reason && [reason] }));
    return false;
  }
  const isDone = found.outcome === 'done';
  const id = isDone ? (found.document?.id ?? call.id) : call.id;
  const after =
    isDone && call.operation === 'create' && isRecord(entry.after) ? { id, ...entry.after } : entry.after;
  const errors = isDone
    ? undefined
    : [{ code: 'FLIGHTDECK.NOT_APPLIED', detail: 'The change was not made.' }];
  const status = isDone ? 'succeeded' : 'failed';
  await ctx.db.write([
    ...dropStatements(ctx.db, accountId, staleTypes(call.type, call.name)),
    ...rows.close({ status, after, errors }),
  ]);
  if (isDone && id !== undefined && canReadAfresh(call.type)) {
    await refreshResource(ctx, { accountId, type: call.type, id, appId: entry.appId });
  }
  return true;
}

const COVERED = {
  code: OVERWRITTEN,
  detail: 'A later change covers the trace of this one: it cannot be told any more whether it was made.',
};

/** It is not looked up again either. */
const HIDDEN = {
  code: OVERWRITTEN,
  detail: 'It holds a secret, which App Store Connect never shows: whether it was made cannot be told.',
};

/**
 * What the finding proves. That Apple's state is another proves nothing once somebody has changed the same thing
 * since; but the state that the later change found may show that this one was made.
 */
async function judged(
  ctx: Ctx,
  entry: AuditEntry,
  found: Found,
): Promise<Found | (Found & { readonly isOverwritten: true })> {
  // What was to be deleted and is there was never deleted: ids do not come back.
  if (found.outcome !== 'notDone' || entry.action === 'delete') return found;
  const wanted = attributesOf(entry.after);
  const later = (await laterChanges(ctx.db, entry)).filter((change) => isAboutTheSame(entry, change));
  if (later.length === 0) return found;
  const isShown = later.some(({ before }) => {
    const was = attributesOf(before);
    return wanted && was && Object.keys(wanted).every((name) => isSame(was[name], wanted[name]));
  });
  return entry.action === 'update' && isShown
    ? { outcome: 'done', document: null }
    : { outcome: 'unknown', isOverwritten: true };
}

/** A change of other attributes, or of another relationship, covers nothing. */
function isAboutTheSame(entry: AuditEntry, later: AuditEntry): boolean {
  if (later.action === 'delete' || entry.action === 'create') return true;
  const [wanted, changed] = [attributesOf(entry.after), attributesOf(later.after)];
  if (wanted || changed) return Object.keys(wanted ?? {}).some((name) => Object.hasOwn(changed ?? {}, name));
  return relationshipIn(entry.after) === relationshipIn(later.after);
}

function relationshipIn(value: unknown): unknown {
  return isRecord(value) ? value.relationship : undefined;
}

function attributesOf(value: unknown): Record<string, unknown> | null {
  return isRecord(value) && isRecord(value.attributes) ? value.attributes : null;
}

/** The call an entry stands for, from what the trail holds of it; null when it is none to Apple. */
function callOf({ type, action, resourceId, after }: AuditEntry): WriteCall | null {
  if (!isResourceType(type) || !isWriteOperation(action)) return null;
  const linkage = isRecord(after) && typeof after.relationship === 'string' ? after : null;
  const name = linkage ? { name: String(linkage.relationship) } : {};
  const address = { type, operation: action, ...name };
  if (!isOffered(address)) return null;
  const ids =
    linkage && Array.isArray(linkage.data)
      ? linkage.data.filter(isIdentified).map(({ id }) => id)
      : undefined;
  return { ...address, input: ids ?? after ?? {}, ...(resourceId === null ? {} : { id: resourceId }) };
}
