import { maskEmails } from '@/lib/access/mask';
import { authorise, ForbiddenError, may } from '@/lib/access/policy';
import { isAscError } from '@/lib/asc/errors';
import { CRASHES } from '@/lib/feedback/intake';
import {
  type ClaimedLog,
  claimLog,
  keptLog,
  logGivenBack,
  logPutOff,
  logSettled,
  storeLog,
  tooLarge,
} from '@/lib/feedback/logs';
import type { OwnNames } from '@/lib/feedback/names';
import { teamRules } from '@/lib/feedback/team-rules';
import { shape } from '@/lib/store/shape';
import { failureOf } from '@/lib/sync/failure';
import { accountRow } from '../accounts/rows';
import type { ClientLane, Ctx } from '../ctx';
import { notFound } from '../errors';
import { noteHealth } from '../resources/health';
import { isToldGone } from '../resources/refresh';

/** What came of asking for a log. */
export type Fetched =
  | { readonly outcome: 'stored' | 'absent' | 'failed' }
  /** Nothing is wrong with the log: nobody can be asked now, or only later. */
  | { readonly outcome: 'putOff'; readonly error: unknown; readonly endsRun: boolean };

/** A crash that is younger may have no log yet although it will, ms. */
const YOUNG_MS = 60 * 60_000;

/** A log whose answer did not come, or not to its end, lets the others go first for so long, ms. */
const CUT_OFF_MS = 10 * 60_000;

/** Asks Apple for a log that was claimed, and keeps it or what was said instead. Rejects only when the store fails. */
export async function fetchClaimed(
  ctx: Ctx,
  claim: ClaimedLog,
  { lane, ...options }: { lane: ClientLane; signal?: AbortSignal; maxWaitMs?: number },
): Promise<Fetched> {
  const { db, clock } = ctx;
  let text: string | null | undefined;
  try {
    const asc = await ctx.ascFor(claim.accountId, lane);
    const { document } = await asc.getRelated(CRASHES, claim.id, 'crashLog', {}, options);
    text = document.data?.attributes?.logText;
    await noteHealth(ctx, claim.accountId, null);
  } catch (error) {
    return refused(ctx, claim, error);
  }
  if (text === undefined || text === null || text === '') {
    const words = text === '' ? 'The log that Apple has is empty.' : 'Apple has no log of this crash.';
    return none(ctx, claim, words);
  }
  const isStored = await storeLog(db, claim, text, { now: clock.now(), team: await teamRules(db) });
  return { outcome: isStored ? 'stored' : 'failed' };
}

async function none(ctx: Ctx, claim: ClaimedLog, words: string): Promise<Fetched> {
  const now = ctx.clock.now();
  const age = claim.createdDate === null ? Number.POSITIVE_INFINITY : now - Date.parse(claim.createdDate);
  // What comes later than the report itself is waited for once or twice before it is believed.
  if (age < YOUNG_MS) await logPutOff(ctx.db, claim, words, now);
  else await logSettled(ctx.db, claim, 'absent', words);
  return { outcome: 'absent' };
}

async function refused(ctx: Ctx, claim: ClaimedLog, error: unknown): Promise<Fetched> {
  const { db, clock } = ctx;
  if (isToldGone(error)) return none(ctx, claim, 'Apple has no log of this crash.');
  if (isAscError(error) && error.is('too_large')) {
    await logSettled(db, claim, 'failed', tooLarge(null));
    return { outcome: 'failed' };
  }
  if (!isAscError(error)) throw error;
  await noteHealth(ctx, claim.accountId, error);
  const { message, endsRun } = failureOf(error);
  const isOfTheWay = error.is('network', 'timeout');
  const isOfAll = endsRun || isOfTheWay || error.is('rate_limited', 'forbidden');
  // What is wrong with the key or the way to Apple says nothing of this log; but one that is always cut off holds up none.
  if (isOfAll) await logGivenBack(db, claim, isOfTheWay ? clock.now() + CUT_OFF_MS : null);
  else await logPutOff(db, claim, message, clock.now());
  return { outcome: 'putOff', error, endsRun: isOfAll };
}

/** A log as a person reads it. */
export interface ShownLog {
  /** `wanted`: it will be asked for; `absent`: Apple has none, or it was erased here; `failed`: it cannot be read here. */
  readonly state: 'wanted' | 'stored' | 'absent' | 'failed' | null;
  readonly text: string | null;
  /** Why there is none, in words. */
  readonly trouble: string | null;
  /** ms since 1970 */
  readonly storedAt: number | null;
  /** What our symbols say of it. */
  readonly names: OwnNames | null;
  readonly accountId: string;
}

/** Behind a page nobody waits longer for the rate limit, ms. */
const MAX_WAIT_MS = 1_500;

/**
 * The log of a crash that somebody opens: from here, else asked of Apple at once, ahead of its turn. Who may cause no
 * request is told what is known. @throws RefusedError 404, ForbiddenError
 */
export async function fetchLogNow(
  ctx: Ctx,
  { id, accountId, isAsked = false }: { id: string; accountId?: string | undefined; isAsked?: boolean },
): Promise<ShownLog> {
  authorise(ctx.actor, 'feedback:read');
  const report = await crashRow(ctx, id, accountId);
  const key = { accountId: report.accountId, id };
  const isThere = ['stored', 'erased'].includes(report.logState ?? '');
  const isWanted = report.logState === 'wanted' || (isAsked && !isThere);
  let trouble = report.logTrouble;
  if (isWanted && may(ctx.actor, 'apple:read')) {
    const claim = await claimLog(ctx.db, key, ctx.clock.now());
    if (claim) {
      const fetched = await fetchClaimed(ctx, claim, { lane: 'interactive', maxWaitMs: MAX_WAIT_MS });
      if (fetched.outcome === 'putOff') trouble = failureOf(fetched.error).message;
    }
  } else if (isWanted && isAsked) {
    throw new ForbiddenError('apple:read');
  }
  const now = await crashRow(ctx, id, report.accountId);
  const kept = await keptLog(ctx.db, key);
  const text = kept === null || may(ctx.actor, 'testers:identify') ? kept?.text : maskEmails(kept.text);
  return {
    state: now.logState === 'erased' ? 'absent' : (now.logState as ShownLog['state']),
    text: text ?? null,
    trouble: kept === null ? (now.logTrouble ?? trouble) : null,
    storedAt: kept?.storedAt ?? null,
    names: kept?.names ?? null,
    accountId: report.accountId,
  };
}

/** A crash of an account that was not removed. */
async function crashRow(ctx: Ctx, id: string, accountId?: string) {
  const rows = await ctx.db.read(crashRows({ id }));
  const row = rows.find((one) => accountId === undefined || one.accountId === accountId);
  if (!row) throw notFound('There is no crash report of this id.');
  await accountRow(ctx.db, row.accountId);
  return row;
}

const crashRows = shape((build, given: { id: string }) =>
  build
    .selectFrom('feedback as f')
    .innerJoin('Account as a', 'a.id', 'f.accountId')
    .select(['f.accountId', 'f.logState', 'f.logTrouble'])
    .where('f.id', '=', given.id)
    .where('f.type', '=', CRASHES)
    .where('a.removedAt', 'is', null)
    .orderBy('f.accountId'),
);
