import { z } from 'zod';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import type { JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { lookUpInApp, relearnRemoved, removeItems, stillInApp } from '../job-steps/remove-testers';
import { testerOf } from '../job-steps/tester-payload';
import { loadTesters } from '../testers/selection';
import { appUsage, periodFor } from '../testers/usage';

const params = z.object({ graceDays: z.number().nullable(), decidedAt: z.number() });
const PER_CALL = 50;

/** Removes pruned testers. After a grace period everybody is looked at once more: who came back, stays. */
export const pruneTesters: JobHandler<Ctx> = {
  kind: 'prune-testers',
  requestsPerItem: 3 / PER_CALL,
  batch: { size: PER_CALL, keyOf: () => '' },
  run: async (work, items) => {
    const back = await whoCameBack(work, items);
    const going = items.filter((item) => !back.has(testerOf(item).testerId));
    const removed = going.length > 0 ? await removeItems(work, going) : [];
    return items.map((item) => outcomeFor(item, back, going, removed));
  },
  reconcile: lookUpInApp,
  unseen: stillInApp,
  relearn: relearnRemoved,
};

function outcomeFor(
  item: JobItem,
  back: ReadonlyMap<string, string>,
  going: readonly JobItem[],
  removed: readonly Outcome[],
): Outcome {
  const detail = back.get(testerOf(item).testerId);
  if (detail !== undefined) return { status: 'skipped', code: 'FLIGHTDECK.KEPT', detail };
  const outcome = removed[going.indexOf(item)];
  if (!outcome) throw new Error(`No outcome for item ${item.position}.`);
  return outcome;
}

/** Tester → why the person stays after all: protected since, a session, a report, or an accepted invitation. */
async function whoCameBack(work: Work<Ctx>, items: readonly JobItem[]): Promise<Map<string, string>> {
  const { graceDays, decidedAt } = params.parse(work.job.params);
  const { asc, accountId, appId } = await placeOf(work);
  const { db } = work.context;
  const ids = items.map((item) => testerOf(item).testerId);
  const back = new Map<string, string>();
  const guarded = await db.read(
    db.build
      .selectFrom('testerNotes')
      .select('testerId')
      .where('accountId', '=', accountId)
      .where('appId', '=', appId)
      .where('protected', '=', 1)
      .where((eb) => db.dialect.among(eb.ref('testerId'), ids)),
  );
  for (const { testerId } of guarded) back.set(testerId, 'Protected meanwhile.');
  if (graceDays === null) return back;
  const reports = await db.read(
    db.build
      .selectFrom('feedback')
      .select(['testerId', 'createdDate'])
      .where('accountId', '=', accountId)
      .where((eb) => db.dialect.among(eb.ref('testerId'), ids)),
  );
  for (const { testerId, createdDate } of reports)
    if (testerId !== null && Date.parse(createdDate ?? '') >= decidedAt)
      back.set(testerId, 'Sent feedback meanwhile.');
  const before = new Map(items.map((item) => [testerOf(item).testerId, testerOf(item).state]));
  for (const tester of await loadTesters(work.context, { accountId, appId }, ids)) {
    const was = before.get(tester.testerId);
    const isNew = tester.state !== was && hasAccepted(tester.state);
    if (isNew) back.set(tester.testerId, 'Accepted the invitation meanwhile.');
  }
  const usage = await usageInRun(work, () => appUsage(asc, appId, periodFor(graceDays)));
  for (const id of ids) if ((usage.get(id)?.sessionCount ?? 0) > 0) back.set(id, 'Used the app meanwhile.');
  return back;
}

type AppUsage = Awaited<ReturnType<typeof appUsage>>;
const usages = new WeakMap<Work<Ctx>, Promise<AppUsage>>();

/** An app's usage, read once for all batches of a run: Apple filters by one tester only, but lists 200 a page. */
function usageInRun(work: Work<Ctx>, read: () => Promise<AppUsage>): Promise<AppUsage> {
  const known = usages.get(work);
  if (known) return known;
  const reading = read();
  usages.set(work, reading);
  reading.catch(() => usages.delete(work));
  return reading;
}
