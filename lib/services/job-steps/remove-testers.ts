import { deleteCall, removeCall } from '@/lib/asc/calls';
import { testerEventStatements } from '@/lib/history/tester-events';
import type { Finding, JobHandler, JobItem, Outcome, Unseen, Work } from '@/lib/jobs/types';
import type { Write } from '@/lib/store/database';
import type { Ctx } from '../ctx';
import { closed, refusalIn } from '../resources/send';
import { goneOutcome } from './ghost';
import { placeOf } from './place';
import { presentTesters } from './read-back';
import { effectsIn, type ItemEntry, lookFor, sendFor, settleAudit } from './send-item';
import { nameOf, testerOf } from './tester-payload';
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

/** Removes testers from the app and says for each whether Apple is done with it, or had nobody to remove. */
export async function removeItems(work: Work<Ctx>, items: readonly JobItem[]): Promise<Outcome[]> {
  try {
    return await removeAll(work, items);
  } catch (error) {
    const [only, ...others] = items;
    const gone = only && others.length === 0 ? await goneOutcome(work, only, error, 'skipped') : null;
    if (!gone) throw error;
    return [gone];
  }
}

async function removeAll(work: Work<Ctx>, items: readonly JobItem[]): Promise<Outcome[]> {
  const { asc, appId } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const sent = await sendFor(work, items, removal(appId, ids), entryOf);
  // 202 means accepted, not finished: what is still listed then is told as such.
  const listed = sent.isQueued
    ? await presentTesters(asc, { apps: appId }, ids).catch(() => null)
    : new Set<string>();
  const isStill = (id: string) => listed === null || listed.has(id);
  const effects = [
    ...(await leavings(
      work,
      appId,
      ids.filter((id) => !isStill(id)),
    )),
    ...(await leavings(work, appId, ids.filter(isStill), true)),
  ];
  return items.map((item, index) => ({
    status: 'done',
    result: { isQueued: isStill(ids[index] ?? '') },
    statements: [sent.finish(index), ...(index === 0 ? effects : []), ...removed(work, item)],
  }));
}

const removal = (appId: string, ids: readonly string[]) => removeCall('apps', appId, 'betaTesters', ids);

async function leavings(work: Work<Ctx>, appId: string, ids: readonly string[], isQueued = false) {
  return ids.length === 0 ? [] : effectsIn(work, removal(appId, ids), { document: null, isQueued });
}

/** Whoever is no longer listed in the app has been removed. */
export async function lookUpInApp(work: Work<Ctx>, items: readonly JobItem[]): Promise<Finding[]> {
  const { asc, appId } = await placeOf(work);
  const ids = items.map((item) => testerOf(item).testerId);
  const present = await presentTesters(asc, { apps: appId }, ids);
  return await Promise.all(
    items.map(async (item) => {
      const { testerId } = testerOf(item);
      if (present.has(testerId)) {
        return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
      }
      return {
        status: 'done',
        result: { isQueued: false },
        statements: [
          ...(await leavings(work, appId, [testerId])),
          ...removed(work, item),
          ...(await settleAudit(work, item, { status: 'succeeded' })),
        ],
      };
    }),
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
  const call = deleteCall('betaTesters', testerOf(item).testerId);
  try {
    const sent = await sendFor(work, [item], call, entryOf);
    const { isQueued } = sent;
    const statements = [sent.finish(0), ...(await effectsIn(work, call, sent)), ...removed(work, item)];
    return { status: 'done', result: { isQueued }, statements };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal?.is('not_found')) throw error;
    const statements = [...closed(error, refusal), ...(await effectsIn(work, call)), ...removed(work, item)];
    return { status: 'skipped', code: 'FLIGHTDECK.ALREADY', detail: 'Was not there any more.', statements };
  }
}

async function lookUpInTeam(work: Work<Ctx>, item: JobItem): Promise<Finding> {
  const call = deleteCall('betaTesters', testerOf(item).testerId);
  const found = await lookFor(work, item, call);
  if (found.outcome !== 'done') {
    return { status: 'absent', statements: await settleAudit(work, item, { status: 'failed' }) };
  }
  const settled = await settleAudit(work, item, { status: 'succeeded' });
  return {
    status: 'done',
    statements: [...(await effectsIn(work, call)), ...removed(work, item), ...settled],
  };
}

/** The trail tells whom it was about, whatever the call names. */
function entryOf(item: JobItem): ItemEntry {
  const { reasons, ...before } = testerOf(item);
  return {
    type: 'betaTesters',
    resourceId: before.testerId,
    label: nameOf(before),
    before,
    ...(reasons.length > 0 ? { requested: { reasons } } : {}),
  };
}

function removed(work: Work<Ctx>, item: JobItem): Write[] {
  const { testerId, email, reasons } = testerOf(item);
  const { accountId, appId } = work.job;
  const at = work.context.clock.now();
  const after = reasons.length > 0 ? { reasons } : undefined;
  return testerEventStatements([
    { accountId: accountId ?? '', appId: appId ?? '', testerId, email, at, kind: 'removed', after },
  ]);
}
