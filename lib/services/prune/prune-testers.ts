import { z } from 'zod';
import { hasAccepted } from '@/lib/asc/catalogue/tester-states';
import { eachItem } from '@/lib/jobs/rows';
import type { JobHandler, JobItem, Outcome, Work } from '@/lib/jobs/types';
import { readTesters } from '@/lib/sync/members';
import type { Ctx } from '../ctx';
import { placeOf } from '../job-steps/place';
import { lookUpInApp, relearnRemoved, removeItems, stillInApp } from '../job-steps/remove-testers';
import { OUTCOME_UNKNOWN } from '../job-steps/send-item';
import { testerOf } from '../job-steps/tester-payload';
import { loadTesters } from '../testers/selection';
import { appUsage, periodFor } from '../testers/usage';

const params = z.object({
  graceDays: z.number().nullable(),
  decidedAt: z.number(),
  /** The job that writes to them first. */
  resendJobId: z.string().nullable().default(null),
});
const PER_CALL = 50;
const DAY_MS = 86_400_000;

/**
 * Removes pruned testers. After a grace period everybody is looked at once more: who came back stays, and so does whoever
 * was to be written to first and was not.
 */
export const pruneTesters: JobHandler<Ctx> = {
  kind: 'prune-testers',
  requestsPerItem: 4 / PER_CALL,
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

/** Tester → why the person stays: not written to first, protected, a session, a report, an accepted invitation. */
async function whoCameBack(work: Work<Ctx>, items: readonly JobItem[]): Promise<Map<string, string>> {
  const { graceDays, decidedAt } = params.parse(work.job.params);
  const { asc, accountId, appId } = await placeOf(work);
  const { db, clock } = work.context;
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
  const unwritten = await unwrittenOf(work);
  for (const id of ids) {
    const reason = unwritten.get(id);
    if (reason !== undefined && !back.has(id)) back.set(id, reason);
  }
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
  // The sync may not have told of it for days.
  await readTesters({ db, clock, asc, accountId, write: work.write }, appId, ids);
  const before = new Map(items.map((item) => [testerOf(item).testerId, testerOf(item).state]));
  for (const tester of await loadTesters(work.context, { accountId, appId }, ids)) {
    const was = before.get(tester.testerId);
    const isNew = tester.state !== was && hasAccepted(tester.state);
    if (isNew) back.set(tester.testerId, 'Accepted the invitation meanwhile.');
  }
  const usage = await usageOf(work);
  for (const id of ids) if ((usage.get(id)?.sessionCount ?? 0) > 0) back.set(id, 'Used the app meanwhile.');
  return back;
}

const UNSENT = 'Was not written to first: the job that writes has not come to it.';
const LATE = 'Was written to later than planned: the days to come back are not over.';

/** Whoever was to be written to first → why it cannot be said that the letter went out in time. */
const unwrittenOf = oncePerRun(async ({ job, context: { db, clock } }) => {
  const { graceDays, decidedAt, resendJobId } = params.parse(job.params);
  const unwritten = new Map<string, string>();
  if (resendJobId === null) return unwritten;
  for await (const item of eachItem(db, resendJobId)) {
    const { testerId } = testerOf(item);
    const sentAt = item.finishedAt ?? decidedAt;
    const isLate = sentAt - decidedAt > DAY_MS && clock.now() - sentAt < (graceDays ?? 0) * DAY_MS;
    // Skipped is whoever has accepted before: no letter can go to them.
    if (item.status === 'done' && isLate) unwritten.set(testerId, LATE);
    else if (item.status !== 'done' && item.status !== 'skipped') unwritten.set(testerId, unsentWords(item));
  }
  return unwritten;
});

function unsentWords({ errorCode, errorDetail }: JobItem): string {
  if (errorDetail === null) return UNSENT;
  const start = errorCode === OUTCOME_UNKNOWN ? 'May not have been written to' : 'Was not written to';
  return `${start} first: ${errorDetail}`;
}

/** The app's usage in the grace period at least: Apple filters by one tester only, but lists 200 a page. */
const usageOf = oncePerRun(async (work) => {
  const { asc, appId } = await placeOf(work);
  return appUsage(asc, appId, periodFor(params.parse(work.job.params).graceDays ?? 0));
});

/** Reads once for all batches of a run. */
function oncePerRun<Read>(read: (work: Work<Ctx>) => Promise<Read>): (work: Work<Ctx>) => Promise<Read> {
  const readings = new WeakMap<Work<Ctx>, Promise<Read>>();
  return (work) => {
    const reading = readings.get(work) ?? read(work);
    readings.set(work, reading);
    reading.catch(() => readings.delete(work));
    return reading;
  };
}
