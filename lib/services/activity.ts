import { maskEmails } from '@/lib/access/mask';
import { authorise, may } from '@/lib/access/policy';
import type { AuditEntry } from '@/lib/audit/entry';
import { getAudit, listAudit } from '@/lib/audit/list';
import { type ChainReport, verifyChain } from '@/lib/audit/verify';
import type { Ctx } from './ctx';
import { badParameter, conflict, notFound } from './errors';
import type { Carried } from './resources/outcome';
import { inverseOf, whyNotUndoable } from './undo';

/** A row of the activity page; instants as ISO text. */
export interface ActivityEntry extends Omit<AuditEntry, 'at' | 'finishedAt' | 'seq'> {
  readonly at: string;
  readonly finishedAt: string | null;
  readonly appName: string | null;
  readonly accountName: string | null;
  /** Whether this entry can be taken back by this actor now. */
  readonly canUndo: boolean;
}

export interface ActivityAnswer {
  readonly data: readonly ActivityEntry[];
  readonly meta: {
    readonly total: number;
    readonly paging: { readonly total: number; readonly limit: number; readonly nextCursor?: string };
  };
}

const FILTERS: Readonly<
  Record<string, 'appId' | 'accountId' | 'actorId' | 'type' | 'action' | 'status' | 'resourceId' | 'jobId'>
> = {
  app: 'appId',
  account: 'accountId',
  actor: 'actorId',
  type: 'type',
  action: 'action',
  status: 'status',
  resource: 'resourceId',
  job: 'jobId',
};

/** The audit trail, newest first: filters `app account actor type action status resource job from to`. */
export function listActivity(ctx: Ctx, parameters: URLSearchParams): ActivityAnswer {
  authorise(ctx.actor, 'audit:read');
  const query: Record<string, string | number> = {};
  for (const [name, value] of parameters) {
    const column = FILTERS[name];
    if (value === '') continue;
    if (column) query[column] = value;
    else if (name === 'from' || name === 'to') query[name] = instant(name, value);
    else if (name === 'limit' || name === 'cursor') query[name] = whole(name, value);
    else throw badParameter(name, 'This parameter is not offered here.');
  }
  const limit = Math.min(Number(query.limit ?? 50), 200);
  const page = listAudit(ctx.db, { ...query, limit });
  const nextCursor = page.nextCursor === null ? {} : { nextCursor: String(page.nextCursor) };
  const data = page.entries.map((entry) => present(ctx, entry));
  return { data, meta: { total: page.total, paging: { total: page.total, limit, ...nextCursor } } };
}

/** One entry of the trail. @throws RefusedError (404) */
export function getActivity(ctx: Ctx, id: string): ActivityEntry {
  authorise(ctx.actor, 'audit:read');
  return present(ctx, entryOf(ctx, id));
}

/** Takes a change back. @throws RefusedError 409 FLIGHTDECK.NOT_UNDOABLE when it has no inverse or was undone */
export async function undoActivity(ctx: Ctx, id: string): Promise<Carried> {
  authorise(ctx.actor, 'audit:read');
  const entry = entryOf(ctx, id);
  const reason = whyNotUndoable(entry);
  const inverse = inverseOf(entry);
  if (reason !== null || !inverse) {
    throw conflict('FLIGHTDECK.NOT_UNDOABLE', reason ?? 'This change has no inverse.');
  }
  return inverse.run(ctx);
}

/** Whether the trail is whole, by its hashes. */
export function checkTrail(ctx: Ctx): ChainReport {
  authorise(ctx.actor, 'audit:read');
  return verifyChain(ctx.db);
}

function entryOf(ctx: Ctx, id: string): AuditEntry {
  const entry = getAudit(ctx.db, id);
  if (!entry) throw notFound('There is no such entry.');
  return entry;
}

function present(ctx: Ctx, { seq: _, ...entry }: AuditEntry): ActivityEntry {
  const row: ActivityEntry = {
    ...entry,
    at: new Date(entry.at).toISOString(),
    finishedAt: entry.finishedAt === null ? null : new Date(entry.finishedAt).toISOString(),
    appName: nameOf(ctx, 'SELECT name FROM apps WHERE id = ? LIMIT 1', entry.appId),
    accountName: nameOf(ctx, 'SELECT name FROM Account WHERE id = ?', entry.accountId),
    canUndo:
      whyNotUndoable({ seq: 0, ...entry }) === null &&
      (inverseOf({ seq: 0, ...entry })?.isAllowed(ctx.actor) ?? false),
  };
  return may(ctx.actor, 'testers:identify') ? row : maskEmails(row);
}

function nameOf(ctx: Ctx, sql: string, id: string | null): string | null {
  return id === null ? null : (ctx.db.query<{ name: string | null }>(sql, [id])[0]?.name ?? null);
}

function instant(parameter: string, text: string): number {
  const at = /^\d{10,14}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) throw badParameter(parameter, 'This is not a date.');
  return at;
}

function whole(parameter: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw badParameter(parameter, 'A whole number above 0 is needed.');
  return Number(text);
}
