import { afterEach, beforeEach, expect, it } from 'vitest';
import { readItems } from '@/lib/jobs/rows';
import { cloneBody, startClone } from '@/lib/services/groups/groups';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { changeJob, failedRowsCsv, getJob } from '@/lib/services/jobs/views';
import { previewPrune, pruneBody, restoreTesters, startPrune } from '@/lib/services/prune/service';
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
const inMirror = async () =>
  (
    await bench.db.query<{ testerId: string }>('SELECT testerId FROM betaGroupTesters WHERE groupId = ?', [
      bench.groupId,
    ])
  ).length;
const members = async (isIn: boolean, n: number) =>
  (
    await bench.db.query<{ id: string }>(
      `SELECT id FROM betaTesters WHERE appId = ? AND email IS NOT NULL AND id ${isIn ? 'IN' : 'NOT IN'}
       (SELECT testerId FROM betaGroupTesters WHERE groupId = ?) ORDER BY id LIMIT ?`,
      [bench.appId, bench.groupId, n],
    )
  ).map(({ id }) => id);
const start = async (over: Partial<BulkBody>) =>
  (await startBulk(bench.ctx, bulkBody.parse({ appId: bench.appId, confirm: 2, ...over }))).jobId;
const startRows = async (n: number) => {
  const text = `Email\n${Array.from({ length: n }, (_, i) => `row${i}@example.com`).join('\n')}`;
  const options = importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId] });
  return (await startImport(bench.ctx, new TextEncoder().encode(text), options)).jobId;
};
const warnings = async (jobId: string) =>
  (await readItems(bench.db, jobId, { limit: 200 })).flatMap(({ status, errorCode, errorDetail }) =>
    errorCode === 'FLIGHTDECK.NO_EFFECT' ? [`${status}: ${errorDetail}`] : [],
  );

it.each([
  ['add-to-group', false, 'is not in the group'],
  ['remove-from-group', true, 'is still in the group'],
  ['remove-from-app', true, 'is still in the app'],
  ['delete-testers', true, 'is still in the team'],
] as const)(
  '%s without effect is a warning in every row, and can be tried again',
  async (kind, isIn, words) => {
    const ids = await members(isIn, 2);
    const before = await inMirror();
    const lie = faults().add({ kind: 'lie', method: kind === 'add-to-group' ? 'POST' : 'DELETE' });
    const target = kind.endsWith('group') ? { groupId: bench.groupId } : {};
    const jobId = await start({ kind, testers: { ids }, ...target });
    const asks = asked();
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'done',
      counts: { done: 2, failed: 0, noEffect: 2 },
      actions: ['retry'],
    });
    expect(asked() - asks).toBeLessThanOrEqual(6);
    expect(await warnings(jobId)).toEqual(
      ids.map(() => `done: App Store Connect said yes, but on reading again the person ${words}.`),
    );
    expect(await textOf(failedRowsCsv(bench.ctx, jobId))).toContain(words);
    // Our copy says what Apple says, and not what the job meant to do.
    expect(await inMirror()).toBe(before);

    faults().remove(lie.id);
    await changeJob(bench.ctx, jobId, 'retry');
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'done',
      counts: { done: 2, noEffect: 0 },
    });
    expect(await warnings(jobId)).toEqual([]);
    expect(await inMirror()).toBe(kind === 'add-to-group' ? before + 2 : before - 2);
  },
);

it('an import tells who was invited in words only, and invites them when it is tried again', async () => {
  const lie = faults().add({ kind: 'lie', method: 'POST', route: '/v1/betaTesters', skip: 2, count: 2 });
  const jobId = await startRows(6);
  const asks = asked();
  await bench.run(jobId);
  expect((await getJob(bench.ctx, jobId)).counts).toMatchObject({ done: 6, noEffect: 2 });
  expect(asked() - asks).toBeLessThanOrEqual(6 + 5);
  expect(await warnings(jobId)).toEqual([
    'done: App Store Connect said yes, but on reading again the person is not in the app.',
    'done: App Store Connect said yes, but on reading again the person is not in the app.',
  ]);
  faults().remove(lie.id);
  await changeJob(bench.ctx, jobId, 'retry');
  await bench.run(jobId);
  expect((await getJob(bench.ctx, jobId)).counts).toMatchObject({ done: 6, noEffect: 0 });
  for (let i = 0; i < 6; i += 1) {
    expect(bench.testers().get(`row${i}@example.com`)?.groupIds).toEqual([bench.groupId]);
  }
});

it('what is so on the second look is no warning, and what cannot be asked says nothing', async () => {
  const blank = faults().add({ kind: 'lie', method: 'POST' });
  const jobId = await start({
    kind: 'add-to-group',
    groupId: bench.groupId,
    testers: { ids: await members(false, 2) },
  });
  faults().add({ kind: 'status', status: 400, method: 'GET', route: '/v1/betaTesters' });
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({ status: 'done', counts: { done: 2, noEffect: 0 } });
  expect(await warnings(jobId)).toEqual([]);
  faults().remove(blank.id);
});

it('a success that is one costs a request and carries no warning', async () => {
  const jobId = await startRows(4);
  const asks = asked();
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({ counts: { done: 4, noEffect: 0 }, actions: [] });
  expect(asked() - asks).toBeLessThanOrEqual(5);
});

const testable = async () =>
  (
    await bench.db.query<{ id: string }>(
      `SELECT id FROM builds WHERE appId = ? AND expired = 0 AND processingState = 'VALID' AND id IN
     (SELECT buildId FROM buildGroups WHERE groupId = ?) ORDER BY uploadedDate DESC LIMIT 1`,
      [bench.appId, bench.groupId],
    )
  )[0]?.id ?? '';
const holders = async (buildId: string) =>
  (await bench.db.query('SELECT 1 FROM buildTesters WHERE buildId = ?', [buildId])).length;

it('a build given or taken away in words only is a warning, and our copy does not believe it', async () => {
  const ids = await members(true, 2);
  const buildId = await testable();
  const before = await holders(buildId);
  const tell = async (kind: 'add-build' | 'remove-build', words: string, held: readonly [number, number]) => {
    const method = kind === 'add-build' ? 'POST' : 'DELETE';
    const lie = faults().add({ kind: 'lie', method });
    const jobId = await start({ kind, testers: { ids }, buildId });
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'done',
      counts: { done: 2, noEffect: 2 },
    });
    expect(await warnings(jobId)).toEqual(
      ids.map(() => `done: App Store Connect said yes, but on reading again the person ${words}.`),
    );
    expect(await holders(buildId)).toBe(held[0]);
    faults().remove(lie.id);
    await changeJob(bench.ctx, jobId, 'retry');
    await bench.run(jobId);
    expect((await getJob(bench.ctx, jobId)).counts).toMatchObject({ done: 2, noEffect: 0 });
    expect(await holders(buildId)).toBe(held[1]);
  };
  await tell('add-build', 'does not have the build', [before, before + 2]);
  await tell('remove-build', 'still has the build', [before + 2, before]);
});

it('a prune, and what brings the people back, in words only are warnings', async () => {
  const at = Date.now() - 60 * 24 * 3_600_000;
  await bench.db.write([
    {
      sql: `INSERT INTO testerEvents (accountId, appId, testerId, at, kind)
        SELECT accountId, appId, id, ?, 'joined' FROM betaTesters WHERE appId = ?`,
      params: [at, bench.appId],
    },
  ]);
  const rules = { noSessionDays: 30, noFeedbackEver: true, invitedBeforeDays: 30 };
  const here = async () =>
    (await bench.db.query('SELECT 1 FROM betaTesters WHERE appId = ?', [bench.appId])).length;
  const before = await here();
  const lie = faults().add({ kind: 'lie', method: 'DELETE' });
  const { candidates } = await previewPrune(bench.ctx, { appId: bench.appId, rules });
  const body = pruneBody.parse({ appId: bench.appId, rules, confirm: candidates.length });
  const { jobId } = await startPrune(bench.ctx, body);
  await bench.run(jobId);
  const { done, noEffect } = (await getJob(bench.ctx, jobId)).counts;
  expect([done, noEffect]).toEqual([candidates.length, candidates.length]);
  expect(await here()).toBe(before);
  faults().remove(lie.id);
  await changeJob(bench.ctx, jobId, 'retry');
  await bench.run(jobId);
  expect((await getJob(bench.ctx, jobId)).counts).toMatchObject({ done, noEffect: 0 });
  expect(await here()).toBe(before - candidates.length);

  faults().add({ kind: 'lie', method: 'POST' });
  const back = await restoreTesters(bench.ctx, { jobId });
  await bench.run(back.jobId);
  const { counts } = await getJob(bench.ctx, back.jobId);
  expect(counts.noEffect).toBe(counts.done);
  expect(counts.done).toBeGreaterThan(0);
  // Apple may only show them late: for a minute they stay, and nobody leaves.
  expect(await here()).toBe(before - candidates.length + counts.done);
  expect(await bench.db.query("SELECT 1 FROM testerEvents WHERE kind = 'left'")).toEqual([]);
});

it('a clone tells which of its steps Apple only said it did, and our copy does not believe them', async () => {
  const lies = [
    faults().add({ kind: 'lie', method: 'POST', route: '/v1/betaGroups/{id}/relationships/builds' }),
    faults().add({ kind: 'lie', method: 'POST', route: '/v1/betaTesters/{id}/relationships/betaGroups' }),
  ];
  const body = cloneBody.parse({ name: 'Second wave', testers: true, builds: true });
  const { jobId } = await startClone(bench.ctx, bench.groupId, body);
  await bench.run(jobId);
  const items = await readItems(bench.db, jobId, { limit: 500 });
  const groupId = String((items[0]?.result as { groupId: string } | null)?.groupId);
  const ours = async (table: string) =>
    (await bench.db.query(`SELECT 1 FROM ${table} WHERE groupId = ?`, [groupId])).length;
  expect((await getJob(bench.ctx, jobId)).counts.noEffect).toBe((await warnings(jobId)).length);
  expect((await warnings(jobId)).length).toBeGreaterThan(2);
  expect([await ours('buildGroups'), await ours('betaGroupTesters')]).toEqual([0, 0]);
  for (const { id } of lies) faults().remove(id);
  await changeJob(bench.ctx, jobId, 'retry');
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({
    status: 'done',
    counts: { failed: 0, noEffect: 0 },
  });
  expect(await ours('buildGroups')).toBeGreaterThan(0);
  expect(await ours('betaGroupTesters')).toBeGreaterThan(0);
});

const atApple = (name: string) =>
  [...bench.sandbox.parts().world.store.all('betaGroups').values()].filter(
    ({ attributes }) => attributes.name === name,
  );
const clone = async (name: string) => {
  const filters = [{ deviceFamily: 'IPHONE' }];
  await bench.db.write([
    {
      sql: `UPDATE betaGroups SET publicLinkLimitEnabled = 1, publicLinkLimit = 77, criteria = ? WHERE id = ?`,
      params: [JSON.stringify({ attributes: { deviceFamilyOsVersionFilters: filters } }), bench.groupId],
    },
  ]);
  const body = cloneBody.parse({ name, testers: true, builds: true });
  return (await startClone(bench.ctx, bench.groupId, body)).jobId;
};
const expectWhole = async (name: string) => {
  const [group, ...others] = atApple(name);
  if (!group) throw new Error('There is no such group.');
  const { store } = bench.sandbox.parts().world;
  expect(others).toEqual([]);
  expect(group.attributes).toMatchObject({ publicLinkLimitEnabled: true, publicLinkLimit: 77 });
  expect([...store.relatedIds(group, 'builds')].length).toBeGreaterThan(0);
  expect([...store.relatedIds(group, 'betaTesters')].length).toBeGreaterThan(0);
  expect(store.related(group, 'betaRecruitmentCriteria')).toHaveLength(1);
  const ours = await bench.db.query<{ id: string; limit: number; criteria: string | null }>(
    'SELECT id, publicLinkLimit AS "limit", criteria FROM betaGroups WHERE name = ?',
    [name],
  );
  expect(ours).toMatchObject([{ id: group.id, limit: 77, criteria: expect.stringContaining('IPHONE') }]);
};

it('a clone whose group was made in words only says so, leaves the rest, and makes all of it when it is tried again', async () => {
  const lie = faults().add({ kind: 'lie', method: 'POST', route: '/v1/betaGroups' });
  const jobId = await clone('Second wave');
  const asks = asked();
  await bench.run(jobId);
  const { total, done, failed, noEffect } = (await getJob(bench.ctx, jobId)).counts;
  expect([done, noEffect, failed]).toEqual([1, 1, total - 1]);
  expect(await warnings(jobId)).toEqual([
    'done: App Store Connect said yes, but on reading again the new group is not there.',
  ]);
  const codes = (await readItems(bench.db, jobId, { status: ['failed'], limit: 200 })).map(
    (item) => item.errorCode,
  );
  expect(new Set(codes)).toEqual(new Set(['FLIGHTDECK.NO_GROUP']));
  // Made, the first step, three looks for a group that may come late, three more, and no call for what follows.
  expect(asked() - asks).toBeLessThanOrEqual(8);
  expect(await bench.db.query("SELECT 1 FROM betaGroups WHERE name = 'Second wave'")).toEqual([]);
  const pending = "SELECT 1 FROM auditEntries WHERE jobId = ? AND status IN ('pending', 'unknown')";
  expect(await bench.db.query(pending, [jobId])).toEqual([]);

  faults().remove(lie.id);
  await changeJob(bench.ctx, jobId, 'retry');
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({
    status: 'done',
    counts: { done: total, failed: 0, noEffect: 0 },
  });
  await expectWhole('Second wave');
});

it('a clone whose new group Apple knows late goes on by itself', async () => {
  const late = { kind: 'status', status: 404, count: 1 } as const;
  faults().add({ ...late, method: 'POST', route: '/v1/betaGroups/{id}/relationships/builds' });
  faults().add({ ...late, method: 'GET', route: '/v1/betaGroups/{id}' });
  const jobId = await clone('Second wave');
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({
    status: 'done',
    counts: { failed: 0, noEffect: 0 },
  });
  await expectWhole('Second wave');
  const trail = await bench.db.query<{ status: string }>(
    "SELECT status FROM auditEntries WHERE jobId = ? AND action = 'addLinkage' AND label = 'builds' ORDER BY seq",
    [jobId],
  );
  expect(trail.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
});

it('a clone whose group was refused is made whole when it is tried again', async () => {
  const no = faults().add({ kind: 'status', status: 409, method: 'POST', route: '/v1/betaGroups' });
  const jobId = await clone('Second wave');
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({ counts: { done: 0 }, actions: ['retry'] });
  faults().remove(no.id);
  await changeJob(bench.ctx, jobId, 'retry');
  await bench.run(jobId);
  expect(await getJob(bench.ctx, jobId)).toMatchObject({ status: 'done', counts: { failed: 0, skipped: 0 } });
  await expectWhole('Second wave');
});

it.each([
  ['settings', 'PATCH', '/v1/betaGroups/{id}'],
  ['criteria', 'POST', '/v1/betaRecruitmentCriteria'],
] as const)(
  'a clone whose %s were taken in words only says so, believes nothing, and makes up for it',
  async (step, method, route) => {
    const lie = faults().add({ kind: 'lie', method, route });
    const jobId = await clone('Second wave');
    await bench.run(jobId);
    expect(await warnings(jobId)).toEqual([
      'done: App Store Connect said yes, but on reading again the new group does not show it.',
    ]);
    const [ours] = await bench.db.query<{ limit: number | null; criteria: string | null }>(
      'SELECT publicLinkLimit AS "limit", criteria FROM betaGroups WHERE name = ?',
      ['Second wave'],
    );
    expect(step === 'settings' ? ours?.limit : ours?.criteria).toBeNull();
    faults().remove(lie.id);
    await changeJob(bench.ctx, jobId, 'retry');
    await bench.run(jobId);
    expect(await getJob(bench.ctx, jobId)).toMatchObject({
      status: 'done',
      counts: { failed: 0, noEffect: 0 },
    });
    await expectWhole('Second wave');
  },
);
