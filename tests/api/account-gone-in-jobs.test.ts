import { afterEach, beforeEach, expect, it } from 'vitest';
import { begin } from '@/lib/audit/trail';
import { claimJob } from '@/lib/jobs/claim';
import { readItems, readJob } from '@/lib/jobs/rows';
import { runJob } from '@/lib/jobs/run-job';
import { removeAccount } from '@/lib/services/accounts/accounts';
import { jobRunner } from '@/lib/services/jobs/runner';
import { bulkBody, startBulk } from '@/lib/services/testers/bulk';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

it.each(['paused', 'cancelled'] as const)(
  'what was on its way in a %s job is told as unknown once its account is removed',
  async (status) => {
    const members = [...bench.testers().values()]
      .filter(({ groupIds }) => groupIds.includes(bench.groupId))
      .map(({ id }) => id);
    const { jobId } = await startBulk(
      bench.ctx,
      bulkBody.parse({
        kind: 'remove-from-group',
        appId: bench.appId,
        groupId: bench.groupId,
        testers: { ids: members.slice(0, 2) },
      }),
    );
    await bench.db.write([
      {
        sql: "UPDATE jobItems SET status = 'sending', attempts = 1, sentAt = ? WHERE jobId = ? AND position = 0",
        params: [Date.now(), jobId],
      },
      { sql: 'UPDATE jobs SET status = ? WHERE id = ?', params: [status, jobId] },
    ]);
    await begin(bench.db, {
      at: Date.now(),
      actorId: 'u-admin',
      actorEmail: 'admin@example.com',
      accountId: ACCOUNT,
      appId: bench.appId,
      action: 'removeLinkage',
      type: 'betaGroups',
      resourceId: bench.groupId,
      requestId: `${jobId}/0`,
      jobId,
    });
    await removeAccount(bench.ctx, ACCOUNT, 'Sandbox');
    const claim = await claimJob(bench.db, 'host/1/x', Date.now());
    if (!claim) throw new Error('nothing to look up');
    await runJob(jobRunner(bench.app), claim, new AbortController().signal);
    const [first, second] = await readItems(bench.db, jobId, { limit: 2 });
    expect(first).toMatchObject({ status: 'failed', errorCode: 'FLIGHTDECK.OUTCOME_UNKNOWN' });
    expect(first?.errorDetail).toMatch(/the account was removed before .* Look at App Store Connect\.$/);
    expect(second?.status).toBe('pending');
    const sql = 'SELECT status FROM auditEntries WHERE jobId = ?';
    expect(await bench.db.query(sql, [jobId])).toEqual([{ status: 'unknown' }]);
    expect((await readJob(bench.db, jobId))?.status).toBe(status);
    expect(await claimJob(bench.db, 'host/1/x', Date.now() + 600_000)).toBeNull();
  },
);
