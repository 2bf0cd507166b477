import { updateCall } from '@/lib/asc/calls';
import type { Finding, JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, lookFor, sendFor, settleAudit } from '../job-steps/send-item';
import { mirrored } from '../resources/mirrored';
import { readAfresh } from '../resources/refresh';
import { closed, refusalIn } from '../resources/send';
import { type ExpiryPayload, expiryParams, expiryPayload, keptNow } from './plan';

/** Expires builds for good, each after one more look at App Store Connect. There is no way back. */
export const expireBuilds: JobHandler<Ctx> = {
  kind: 'expire-builds',
  requestsPerItem: 2,
  // One after the other: which build is the newest that testers have depends on those before.
  isInOrder: true,
  async run(work, items) {
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await expireOne(work, item));
    return outcomes;
  },
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
};

const GONE = {
  status: 'skipped',
  code: 'FLIGHTDECK.GONE',
  detail: 'Is no longer at App Store Connect.',
} as const;
const EXPIRED = { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'Had expired already.' } as const;

async function expireOne(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const told = expiryPayload.parse(item.payload);
  const { buildId, reasons } = told;
  const kept = await lookBefore(work, told);
  if (kept) return kept;
  const call = callOf(told);
  try {
    const sent = await sendFor(work, [item], call, () => ({
      label: item.label,
      before: { attributes: { expired: false } },
      requested: { attributes: { expired: true }, reasons },
    }));
    const after = { id: buildId, attributes: { expired: true }, reasons };
    return {
      status: 'done',
      statements: [sent.finish(0, after), ...(await effectsIn(work, call, sent))],
    };
  } catch (error) {
    // Somebody was faster: what is so already is no error.
    const refusal = refusalIn(error);
    if (!refusal?.is('not_found') && !refusal?.is('conflict')) throw error;
    const since = await lookBefore(work, told);
    if (since?.status !== 'skipped') throw error;
    return { ...since, statements: [...closed(error, refusal), ...(since.statements ?? [])] };
  }
}

/** Reads the build again, and says why it is not to be expired any more; null when it is. */
async function lookBefore(work: Work<Ctx>, { buildId, isChosen }: ExpiryPayload): Promise<Outcome | null> {
  const { accountId, appId } = await placeOf(work);
  const { context: ctx } = work;
  const which = { accountId, appId, type: 'builds' as const, id: buildId };
  if (!(await readAfresh(ctx, which, { lane: 'write' }))) return GONE;
  const build = await mirrored(ctx.db, accountId, 'builds', buildId);
  if (!build) return GONE;
  if (build.attributes?.expired === true) return EXPIRED;
  if (isChosen) return null;
  // Days may have passed since it was shown, and a colleague may have put it to use.
  const kept = await keptNow(ctx, { accountId, appId }, buildId, expiryParams.parse(work.job.params));
  return kept === null ? null : { status: 'skipped', code: 'FLIGHTDECK.KEPT', detail: kept };
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const told = expiryPayload.parse(item.payload);
  const call = callOf(told);
  const found = await lookFor(work, item, call);
  if (found.outcome !== 'done')
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  const after = { id: told.buildId, attributes: { expired: true }, reasons: told.reasons };
  return {
    status: 'done',
    statements: [
      ...(await settleAudit(work, item, { status: 'succeeded', after })),
      ...(await effectsIn(work, call, found)),
    ],
  };
}

const callOf = ({ buildId }: ExpiryPayload) =>
  updateCall('builds', buildId, { attributes: { expired: true } });
