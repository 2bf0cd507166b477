import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '@/lib/access/policy';
import { readJob } from '@/lib/jobs/rows';
import { countUse } from '@/lib/sandbox/life/arrivals';
import { listActivity } from '@/lib/services/activity';
import { myNotices } from '@/lib/services/feedback/notices';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { changeJob, getJob } from '@/lib/services/jobs/views';
import { shiftProgramme } from '@/lib/services/programme-time';
import { approveJob, changeApproval } from '@/lib/services/ship/approval';
import { releaseJob } from '@/lib/services/ship/release';
import { listShipTemplates } from '@/lib/services/ship/templates';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { approve, freshBuild, journal, makeReady, runSome } from '@/tests/factories/shipping';

const HOUR = 3_600_000;

let bench: PeopleBench;
/** An external group beside the first, with testers of its own: one that was never invited, the others settled. */
let second: { id: string; name: string };
/** Somebody of the first group, who uses what is shipped. */
let user: string;

beforeAll(async () => {
  bench = await peopleBench({ seed: 4 });
  const { store } = bench.sandbox.parts().world;
  const first = new Set(membersOf(bench.groupId).map(({ id }) => id));
  for (const id of first) store.update(tester(id), { state: 'ACCEPTED' });
  const own = [...store.all('betaGroups').values()].filter(
    (group) => group.appId === bench.appId && group.id !== bench.groupId && !group.attributes.isInternalGroup,
  );
  const group = own.find(({ id }) => membersOf(id).filter((one) => !first.has(one.id)).length > 2);
  if (!group) throw new Error('the programme has a second group');
  second = { id: group.id, name: String(group.attributes.name) };
  for (const [index, one] of membersOf(group.id).entries())
    if (!first.has(one.id)) store.update(one, { state: index % 2 === 0 ? 'NOT_INVITED' : 'ACCEPTED' });
  user = [...first][0] ?? '';
  await bench.mirror();
  makeReady(bench);
  await bench.db.write([
    bench.db.build.insertInto('users').values(
      (['viewer', 'triager', 'manager', 'admin'] as const).map((role) => ({
        ...{ id: `u-${role}`, email: `${role}@example.com`, passwordHash: '', role },
        ...{ createdAt: 0, updatedAt: 0 },
      })),
    ),
  ]);
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.parts().world.mail.reset());
afterEach(() => bench.sandbox.parts().faults.remove(null));

const tester = (id: string) => {
  const found = bench.sandbox.parts().world.store.get('betaTesters', id);
  if (!found) throw new Error('the tester is there');
  return found;
};
function membersOf(groupId: string) {
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', groupId);
  return group ? store.related(group, 'betaTesters') : [];
}
const holds = (groupId: string, buildId: string) => {
  const { store } = bench.sandbox.parts().world;
  const group = store.get('betaGroups', groupId);
  return group !== undefined && store.isRelated(group, 'builds', buildId);
};
const addresses = () =>
  bench.sandbox
    .parts()
    .world.mail.all()
    .map(({ address }) => address);
const use = (buildId: string, sessionCount: number, crashCount = 0) =>
  countUse(bench.sandbox.parts().world, tester(user), { sessionCount, crashCount, buildId });

const rule = { crashFree: 99, hours: 2, sessions: 50 };
const start = (build: string, staged: object = {}, more: object = {}) =>
  startJob(
    bench.ctx,
    newJobBody.parse({
      kind: 'ship',
      appId: bench.appId,
      input: {
        ...{ build, groups: [bench.groupId], submit: true },
        staged: { groups: [second.name], ...rule, ...staged },
      },
      ...more,
    }),
  );
/** A build that the first group has, with its job before the second stage. */
async function shipped(staged: object = {}) {
  const build = freshBuild(bench, { usesNonExemptEncryption: false });
  build.process();
  const { id } = await start(build.id, staged);
  await runSome(bench, id);
  approve(bench, build.id);
  await runSome(bench, id);
  return { build, id };
}
let shift = 0;
/** Time passes for the programme and for App Store Connect alike, and the job looks once. */
async function pass(id: string, hours: number): Promise<void> {
  shift += hours * HOUR;
  await shiftProgramme(bench.ctx, shift);
  bench.sandbox.parts().clock.step(hours * HOUR);
  await expect.poll(() => bench.app.shiftMs()).toBe(shift);
  await runSome(bench, id);
}
const bell = async (role: 'viewer' | 'triager' | 'manager' | 'admin') => {
  const ctx = bench.ctxAs(role);
  return myNotices({ ...ctx, actor: ctx.actor as UserActor });
};
const toldOf = async (role: 'viewer' | 'triager' | 'manager' | 'admin', id: string) =>
  (await bell(role)).notices
    .filter(({ path }) => path === `/jobs/${id}`)
    .map(({ kind, isRead }) => `${kind}${isRead ? ', read' : ''}`);

describe('a staged release', () => {
  it('holds, tells by the bell once, goes on by itself, and mails nobody of the first group twice', async () => {
    const { build, id } = await shipped();
    const job = await getJob(bench.ctx, id);
    expect(job.gate).toMatchObject({ groups: [second.name], isHeld: false, canRelease: true });
    expect(job.gate?.mails).toMatch(/^App Store Connect invites \d+ of \d+ testers of “/);
    expect(holds(bench.groupId, build.id)).toBe(true);
    expect(holds(second.id, build.id)).toBe(false);
    const first = addresses();
    expect(first.length).toBeGreaterThan(0);

    use(build.id, 60, 3);
    await pass(id, 1);
    const held = await getJob(bench.ctx, id);
    expect(held).toMatchObject({
      status: 'queued',
      gate: { isHeld: true },
      waiting: { reason: expect.stringMatching(/^Held\. .*1 − 3 crashes ÷ 60 sessions = 95%/) },
    });
    await pass(id, 1);
    expect(await toldOf('manager', id)).toEqual(['below']);
    expect(await toldOf('admin', id)).toEqual(['below']);
    expect([await toldOf('viewer', id), await toldOf('triager', id)]).toEqual([[], []]);

    // Nobody had to do anything: new sessions mend it.
    use(build.id, 400);
    await pass(id, 1);
    expect((await getJob(bench.ctx, id)).gate?.isHeld).toBe(false);
    const reads = () =>
      bench.sandbox
        .parts()
        .requests.entries()
        .filter(({ template }) => template === '/v1/builds/{id}/metrics/betaBuildUsages').length;
    const before = reads();
    await runSome(bench, id);
    expect(reads()).toBe(before);
    await pass(id, 1);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
    expect(reads()).toBe(before + 1);
    expect(holds(second.id, build.id)).toBe(true);
    const all = addresses();
    expect(all.length).toBeGreaterThan(first.length);
    expect(new Set(all).size).toBe(all.length);
    const newcomers = new Set(membersOf(second.id).map(({ attributes }) => attributes.email));
    expect(all.slice(first.length).every((address) => newcomers.has(address))).toBe(true);
    const gate = (await getJob(bench.ctx, id)).steps?.find(({ label }) => /^Wait until 99%/.test(label));
    expect(gate).toMatchObject({
      status: 'done',
      detail: expect.stringMatching(/1 − 3 crashes ÷ 460 sessions = 99\.3%\. At least 99% for 2 h\.$/),
    });
    expect(await toldOf('manager', id)).toEqual(['below, read']);
    const { last } = await listShipTemplates(bench.ctx, { appId: bench.appId, accountId: ACCOUNT }, null);
    expect(last?.choices).toMatchObject({
      groups: [bench.groupId],
      staged: { ...rule, groups: [second.id] },
    });
    expect(last?.groups.map((group) => group.name)).toContain(second.name);
    const days = await bench.db.query('SELECT day FROM buildDays WHERE buildId = ?', [build.id]);
    expect(days.length).toBeGreaterThan(0);
  });

  it('is held for too few sessions and for readings that fail, each told once', async () => {
    const { build, id } = await shipped();
    await pass(id, 1);
    use(build.id, 10);
    await pass(id, 1);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(
      /^Held\. In 2 h there were 10 new sessions of/,
    );
    const route = '/v1/builds/{id}/metrics/betaBuildUsages';
    bench.sandbox.parts().faults.add({ kind: 'malformed', route } as never);
    for (let hour = 0; hour < 4; hour += 1) await pass(id, 1);
    const { waiting, status } = await getJob(bench.ctx, id);
    expect(status).toBe('queued');
    expect(waiting?.reason).toMatch(/^Held\. There has been no new reading for 4 h\. The last one failed: /);
    expect(await toldOf('admin', id)).toEqual(expect.arrayContaining(['few', 'stale']));
    expect(await toldOf('admin', id)).toHaveLength(2);
    // Whoever stops it has dealt with it.
    await changeJob(bench.ctx, id, 'cancel');
    expect(await toldOf('admin', id)).toEqual(['stale, read', 'few, read']);
    expect(holds(second.id, build.id)).toBe(false);
  });

  it('is released by hand by who may, which the trail and the job tell, and not twice', async () => {
    const { build, id } = await shipped({ mail: 'nobody' });
    const before = addresses().length;
    await expect(releaseJob(bench.ctxAs('triager'), id)).rejects.toThrow(/role manager/);
    await releaseJob(bench.ctxAs('manager'), id);
    await expect(releaseJob(bench.ctx, id)).rejects.toMatchObject({ status: 409 });
    await runSome(bench, id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done' });
    expect(holds(second.id, build.id)).toBe(true);
    expect(addresses()).toHaveLength(before);
    const steps = (await getJob(bench.ctx, id)).steps ?? [];
    expect(steps.map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(/^Released by hand by manager@example\.com\. /),
    );
    const [entry] = (await listActivity(bench.ctx, new URLSearchParams({ resource: id }))).data;
    expect(entry).toMatchObject({ who: 'manager@example.com', status: 'succeeded' });
    expect(entry?.sentence[0]).toBe('released the second stage of the job ');
    await expect(releaseJob(bench.ctx, id)).rejects.toMatchObject({ status: 409 });
  });

  it('is neither held nor released while it is paused, and says so', async () => {
    const { build, id } = await shipped({ mail: 'nobody' });
    await changeJob(bench.ctx, id, 'pause');
    expect((await getJob(bench.ctx, id)).gate).toMatchObject({ isHeld: false, canRelease: false });
    await expect(releaseJob(bench.ctx, id)).rejects.toThrow(/paused: resume it/);
    await changeJob(bench.ctx, id, 'resume');
    expect((await getJob(bench.ctx, id)).gate).toMatchObject({ canRelease: true });
    await releaseJob(bench.ctx, id);
    await runSome(bench, id);
    expect(holds(second.id, build.id)).toBe(true);
  });

  it('mails everybody once more only where that was chosen', async () => {
    const { build, id } = await shipped({ mail: 'everybody' });
    const first = addresses();
    expect((await getJob(bench.ctx, id)).gate?.mails).toMatch(
      /^App Store Connect mails everybody of the build: .* have the build already, and get a second mail\.$/,
    );
    await releaseJob(bench.ctx, id);
    await runSome(bench, id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
    expect(holds(second.id, build.id)).toBe(true);
    const again = addresses().slice(first.length);
    expect(first.filter((address) => !again.includes(address))).toEqual([]);
    expect(again.length).toBeGreaterThan(first.length);
  });

  it('sends nothing twice where the answer to giving the build is lost', async () => {
    const route = '/v1/betaGroups/{id}/relationships/builds';
    const { build, id } = await shipped({ mail: 'nobody' });
    const from = journal(bench).length;
    bench.sandbox
      .parts()
      .faults.add({ kind: 'drop', when: 'after', method: 'POST', route, count: 1 } as never);
    await releaseJob(bench.ctx, id);
    await runSome(bench, id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
    expect(journal(bench).slice(from)).toEqual([
      ['PATCH', '/v1/buildBetaDetails/{id}'],
      ['POST', route],
    ]);
    expect(holds(second.id, build.id)).toBe(true);
  });

  it('goes on from its readings where a worker was killed, and forgets those of a clock that was set back', async () => {
    const { build, id } = await shipped();
    use(build.id, 100);
    await pass(id, 1);
    // Killed between the mark and the answer: the next one looks again and keeps what was read.
    await bench.db.write([
      {
        sql: "UPDATE jobItems SET status = 'sending', attempts = 1, sentAt = 1 WHERE jobId = ? AND status = 'pending' AND payload LIKE '%\"gate\"%'",
        params: [id],
      },
      { sql: "UPDATE jobs SET status = 'running' WHERE id = ?", params: [id] },
    ]);
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/so far 100 new sessions, and 1 h\.$/);
    shift -= 1.5 * HOUR;
    await shiftProgramme(bench.ctx, shift);
    await expect.poll(() => bench.app.shiftMs()).toBe(shift);
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/No new sessions yet/);
    await changeJob(bench.ctx, id, 'cancel');
  });

  it.each([
    ['the build expires', /has expired/],
    ['its group is deleted', /is no longer there at App Store Connect/],
  ])('says so when %s while it waits', async (what, words) => {
    const { store } = bench.sandbox.parts().world;
    const asc = (await bench.ctx.ascFor(ACCOUNT, 'interactive')) as never as {
      create: (...given: unknown[]) => Promise<{ document: { data: { id: string } } }>;
    };
    const { document } = await asc.create('betaGroups', {
      attributes: { name: `Late ${what}` },
      relationships: { app: { data: { type: 'apps', id: bench.appId } } },
    });
    await bench.mirror();
    const { build, id } = await shipped({ groups: [document.data.id] });
    const group = store.get('betaGroups', document.data.id);
    if (what.includes('build')) store.update(build.resource(), { expired: true });
    else if (group) store.remove(group);
    await pass(id, 1);
    expect(await readJob(bench.db, id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(words),
    });
  });

  it('tells in a dry run whom each stage mails, and sends nothing', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const from = journal(bench).length;
    const plan = async (staged: object) => {
      const { id } = await start(build.id, staged, { dryRun: true });
      return ((await getJob(bench.ctx, id)).steps ?? []).map(({ label, detail }) => `${label}: ${detail}`);
    };
    const byGroup = await plan({});
    expect(byGroup).toContainEqual(
      expect.stringMatching(
        /^Wait until 99% of the new sessions are crash-free for 2 hours, 50 sessions at least: /,
      ),
    );
    expect(byGroup.at(-1)).toMatch(/^Give the build to “.*App Store Connect invites \d+ of \d+ testers of “/);
    expect((await plan({ mail: 'nobody' })).at(-1)).toMatch(/nobody is mailed/);
    expect((await plan({ mail: 'everybody' })).at(-1)).toMatch(
      /^Tell everybody of the build .*of them have the build already, and get a second mail\.$/,
    );
    expect(journal(bench).slice(from)).toEqual([]);
  });

  it.each([
    [{ groups: ['no such group'] }, 404],
    [{ groups: [] }, 0],
    [{ crashFree: 101 }, 0],
    [{ crashFree: 99.95 }, 0],
    [{ hours: 0 }, 0],
    [{ sessions: 0.5 }, 0],
    [{ mail: 'some' }, 0],
  ])('%j is refused', async (staged, status) => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    if (status === 0) expect(() => start(build.id, staged)).toThrow();
    else await expect(start(build.id, staged)).rejects.toMatchObject({ status });
  });

  it('refuses a group that comes first as well', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    await expect(start(build.id, { groups: [bench.groupId] })).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/cannot wait for it/),
    });
  });
});

it('a ship that waits for a second person is told to everybody who may approve it, but not to who began it', async () => {
  await changeApproval(bench.ctx, { appId: bench.appId }, { isWanted: true });
  try {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const body = {
      kind: 'ship',
      appId: bench.appId,
      input: { build: build.id, groups: [bench.groupId], notify: 'none' },
    };
    const { id } = await startJob(bench.ctx, newJobBody.parse(body));
    await runSome(bench, id);
    await runSome(bench, id);
    expect(await toldOf('manager', id)).toEqual(['approval']);
    for (const role of ['admin', 'triager', 'viewer'] as const) expect(await toldOf(role, id)).toEqual([]);
    const [notice] = (await bell('manager')).notices;
    expect(notice?.about).toMatch(/^Ship .* to /);
    await approveJob(bench.ctxAs('manager'), id);
    expect(await toldOf('manager', id)).toEqual(['approval, read']);
  } finally {
    await changeApproval(bench.ctx, { appId: bench.appId }, { isWanted: false });
  }
});
