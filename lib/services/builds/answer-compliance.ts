import { z } from 'zod';
import { updateCall } from '@/lib/asc/calls';
import type { Finding, JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, lookFor, sendFor, settleAudit } from '../job-steps/send-item';
import { mirrored } from '../resources/mirrored';
import { answerOf, declarationOf } from './compliance-answer';

/** One build, and the declaration that covers it; null where it is exempt. */
export const compliancePayload = z.object({
  buildId: z.string(),
  name: z.string(),
  declarationId: z.string().nullable(),
});
export type CompliancePayload = z.infer<typeof compliancePayload>;

/** Answers the export compliance of builds, by a look at the declaration where there is an answer, and one request for each. */
export const answerCompliance: JobHandler<Ctx> = {
  kind: 'answer-compliance',
  requestsPerItem: 1,
  run: (work, items) => Promise.all(items.map((item) => answer(work, item))),
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
};

const ALREADY = {
  status: 'skipped',
  code: 'FLIGHTDECK.ALREADY',
  detail: 'It was answered so already.',
} as const;

async function answer(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const payload = compliancePayload.parse(item.payload);
  const { buildId, declarationId } = payload;
  const { asc, accountId } = await placeOf(work);
  const held = (await mirrored(work.context.db, accountId, 'builds', buildId))?.attributes;
  const settled = answeredAlready(held?.usesNonExemptEncryption, payload);
  if (settled) return settled;
  const isAnswered = held?.usesNonExemptEncryption === true;
  const answered = isAnswered ? { attached: await declarationOf(asc, buildId) } : null;
  if (answered?.attached === declarationId) return ALREADY;
  const { input, before, requested } = answerOf(declarationId, answered);
  const call = updateCall('builds', buildId, input);
  const sent = await sendFor(work, [item], call, () => ({ label: payload.name, before, requested }));
  return {
    status: 'done',
    statements: [sent.finish(0, requested), ...(await effectsIn(work, call, sent))],
  };
}

/**
 * What becomes of a build that has its answer: App Store Connect takes no other. Null where it has none, or where the
 * declaration that covers it has to be asked for.
 */
export function answeredAlready(
  held: unknown,
  { declarationId }: Pick<CompliancePayload, 'declarationId'>,
): { status: 'skipped' | 'failed'; code: string; detail: string } | null {
  if (typeof held !== 'boolean') return null;
  if (held !== (declarationId !== null))
    return {
      status: 'failed',
      code: 'FLIGHTDECK.ANSWERED',
      detail: `It was answered as ${held ? 'not exempt' : 'exempt'} before, and App Store Connect lets nobody change that.`,
    };
  return held ? null : ALREADY;
}

/** Looks whether the build has the answer, and the declaration that was to cover it. */
async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const { buildId, declarationId } = compliancePayload.parse(item.payload);
  const { asc } = await placeOf(work);
  const { input, requested } = answerOf(declarationId, null);
  const call = updateCall('builds', buildId, input);
  const found = await lookFor(work, item, call);
  const isCovered = declarationId === null || (await declarationOf(asc, buildId)) === declarationId;
  if (found.outcome !== 'done' || !isCovered)
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  return {
    status: 'done',
    statements: [
      ...(await settleAudit(work, item, { status: 'succeeded', after: requested })),
      ...(await effectsIn(work, call, found)),
    ],
  };
}
