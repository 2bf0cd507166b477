import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readItems, readJob } from '@/lib/jobs/rows';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { previewExpiry } from '@/lib/services/expiry/plan';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { getJob } from '@/lib/services/jobs/views';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

const DAY_MS = 86_400_000;

let bench: PeopleBench;
let ids: string[];
beforeEach(async () => {
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  const rows = await bench.db.query<{ id: string }>(
    `SELECT id FROM builds WHERE appId = ? AND expired = 0 AND processingState = 'VALID' ORDER BY uploadedDate DESC`,
    [bench.appId],
  );
  ids = rows.map(({ id }) => id);
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const held = (id: string) => store().get('builds', id) as Resource;
const expired = () => ids.filter((id) => held(id).attributes.expired === true);
const start = (input: object, more: object = {}, ctx = bench.ctx) =>
  startJob(ctx, newJobBody.parse({ kind: 'expire-builds', appId: bench.appId, input, ...more }));
const preview = (input: object) =>
  previewExpiry(bench.ctx, { appId: bench.appId, input } as Parameters<typeof previewExpiry>[1]);
const goingBy = async (rules: object) =>
  (await preview({ rules })).candidates.filter(({ stays }) => stays === null).map(({ id }) => id);
const outcomes = async (id: string) =>
  (await readItems(bench.db, id, { status: [], after: -1, limit: 200 })).map(
    ({ payload, status, errorCode, errorDetail }) => ({
      ...{ id: (payload as { buildId: string }).buildId, status, code: errorCode, detail: errorDetail },
    }),
  );
const set = (id: string, values: Record<string, string | number | null>) =>
  bench.db.write([bench.db.build.updateTable('builds').set(values).where('id', '=', id)]);
/** What rules ask for, as somebody confirms it who has looked at the preview. */
async function confirmed(input: object) {
  const { candidates, plan } = await preview(input);
  return { ...input, confirm: candidates.filter(({ stays }) => stays === null).length, plan };
}
/** A build of another age, here and at Apple. */
async function aged(id: string, days: number) {
  store().update(held(id), { uploadedDate: daysAgo(days) });
  await set(id, { uploadedDate: daysAgo(days) });
}
/** Which groups have a build, here and at Apple. */
async function give(id: string, groupIds: readonly string[]) {
  store().unlink(held(id), 'betaGroups', [...store().relatedIds(held(id), 'betaGroups')]);
  store().link(held(id), 'betaGroups', groupIds);
  const own = { accountId: ACCOUNT, appId: bench.appId, buildId: id, fetchedAt: 1 };
  await bench.db.write([
    bench.db.build.deleteFrom('buildGroups').where('buildId', '=', id),
    ...groupIds.map((groupId) => bench.db.build.insertInto('buildGroups').values({ ...own, groupId })),
  ]);
}
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
/** Nobody outside has any build, here and at Apple, so that none is held back. */
async function nobodyHas() {
  for (const id of ids) {
    const detail = store().relatedOne(held(id), 'buildBetaDetail');
    if (detail) store().update(detail, { externalBuildState: 'READY_FOR_BETA_SUBMISSION' });
    const submission = store().relatedOne(held(id), 'betaAppReviewSubmission');
    if (submission) store().remove(submission);
  }
  await bench.db.write([
    bench.db.build
      .updateTable('builds')
      .set({ externalBuildState: 'READY_FOR_BETA_SUBMISSION', betaReviewState: null }),
  ]);
}
const at = (index: number) => ids.at(index) ?? '';

describe('builds expired by rule', () => {
  it('end at App Store Connect after the number was confirmed, each with its reason in the trail', async () => {
    await nobodyHas();
    for (const id of ids) await aged(id, 5);
    await aged(at(0), 80);
    await aged(at(1), 70);
    const input = { rules: { olderThanDays: 60 } };
    await expect(start(input)).rejects.toMatchObject({
      problems: [{ code: 'FLIGHTDECK.CONFIRM', meta: { expected: 2 } }],
    });
    await expect(start({ ...input, confirm: 3 })).rejects.toMatchObject({ status: 409 });
    await expect(start({ ...input, confirm: 2 })).rejects.toMatchObject({
      problems: [{ status: 409, code: 'FLIGHTDECK.STALE' }],
    });
    expect(expired()).toEqual([]);
    const { id } = await start(await confirmed(input));
    await bench.run(id);
    expect(expired().toSorted()).toEqual([at(0), at(1)].toSorted());
    expect((await outcomes(id)).map(({ status }) => status)).toEqual(['done', 'done']);
    const trail = await bench.db.query<{ after: string; status: string; type: string }>(
      'SELECT after, status, type FROM auditEntries WHERE jobId = ? ORDER BY seq',
      [id],
    );
    expect(trail.map(({ status, type }) => `${type} ${status}`)).toEqual([
      'builds succeeded',
      'builds succeeded',
    ]);
    expect(trail[0]?.after).toContain('Uploaded 70 days ago');
    const { sentence, canUndo, made } = await getJob(bench.ctx, id);
    expect(sentence.map((part) => (typeof part === 'string' ? part : part.name)).join('')).toMatch(
      /^expired /,
    );
    expect([canUndo, made?.label]).toEqual([false, 'See the builds']);
    const here = await bench.db.query(
      'SELECT 1 FROM builds WHERE appId = ? AND expired = 1 AND id IN (?, ?)',
      [bench.appId, at(0), at(1)],
    );
    expect(here).toHaveLength(2);
  });

  it('as a dry run are a job that sends nothing and tells why each goes or stays', async () => {
    const { id } = await start({ rules: { olderThanDays: 1 } }, { dryRun: true });
    await bench.run(id);
    expect(expired()).toEqual([]);
    const told = await outcomes(id);
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(['FLIGHTDECK.PLANNED', 'FLIGHTDECK.KEPT']));
    expect(told.find(({ code }) => code === 'FLIGHTDECK.PLANNED')?.detail).toMatch(
      /^Would expire it\. Uploaded \d+ days ago\.$/,
    );
    expect(told.map(({ detail }) => detail)).toContain(
      'Stays: it is the newest build that external testers have.',
    );
    expect((await getJob(bench.ctx, id)).rest).toBe('nothing was sent');
  });

  it('are none but those that were looked at, though as many', async () => {
    await nobodyHas();
    for (const id of ids) await aged(id, 5);
    await aged(at(0), 80);
    const looked = await confirmed({ rules: { olderThanDays: 60 } });
    await aged(at(0), 5);
    await aged(at(1), 80);
    await expect(start(looked)).rejects.toMatchObject({
      problems: [
        { status: 409, code: 'FLIGHTDECK.STALE', detail: expect.stringMatching(/other builds now/) },
      ],
    });
    expect(expired()).toEqual([]);
    // A dry run tells the same plan; what is excepted changes nothing in it.
    const dry = await start({ rules: { olderThanDays: 60 } }, { dryRun: true });
    const one = await confirmed({ rules: { olderThanDays: 60 } });
    expect((await readJob(bench.db, dry.id))?.params).toMatchObject({ plan: one.plan });
    await aged(at(2), 80);
    const both = await confirmed({ rules: { olderThanDays: 60 } });
    expect(both.plan).not.toBe(one.plan);
    const { id } = await start({ ...both, except: [at(2)], confirm: 1 });
    await bench.run(id);
    expect(expired()).toEqual([at(1)]);
  });

  it('never are the newest that internal testers have', async () => {
    await nobodyHas();
    for (const [place, id] of ids.entries()) {
      await aged(id, 10 + place);
      await set(id, { platform: 'IOS', internalBuildState: 'READY_FOR_BETA_TESTING' });
      await give(id, []);
    }
    for (const id of [at(1), at(2)]) await set(id, { internalBuildState: 'IN_BETA_TESTING' });
    const going = await goingBy({ olderThanDays: 5 });
    expect(going).not.toContain(at(1));
    expect(going).toEqual(expect.arrayContaining([at(0), at(2)]));
    const { id } = await start({ rules: { olderThanDays: 5 } }, { dryRun: true });
    await bench.run(id);
    expect((await outcomes(id)).map(({ detail }) => detail)).toContain(
      'Stays: it is the newest build that internal testers have.',
    );
  });

  it('never are the newest that external testers have, unless it is chosen by itself', async () => {
    await nobodyHas();
    const [newest, given, old] = [at(1), at(2), at(3)];
    for (const [place, id] of ids.entries()) {
      await aged(id, 10 + place);
      await set(id, { platform: 'IOS' });
      await give(id, []);
    }
    for (const id of [newest, given, old]) await set(id, { externalBuildState: 'IN_BETA_TESTING' });
    // The newest was taken from all groups; what the group has is the one before it.
    for (const id of [given, old]) await give(id, [bench.groupId]);
    const going = await goingBy({ olderThanDays: 5 });
    expect([newest, given].filter((id) => going.includes(id))).toEqual([]);
    expect(going).toContain(old);
    // Nobody has to be in a group: testers may have it one by one.
    await give(given, []);
    const tester = { accountId: ACCOUNT, appId: bench.appId, buildId: given, testerId: 't', fetchedAt: 1 };
    await bench.db.write([bench.db.build.insertInto('buildTesters').values(tester)]);
    expect(await goingBy({ olderThanDays: 5 })).not.toContain(given);
    const chosen = await preview({ builds: [newest] });
    expect(chosen.candidates).toMatchObject([{ id: newest, isChosen: true, stays: null }]);
    const { id } = await start({ builds: [newest], confirm: 1 });
    await bench.run(id);
    expect(expired()).toEqual([newest]);
  });

  it('that are with beta review stay', async () => {
    await nobodyHas();
    await set(at(0), { uploadedDate: daysAgo(50), externalBuildState: 'WAITING_FOR_BETA_REVIEW' });
    const { candidates } = await preview({ rules: { olderThanDays: 40 } });
    expect(candidates.find(({ id }) => id === at(0))?.stays).toMatch(/with beta review/);
  });

  it('are those that a newer one of their version and platform supersedes, and those in no group', async () => {
    await nobodyHas();
    const internal = { internalBuildState: 'READY_FOR_BETA_TESTING' };
    for (const [place, id] of ids.entries())
      await set(id, { preReleaseVersionId: `train-${place}`, ...internal });
    await set(at(0), { preReleaseVersionId: 'train', uploadedDate: daysAgo(2) });
    await set(at(1), { preReleaseVersionId: 'train', uploadedDate: daysAgo(3) });
    expect(await goingBy({ isSuperseded: true })).toEqual([at(1)]);
    await bench.db.write([bench.db.build.deleteFrom('buildGroups').where('buildId', '=', at(0))]);
    expect(await goingBy({ inNoGroup: true })).toContain(at(0));
    // All rules that are named have to hold.
    expect(await goingBy({ inNoGroup: true, isSuperseded: true })).not.toContain(at(0));
    const tester = { accountId: ACCOUNT, appId: bench.appId, buildId: at(0), testerId: 't', fetchedAt: 1 };
    await bench.db.write([bench.db.build.insertInto('buildTesters').values(tester)]);
    expect(await goingBy({ inNoGroup: true })).not.toContain(at(0));
  });

  it('are superseded by none that nobody can test, or that cannot be tested where they are', async () => {
    await nobodyHas();
    for (const [place, id] of ids.entries()) await set(id, { preReleaseVersionId: `train-${place}` });
    const [newer, older] = [at(0), at(1)];
    // A newer one of another version is in testing, so that the guard holds none of these.
    await bench.db.write([bench.db.build.deleteFrom('buildGroups')]);
    await set(at(2), { externalBuildState: 'IN_BETA_TESTING', uploadedDate: daysAgo(1), platform: 'IOS' });
    await set(older, { platform: 'IOS', preReleaseVersionId: 'train', uploadedDate: daysAgo(3) });
    const stands = async (of: Record<string, string>, beside: Record<string, string>) => {
      const common = { platform: 'IOS', preReleaseVersionId: 'train', uploadedDate: daysAgo(2) };
      await set(newer, { ...common, ...of });
      await set(older, beside);
      return (await goingBy({ isSuperseded: true })).includes(older);
    };
    const both = (state: string) => ({ internalBuildState: state, externalBuildState: state });
    const tested = both('IN_BETA_TESTING');
    const inside = { internalBuildState: 'IN_BETA_TESTING', externalBuildState: 'READY_FOR_BETA_SUBMISSION' };
    for (const state of ['MISSING_EXPORT_COMPLIANCE', 'IN_EXPORT_COMPLIANCE_REVIEW', 'EXPIRED'])
      expect(await stands(both(state), inside)).toBe(false);
    // It waits for review or was rejected: internal testers alone have something newer.
    for (const state of ['READY_FOR_BETA_SUBMISSION', 'BETA_REJECTED']) {
      const next = { internalBuildState: 'READY_FOR_BETA_TESTING', externalBuildState: state };
      expect(await stands(next, tested)).toBe(false);
      expect(await stands(next, inside)).toBe(true);
    }
    const outside = { internalBuildState: 'PROCESSING_EXCEPTION', externalBuildState: 'BETA_APPROVED' };
    expect(await stands(outside, tested)).toBe(false);
    const approved = { internalBuildState: 'IN_BETA_TESTING', externalBuildState: 'BETA_APPROVED' };
    expect(await stands(approved, tested)).toBe(true);
  });

  it('take the place of none when they go themselves', async () => {
    await nobodyHas();
    for (const [place, id] of ids.entries()) await set(id, { preReleaseVersionId: `train-${place}` });
    const own = (id: string, days: number, internalBuildState: string, externalBuildState: string) =>
      set(id, {
        ...{ platform: 'IOS', preReleaseVersionId: 'train', uploadedDate: daysAgo(days) },
        ...{ internalBuildState, externalBuildState },
      });
    // Newer ones of another version are in testing, so that the guard holds none of these.
    await set(at(3), { externalBuildState: 'IN_BETA_TESTING', uploadedDate: daysAgo(1), platform: 'IOS' });
    await own(at(0), 2, 'READY_FOR_BETA_TESTING', 'READY_FOR_BETA_SUBMISSION');
    await own(at(1), 3, 'READY_FOR_BETA_TESTING', 'BETA_APPROVED');
    await own(at(2), 4, 'READY_FOR_BETA_TESTING', 'IN_BETA_TESTING');
    await bench.db.write([bench.db.build.deleteFrom('buildGroups')]);
    // The one in between goes for the newest, which external testers cannot have: the oldest is left to them.
    expect(await goingBy({ isSuperseded: true })).toEqual([at(1)]);
  });

  it('by their installations want our readings to go back as far', async () => {
    await nobodyHas();
    const reading = (buildId: string, days: number, installCount: number | null) => ({
      ...{ accountId: ACCOUNT, appId: bench.appId, buildId, day: daysAgo(days).slice(0, 10) },
      ...{ installCount, readAt: 1 },
    });
    const [still, grown, young, stale] = [at(0), at(1), at(2), at(3)];
    await bench.db.write([
      bench.db.build
        .insertInto('buildDays')
        .values([
          ...[reading(still, 20, 7), reading(still, 9, 7), reading(still, 0, 7)],
          ...[reading(grown, 20, 7), reading(grown, 9, 8), reading(grown, 0, 8)],
          ...[reading(young, 13, 7), reading(young, 0, 7)],
          ...[reading(stale, 20, 7), reading(stale, 10, 7)],
        ]),
    ]);
    expect(await goingBy({ installsUnchangedDays: 14 })).toEqual([still]);
    const { kept } = await preview({ rules: { installsUnchangedDays: 14 } });
    expect(kept['Our readings do not go back 14 days']).toBeGreaterThan(0);
    expect(kept['New installations in that time']).toBe(1);
    expect(kept['Its installations have not been read lately']).toBe(1);
  });

  it('that have expired, are gone or were guarded meanwhile are said so, not refused', async () => {
    await nobodyHas();
    const builds = [at(0), at(1), at(2)];
    const { id } = await start({ builds, confirm: 3 });
    store().update(held(at(0)), { expired: true });
    store().remove(held(at(1)));
    await bench.run(id);
    const told = new Map((await outcomes(id)).map((one) => [one.id, one]));
    expect(told.get(at(0))).toMatchObject({ status: 'skipped', code: 'FLIGHTDECK.ALREADY' });
    expect(told.get(at(1))).toMatchObject({ status: 'skipped', code: 'FLIGHTDECK.GONE' });
    expect(told.get(at(2))).toMatchObject({ status: 'done' });
    expect((await readJob(bench.db, id))?.failed).toBe(0);
  });

  it('are judged once more at their turn: what was put to use since stays, and says why', async () => {
    await nobodyHas();
    for (const id of ids) {
      await aged(id, 5);
      await give(id, [bench.groupId]);
    }
    for (const id of [at(0), at(1)]) {
      await aged(id, 80);
      await give(id, []);
    }
    const { id } = await start(await confirmed({ rules: { olderThanDays: 60, inNoGroup: true } }));
    // The job rests over night; a colleague gives the build to a group at App Store Connect.
    store().link(held(at(0)), 'betaGroups', [bench.groupId]);
    await bench.run(id);
    expect(expired()).toEqual([at(1)]);
    expect((await outcomes(id)).find((one) => one.id === at(0))).toMatchObject({
      ...{ status: 'skipped', code: 'FLIGHTDECK.KEPT' },
      detail: 'Stays: the rules do not name it any more. In 1 group.',
    });
  });

  it('whose answer was lost are read back, not expired twice', async () => {
    bench.sandbox.parts().faults.add({ kind: 'drop', when: 'after', method: 'PATCH', count: 1 });
    const { id } = await start({ builds: [at(0)], confirm: 1 });
    await bench.run(id);
    expect((await outcomes(id)).map(({ status }) => status)).toEqual(['done']);
    expect(expired()).toEqual([at(0)]);
  });

  it('that App Store Connect refuses keep its words, and the others go on', async () => {
    const detail = 'This build cannot be expired.';
    const refusal = { status: 409, code: 'STATE_ERROR.ENTITY_STATE_INVALID', title: 'No', detail };
    bench.sandbox.parts().faults.add({ kind: 'status', ...refusal, method: 'PATCH', count: 1 });
    const { id } = await start({ builds: [at(0), at(1)], confirm: 2 });
    await bench.run(id);
    const told = await outcomes(id);
    expect(told.map(({ status }) => status)).toEqual(['failed', 'done']);
    expect(told[0]?.detail).toContain(detail);
  });

  it('are for managers, and what says nothing is no input', async () => {
    const body = newJobBody.parse({ kind: 'expire-builds', appId: bench.appId, input: { builds: [at(0)] } });
    await expect(startJob(bench.ctxAs('triager'), body)).rejects.toThrow(/role manager/);
    await expect(
      previewExpiry(bench.ctxAs('triager'), { appId: bench.appId, input: { builds: [at(0)] } }),
    ).rejects.toThrow();
    await nobodyHas();
    await expect(start({ rules: { olderThanDays: 3_000 } })).rejects.toMatchObject({ status: 422 });
    await expect(start({ builds: ['0/0/IOS'], confirm: 1 })).rejects.toMatchObject({ status: 404 });
    for (const input of [{}, { rules: {} }, { rules: { olderThanDays: 0 } }, { builds: [] }])
      expect(newJobBody.safeParse({ kind: 'expire-builds', appId: '1', input }).success).toBe(false);
  });
});
