import type { ResourceType } from '@/lib/asc/catalogue/types';
import { type AscError, isAscError } from '@/lib/asc/errors';
import type { WriteCall } from '@/lib/asc/operations';
import { TIMEOUTS } from '@/lib/asc/transport/send';
import type { AuditResult } from '@/lib/audit/trail';
import type { ResourceObject } from '@/lib/mirror/resource';
import type { Write } from '@/lib/store/database';
import { auditActor } from '../audited';
import type { Ctx } from '../ctx';
import { RefusedError } from '../errors';
import type { ResourceInput } from './body';
import { type Effect, effectsOf } from './effects';
import { isSame } from './expectation';
import { goneAfter } from './gone';
import { mirrored } from './mirrored';
import { type Found, readBack } from './read-back';
import { refreshResource, type Which } from './refresh';
import { type Rows, SendError, type Success, send } from './send';

/** A write with everything that is known before it is sent. */
export interface Plan {
  readonly call: WriteCall;
  readonly accountId: string;
  readonly appId: string | null;
  readonly label: string | null;
  readonly trace: { readonly undoOf?: string | undefined; readonly jobId?: string | undefined };
  readonly before: unknown;
  readonly requested: unknown;
  /** What else the trail should keep the names of: what the thing belongs to. */
  readonly owners?: readonly { readonly type: string; readonly id: string }[];
  /** The state after, for the trail. */
  after(document: ResourceObject | null): unknown;
  /** What Apple changes along and must be read again; without an id, the resource just created. */
  readonly refresh: readonly { readonly type: ResourceType; readonly id: string | undefined }[];
}

/** A write that Apple has carried out. */
export interface Carried {
  readonly document: ResourceObject | null;
  readonly included: readonly ResourceObject[];
  readonly auditId: string;
  /** Apple has accepted the order and carries it out later (202). */
  readonly isQueued: boolean;
  /** What to say beside a success: it is not to be seen on reading again, or not in our copy. */
  readonly warning?: string;
}

/**
 * Sends a write: intent committed first, then the call, then copy and outcome in one transaction. An outcome Apple
 * did not tell is read back; a POST is never repeated.
 * @throws AscError as Apple refused it; RefusedError 504 when it was not done or cannot be known
 */
export async function carryOut(ctx: Ctx, plan: Plan): Promise<Carried> {
  const { call, accountId } = plan;
  const entry = {
    ...auditActor(ctx.actor),
    ...plan.trace,
    before: plan.before,
    requested: plan.requested,
    label: plan.label,
    named: plan.owners ?? [],
    requestId: ctx.requestId,
  };
  // A person does not wait behind a job's writes, and may use the part of the quota that is kept for people.
  const lane = ctx.actor.kind === 'user' ? 'interactive' : 'write';
  try {
    const sent = await send(ctx, { call, accountId, appId: plan.appId, lane, entries: [entry] });
    return await succeed(ctx, plan, sent.rows, sent);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const { cause, sentAt } = error;
    if (sentAt === null) throw cause;
    if (isAscError(cause) && cause.is('outcome_unknown')) {
      return reconcile(ctx, plan, error.rows, { error: cause, sentAt });
    }
    await keep(ctx, error.rows, { ...failureOf(cause), after: plan.requested });
    throw (await goneAfter(ctx, plan, cause)) ?? cause;
  }
}

async function succeed(ctx: Ctx, plan: Plan, rows: Rows, success: Success): Promise<Carried> {
  const { call, accountId, appId } = plan;
  const { document, included, appleRequestId, isQueued } = success;
  const outcome = { status: 'succeeded', after: plan.after(document), appleRequestId } as const;
  const effect: Effect = { db: ctx.db, accountId, appId, at: ctx.clock.now(), isQueued };
  const isCopied = await keep(ctx, rows, outcome, () => effectsOf(effect, call, document));
  const again = plan.refresh.flatMap(({ type, id = document?.id }) =>
    id === undefined ? [] : [{ type, id }],
  );
  const missed: Which[] = [];
  for (const { type, id } of again) {
    const which = { accountId, type, id, appId: plan.appId };
    if (!(await isSeen(ctx, plan, which, document, await refreshResource(ctx, which)))) missed.push(which);
  }
  const isDoubted = !isQueued && missed.length > 0 && !(await isSeenLater(ctx, plan, missed, document));
  const warning = isDoubted ? NOT_SEEN : isCopied ? undefined : NOT_COPIED;
  const auditId = rows.ids[0] ?? '';
  return { document, included, auditId, isQueued, ...(warning === undefined ? {} : { warning }) };
}

/** Apple may show a change late: it is missed only when it is missed twice this far apart, ms. */
const SECOND_LOOK_MS = 1500;
const NOT_SEEN =
  'App Store Connect said yes, but on reading again the change is not to be seen. Look again in a moment, before you repeat it.';
/** Nothing is wrong at Apple's: the next sync mends our copy. */
const NOT_COPIED =
  'App Store Connect has made the change, but Flightdeck could not write it into its copy. Lists show it after the next sync; do not repeat it.';

/** Whether what was read again after a success shows it; what could not be read, or is about others, says nothing. */
async function isSeen(
  ctx: Ctx,
  { call }: Plan,
  { accountId, type, id }: Which,
  document: ResourceObject | null,
  isThere: boolean | null,
): Promise<boolean> {
  if (isThere === null) return true;
  const isNewcomer = call.operation === 'addLinkage' && type !== call.type;
  const isSubject = type === call.type && id === (call.id ?? document?.id);
  if (isNewcomer || (isSubject && call.operation === 'create')) return isThere;
  if (!isThere || !isSubject || call.operation !== 'update') return true;
  const now = (await mirrored(ctx.db, accountId, type, id))?.attributes ?? {};
  // Apple may put a value into its own form: what it answered is compared, not what was asked for.
  const told = document?.attributes ?? {};
  return Object.keys((call.input as ResourceInput).attributes ?? {}).every(
    (name) => !Object.hasOwn(now, name) || !Object.hasOwn(told, name) || isSame(now[name], told[name]),
  );
}

async function isSeenLater(
  ctx: Ctx,
  plan: Plan,
  missed: readonly Which[],
  document: ResourceObject | null,
): Promise<boolean> {
  await ctx.clock.sleep(SECOND_LOOK_MS);
  for (const which of missed) {
    if (!(await isSeen(ctx, plan, which, document, await refreshResource(ctx, which)))) return false;
  }
  return true;
}

/** Of a repeat Apple would make a second thing: the request may still be open at the other end. */
const NOT_REPEATABLE: readonly string[] = ['create', 'addLinkage'];

async function reconcile(
  ctx: Ctx,
  plan: Plan,
  rows: Rows,
  { error, sentAt }: { readonly error: AscError; readonly sentAt: number },
): Promise<Carried> {
  await keep(ctx, rows, { status: 'unknown', after: plan.requested, errors: [{ detail: error.message }] });
  const { call, accountId, appId } = plan;
  // What a repeat found gone was deleted by the attempt whose answer was lost.
  const isGone = call.operation === 'delete' && error.status === 404;
  const found: Found = isGone
    ? { outcome: 'done', document: null }
    : await readBack(ctx, { call, accountId, appId, sentAt });
  if (found.outcome === 'done') {
    const facts = {
      document: found.document,
      included: [],
      appleRequestId: error.requestId,
      isQueued: false,
    };
    return succeed(ctx, plan, rows, facts);
  }
  const mayBeOpen = NOT_REPEATABLE.includes(plan.call.operation) && ctx.clock.now() < sentAt + TIMEOUTS.write;
  const isNotDone = found.outcome === 'notDone' && !mayBeOpen;
  if (isNotDone) {
    const errors = [{ code: 'FLIGHTDECK.NOT_APPLIED', detail: error.message }];
    await keep(ctx, rows, { status: 'failed', after: plan.requested, errors });
  }
  throw new RefusedError({
    status: 504,
    code: isNotDone ? 'FLIGHTDECK.NOT_APPLIED' : 'FLIGHTDECK.OUTCOME_UNKNOWN',
    title: isNotDone ? 'The change was not made' : 'It is not known whether the change was made',
    detail: isNotDone
      ? 'App Store Connect broke off. Flightdeck has looked again: the change was not made. Try again.'
      : `App Store Connect broke off ${whatIsUnknown(found)}`,
    meta: { apple: true, auditId: rows.ids[0] },
  });
}

function whatIsUnknown(found: Found): string {
  if (found.outcome === 'notDone') return `and may still be at it. ${LATER}`;
  return found.outcome === 'unknown' && found.isHidden
    ? 'and never shows a secret, so whether it took this one cannot be looked up. Do it again: that does no harm.'
    : `and cannot be asked. ${LATER}`;
}

const LATER =
  'Do not repeat it yet: it is unknown, and will be looked up again in two minutes. Activity shows what became of it.';

function failureOf(error: unknown): Pick<AuditResult, 'status' | 'errors' | 'appleRequestId'> {
  if (isAscError(error)) {
    const errors = error.errors.length > 0 ? error.errors : [{ code: error.kind, detail: error.message }];
    return { status: 'failed', errors, appleRequestId: error.requestId };
  }
  return {
    status: 'failed',
    errors: [{ code: 'FLIGHTDECK.INTERNAL', detail: 'Flightdeck failed before an answer came.' }],
  };
}

/** Writes an outcome with what belongs to it; false when the store could not take it, which undoes nothing at Apple. */
async function keep(
  ctx: Ctx,
  rows: Rows,
  outcome: Parameters<Rows['close']>[0],
  effects: () => Promise<readonly Write[]> = async () => [],
): Promise<boolean> {
  try {
    await ctx.db.write([...(await effects()), ...rows.close(outcome)]);
    return true;
  } catch (error) {
    const [auditId] = rows.ids;
    ctx.log.error({ requestId: ctx.requestId, auditId, err: error }, 'outcome of a write not kept');
    return false;
  }
}
