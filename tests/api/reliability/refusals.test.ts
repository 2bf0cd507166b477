import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readItems, readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { changeJob, changeJobGroup, failedRowsCsv, getJob } from '@/lib/services/jobs/views';
import { type BulkBody, bulkBody, startBulk } from '@/lib/services/testers/bulk';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { textOf } from '@/tests/factories/text-of';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const faults = () => bench.sandbox.parts().faults;
const asked = () => bench.sandbox.parts().requests.count;
const startRows = async (n: number, over: object = {}) => {
  const text = `Email\n${Array.from({ length: n }, (_, i) => `row${i}@example.com`).join('\n')}`;
  const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId], ...over });
  return (await startImport(bench.ctx, new TextEncoder().encode(text), options)).jobId;
};
const strangers = async (n: number) =>
  (
    await bench.db.query<{ id: string }>(
      `SELECT id FROM betaTesters WHERE appId = ? AND email IS NOT NULL AND id NOT IN
       (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id LIMIT ?`,
      [bench.appId, bench.groupId, n],
    )
  ).map(({ id }) => id);
const otherGroup = async () =>
  (
    await bench.db.query<{ id: string }>(
      'SELECT id FROM betaGroups WHERE appId = ? AND isInternalGroup = 0 AND id <> ? LIMIT 1',
      [bench.appId, bench.groupId],
    )
  )[0]?.id ?? '';
const bulk = (over: Partial<BulkBody>) =>
  bulkBody.parse({ kind: 'add-to-group', appId: bench.appId, groupId: bench.groupId, ...over });
const dropGroup = () => {
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', bench.groupId);
  if (group) store.remove(group);
};
const accountStatus = async () =>
  (await bench.db.query<{ status: string }>('SELECT status FROM Account'))[0]?.status;

describe('R26: what passes, and what is not Apple’s', () => {
  it('two random 401 with a good key pause no job and latch nothing', async () => {
    faults().add({
      kind: 'status',
      status: 401,
      method: 'POST',
      route: '/v1/betaTesters',
      skip: 3,
      count: 2,
    });
    const jobId = await startRows(8);
    await bench.run(jobId);
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', done: 8, failed: 0, error: null });
    expect(await accountStatus()).toBe('ok');
  });

  it.each([403, 502])('an HTML %i fails nobody: it is looked up, and sent again', async (status) => {
    faults().add({ kind: 'html', status, method: 'POST', route: '/v1/betaTesters', count: 1 });
    const jobId = await startRows(4);
    await bench.run(jobId);
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', done: 4, failed: 0, error: null });
    const invited = Object.entries(bench.invitations()).filter(([email]) => email.startsWith('row'));
    expect(invited.map(([, times]) => times)).toEqual([1, 1, 1, 1]);
  });
});

describe('R27: what the next rows share', () => {
  it('a group that is gone holds the import at once, and another one is put in its place', async () => {
    const jobId = await startRows(60);
    dropGroup();
    const before = asked();
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'paused',
      counts: { failed: 0, pending: 60 },
      hold: { kind: 'gone', target: { type: 'betaGroups', id: bench.groupId } },
      error: expect.stringMatching(/^The group “.+” is no longer there/),
    });
    expect(asked() - before).toBeLessThanOrEqual(10);
    const to = await otherGroup();
    await changeJobGroup(bench.ctx, jobId, to);
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({ status: 'done', counts: { done: 60, failed: 0 } });
    expect(bench.testers().get('row59@example.com')?.groupIds).toEqual([to]);
  });

  it('a group that is gone holds a bulk change before it is tried one by one', async () => {
    const { jobId } = await startBulk(bench.ctx, bulk({ testers: { ids: await strangers(30) } }));
    dropGroup();
    const before = asked();
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'paused',
      hold: { kind: 'gone' },
      counts: { failed: 0 },
    });
    expect(asked() - before).toBeLessThanOrEqual(3);
    await changeJobGroup(bench.ctx, jobId, await otherGroup());
    await bench.run(jobId);
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', failed: 0 });
  });

  it.each([
    ['Apple’s code', 409, 'STATE_ERROR.TESTER_LIMIT_EXCEEDED', 'No.'],
    ['only its words', 422, 'ENTITY_UNPROCESSABLE', 'You have reached the maximum number of testers.'],
  ])(
    'a limit that is reached, told by %s, holds after a few rows; it goes on once there is room',
    async (_how, status, code, detail) => {
      const fault = faults().add({
        kind: 'status',
        method: 'POST',
        route: '/v1/betaTesters',
        status,
        code,
        detail,
        skip: 5,
      });
      const jobId = await startRows(60);
      const before = asked();
      await bench.run(jobId);
      expect(await getJob(bench.ctx, jobId)).toMatchObject({
        status: 'paused',
        counts: { done: 5, failed: 0, pending: 55 },
        hold: { kind: 'limit' },
        error: expect.stringContaining(detail),
        actions: expect.arrayContaining(['resume', 'cancel']),
      });
      expect(asked() - before).toBeLessThanOrEqual(20);
      faults().remove(fault.id);
      await changeJob(bench.ctx, jobId, 'resume');
      await bench.run(jobId);
      expect(await readJob(bench.db, jobId)).toMatchObject({
        status: 'done',
        done: 60,
        failed: 0,
        hold: { isWaived: true },
      });
    },
  );

  it('a missing agreement and a revoked key hold with their kind', async () => {
    const fault = faults().add({ kind: 'status', status: 403, method: 'POST' });
    const jobId = await startRows(60);
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'paused',
      hold: { kind: 'agreement' },
      counts: { failed: 0 },
    });
    faults().remove(fault.id);
  });
});

it('tells every error of an answer in the row, the file and the trail', async () => {
  const words = ['The name is too long.', 'The address is not taken.'];
  faults().add({
    kind: 'status',
    status: 409,
    method: 'POST',
    route: '/v1/betaTesters',
    count: 1,
    errors: words.map((detail) => ({ code: 'ENTITY_ERROR.ATTRIBUTE.INVALID', detail })),
  });
  const jobId = await startRows(1);
  await bench.run(jobId);
  const [item] = await readItems(bench.db, jobId, { limit: 1 });
  expect(item?.errorDetail).toBe(words.join(' '));
  expect(await textOf(failedRowsCsv(bench.ctx, jobId))).toContain(words.join(' '));
  const [trail] = await bench.db.query<{ errors: string }>(
    "SELECT errors FROM auditEntries WHERE jobId = ? AND status = 'failed'",
    [jobId],
  );
  for (const word of words) expect(trail?.errors).toContain(word);
});
