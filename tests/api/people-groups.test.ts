import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readItems, readJob } from '@/lib/jobs/rows';
import { cloneBody, previewDeletion, startClone, whyNoBuilds } from '@/lib/services/groups/groups';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const related = (groupId: string, name: string) => {
  const group = store().get('betaGroups', groupId);
  return new Set(group ? store().relatedIds(group, name) : []);
};
const clone = async (over: object) => {
  const { jobId } = await startClone(
    bench.ctx,
    bench.groupId,
    cloneBody.parse({ name: 'Second wave', ...over }),
  );
  await bench.run(jobId);
  const [first] = await readItems(bench.db, jobId, { limit: 1 });
  return { jobId, groupId: (first?.result as { groupId: string } | null)?.groupId ?? '' };
};

describe('cloning a group', () => {
  it('copies settings, builds and testers within the app', async () => {
    const { jobId, groupId } = await clone({ testers: true, builds: true });
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', failed: 0 });
    const original = store().get('betaGroups', bench.groupId);
    const made = store().get('betaGroups', groupId);
    expect(made?.attributes).toMatchObject({
      name: 'Second wave',
      isInternalGroup: false,
      feedbackEnabled: original?.attributes.feedbackEnabled,
      publicLinkEnabled: original?.attributes.publicLinkEnabled,
    });
    expect(related(groupId, 'builds').size).toBeGreaterThan(0);
    const here = await bench.db.query<{ buildId: string }>(
      'SELECT buildId FROM buildGroups WHERE groupId = ?',
      [groupId],
    );
    expect(new Set(here.map(({ buildId }) => buildId))).toEqual(related(groupId, 'builds'));
    const withMail = [...related(bench.groupId, 'betaTesters')].filter(
      (id) => typeof store().get('betaTesters', id)?.attributes.email === 'string',
    );
    expect(related(groupId, 'betaTesters')).toEqual(new Set(withMail));
    expect(await bench.db.query('SELECT name FROM betaGroups WHERE id = ?', [groupId])).toEqual([
      { name: 'Second wave' },
    ]);
    expect(
      await bench.db.query("SELECT 1 FROM auditEntries WHERE jobId = ? AND status <> 'succeeded'", [jobId]),
    ).toEqual([]);
  });

  it('makes the people anew by e-mail in another app', async () => {
    const [other] = await bench.db.query<{ id: string }>('SELECT id FROM apps WHERE id <> ?', [bench.appId]);
    const { jobId, groupId } = await clone({ testers: true, appId: other?.id });
    expect((await readJob(bench.db, jobId))?.status).toBe('done');
    const wanted = (await readItems(bench.db, jobId, { limit: 500 })).flatMap((item) => {
      const payload = item.payload as { step: string; email?: string };
      return payload.step === 'tester' && payload.email ? [payload.email.toLowerCase()] : [];
    });
    const there = [...related(groupId, 'betaTesters')].map((id) =>
      String(store().get('betaTesters', id)?.attributes.email).toLowerCase(),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(new Set(there)).toEqual(new Set(wanted));
  });

  it('finds the group again when the answer to its creation was lost, and makes no second one', async () => {
    bench.sandbox
      .parts()
      .faults.add({ kind: 'drop', method: 'POST', route: '/v1/betaGroups', when: 'after', count: 1 });
    const { jobId, groupId } = await clone({});
    expect((await readItems(bench.db, jobId, { limit: 1 }))[0]?.reconciledAt).not.toBeNull();
    const named = [...store().all('betaGroups').values()].filter(
      (group) => group.attributes.name === 'Second wave',
    );
    expect(named.map((group) => group.id)).toEqual([groupId]);
  });

  it('skips the other steps when the group is refused', async () => {
    bench.sandbox.parts().faults.add({
      kind: 'status',
      method: 'POST',
      route: '/v1/betaGroups',
      status: 409,
      code: 'ENTITY_ERROR',
      detail: 'No.',
    });
    const { jobId } = await clone({ testers: true });
    const items = await readItems(bench.db, jobId, { limit: 500 });
    expect(items[0]).toMatchObject({ status: 'failed', errorCode: 'ENTITY_ERROR', errorDetail: 'No.' });
    expect(items.slice(1).every((item) => item.errorCode === 'FLIGHTDECK.NO_GROUP')).toBe(true);
  });

  it('refuses builds in another app, an unknown group, and who may not', async () => {
    const [other] = await bench.db.query<{ id: string }>('SELECT id FROM apps WHERE id <> ?', [bench.appId]);
    const body = cloneBody.parse({ name: 'x', appId: other?.id, builds: true });
    await expect(startClone(bench.ctx, bench.groupId, body)).rejects.toMatchObject({ status: 422 });
    await expect(startClone(bench.ctx, 'nope', cloneBody.parse({ name: 'x' }))).rejects.toMatchObject({
      status: 404,
    });
    await expect(startClone(bench.ctxAs('triager'), bench.groupId, body)).rejects.toThrow(/manager/);
  });
});

it('says who loses what before a group is deleted', async () => {
  const { testers, losingAccess, builds, sentences } = await previewDeletion(bench.ctx, bench.groupId);
  const ids = [...related(bench.groupId, 'betaTesters')];
  const alone = ids.filter((id) => {
    const tester = store().get('betaTesters', id);
    return tester && [...store().relatedIds(tester, 'betaGroups')].length === 1;
  });
  expect(testers).toBe(ids.length);
  expect(losingAccess).toBeLessThanOrEqual(alone.length);
  expect(builds.length).toBeGreaterThan(0);
  expect(sentences[0]).toContain(`${testers} testers leave`);
});

it('explains why an internal group with all builds takes none by hand', () => {
  expect(whyNoBuilds({ isInternalGroup: true, hasAccessToAllBuilds: true })).toMatch(/access to all builds/);
  expect(whyNoBuilds({ isInternalGroup: true, hasAccessToAllBuilds: false })).toBeNull();
});
