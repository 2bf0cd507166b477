import { isAscError } from '@/lib/asc/errors';
import { nextTime } from '@/lib/format/next-time';
import {
  type Finding,
  type JobHandler,
  type JobItem,
  LONGEST_SLEEP_MS,
  type Outcome,
  Sleep,
  type Work,
} from '@/lib/jobs/types';
import { isRecord } from '@/lib/mirror/resource';
import { declarationOf } from '../builds/compliance-answer';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, openAudit, sendFor, settleAudit } from '../job-steps/send-item';
import { programmeNow } from '../programme-time';
import { membersAmong } from '../resources/read-back';
import { closed, refusalIn, SendError } from '../resources/send';
import { isApproved } from './approval';
import { dealtWith, rung } from './bell';
import { type BuildFacts, inReviewBeside, readBuild } from './facts';
import { takeGate } from './gate';
import { type Asked, judge } from './judge';
import { wantsDeclaration } from './judge-compliance';
import { type ShipStep, shipParams, shipStep } from './steps';
import { failedProcessing } from './upload-failure';
import type { Verdict } from './verdict';

/** How often App Store Connect is asked: more rarely the longer a thing takes, ms. */
const SOONEST_LOOK_MS = 5_000;
const LATEST_LOOK_MS = LONGEST_SLEEP_MS / 2;
/** App Store Connect may refuse a submission for so long after processing has ended, ms. */
const QC_LAG_MS = 15 * 60_000;

/** Brings a build from its upload to its testers. Each step is chosen by asking App Store Connect again. */
export const ship: JobHandler<Ctx> = {
  kind: 'ship',
  requestsPerItem: 2,
  isInOrder: true,
  endsAtFailure: true,
  sleepsWithoutKey: true,
  run: (work, items) => Promise.all(items.map((item) => take(work, item))),
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
};

/** What is judged at each look; the gate keeps readings of its own. */
type LookedAt = Exclude<ShipStep, { step: 'gate' }>;

/** What App Store Connect says now, and what it means for the step. */
async function look(
  work: Work<Ctx>,
  item: JobItem,
  step: LookedAt,
): Promise<{ build: BuildFacts | null; verdict: Verdict }> {
  const { context: ctx } = work;
  if (step.step === 'time') {
    const at = nextTime(step.at, sinceOf(work, item));
    const isTime = at !== null && at <= programmeNow(ctx);
    const words = isTime ? 'The time has come.' : 'The time to tell testers has not come yet.';
    return { build: null, verdict: isTime ? { is: 'there', words } : { is: 'wait', reason: words } };
  }
  if (step.step === 'consent') {
    const words = 'Somebody other than who began it has to approve it on the page of the job.';
    const isGiven = await isApproved(ctx, work.job);
    return { build: null, verdict: isGiven ? { is: 'there', words } : { is: 'wait', reason: words } };
  }
  const { buildId } = shipParams.parse(work.job.params);
  const { asc, accountId, appId } = await placeOf(work);
  const place = { accountId, appId, lane: 'write', write: work.write } as const;
  const build = await readBuild(ctx, place, buildId);
  let asked: Asked = {};
  if (step.step === 'group' && build !== null) {
    const holder = { type: 'betaGroups', id: step.groupId, name: 'builds' } as const;
    asked = { isInGroup: (await membersAmong(asc, holder, [buildId]))?.has(buildId) ?? false };
  }
  if (step.step === 'submit' && build !== null && judge(step, build).is === 'send')
    asked = { inReview: (await inReviewBeside(asc, appId, build))?.name ?? null };
  if (build !== null && wantsDeclaration(step, build))
    asked = { declarationId: await declarationOf(asc, build.id) };
  const verdict = judge(step, build, asked);
  if (step.step !== 'processing' || verdict.is !== 'failed' || verdict.code !== 'FLIGHTDECK.PROCESSING')
    return { build, verdict };
  const reasons = await failedProcessing(asc, buildId);
  return { build, verdict: { ...verdict, words: `${verdict.words} ${reasons}`.trim() } };
}

async function take(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const step = shipStep.parse(item.payload);
  if (step.step === 'gate') return takeGate(work, item, step);
  const { verdict } = await look(work, item, step);
  switch (verdict.is) {
    case 'so':
      return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: verdict.words };
    case 'there':
      return step.step === 'consent'
        ? { status: 'done', statements: dealtWith(work.context, work.job.id) }
        : { status: 'done' };
    case 'failed':
      return { status: 'failed', code: verdict.code, detail: verdict.words };
    case 'wait':
      return rest(work, item, step, verdict.reason);
    case 'send':
      return sent(work, item, step, verdict);
  }
}

async function sent(
  work: Work<Ctx>,
  item: JobItem,
  step: LookedAt,
  { call, entry }: Extract<Verdict, { is: 'send' }>,
): Promise<Outcome> {
  try {
    const answer = await sendFor(work, [item], call, () => entry);
    const after = { ...(answer.document ? { id: answer.document.id } : {}), ...told(entry.requested) };
    return {
      status: 'done',
      statements: [answer.finish(0, after), ...(await effectsIn(work, call, answer))],
    };
  } catch (error) {
    return refused(work, item, step, error);
  }
}

const told = (requested: unknown): object => (isRecord(requested) ? requested : {});

/** A refusal may only say that somebody was faster, that the thing is gone, or that it is too early. */
async function refused(work: Work<Ctx>, item: JobItem, step: LookedAt, error: unknown): Promise<Outcome> {
  const refusal = refusalIn(error);
  if (!(error instanceof SendError) || !refusal?.is('conflict', 'unprocessable', 'not_found')) throw error;
  const { verdict } = await look(work, item, step);
  const statements = closed(error, refusal);
  if (verdict.is === 'so')
    return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: verdict.words, statements };
  if (verdict.is === 'failed')
    return { status: 'failed', code: verdict.code, detail: verdict.words, statements };
  if (verdict.is === 'wait') {
    await work.write(statements);
    return rest(work, item, step, verdict.reason);
  }
  if (step.step === 'group' && refusal.is('not_found') && (await isGroupGone(work, step.groupId))) {
    const gone = judge(step, (await look(work, item, step)).build, { isInGroup: null });
    if (gone.is === 'failed') return { status: 'failed', code: gone.code, detail: gone.words, statements };
  }
  const isEarly = step.step === 'submit' && refusal.hasCode('ENTITY_UNPROCESSABLE.INVALID_QC_STATE');
  if (!isEarly || programmeNow(work.context) - sinceOf(work, item) > QC_LAG_MS) throw error;
  await work.write(statements);
  return rest(work, item, step, 'App Store Connect does not take the build for review yet.');
}

async function isGroupGone(work: Work<Ctx>, groupId: string): Promise<boolean> {
  const { asc } = await placeOf(work);
  try {
    await asc.get('betaGroups', groupId);
    return false;
  } catch (error) {
    return isAscError(error) && error.is('not_found');
  }
}

/** Sleeps until the next look, or has waited long enough. @throws Sleep */
async function rest(work: Work<Ctx>, item: JobItem, step: LookedAt, reason: string): Promise<Outcome> {
  const { context: ctx, job } = work;
  const since = sinceOf(work, item);
  const now = programmeNow(ctx);
  const waited = Math.max(0, now - since);
  if (step.step === 'time') {
    const at = nextTime(step.at, since) ?? now;
    const pauseMs = Math.min(LATEST_LOOK_MS, Math.max(SOONEST_LOOK_MS, at - now));
    const until = ctx.clock.now() + Math.max(pauseMs, 0);
    throw new Sleep(until, reason, { since, at: new Date(at).toISOString() });
  }
  if (waited > shipParams.parse(job.params).timeoutMs) {
    const detail = `It was waited for long enough, and ended here. ${reason} Try once more to wait again: what is done is left out.`;
    const statements = step.step === 'consent' ? dealtWith(ctx, job.id) : [];
    return { status: 'failed', code: 'FLIGHTDECK.TIMEOUT', detail, statements };
  }
  if (step.step === 'consent') await work.write(await rung(ctx, job, 'approval', { except: job.createdBy }));
  const pauseMs = Math.min(LATEST_LOOK_MS, Math.max(SOONEST_LOOK_MS, waited / 6));
  throw new Sleep(ctx.clock.now() + pauseMs, reason, { since });
}

/** Since when a step waits, in the programme's time. */
function sinceOf({ context }: Work<Ctx>, { result }: JobItem): number {
  const now = programmeNow(context);
  // A clock that was set back begins the wait anew.
  return isRecord(result) && typeof result.since === 'number' ? Math.min(result.since, now) : now;
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const step = shipStep.parse(item.payload);
  if (step.step === 'gate') return { status: 'absent' };
  const open = await openAudit(work, item);
  const { build, verdict } = await look(work, item, step);
  if (step.step === 'notify' && open.length > 0) return lookForNotice(work, item, build, open);
  const settle = (status: 'succeeded' | 'failed') => settleAudit(work, item, { status });
  switch (verdict.is) {
    case 'so':
    case 'there':
      return { status: 'done', statements: await settle('succeeded') };
    case 'failed':
      return {
        status: 'failed',
        code: verdict.code,
        detail: verdict.words,
        statements: await settle('failed'),
      };
    default:
      return { status: 'absent', statements: await settle('failed') };
  }
}

/**
 * A notice leaves nothing to find but the change of state it makes: what was approved is in testing by it. Where the
 * build was in testing before, nobody can tell, and it is not sent a second time.
 */
async function lookForNotice(
  work: Work<Ctx>,
  item: JobItem,
  build: BuildFacts | null,
  open: readonly { readonly before: string | null }[],
): Promise<Finding> {
  const wasTested = open.some(({ before }) => before?.includes('IN_BETA_TESTING') === true);
  if (wasTested) {
    const statements = await settleAudit(work, item, { status: 'unknown' });
    return { status: 'failed', code: 'FLIGHTDECK.UNSURE', detail: UNSURE, statements };
  }
  if (build?.external === 'IN_BETA_TESTING')
    return { status: 'done', statements: await settleAudit(work, item, { status: 'succeeded' }) };
  return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
}

const UNSURE =
  'The connection broke while testers were being told, and App Store Connect does not show whether they were. It was not tried again, so that nobody is mailed twice: ask a tester, then notify by hand on the build’s page if need be.';
