import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { controlJob } from '@/lib/jobs/control';
import { readItems, readJob } from '@/lib/jobs/rows';
import { failProcessing } from '@/lib/sandbox/life/failed-uploads';
import { setStates } from '@/lib/sandbox/rules/build-state';
import { changeAccount } from '@/lib/services/accounts/accounts';
import { listActivity } from '@/lib/services/activity';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { changeJob, getJob } from '@/lib/services/jobs/views';
import { shiftProgramme } from '@/lib/services/programme-time';
import { approveJob, changeApproval, readApproval } from '@/lib/services/ship/approval';
import { readReadiness } from '@/lib/services/ship/read-readiness';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { approve, freshBuild, journal, makeReady, runSome } from '@/tests/factories/shipping';

let bench: PeopleBench;
beforeAll(async () => {
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  makeReady(bench);
});
afterAll(() => bench.close());
afterEach(() => {
  bench.sandbox.parts().faults.remove(null);
  bench.sandbox.parts().world.mail.reset();
});

const start = (input: object, more: object = {}) =>
  startJob(bench.ctx, newJobBody.parse({ kind: 'ship', appId: bench.appId, input, ...more }));
const steps = async (id: string) =>
  ((await getJob(bench.ctx, id)).steps ?? []).map(({ label, status, code }) => [label, status, code]);
const outcomes = async (id: string) => (await steps(id)).map(([, status]) => status);
const mails = () => bench.sandbox.parts().world.mail.all();
const change = (sql: string, ...params: string[]) => bench.db.write([{ sql, params }]);
const read = (id: string) => readJob(bench.db, id);
/** A declaration of the app, by its id. */
const declared = (id: string) => {
  const { store } = bench.sandbox.parts().world;
  const attributes = { appEncryptionDeclarationState: 'APPROVED', appDescription: id };
  if (!store.get('appEncryptionDeclarations', id))
    store.insert({
      ...{ type: 'appEncryptionDeclarations', id, appId: bench.appId, attributes },
      relationships: { app: bench.appId },
    });
  return id;
};
const external = () => {
  const group = bench.sandbox.parts().world.store.get('betaGroups', bench.groupId);
  return { id: bench.groupId, name: String(group?.attributes.name) };
};

describe('a build', () => {
  it('goes from its upload to its testers by one job, and each call is made once', async () => {
    const build = freshBuild(bench);
    const { id } = await start({
      build: build.words,
      groups: [external().name],
      notes: { 'en-US': 'Try the map.' },
      compliance: { usesNonExemptEncryption: false },
      submit: true,
    });
    const from = journal(bench).length;
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/is processing the build/);
    build.process();
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/processing once more/);
    expect(mails()).toEqual([]);
    build.process();
    await runSome(bench, id);
    // How fast the steps before went tells nothing of how long Apple takes.
    expect(await getJob(bench.ctx, id)).toMatchObject({
      waiting: { reason: expect.stringMatching(/has not decided yet/) },
      leftMs: null,
      leftBetween: null,
    });
    approve(bench, build.id);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done', failed: 0 });
    expect(journal(bench).slice(from)).toEqual([
      ['PATCH', '/v1/builds/{id}'],
      ['POST', '/v1/betaBuildLocalizations'],
      ['POST', '/v1/betaGroups/{id}/relationships/builds'],
      ['POST', '/v1/betaAppReviewSubmissions'],
    ]);
    const addresses = mails().map(({ address }) => address);
    expect(addresses.length).toBeGreaterThan(0);
    expect(new Set(addresses).size).toBe(addresses.length);
    // Internal testers could have it before: the approval is no news to them.
    const { store } = bench.sandbox.parts().world;
    const inside = store
      .related(build.resource(), 'betaGroups')
      .filter(({ attributes }) => attributes.isInternalGroup === true)
      .flatMap((group) => store.related(group, 'betaTesters').map(({ attributes }) => attributes.email));
    expect(inside.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => inside.includes(address))).toEqual([]);
    const trail = await bench.db.query<{ status: string }>(
      'SELECT status FROM auditEntries WHERE jobId = ?',
      [id],
    );
    expect(trail.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    const told = await getJob(bench.ctx, id);
    expect(told.sentence[0]).toBe('shipped build ');

    // Once more: all of it is there, and nothing is sent.
    const again = await start({
      build: build.id,
      groups: [bench.groupId],
      notes: { 'en-US': 'Try the map.' },
      submit: true,
    });
    const before = journal(bench).length;
    await runSome(bench, again.id);
    expect(journal(bench).slice(before)).toEqual([]);
    expect(await read(again.id)).toMatchObject({ status: 'done', failed: 0 });
    expect(await outcomes(again.id)).toEqual([
      'done',
      'done',
      'skipped',
      'skipped',
      'skipped',
      'done',
      'skipped',
    ]);
  });

  it('is told of at a time alone: auto-notify goes off before anybody could be mailed', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await start({ build: build.id, groups: [bench.groupId], submit: true, notify: at });
    await runSome(bench, id);
    approve(bench, build.id);
    await runSome(bench, id);
    expect(mails()).toEqual([]);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/time to tell testers has not come/);
    // The hour passes on the clock of the programme, and nothing but that is looked at.
    await shiftProgramme(bench.ctx, 3_700_000);
    // What waits looks soon, and not at its next time, which may be minutes away.
    expect((await read(id))?.scheduledAt).toBeLessThanOrEqual(Date.now() + 1_000);
    bench.sandbox.parts().clock.step(3_700_000);
    await expect.poll(() => bench.app.shiftMs()).toBe(3_700_000);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done' });
    const addresses = mails().map(({ address }) => address);
    expect(addresses.length).toBeGreaterThan(0);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(journal(bench).filter(([, path]) => path === '/v1/buildBetaNotifications')).toHaveLength(1);
    await shiftProgramme(bench.ctx, 0);
    await expect.poll(() => bench.app.shiftMs()).toBe(0);
  });

  it('waits for another build of its version that is in review, by its name, and goes on when that is decided', async () => {
    const first = freshBuild(bench, { usesNonExemptEncryption: false });
    first.process();
    const one = await start({ build: first.id, groups: [bench.groupId], submit: true });
    await runSome(bench, one.id);
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const [version, number] = first.words.split('/');
    const named = expect.stringContaining(`${version} (${number})`);
    const wanted = { build: build.id, groups: [bench.groupId], submit: true };
    const plan = await start(wanted, { dryRun: true });
    const told = (await getJob(bench.ctx, plan.id)).steps?.find(({ label }) => /^Submit/.test(label));
    expect(told?.detail).toEqual(named);
    expect(told?.detail).toMatch(/^Would wait until beta review has decided about /);
    const two = await start(wanted);
    await runSome(bench, two.id);
    expect((await getJob(bench.ctx, two.id)).waiting?.reason).toEqual(named);
    const submissions = () =>
      journal(bench).filter(([, path]) => path === '/v1/betaAppReviewSubmissions').length;
    const before = submissions();
    approve(bench, first.id);
    await runSome(bench, two.id);
    expect(submissions()).toBe(before + 1);
    approve(bench, build.id);
    await runSome(bench, two.id);
    expect(await read(two.id)).toMatchObject({ status: 'done' });
  });

  it('that review rejects stops with what to do next, and the next one is shipped', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const { id } = await start({ build: build.id, groups: [bench.groupId], submit: true });
    await runSome(bench, id);
    approve(bench, build.id, 'REJECTED');
    await runSome(bench, id);
    const job = await getJob(bench.ctx, id);
    expect(job).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/upload a new build and ship that/),
    });
    expect(await outcomes(id)).toEqual(['done', 'done', 'done', 'done', 'failed', 'pending']);
    expect(mails()).toEqual([]);
    // What was rejected is rejected: there is no going on, and no newer build yet.
    const page = `/apps/${bench.appId}/builds/`;
    expect(job).toMatchObject({
      actions: [],
      next: { label: 'Read what to do', href: `${page}${build.id}` },
    });
    await expect(changeJob(bench.ctx, id, 'retry')).rejects.toThrow(/Beta review has rejected the build/);
    const next = freshBuild(bench, { usesNonExemptEncryption: false });
    next.process();
    const second = await start({ build: next.id, groups: [bench.groupId], submit: true });
    await runSome(bench, second.id);
    expect((await getJob(bench.ctx, id)).next).toEqual({
      label: expect.stringMatching(/^Ship the next build, /),
      href: `${page}${next.id}?do=ship`,
    });
    approve(bench, next.id);
    await runSome(bench, second.id);
    expect(await read(second.id)).toMatchObject({ status: 'done' });
  });

  it('that cannot be processed stops with what Apple found in its upload', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    const { id } = await start({ build: build.id, groups: [bench.groupId] });
    failProcessing(bench.sandbox.parts().world, build.resource(), {
      errors: [{ code: '90683', description: 'No purpose is told.' }],
    });
    await runSome(bench, id);
    expect(await getJob(bench.ctx, id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/could not process the build.*No purpose is told\. \(90683\)/),
      actions: [],
    });
  });

  it('that App Store Connect refuses leads to what is missing, and may go on', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const detail = 'Beta App Description is missing.';
    bench.sandbox.parts().faults.add({
      ...{ kind: 'status', method: 'POST', route: '/v1/betaAppReviewSubmissions' },
      ...{ status: 422, code: 'ENTITY_UNPROCESSABLE', detail, count: 1 },
    });
    const { id } = await start({ build: build.id, groups: [bench.groupId], submit: true });
    await runSome(bench, id);
    expect(await getJob(bench.ctx, id)).toMatchObject({
      status: 'failed',
      next: { label: 'See what is missing', href: `/apps/${bench.appId}/builds/${build.id}` },
      actions: expect.arrayContaining(['retry']),
    });
  });

  it('that nobody submits is not shipped, whoever has it', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const { id } = await start({ build: build.id, groups: [bench.groupId] });
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/submit it for review/),
    });
  });

  it('without an answer to export compliance stops, and goes on once it is answered', async () => {
    const build = freshBuild(bench);
    build.process();
    const { id } = await start({ build: build.id, groups: [bench.groupId], notify: 'none' });
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/Answer it on the build/),
    });
    bench.sandbox.parts().world.store.update(build.resource(), { usesNonExemptEncryption: false });
    build.process(true);
    expect(await controlJob(bench.db, id, 'retry', Date.now())).toBe(true);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done' });
  });

  it('that was answered otherwise leads to another order, and does not go on', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const { id } = await start({
      ...{ build: build.id, groups: [bench.groupId], notify: 'none' },
      compliance: { declarationId: declared('other') },
    });
    await runSome(bench, id);
    expect((await steps(id)).find(([, status]) => status === 'failed')?.[2]).toBe('FLIGHTDECK.ANSWERED');
    const job = await getJob(bench.ctx, id);
    expect(job).toMatchObject({
      ...{ status: 'failed', error: expect.stringMatching(/answered as exempt already/), actions: [] },
      next: { label: 'Ship it once more', href: `/apps/${bench.appId}/builds/${build.id}?do=ship` },
    });
    await expect(changeJob(bench.ctx, id, 'retry')).rejects.toMatchObject({
      problems: [{ code: 'FLIGHTDECK.FINAL' }],
    });
  });

  it('that no declaration covers stops with where to choose one, and goes on with it', async () => {
    const { world } = bench.sandbox.parts();
    const build = freshBuild(bench, { usesNonExemptEncryption: true });
    build.process();
    setStates(world, build.resource(), {
      ...{ internal: 'MISSING_EXPORT_COMPLIANCE', external: 'MISSING_EXPORT_COMPLIANCE' },
    });
    const order = { build: build.id, groups: [bench.groupId], notify: 'none' };
    const { id } = await start(order);
    await runSome(bench, id);
    expect(await getJob(bench.ctx, id)).toMatchObject({
      ...{ status: 'failed', error: expect.stringMatching(/no declaration covers it/) },
      next: { label: 'Answer export compliance', href: expect.stringMatching(/\?do=compliance$/) },
      actions: expect.arrayContaining(['retry']),
    });
    world.store.link(build.resource(), 'appEncryptionDeclaration', [declared('mine')]);
    await changeJob(bench.ctx, id, 'retry');
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/has not taken up the answer/);
    build.process(true);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done' });
  });

  it('is covered by the declaration that was asked for, not by any, and by one request', async () => {
    const { world } = bench.sandbox.parts();
    const build = freshBuild(bench, { usesNonExemptEncryption: true });
    world.store.link(build.resource(), 'appEncryptionDeclaration', [declared('one')]);
    build.process();
    const order = { build: build.id, groups: [bench.groupId], notify: 'none' };
    const wanted = { ...order, compliance: { declarationId: declared('two') } };
    const from = journal(bench).length;
    const { id } = await start(wanted);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done' });
    expect(world.store.relatedId(build.resource(), 'appEncryptionDeclaration')).toBe(declared('two'));
    const again = await start(wanted);
    await runSome(bench, again.id);
    expect((await steps(again.id)).find(([label]) => label?.startsWith('Answer'))).toEqual([
      ...['Answer export compliance by a declaration', 'skipped', 'FLIGHTDECK.ALREADY'],
    ]);
    expect(
      journal(bench)
        .slice(from)
        .filter(([, path]) => path === '/v1/builds/{id}'),
    ).toHaveLength(1);
    const told = (await listActivity(bench.ctx, new URLSearchParams({ resource: build.id }))).data;
    const sentences = told.map(({ sentence }) =>
      sentence.map((part) => (typeof part === 'string' ? part : part.name)).join(''),
    );
    expect(sentences.some((words) => /^chose the encryption declaration of /.test(words))).toBe(true);
  });

  it('is shipped by one job at a time, which a second one is told', async () => {
    const build = freshBuild(bench);
    const order = { build: build.id, groups: [bench.groupId], submit: true };
    const begun = await Promise.allSettled([start(order), start(order), start(order)]);
    const [first] = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    const refused = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(2);
    const shipping = { status: 409, code: 'FLIGHTDECK.SHIPPING', meta: { jobId: first } };
    for (const reason of refused) expect(reason).toMatchObject({ problems: [shipping] });
    // What would be done may be asked all the same, and another build is no matter of this one.
    await start(order, { dryRun: true });
    const other = await start({ ...order, build: freshBuild(bench).id });
    await changeJob(bench.ctx, other.id, 'cancel');
    build.process();
    await runSome(bench, first ?? '');
    expect(await read(first ?? '')).toMatchObject({ status: 'failed' });
    // One that has stopped is no longer in the way, and goes on only while no other has taken its place.
    const second = await start(order);
    await expect(changeJob(bench.ctx, first ?? '', 'retry')).rejects.toMatchObject({
      problems: [{ ...shipping, meta: { jobId: second.id } }],
    });
    await changeJob(bench.ctx, second.id, 'cancel');
    expect(await changeJob(bench.ctx, first ?? '', 'retry')).toMatchObject({ status: 'queued' });
    await changeJob(bench.ctx, first ?? '', 'cancel');
  });

  it.each([
    'POST /v1/betaGroups/{id}/relationships/builds',
    'POST /v1/betaAppReviewSubmissions',
    'POST /v1/buildBetaNotifications',
  ])('whose answer to %s is lost is looked for, and nothing is sent twice', async (which) => {
    const [method, route] = which.split(' ');
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    bench.sandbox.parts().faults.add({ kind: 'drop', when: 'after', method, route, count: 1 } as never);
    const from = journal(bench).length;
    const { id } = await start({
      build: build.id,
      groups: [bench.groupId],
      submit: true,
      notify: '2020-01-01T09:00Z',
    });
    await runSome(bench, id);
    approve(bench, build.id);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done', failed: 0 });
    const sent = journal(bench).slice(from);
    expect(sent.filter(([, path]) => path === route)).toHaveLength(1);
    const addresses = mails().map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    const open = await bench.db.query(
      "SELECT 1 FROM auditEntries WHERE jobId = ? AND status <> 'succeeded'",
      [id],
    );
    expect(open).toEqual([]);
  });
});

describe('a job that waits', () => {
  it('holds no place, and goes on with a new key after the old one was revoked', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const { id } = await start({ build: build.id, groups: [bench.groupId], submit: true });
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'queued',
      waitReason: expect.stringMatching(/Beta review/),
    });
    const { keys } = bench.sandbox.parts();
    keys.revoke(bench.sandbox.keyId, 401);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'queued',
      waitReason: expect.stringMatching(/goes on by itself once the account has a key that works/),
    });
    const { keyId, privateKey } = keys.create({});
    const before = Date.now();
    await changeAccount(bench.ctx, ACCOUNT, {
      key: { kind: 'team', issuerId: bench.sandbox.issuerId, keyId, privateKey },
      confirm: 'Sandbox',
    });
    expect((await read(id))?.scheduledAt).toBeGreaterThanOrEqual(before);
    expect((await read(id))?.scheduledAt).toBeLessThanOrEqual(Date.now());
    approve(bench, build.id);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({ status: 'done' });
  });

  it('ends when the approval never comes, and can be taken up again', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const { id } = await start({ build: build.id, groups: [bench.groupId], submit: true, timeoutMinutes: 1 });
    await runSome(bench, id);
    await change("UPDATE jobItems SET result = ? WHERE jobId = ? AND status = 'pending'", '{"since":1}', id);
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/waited for long enough/),
    });
    expect((await steps(id)).at(-2)).toEqual([expect.any(String), 'failed', 'FLIGHTDECK.TIMEOUT']);
    expect(await controlJob(bench.db, id, 'retry', Date.now())).toBe(true);
    await runSome(bench, id);
    expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/has not decided yet/);
    // It can be ended while it sleeps.
    expect(await controlJob(bench.db, id, 'cancel', Date.now())).toBe(true);
    expect((await read(id))?.status).toBe('cancelled');
  });

  it('says so when its group or its build is gone meanwhile', async () => {
    const { world } = bench.sandbox.parts();
    const asc = await bench.ctx.ascFor(ACCOUNT, 'interactive');
    const group = { name: `Gone ${Date.now()}` };
    const made = world.store.get('betaGroups', bench.groupId);
    if (!made) throw new Error('the group is there');
    const { document } = await (
      asc as never as { create: (...given: unknown[]) => Promise<{ document: { data: { id: string } } }> }
    ).create('betaGroups', {
      attributes: group,
      relationships: { app: { data: { type: 'apps', id: bench.appId } } },
    });
    await bench.mirror();
    const build = freshBuild(bench);
    const { id } = await start({ build: build.id, groups: [document.data.id] });
    await runSome(bench, id);
    const held = world.store.get('betaGroups', document.data.id);
    if (held) world.store.remove(held);
    world.store.update(build.resource(), { usesNonExemptEncryption: false });
    build.process();
    await runSome(bench, id);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(new RegExp(`“${group.name}” is no longer there`)),
    });
    const other = freshBuild(bench);
    const { id: second } = await start({ build: other.id, groups: [bench.groupId] });
    await runSome(bench, second);
    world.store.update(other.resource(), { expired: true });
    await runSome(bench, second);
    expect(await read(second)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/has expired/),
    });
  });
});

describe('a dry run', () => {
  it('sends nothing and says whom each step mails', async () => {
    const build = freshBuild(bench, { usesNonExemptEncryption: false });
    build.process();
    const before = journal(bench).length;
    const { id } = await start(
      { build: build.id, groups: [bench.groupId], submit: true, notify: 'Tuesday 09:00 Europe/Berlin' },
      { dryRun: true },
    );
    await runSome(bench, id);
    expect(journal(bench).length).toBe(before);
    const items = await readItems(bench.db, id, { limit: 50 });
    expect(items.every(({ errorCode }) => errorCode === 'FLIGHTDECK.PLANNED')).toBe(true);
    const words = items.map(({ label, errorDetail }) => `${label}: ${errorDetail}`);
    expect(words).toContainEqual(
      expect.stringMatching(/^Switch automatic notification off: Would switch it off/),
    );
    expect(words.at(-1)).toMatch(
      /App Store Connect mails \d+ testers of “.*” \((\d+ invitations?, \d+ )?told of the build\)/,
    );
    expect(words.slice(0, -1).every((line) => /nobody is mailed/i.test(line))).toBe(true);
    expect(words[0]).toMatch(/: Left out: Processed\. /);
  });

  it('says where the job would stop, unless one of its own steps mends that', async () => {
    const build = freshBuild(bench);
    build.process();
    const plan = async (more: object) => {
      const { id } = await start(
        { build: build.id, notify: '2026-12-01T09:00+01:00', ...more },
        { dryRun: true },
      );
      const items = await readItems(bench.db, id, { limit: 50 });
      return items.map(({ label, errorCode, errorDetail }) => `${label}: ${errorDetail} ${errorCode}`);
    };
    const unanswered = await plan({});
    expect(unanswered.filter((line) => line.endsWith('FLIGHTDECK.WOULD_STOP'))).toHaveLength(2);
    expect(unanswered).toContainEqual(
      expect.stringMatching(/^Wait until the build can be given.*Would stop here\. Export compliance/),
    );
    expect(unanswered).toContainEqual(
      expect.stringMatching(/^Wait until Tuesday,? 1 December 2026 at 08:00 UTC: /),
    );
    const answered = await plan({ compliance: { usesNonExemptEncryption: false } });
    expect(answered.join()).not.toMatch(/stop here\. Export/);
  });
});

describe('an app that wants a second person', () => {
  const ask = (isWanted: boolean) => changeApproval(bench.ctx, { appId: bench.appId }, { isWanted });

  it('sends nothing before somebody else has approved', async () => {
    await ask(true);
    try {
      const build = freshBuild(bench, { usesNonExemptEncryption: false });
      build.process();
      const from = journal(bench).length;
      const notes = { 'en-US': 'Try the new cart.' };
      const { id } = await start({ build: build.id, groups: [bench.groupId], notes, notify: 'none' });
      await runSome(bench, id);
      // Whoever approves sees what would be sent, and whom it mails.
      const shown = (await getJob(bench.ctxAs('manager'), id)).steps ?? [];
      expect(shown.find(({ label }) => label.includes('“'))?.detail).toMatch(
        /^Would add the build to “.*mailed\.$/,
      );
      expect(shown.map(({ text }) => text)).toContain('Try the new cart.');
      expect((await getJob(bench.ctx, id)).steps?.map(({ detail }) => detail).join()).not.toContain('Would');
      expect((await getJob(bench.ctx, id)).waiting?.reason).toMatch(/^Somebody other than who began it/);
      expect(journal(bench).slice(from)).toEqual([]);
      // Neither who began it, nor a role that may not, nor a machine.
      await expect(approveJob(bench.ctx, id)).rejects.toMatchObject({
        status: 409,
        problems: [{ code: 'FLIGHTDECK.SAME_PERSON' }],
      });
      await expect(approveJob(bench.ctxAs('triager'), id)).rejects.toThrow(/role manager/);
      const machine = {
        ...bench.ctx,
        actor: { kind: 'machine', id: 'm', name: 'CI', permissions: ['jobs:run'], app: null } as const,
      };
      await expect(approveJob(machine, id)).rejects.toThrow();
      expect((await getJob(bench.ctx, id)).canApprove).toBe(false);
      await runSome(bench, id);
      expect(journal(bench).slice(from)).toEqual([]);

      const other = bench.ctxAs('manager');
      expect((await getJob(other, id)).canApprove).toBe(true);
      await approveJob(other, id);
      await expect(approveJob(other, id)).rejects.toMatchObject({ status: 409 });
      await runSome(bench, id);
      expect(await read(id)).toMatchObject({ status: 'done', failed: 0 });
      expect(journal(bench).slice(from)).toHaveLength(3);
      const [entry] = (await listActivity(bench.ctx, new URLSearchParams({ resource: id }))).data;
      expect(entry).toMatchObject({ who: 'manager@example.com', status: 'succeeded' });
      expect(entry?.sentence[0]).toBe('approved the job ');
    } finally {
      await ask(false);
    }
  });

  it('is for administrators to choose', async () => {
    await expect(
      changeApproval(bench.ctxAs('manager'), { appId: bench.appId }, { isWanted: true }),
    ).rejects.toThrow(/role admin/);
    expect(await readApproval(bench.ctxAs('viewer'), { appId: bench.appId })).toMatchObject({
      isWanted: false,
    });
  });

  it('says while nobody else could approve', async () => {
    const hasSecond = async () => (await readApproval(bench.ctx, { appId: bench.appId })).hasSecond;
    const person = (id: string, role: 'triager' | 'manager') =>
      bench.db.build.insertInto('users').values({
        ...{ id, email: `${id}@example.com`, passwordHash: '', role, createdAt: 0, updatedAt: 0 },
      });
    await bench.db.write([bench.db.build.deleteFrom('users'), person('only-triager', 'triager')]);
    expect(await hasSecond()).toBe(false);
    await bench.db.write([person('second', 'manager')]);
    expect(await hasSecond()).toBe(true);
    const off = bench.db.build.updateTable('users').set({ disabledAt: 1 }).where('id', '=', 'second');
    await bench.db.write([off]);
    expect(await hasSecond()).toBe(false);
  });
});

describe('the checklist', () => {
  it('is read again from App Store Connect, and never tells the demo password', async () => {
    const { store } = bench.sandbox.parts().world;
    makeReady(bench);
    const build = freshBuild(bench);
    build.process();
    await start({ build: build.id, submit: true, notify: 'none' }, { dryRun: true });
    const contact = [...store.all('betaAppReviewDetails').values()].find(
      ({ appId }) => appId === bench.appId,
    );
    if (!contact) throw new Error('the contact is there');
    store.update(contact, {
      demoAccountRequired: true,
      demoAccountName: 'demo',
      demoAccountPassword: 'S3cret-word',
    });
    const lines = await readReadiness(bench.ctx, { id: build.id });
    expect(JSON.stringify(lines)).not.toContain('S3cret-word');
    const state = (id: string) => lines.find((line) => line.id === id)?.state;
    expect([
      state('processed'),
      state('compliance'),
      state('description'),
      state('contact'),
      state('demo'),
    ]).toEqual(['ready', 'missing', 'ready', 'ready', 'ready']);
    store.update(contact, { demoAccountPassword: null, contactPhone: ' ' });
    const again = await readReadiness(bench.ctx, { id: build.id });
    const missing = again.filter((line) => line.state === 'missing' && line.isRequired);
    expect(missing.map(({ id, words }) => [id, words])).toEqual([
      ['compliance', 'Until then nobody can test the build.'],
      ['contact', 'Missing: phone.'],
      ['demo', 'Sign-in is required, and the demo account is not complete.'],
    ]);
    store.update(contact, { demoAccountRequired: false, contactPhone: '+351 1' });
    await expect(readReadiness(bench.ctxAs('viewer'), { id: build.id })).rejects.toThrow();
    await expect(readReadiness(bench.ctx, { id: 'none' })).rejects.toMatchObject({ status: 404 });
  });
});

describe('refused before anything is sent', () => {
  it.each([
    [{ build: '0/0/IOS', groups: ['x'] }, 404, 'FLIGHTDECK.NO_GROUP'],
    [{ build: '0/0/IOS', submit: true }, 404, 'FLIGHTDECK.NO_BUILD'],
    [{ build: '1/2/3/4', submit: true }, 400, 'FLIGHTDECK.PARAMETER'],
  ])('%j', async (input, status, code) => {
    await expect(start(input)).rejects.toMatchObject({ status, problems: [{ code }] });
  });

  it('an expired build, an internal one for external testers, and nothing to do', async () => {
    const expired = freshBuild(bench);
    bench.sandbox.parts().world.store.update(expired.resource(), { expired: true });
    await expect(start({ build: expired.id, submit: true })).rejects.toMatchObject({ status: 409 });
    const internal = freshBuild(bench, { buildAudienceType: 'INTERNAL_ONLY' });
    await expect(start({ build: internal.id, groups: [bench.groupId] })).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/internal testing only/),
    });
    await expect(start({ build: freshBuild(bench).id })).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    { build: '' },
    { build: '1', notify: 'tomorrow' },
    { build: '1', notify: 'Tuesday 09:00 Mars/Base' },
    { build: '1', notify: '2026-12-01T09:00' },
    { build: '1', notes: { 'en-US': '  ' } },
    { build: '1', notes: { 'en-US': 'a < b' } },
    { build: '1', compliance: { usesNonExemptEncryption: true } },
    { build: '1', timeoutMinutes: 0 },
  ])('%j is no input', (input) => {
    expect(newJobBody.safeParse({ kind: 'ship', appId: '1', input }).success).toBe(false);
  });

  it('somebody who may not', async () => {
    const body = newJobBody.parse({ kind: 'ship', appId: bench.appId, input: { build: '1', submit: true } });
    await expect(startJob(bench.ctxAs('triager'), body)).rejects.toThrow(/role manager/);
  });
});
