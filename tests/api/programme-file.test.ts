import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES } from '@/lib/access/policy';
import { runJobs } from '@/lib/jobs/loop';
import { readItems, readJob } from '@/lib/jobs/rows';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { setStates } from '@/lib/sandbox/rules/build-state';
import { undoActivity } from '@/lib/services/activity';
import { jobRunner } from '@/lib/services/jobs/runner';
import { newJobBody, startJob } from '@/lib/services/jobs/start';
import { changeJob, getJob } from '@/lib/services/jobs/views';
import { exportProgramme } from '@/lib/services/programme/export';
import { compareProgramme } from '@/lib/services/programme/plan';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { journal } from '@/tests/factories/shipping';
import { bundleJobWorker, startJobWorker } from '@/tests/factories/worker-process';

let bench: PeopleBench;
let other: string;
beforeEach(async () => {
  bench = await peopleBench({ seed: 4 });
  await bench.mirror();
  other = [...store().all('apps').keys()].find((id) => id !== bench.appId) ?? '';
});
afterEach(() => bench.close());

const store = () => bench.sandbox.parts().world.store;
const faults = () => bench.sandbox.parts().faults;
const place = (appId = bench.appId) => ({ appId, accountId: undefined });
const taken = async (appId = bench.appId, hasPersonalData = true) =>
  (await exportProgramme(bench.ctx, place(appId), { hasPersonalData })).text;
const compare = (text: string, appId = bench.appId, prune = false) =>
  compareProgramme(bench.ctx, place(appId), { text, prune });
const start = (text: string, appId = bench.appId, more: object = {}, job: object = {}) =>
  startJob(bench.ctx, newJobBody.parse({ kind: 'apply-programme', appId, input: { text, ...more }, ...job }));
const itemsOf = async (id: string) =>
  (await readItems(bench.db, id, { limit: 200 })).map(({ label, status, errorCode }) => ({
    label,
    status,
    errorCode,
  }));
const groupsOf = (appId: string) =>
  [...store().all('betaGroups').values()].filter((one) => one.appId === appId);
const named = (name: string, appId = bench.appId) =>
  groupsOf(appId).find(({ attributes }) => attributes.name === name) as Resource;
const sentence = async (id: string) =>
  (await getJob(bench.ctx, id)).sentence
    .map((part) => (typeof part === 'string' ? part : part.name))
    .join('');

/** An app as it is before anybody has set up a programme. */
function empty(appId: string): void {
  for (const type of ['betaGroups', 'betaAppLocalizations'])
    for (const one of [...store().all(type).values()]) if (one.appId === appId) store().remove(one);
}
/** A file of one new group, with criteria. */
const NEW_GROUP = `version: 1
groups:
  - name: Night Owls
    isInternalGroup: false
    publicLinkLimit: 7
    criteria:
      - deviceFamily: IPHONE
`;

describe('a programme as a file', () => {
  it('applied to an empty app yields the same programme, and a second time sends nothing', async () => {
    const text = await taken();
    const linked = groupsOf(bench.appId).find(({ attributes }) => attributes.publicLinkEnabled === true);
    const name = String(linked?.attributes.name);
    empty(other);
    const { id } = await start(text, other);
    await bench.run(id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
    // A link waits for a build, and addresses for an App Clip: everything else is there.
    const [until] = text.split('appClipInvocations:');
    const expected = until
      ?.replace('app: Tramline', 'app: Saffron Table')
      .replace('publicLinkEnabled: true', 'publicLinkEnabled: false');
    expect((await taken(other)).trim()).toBe(expected?.trim());
    const compared = await compare(text, other, true);
    expect([compared.sent, new Set(compared.operations.map(({ kind }) => kind))]).toEqual([
      0,
      new Set(['later']),
    ]);
    const before = journal(bench).length;
    await expect(start(text, other)).rejects.toMatchObject({ problems: [{ code: 'FLIGHTDECK.NOTHING' }] });
    expect(journal(bench)).toHaveLength(before);
    // Our copy knows the new groups without a sync.
    const known = await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE appId = ?', [
      other,
    ]);
    expect(known.map((row) => row.name)).toEqual(
      expect.arrayContaining(groupsOf(other).map((one) => String(one.attributes.name))),
    );

    // Once the group has a build that was approved, the same file switches its link on.
    const { world } = bench.sandbox.parts();
    const build = [...store().all('builds').values()].find(
      (one) => one.appId === other && one.attributes.expired !== true,
    ) as Resource;
    store().update(build, { processingState: 'VALID' });
    setStates(world, build, { external: 'IN_BETA_TESTING' });
    store().link(named(name, other), 'builds', [build.id]);
    const later = await start(text, other);
    await bench.run(later.id);
    expect(named(name, other).attributes.publicLinkEnabled).toBe(true);
    expect((await compare(text, other, true)).operations.every(({ says }) => says.includes('App Clip'))).toBe(
      true,
    );
  });

  it('makes, changes and deletes as it says, in that order, and each of it can be read and taken back', async () => {
    const text = await taken();
    const [doomed, kept] = groupsOf(bench.appId).filter(({ attributes }) => !attributes.isInternalGroup);
    const doomedName = String(doomed?.attributes.name);
    const wanted = text
      .replace(new RegExp(` {2}- name: ${doomedName}\n( {4}.*\n)+`), '')
      .replace('groups:\n', NEW_GROUP.slice(NEW_GROUP.indexOf('groups:')))
      .replace(`name: ${kept?.attributes.name}`, `name: Renamed\n    previousName: ${kept?.attributes.name}`)
      .replace(/ {4}de-DE:\n( {6}.*\n)+/, '')
      .replace(
        / {2}- url: (\S+)\n {4}titles:\n {6}en-US: Try it here/,
        '  - url: $1\n    titles:\n      en-US: Mine\n      ja: 試す',
      );
    const compared = await compare(wanted, bench.appId, true);
    expect(compared.operations.map(({ kind }) => kind)).toEqual([
      ...['change', 'create', 'create', 'create', 'change', 'delete', 'delete'],
    ]);
    await expect(start(wanted, bench.appId, { prune: true })).rejects.toMatchObject({
      problems: [
        { code: 'FLIGHTDECK.CONFIRM', meta: { expected: 2 }, source: { pointer: '/input/confirm' } },
      ],
    });
    const before = journal(bench).length;
    const dry = await start(wanted, bench.appId, { prune: true }, { dryRun: true });
    await bench.run(dry.id);
    expect(journal(bench)).toHaveLength(before);
    expect(await sentence(dry.id)).toMatch(
      /^tried without sending: applying a file to the programme of Tramline$/,
    );

    const { id } = await start(wanted, bench.appId, { prune: true, confirm: 2, plan: compared.plan });
    await bench.run(id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0, done: 7 });
    expect(await sentence(id)).toBe('applied a file to the programme of Tramline');
    expect(journal(bench).slice(before)).toEqual([
      ['PATCH', '/v1/betaGroups/{id}'],
      ['POST', '/v1/betaGroups'],
      ['POST', '/v1/betaRecruitmentCriteria'],
      ['POST', '/v1/betaAppClipInvocationLocalizations'],
      ['PATCH', '/v1/betaAppClipInvocationLocalizations/{id}'],
      ['DELETE', '/v1/betaGroups/{id}'],
      ['DELETE', '/v1/betaAppLocalizations/{id}'],
    ]);
    expect((await compare(wanted, bench.appId, true)).operations).toEqual([]);
    const trail = await bench.db.query<{
      id: string;
      type: string;
      action: string;
      status: string;
      actorEmail: string;
    }>('SELECT id, type, action, status, actorEmail FROM auditEntries WHERE jobId = ? ORDER BY seq', [id]);
    expect(new Set(trail.map(({ status, actorEmail }) => `${status} ${actorEmail}`))).toEqual(
      new Set(['succeeded admin@example.com']),
    );
    const undo = (type: string, action: string) =>
      undoActivity(bench.ctx, trail.find((one) => one.type === type && one.action === action)?.id ?? '');
    await undo('betaAppLocalizations', 'delete');
    await undo('betaRecruitmentCriteria', 'create');
    await undo('betaGroups', 'update');
    const left = await compare(text, bench.appId, true);
    expect(left.operations.map(({ says }) => says)).not.toContain(expect.stringMatching(/German|Renamed/));
    expect(named('Night Owls').attributes.publicLinkLimit).toBe(7);
    expect(store().relatedId(named('Night Owls'), 'betaRecruitmentCriteria')).toBeNull();
  });

  it('is refused where the programme has moved since it was compared, and leaves what somebody changes meanwhile', async () => {
    const text = (await taken())
      .replace('notes: The demo', 'notes: This demo')
      .replace('agreementText: |-\n    This', 'agreementText: |-\n    That');
    const { plan } = await compare(text);
    const [review] = [...store().all('betaAppReviewDetails').values()].filter(
      (one) => one.appId === bench.appId,
    );
    const before = journal(bench).length;
    store().update(review as Resource, { notes: 'Theirs.' });
    await expect(start(text, bench.appId, { plan })).rejects.toMatchObject({
      status: 409,
      problems: [{ code: 'FLIGHTDECK.STALE' }],
    });
    const { id } = await start(text, bench.appId, { plan: (await compare(text)).plan });
    store().update(review as Resource, { notes: 'Theirs again.' });
    await bench.run(id);
    expect(await itemsOf(id)).toEqual([
      expect.objectContaining({ status: 'failed', errorCode: 'FLIGHTDECK.STALE' }),
      expect.objectContaining({ status: 'done' }),
    ]);
    expect(review?.attributes.notes).toBe('Theirs again.');
    expect(journal(bench)).toHaveLength(before + 1);
  });

  it('keeps App Store Connect’s words where it refuses, does the rest, and tries again only what is missing', async () => {
    const detail = 'A beta group of this kind cannot be made now.';
    faults().add({
      kind: 'status',
      status: 409,
      code: 'STATE_ERROR',
      title: 'No',
      detail,
      method: 'POST',
      route: '/v1/betaGroups',
      count: 1,
    });
    const text = `${NEW_GROUP}testInformation:\n  localizations:\n    ja: {description: 新しい}\n`;
    const { id } = await start(text);
    await bench.run(id);
    const [group, criteria, language] = await readItems(bench.db, id, { limit: 9 });
    expect([group?.status, group?.errorDetail]).toEqual(['failed', detail]);
    expect([criteria?.status, criteria?.errorCode]).toEqual(['failed', 'FLIGHTDECK.NO_GROUP']);
    expect(language?.status).toBe('done');
    const before = journal(bench).length;
    await changeJob(bench.ctx, id, 'retry');
    await bench.run(id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0, done: 3 });
    expect(journal(bench).slice(before)).toEqual([
      ['POST', '/v1/betaGroups'],
      ['POST', '/v1/betaRecruitmentCriteria'],
    ]);
  });

  it('gives a new group nothing of the one that still has its name', async () => {
    const old = groupsOf(bench.appId).find(
      (one) => !one.attributes.isInternalGroup && [...store().relatedIds(one, 'betaTesters')].length > 0,
    ) as Resource;
    const name = String(old.attributes.name);
    const testers = [...store().relatedIds(old, 'betaTesters')];
    store().update(old, { iosBuildsAvailableForAppleVision: true });
    const text = `version: 1
groups:
  - {name: ${JSON.stringify(name)}, isInternalGroup: false, iosBuildsAvailableForAppleVision: false}
  - {name: Renamed, previousName: ${JSON.stringify(name)}, isInternalGroup: false}
`;
    const detail = 'This group cannot be renamed now.';
    const refusal = { status: 409, code: 'STATE_ERROR', title: 'No', detail, count: 1 };
    faults().add({ ...refusal, kind: 'status', method: 'PATCH', route: '/v1/betaGroups/{id}' });
    const before = { ...old.attributes };
    const { id } = await start(text);
    await bench.run(id);
    const items = await readItems(bench.db, id, { limit: 9 });
    expect(
      items.slice(0, 3).map(({ status, errorCode, errorDetail }) => [status, errorCode, errorDetail]),
    ).toEqual([
      ['failed', 'STATE_ERROR', detail],
      ['failed', 'FLIGHTDECK.NAME_TAKEN', expect.stringMatching(/^Another group still has this name\./)],
      ['failed', 'FLIGHTDECK.NO_GROUP', expect.any(String)],
    ]);
    expect(old.attributes).toEqual(before);
    await changeJob(bench.ctx, id, 'retry');
    await bench.run(id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0, done: 3 });
    expect(old.attributes.name).toBe('Renamed');
    expect([...store().relatedIds(old, 'betaTesters')]).toEqual(testers);
    expect(named(name).attributes.iosBuildsAvailableForAppleVision).toBe(false);
    expect((await compare(text)).sent).toBe(0);
  });

  it('leaves a link off while the criteria that were to keep people out are refused', async () => {
    const open = groupsOf(bench.appId).find(
      ({ attributes, relationships }) =>
        attributes.isInternalGroup === false &&
        attributes.publicLinkEnabled !== true &&
        (relationships.builds ?? []).length > 0 &&
        (relationships.betaRecruitmentCriteria ?? []).length === 0,
    );
    const name = String(open?.attributes.name);
    const fileOf = (version: string) =>
      `version: 1\ngroups:\n  - name: ${JSON.stringify(name)}\n    isInternalGroup: false\n    publicLinkEnabled: true\n    criteria:\n      - deviceFamily: IPHONE\n        minimumOsInclusive: "${version}"\n`;
    await expect(start(fileOf('1.0'))).rejects.toThrow(/Nothing can be done now/);
    faults().add({
      kind: 'status',
      status: 409,
      code: 'STATE_ERROR',
      title: 'No',
      detail: 'Not now.',
      method: 'POST',
      route: '/v1/betaRecruitmentCriteria',
      count: 1,
    });
    const { id } = await start(fileOf('26.0'));
    await bench.run(id);
    const items = await readItems(bench.db, id, { limit: 99 });
    expect(items.filter(({ status }) => status === 'failed').map(({ errorCode }) => errorCode)).toEqual([
      'STATE_ERROR',
      'FLIGHTDECK.OPEN_LINK',
    ]);
    expect(named(name, bench.appId).attributes.publicLinkEnabled).not.toBe(true);
    await changeJob(bench.ctx, id, 'retry');
    await bench.run(id);
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0 });
    expect(named(name, bench.appId).attributes.publicLinkEnabled).toBe(true);
  });

  it('survives answers that are lost and kill -9 at a write, and sends each once', {
    timeout: 120_000,
  }, async () => {
    const url = 'https://tramline.example.com/night';
    const text = `${NEW_GROUP}testInformation:\n  localizations:\n    ja: {description: 新しい}\nappClipInvocations:\n  - url: ${url}\n    titles: {en-US: Night}\n`;
    for (const one of [...store().all('betaAppClipInvocations').values()]) store().remove(one);
    const worker = await bundleJobWorker();
    const { id } = await start(text);
    const from = journal(bench).length;
    const writes = [
      '/v1/betaGroups',
      '/v1/betaRecruitmentCriteria',
      '/v1/betaAppLocalizations',
      '/v1/betaAppClipInvocations',
    ];
    for (const [index, route] of writes.entries()) {
      // The two that App Store Connect would make a second time.
      if (index % 3 !== 0) continue;
      faults().remove(null);
      const fault = faults().add({ kind: 'slow', ms: 400, method: 'POST', route, count: 1 });
      const process = startJobWorker(worker, bench);
      await process.ready;
      await expect.poll(() => fault.hits, { timeout: 20_000 }).toBe(1);
      await process.end('SIGKILL');
      await expect.poll(() => journal(bench).length, { timeout: 20_000 }).toBeGreaterThan(from + index);
    }
    const last = startJobWorker(worker, bench);
    await expect.poll(async () => (await readJob(bench.db, id))?.status, { timeout: 20_000 }).toBe('done');
    await last.end('SIGTERM');
    expect(journal(bench).slice(from)).toEqual(writes.map((route) => ['POST', route]));
    expect(await readJob(bench.db, id)).toMatchObject({ status: 'done', failed: 0, done: 4 });
    expect(
      await bench.db.query("SELECT 1 FROM auditEntries WHERE jobId = ? AND status <> 'succeeded'", [id]),
    ).toEqual([]);
    expect((await compare(text)).operations.filter(({ reason }) => reason === null)).toEqual([]);
  });

  it('says where App Store Connect said yes and nothing came of it', async () => {
    const text = (await taken()).replace('notes: The demo', 'notes: This demo');
    faults().add({ kind: 'lie', method: 'PATCH', count: 1 });
    const { id } = await start(text);
    await bench.run(id);
    expect(await itemsOf(id)).toEqual([
      expect.objectContaining({ status: 'done', errorCode: 'FLIGHTDECK.NO_EFFECT' }),
    ]);
  });

  it('holds no password and no contact unless that is asked for, and keeps what a file says of the contact', async () => {
    const [review] = [...store().all('betaAppReviewDetails').values()].filter(
      (one) => one.appId === bench.appId,
    );
    store().update(review as Resource, {
      demoAccountPassword: 'canary-password',
      contactEmail: 'ada@example.com',
    });
    const plain = await taken(bench.appId, false);
    expect(plain).not.toMatch(/contact|canary|ada@/);
    expect(await bench.db.query("SELECT 1 FROM auditEntries WHERE action = 'export'")).toEqual([]);
    const whole = await taken();
    expect(whole).toContain('contactEmail: ada@example.com');
    expect(whole).not.toContain('canary');
    expect(await bench.db.query("SELECT type FROM auditEntries WHERE action = 'export'")).toEqual([
      { type: 'programmes' },
    ]);
    const over = await exportProgramme(bench.ctx, place(), { over: `# Ours\n${whole}` });
    expect(over.text).toBe(`# Ours\n${whole}`);
    const changed = await compare(whole.replace('ada@example.com', 'eve@example.com'));
    expect(JSON.stringify(changed)).not.toContain('@example.com');
    await expect(exportProgramme(bench.ctx, place(), { over: 'a: [' })).rejects.toMatchObject({
      status: 422,
    });
  });
});

describe('over HTTP', () => {
  let api: ApiBench;
  let appId: string;
  beforeAll(async () => {
    api = await apiBench({ seed: 3 });
    appId = (await api.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id LIMIT 1'))[0]?.id ?? '';
  });
  afterAll(() => api.close());

  it('is for triagers to read and for managers to apply; viewers cause no request', async () => {
    const path = `/api/programme/apps/${appId}/file`;
    api.upstream();
    for (const address of [path, `${path}/comparison`])
      expect((await api.call('POST', address, { as: 'viewer', body: { text: 'version: 1' } })).status).toBe(
        address === path ? 400 : 403,
      );
    expect((await api.call('POST', path, { as: 'viewer', body: {} })).status).toBe(403);
    expect(api.upstream()).toBe(0);
    const body = { kind: 'apply-programme', appId, input: { text: NEW_GROUP } };
    for (const as of ROLES.filter((role) => role !== 'viewer')) {
      expect((await api.call('POST', path, { as, body: {} })).status).toBe(200);
      const personal = await api.call('POST', path, { as, body: { hasPersonalData: true } });
      expect([as, personal.status]).toEqual([as, as === 'triager' ? 403 : 200]);
      expect([as, (await api.call('POST', '/api/jobs', { as, body })).status]).toEqual([
        as,
        as === 'triager' ? 403 : 201,
      ]);
    }
  });

  it('tells each thing that is wrong with a file, and where', async () => {
    const text =
      'version: 1\ngroups:\n  - name: A\n    isInternalGroup: true\n    colour: red\n  - name: A\n    isInternalGroup: yes\n';
    const answer = await api.call('POST', `/api/programme/apps/${appId}/file/comparison`, { body: { text } });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ detail }: { detail: string }) => detail)).toEqual([
      'Line 3, column 11: Two groups are called “A”.',
      'Line 5, column 5: “colour” is not known here.',
      'Line 6, column 11: Two groups are called “A”.',
      'Line 7, column 22: Say of the group isInternalGroup: true or false.',
    ]);
    expect(answer.body.errors[1]).toMatchObject({
      code: 'FLIGHTDECK.FILE',
      source: { pointer: '/text' },
      meta: { line: 5, column: 5 },
    });
  });

  it('is read and applied by a token that was made for that and for the app', async () => {
    const token = async (permissions: readonly string[], app: string) =>
      (
        await api.call('POST', '/api/tokens', {
          body: { name: 'CI', permissions, days: 1, app: { appId: app } },
        })
      ).body.data.token as string;
    const all = ['programme:read', 'jobs:run', 'jobs:read'];
    const elsewhere =
      (await api.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id DESC LIMIT 1'))[0]?.id ?? '';
    const ask = (bearer: string, path: string, body: object) =>
      api.call('POST', path, {
        as: null,
        headers: { authorization: `Bearer ${bearer}`, 'flightdeck-account': ACCOUNT },
        body,
      });
    const path = `/api/programme/apps/${appId}/file`;
    const able = await token(all, appId);
    expect((await ask(able, path, {})).body.data.text).toMatch(/^version: 1$/m);
    expect((await ask(able, path, { hasPersonalData: true })).status).toBe(403);
    const compared = await ask(able, `${path}/comparison`, { text: NEW_GROUP });
    expect(compared.body.data).toMatchObject({
      app: expect.any(String),
      deletions: 0,
      plan: expect.any(String),
    });
    for (const other of [await token(all, elsewhere), await token(['jobs:read'], appId)])
      for (const [address, body] of [
        [path, {}],
        [`${path}/comparison`, { text: NEW_GROUP }],
      ] as const)
        expect((await ask(other, address, body)).status).toBe(403);
    const begun = await ask(able, '/api/jobs', {
      kind: 'apply-programme',
      appId,
      input: { text: NEW_GROUP },
      dryRun: true,
    });
    const job = await api.call('GET', `/api/jobs/${begun.body.data?.id}`, {
      as: null,
      headers: { authorization: `Bearer ${able}` },
    });
    expect(job.body.data.steps?.length).toBeGreaterThan(0);
  });

  it('brings a person the alerts that it names, as that person, and no machine', async () => {
    const path = `/api/programme/apps/${appId}/file`;
    const alerts = 'alerts:\n  - kind: buildExpiring\n    threshold: 3\n    channels:\n      - bell\n';
    const text = `version: 1\n${alerts}`;
    const compared = await api.call('POST', `${path}/comparison`, { as: 'manager', body: { text } });
    expect(compared.body.data.operations.map(({ says }: { says: string }) => says)).toEqual([
      expect.stringMatching(/^Add the alert “The last build .* expires in 3 days\.”$/),
    ]);
    const input = { text, plan: compared.body.data.plan };
    const begun = await api.call('POST', '/api/jobs', {
      as: 'manager',
      body: { kind: 'apply-programme', appId, input },
    });
    const stop = new AbortController();
    const loop = runJobs(jobRunner(api.app, { callLimitMs: 300 }), stop.signal, { pollMs: 20 });
    await expect
      .poll(async () => (await readJob(api.db, begun.body.data.id))?.status, { timeout: 20_000 })
      .toBe('done');
    stop.abort();
    await loop;
    expect(await api.db.query('SELECT userId, kind, threshold, channels FROM alertRules')).toEqual([
      { userId: api.users.manager.id, kind: 'buildExpiring', threshold: 3, channels: '["bell"]' },
    ]);
    const again = await api.call('POST', `${path}/comparison`, {
      as: 'manager',
      body: { text, prune: true },
    });
    expect(again.body.data.operations).toEqual([]);
    expect((await api.call('POST', path, { as: 'manager', body: {} })).body.data.text).toContain(alerts);
    expect((await api.call('POST', path, { as: 'admin', body: {} })).body.data.text).not.toContain('alerts');
    const trail = await api.db.query("SELECT actorEmail FROM auditEntries WHERE type = 'alertRules'");
    expect(trail).toEqual([{ actorEmail: api.users.manager.email }]);
  });
});
