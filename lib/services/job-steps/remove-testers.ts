import { isAscError } from '@/lib/asc/errors';
import { testerEventStatements } from '@/lib/history/tester-events';
import type { Finding, JobHandler, JobItem, Outcome, Unseen, Work } from '@/lib/jobs/types';
import { evictStatements } from '@/lib/mirror/evict';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { auditedCall, settleAudit } from './item-audit';
import { placeOf } from './place';
import { presentTesters } from './read-back';
import { testerOf } from './tester-payload';
import { ItemCallError } from './trouble';
import { relearnTesters, type Told, unseenTesters } from './unseen';

const PER_CALL = 50;

/** Takes testers out of the whole app, fifty in one call; groups and single builds go with it. */
export const removeFromApp: JobHandler<Ctx> = {
  kind: 'remove-from-app',
  requestsPerItem: 2 / PER_CALL,
  batch: { size: PER_CALL, keyOf: () => '' },
  run: removeItems,
  reconcile: lookUpInApp,
  unseen: stillInApp,
  relearn: relearnRemoved,
};

/** Removes testers from the app and says for each whether Apple is done with it. */
export async function removeItems(work: Work<Ctx>, items: readonly JobItem[]): Promise<Outcome[]> {
  const { asc, accountId, appId } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const { result, finish } = await auditedCall(
    work,
    items,
    (item) => ({ ...draft(item), action: 'removeLinkage' }),
    () => asc.removeLinkage('apps', appId, 'betaTesters', ids),
  );
  // 202 means accepted, not finished: what is still listed then is told as such.
  const listed =
    result.status === 202 ? await presentTesters(asc, { apps: appId }, ids).catch(() => null) : new Set();
  return items.map((item, index) => {
    const isQueued = listed === null || listed.has(ids[index] ?? '');
    return {
      status: 'done',
      result: { isQueued },
      statements: [finish(index), ...gone(work, item, { accountId, appId, isQueued })],
    };
  });
}

/** Whoever is no longer listed in the app has been removed. */
export async function lookUpInApp(work: Work<Ctx>, items: readonly JobItem[]): Promise<Finding[]> {
  const { asc, accountId, appId } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const present = await presentTesters(asc, { apps: appId }, ids);
  return await Promise.all(
    items.map(async (item, index) =>
      present.has(ids[index] ?? '')
        ? { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) }
        : {
            status: 'done',
            result: { isQueued: false },
            statements: [
              ...gone(work, item, { accountId, appId }),
              ...(await settleAudit(work, item, { status: 'succeeded' })),
            ],
          },
    ),
  );
}

/** Whoever is still listed in the app although Apple called them removed. */
export async function stillInApp(work: Work<Ctx>, items: readonly JobItem[]): Promise<readonly Unseen[]> {
  const { appId } = await placeOf(work);
  return unseenTesters(work, items.map(toldOf), { within: { apps: appId }, isWanted: false });
}

/** Puts back into our copy who is still there. */
export function relearnRemoved(work: Work<Ctx>, items: readonly JobItem[]): Promise<void> {
  return relearnTesters(work, items.map(toldOf));
}

function toldOf(item: JobItem): Told {
  const result = item.result as { isQueued?: unknown } | null;
  return { item, testerId: testerOf(item).testerId, isQueued: result?.isQueued === true };
}

/** Deletes testers from the team: every app and every group. Apple takes them one by one. */
export const deleteTesters: JobHandler<Ctx> = {
  kind: 'delete-testers',
  requestsPerItem: 1,
  run: async (work, items) => Promise.all(items.map((item) => deleteOne(work, item))),
  reconcile: async (work, items) => Promise.all(items.map((item) => lookUpInTeam(work, item))),
  unseen: (work, items) => unseenTesters(work, items.map(toldOf), { within: {}, isWanted: false }),
  relearn: relearnRemoved,
};

async function deleteOne(work: Work<Ctx>, item: JobItem): Promise<Outcome> {
  const { asc, accountId } = await placeOf(work);
  const { testerId } = testerOf(item);
  try {
    const { result, finish } = await auditedCall(
      work,
      [item],
      (one) => ({ ...draft(one), action: 'delete' }),
      () => asc.delete('betaTesters', testerId),
    );
    const isQueued = result.status === 202;
    const statements = [finish(0), ...gone(work, item, { accountId, isQueued })];
    return { status: 'done', result: { isQueued }, statements };
  } catch (error) {
    const refusal = error instanceof ItemCallError ? error.cause : error;
    if (!isAscError(refusal) || refusal.kind !== 'not_found') throw error;
    const closing = error instanceof ItemCallError ? error.statementsFor('failed', refusal.errors) : [];
    const statements = [...closing, ...gone(work, item, { accountId })];
    return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'Was not there any more.', statements };
  }
}

async function lookUpInTeam(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const { asc, accountId } = await placeOf(work);
  try {
    await asc.get('betaTesters', testerOf(item).testerId);
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  } catch (error) {
    if (!isAscError(error) || error.kind !== 'not_found') throw error;
    const settled = await settleAudit(work, item, { status: 'succeeded' });
    return { status: 'done', statements: [...gone(work, item, { accountId }), ...settled] };
  }
}

function draft(item: JobItem) {
  const tester = testerOf(item);
  const name = [tester.firstName, tester.lastName].filter(Boolean).join(' ');
  const { reasons, ...before } = tester;
  return {
    type: 'betaTesters',
    resourceId: tester.testerId,
    label: tester.email ?? (name || tester.testerId),
    before,
    ...(reasons.length > 0 ? { requested: { reasons } } : {}),
  };
}

function gone(
  work: Work<Ctx>,
  item: JobItem,
  { accountId, appId, isQueued }: { accountId: string; appId?: string; isQueued?: boolean },
): Write[] {
  const tester = testerOf(item);
  const at = work.context.clock.now();
  const evicted = { accountId, type: 'betaTesters', ids: [tester.testerId], at, isQueued };
  return [
    ...evictStatements(appId === undefined ? evicted : { ...evicted, appId }),
    ...testerEventStatements([
      {
        accountId,
        appId: appId ?? work.job.appId ?? '',
        testerId: tester.testerId,
        email: tester.email,
        at,
        kind: 'removed',
        after: tester.reasons.length > 0 ? { reasons: tester.reasons } : undefined,
      },
    ]),
  ];
}
