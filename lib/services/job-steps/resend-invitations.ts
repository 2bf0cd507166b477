import { testerEventStatements } from '@/lib/history/tester-events';
import type { JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { closed, refusalIn } from '../resources/send';
import { goneOutcome } from './ghost';
import { invitationCall } from './invite-person';
import { placeOf } from './place';
import { effectsIn, sendFor, unknownOutcome } from './send-item';
import { testerOf } from './tester-payload';

/** Sends invitations again, one request each. */
export const resendInvitations: JobHandler<Ctx> = {
  kind: 'resend-invitations',
  requestsPerItem: 1,
  run: (work, items) => Promise.all(items.map((item) => resend(work, item))),
  // An invitation leaves nothing to read back. A second e-mail would be worse than telling that one is uncertain.
  reconcile: (work, items) => Promise.all(items.map((item) => unknownOutcome(work, item, UNSHOWN))),
};

const UNSHOWN =
  'App Store Connect did not answer, and it does not show whether the e-mail was sent. It was not repeated.';

async function resend(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const { accountId, appId } = await placeOf(work);
  const { testerId, email } = testerOf(item);
  const call = invitationCall(appId, testerId);
  const entry = {
    resourceId: testerId,
    label: email ?? testerId,
    requested: { app: appId, betaTester: testerId },
  };
  try {
    const sent = await sendFor(work, [item], call, () => entry);
    const at = work.context.clock.now();
    const events = testerEventStatements([{ accountId, appId, testerId, email, at, kind: 'invited' }]);
    return {
      status: 'done',
      statements: [sent.finish(0), ...(await effectsIn(work, call, sent)), ...events],
    };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.hasCode('STATE_ERROR.TESTER_INVITE.ALREADY_ACCEPTED')) {
      const gone = await goneOutcome(work, item, error, 'failed');
      if (gone) return gone;
      throw error;
    }
    const detail = 'The invitation was accepted already.';
    return {
      status: 'skipped',
      code: refusal.code ?? 'STATE_ERROR',
      detail,
      statements: closed(error, refusal),
    };
  }
}
