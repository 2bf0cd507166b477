import { z } from 'zod';
import { updateCall } from '@/lib/asc/calls';
import type { WriteCall } from '@/lib/asc/operations';
import type { Finding, JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { effectsIn, lookFor, sendFor, settleAudit } from '../job-steps/send-item';
import { mirrored } from '../resources/mirrored';

/** One build, and the declaration that covers it; null where it is exempt. */
export const compliancePayload = z.object({
  buildId: z.string(),
  name: z.string(),
  declarationId: z.string().nullable(),
});
export type CompliancePayload = z.infer<typeof compliancePayload>;

/** Answers the export compliance of builds, one request for each. */
export const answerCompliance: JobHandler<Ctx> = {
  kind: 'answer-compliance',
  requestsPerItem: 1,
  run: (work, items) => Promise.all(items.map((item) => answer(work, item))),
  reconcile: (work, items) => Promise.all(items.map((item) => lookUp(work, item))),
};

async function answer(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const payload = compliancePayload.parse(item.payload);
  const { accountId } = await placeOf(work);
  const held = await mirrored(work.context.db, accountId, 'builds', payload.buildId);
  const settled = answeredAlready(held?.attributes?.usesNonExemptEncryption, payload);
  if (settled) return settled;
  const { call, requested } = requestOf(payload);
  const sent = await sendFor(work, [item], call, () => ({
    label: payload.name,
    before: { attributes: { usesNonExemptEncryption: null } },
    requested,
  }));
  return {
    status: 'done',
    statements: [sent.finish(0, requested), ...(await effectsIn(work, call, sent))],
  };
}

/** What becomes of a build that has its answer: App Store Connect takes no other. */
export function answeredAlready(
  held: unknown,
  { declarationId }: Pick<CompliancePayload, 'declarationId'>,
): { status: 'skipped' | 'failed'; code: string; detail: string } | null {
  if (typeof held !== 'boolean') return null;
  if (held === (declarationId !== null))
    return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'It was answered so already.' };
  return {
    status: 'failed',
    code: 'FLIGHTDECK.ANSWERED',
    detail: `It was answered as ${held ? 'not exempt' : 'exempt'} before, and App Store Connect lets nobody change that.`,
  };
}

async function lookUp(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const { call, requested } = requestOf(compliancePayload.parse(item.payload));
  const found = await lookFor(work, item, call);
  if (found.outcome !== 'done')
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  return {
    status: 'done',
    statements: [
      ...(await settleAudit(work, item, { status: 'succeeded', after: requested })),
      ...(await effectsIn(work, call, found)),
    ],
  };
}

function requestOf({ buildId, declarationId }: CompliancePayload): { call: WriteCall; requested: object } {
  const attributes = { usesNonExemptEncryption: declarationId !== null };
  const requested =
    declarationId === null
      ? { attributes }
      : {
          attributes,
          relationships: {
            appEncryptionDeclaration: {
              data: { type: 'appEncryptionDeclarations' as const, id: declarationId },
            },
          },
        };
  return { call: updateCall('builds', buildId, requested), requested };
}
