import { isAscError } from '@/lib/asc/errors';
import { testerEventStatements } from '@/lib/history/tester-events';
import type { JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import { invitedStatement } from '@/lib/mirror/invited';
import type { Ctx } from '../ctx';
import { goneOutcome } from './ghost';
import { auditedCall, settleAudit } from './item-audit';
import { placeOf } from './place';
import { testerOf } from './tester-payload';
import { ItemCallError } from './trouble';

/** Sends invitations again, one request each. */
export const resendInvitations: JobHandler<Ctx> = {
  kind: 'resend-invitations',
  requestsPerItem: 1,
  run: (work, items) => Promise.all(items.map((item) => resend(work, item))),
  // An invitation leaves nothing to read back. A second e-mail would be worse than telling that one is uncertain.
  reconcile: async (work, items) =>
    await Promise.all(
      items.map(async (item) => ({
        status: 'failed',
        code: 'FLIGHTDECK.OUTCOME_UNKNOWN',
        detail:
          'App Store Connect did not answer, and it does not show whether the e-mail was sent. It was not repeated.',
        statements: await settleAudit(work, item, { status: 'unknown' }),
      })),
    ),
};

async function resend(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const { asc, accountId, appId } = await placeOf(work);
  const { testerId, email } = testerOf(item);
  const draft = {
    action: 'create',
    type: 'betaTesterInvitations',
    resourceId: testerId,
    label: email ?? testerId,
    requested: { app: appId, betaTester: testerId },
  };
  const relationships = {
    app: { data: { type: 'apps' as const, id: appId } },
    betaTester: { data: { type: 'betaTesters' as const, id: testerId } },
  };
  try {
    const { finish } = await auditedCall(
      work,
      [item],
      () => draft,
      () => asc.create('betaTesterInvitations', { relationships }),
    );
    const at = work.context.clock.now();
    const events = testerEventStatements([{ accountId, appId, testerId, email, at, kind: 'invited' }]);
    const invited = invitedStatement({ accountId, appId, testerIds: [testerId] });
    return { status: 'done', statements: [finish(0), invited, ...events] };
  } catch (error) {
    const refusal = error instanceof ItemCallError ? error.cause : error;
    if (!isAscError(refusal) || !refusal.hasCode('STATE_ERROR.TESTER_INVITE.ALREADY_ACCEPTED')) {
      const gone = await goneOutcome(work, item, error, 'failed');
      if (gone) return gone;
      throw error;
    }
    const closing = error instanceof ItemCallError ? error.statementsFor('failed', refusal.errors) : [];
    const detail = 'The invitation was accepted already.';
    return { status: 'skipped', code: refusal.code ?? 'STATE_ERROR', detail, statements: closing };
  }
}
