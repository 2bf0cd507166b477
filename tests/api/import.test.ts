import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countItems, readItems, readJob } from '@/lib/jobs/rows';
import { listActivity } from '@/lib/services/activity';
import { importOptions } from '@/lib/services/imports/prepare';
import { previewImport, startImport } from '@/lib/services/imports/service';
import { failedRowsCsv, getJob } from '@/lib/services/jobs/views';
import { ENGINE } from '@/tests/factories/database';
import { type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { textOf } from '@/tests/factories/text-of';

let bench: PeopleBench;
beforeEach(async () => {
  bench = await peopleBench();
});
afterEach(() => bench.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const options = (over: object = {}) =>
  importOptions.parse({ appId: bench.appId, groupIds: [bench.groupId], ...over });
const start = async (text: string) => (await startImport(bench.ctx, bytes(text), options())).jobId;
const people = (n: number, prefix = 'new') =>
  Array.from(
    { length: n },
    (_, i) => `First${i},Last${i},${prefix}${String(i).padStart(4, '0')}@example.com`,
  );
const csv = (...rows: string[]) => bytes(rows.join('\n'));
const HEADER = 'First Name,Last Name,Email';

it('previews without a single call, then imports with audit rows, mirror rows and history', async () => {
  const [existing] = bench.testers();
  if (!existing) throw new Error('no tester');
  const [email, { groupIds }] = existing;
  bench.sandbox.parts().requests.reset();
  const text = [HEADER, ...people(3), `Old,One,${email}`, 'Bad,Mail,bad＠example.com'].join('\n');
  const preview = await previewImport(bench.ctx, bytes(text), options(), { offset: 0, limit: 100 });
  const inGroup = groupIds.includes(bench.groupId);
  expect(preview.counts).toEqual({
    invite: 3,
    addToGroup: inGroup ? 0 : 1,
    alreadyThere: inGroup ? 1 : 0,
    held: 0,
    invalid: 1,
  });
  expect(preview.rows.map((row) => row.line)).toEqual([2, 3, 4, 5, 6]);
  expect(bench.sandbox.parts().requests.count).toBe(0);

  const jobId = await start(text);
  await bench.run(jobId);
  const job = await getJob(bench.ctx, jobId);
  expect(job).toMatchObject({
    status: 'done',
    createdBy: 'admin@example.com',
    counts: { total: 5, failed: 1, pending: 0 },
  });
  // Title, bar, sentence, what is left over and the file tell the same numbers.
  const { counts, title, sentence, rest } = job;
  const toSend = preview.counts.invite + preview.counts.addToGroup;
  expect(title).toContain(`Import ${toSend} of 5 testers`);
  expect(counts.done + counts.failed + counts.skipped).toBe(counts.total);
  expect(counts.done).toBe(toSend);
  expect(sentence.slice(0, 2).join('')).toBe(`invited ${toSend} testers`);
  expect(rest).toContain('1 was refused');
  expect(rest.includes('1 was in already')).toBe(inGroup);
  expect((await textOf(failedRowsCsv(bench.ctx, jobId))).trim().split('\r\n')).toHaveLength(
    1 + counts.failed,
  );
  const [entry] = (await listActivity(bench.ctx, new URLSearchParams('by=act'))).data;
  expect([entry?.sentence, entry?.rest]).toEqual([sentence, rest]);
  for (const index of [0, 1, 2]) {
    const address = `new000${index}@example.com`;
    expect(bench.testers().get(address)?.groupIds).toEqual([bench.groupId]);
    expect(bench.invitations()[address]).toBe(1);
  }
  const audit = await bench.db.query<{ status: string; action: string; actorEmail: string; label: string }>(
    'SELECT status, action, actorEmail, label FROM auditEntries WHERE jobId = ? ORDER BY seq',
    [jobId],
  );
  expect(audit.filter((row) => row.action === 'create')).toEqual(
    [0, 1, 2].map((index) => ({
      status: 'succeeded',
      action: 'create',
      actorEmail: 'admin@example.com',
      label: `new000${index}@example.com`,
    })),
  );
  const mirrored = await bench.db.query<{ n: number }>(
    `SELECT count(*) AS n FROM betaTesters AS t JOIN betaGroupTesters AS m ON m.accountId = t.accountId AND m.testerId = t.id
     WHERE t.emailLower LIKE 'new%' AND m.groupId = ?`,
    [bench.groupId],
  );
  expect(mirrored[0]?.n).toBe(3);
  const events = await bench.db.query("SELECT kind FROM testerEvents WHERE emailLower LIKE 'new%'");
  expect(events).toEqual(Array(3).fill({ kind: 'invited' }));
});

describe('single builds instead of groups', () => {
  const build = async () => {
    const [row] = await bench.db.query<{ id: string }>(
      `SELECT id FROM builds WHERE appId = ? AND expired = 0 AND externalBuildState = 'IN_BETA_TESTING' LIMIT 1`,
      [bench.appId],
    );
    return row?.id ?? '';
  };
  const held = (email: string) => {
    const { store } = bench.sandbox.parts().world;
    const tester = store.get('betaTesters', bench.testers().get(email)?.id ?? '');
    return tester ? [...store.relatedIds(tester, 'builds')] : null;
  };

  it('are given to new and known people, told before, and survive a lost answer', async () => {
    const buildId = await build();
    const known = [...bench.testers()].find(([email]) => held(email)?.length === 0);
    const [email = ''] = known ?? [];
    const groupsBefore = known?.[1].groupIds;
    const file = csv('Email,Groups', 'one.build@example.com,Nobody', 'two.build@example.com,', `${email},`);
    const given = options({ groupIds: [], buildIds: [buildId] });
    const preview = await previewImport(bench.ctx, file, given, { offset: 0, limit: 10 });
    expect(preview.counts).toEqual({ invite: 2, addToGroup: 1, alreadyThere: 0, held: 0, invalid: 0 });
    expect(preview.warnings.join(' ')).toContain('groups column is not read');
    bench.sandbox.parts().faults.add({
      kind: 'drop',
      method: 'POST',
      route: '/v1/betaTesters',
      when: 'after',
      count: 1,
    });
    const { jobId } = await startImport(bench.ctx, file, given);
    await bench.run(jobId);
    expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', done: 3, failed: 0 });
    for (const address of ['one.build@example.com', 'two.build@example.com', email]) {
      expect([address, held(address)]).toEqual([address, [buildId]]);
    }
    expect(bench.testers().get('one.build@example.com')?.groupIds).toEqual([]);
    expect(bench.testers().get(email)?.groupIds).toEqual(groupsBefore);
    expect(await bench.db.query('SELECT 1 FROM buildTesters WHERE buildId = ?', [buildId])).toHaveLength(3);
    expect(Math.max(...Object.values(bench.invitations()))).toBeLessThanOrEqual(1);
    const again = await previewImport(bench.ctx, file, given, { offset: 0, limit: 10 });
    expect(again.counts.alreadyThere).toBe(3);
  });

  it('are refused beside groups, of another app, and in Apple’s words when Apple refuses', async () => {
    const file = csv('Email', 'nobody.yet@example.com');
    const both = options({ buildIds: [await build()] });
    await expect(startImport(bench.ctx, file, both)).rejects.toMatchObject({
      status: 409,
      problems: [{ code: 'FLIGHTDECK.GROUPS_OR_BUILDS' }],
    });
    const [foreign] = await bench.db.query<{ id: string }>('SELECT id FROM builds WHERE appId <> ? LIMIT 1', [
      bench.appId,
    ]);
    const other = options({ groupIds: [], buildIds: [foreign?.id ?? ''] });
    await expect(startImport(bench.ctx, file, other)).rejects.toMatchObject({ status: 400 });
    const [expired] = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId = ? AND expired = 1 LIMIT 1',
      [bench.appId],
    );
    const given = options({ groupIds: [], buildIds: [expired?.id ?? ''] });
    const { warnings } = await previewImport(bench.ctx, file, given, { offset: 0, limit: 10 });
    expect(warnings).toContain('The build has expired: nobody can install it.');
    const { jobId } = await startImport(bench.ctx, file, given);
    await bench.run(jobId);
    const [item] = await readItems(bench.db, jobId, { limit: 1 });
    expect(item).toMatchObject({ status: 'failed', label: 'nobody.yet@example.com' });
    expect(item?.errorDetail).toMatch(/expired/i);
  });
});

it('adds somebody whom the app has but the mirror does not know of', async () => {
  const [existing] = [...bench.testers()].filter(([, tester]) => !tester.groupIds.includes(bench.groupId));
  if (!existing) throw new Error('everybody is in the group');
  const [email] = existing;
  await bench.db.write([{ sql: 'DELETE FROM betaTesters WHERE emailLower = ?', params: [email] }]);
  const jobId = await start(`${HEADER}\nOld,One,${email}`);
  await bench.run(jobId);
  expect(bench.testers().get(email)?.groupIds).toContain(bench.groupId);
  expect((await readItems(bench.db, jobId, { limit: 1 }))[0]).toMatchObject({
    status: 'done',
    result: { did: 'addedToGroup' },
  });
});

describe('somebody whom the copy knows, but not as they are by now', () => {
  const store = () => bench.sandbox.parts().world.store;
  const known = () => {
    const groups = [...store().all('betaGroups').values()].filter(({ appId }) => appId === bench.appId);
    const isInternal = (id: string) =>
      groups.some((one) => one.id === id && one.attributes.isInternalGroup === true);
    const other = groups.find(({ id }) => id !== bench.groupId && !isInternal(id));
    const groupIds = [bench.groupId, other?.id ?? ''];
    const found = [...bench.testers()].find(
      ([, one]) => !one.groupIds.some((id) => groupIds.includes(id) || isInternal(id)),
    );
    const tester = store().get('betaTesters', found?.[1].id ?? '');
    if (!found || !tester) throw new Error('everybody is in one of the groups');
    return { email: found[0], tester, groupIds };
  };
  const outcome = async (email: string, groupIds: string[]) => {
    const file = bytes(`${HEADER}\nAnn,One,${email}`);
    const { jobId } = await startImport(bench.ctx, file, options({ groupIds }));
    await bench.run(jobId);
    const [item] = await readItems(bench.db, jobId, { limit: 1 });
    const sql = 'SELECT action, status FROM auditEntries WHERE jobId = ? ORDER BY seq';
    const trail = await bench.db.query<{ action: string; status: string }>(sql, [jobId]);
    return { item, trail: trail.map(({ action, status }) => `${action} ${status}`) };
  };

  it('is added to what is missing when a colleague has added them to the rest', async () => {
    const { email, tester, groupIds } = known();
    store().link(tester, 'betaGroups', groupIds.slice(0, 1));
    const { item, trail } = await outcome(email, groupIds);
    expect(item).toMatchObject({ status: 'done', result: { added: { groupIds: groupIds.slice(1) } } });
    expect(bench.testers().get(email)?.groupIds).toEqual(expect.arrayContaining(groupIds));
    expect(trail).toEqual(['addLinkage failed', 'addLinkage succeeded']);
    const here = await bench.db.query('SELECT 1 FROM betaGroupTesters WHERE testerId = ?', [tester.id]);
    expect(here).toHaveLength(bench.testers().get(email)?.groupIds.length ?? 0);
  });

  it('was in all of it already, which is no failure', async () => {
    const { email, tester, groupIds } = known();
    store().link(tester, 'betaGroups', groupIds);
    const { item } = await outcome(email, groupIds);
    expect(item).toMatchObject({ status: 'skipped', errorDetail: 'Was in all of it already.' });
  });

  it('is created anew when they were deleted, and the former record leaves', async () => {
    const { email, tester, groupIds } = known();
    store().remove(tester);
    const { item, trail } = await outcome(email, groupIds);
    expect(item).toMatchObject({ status: 'done', result: { did: 'invited' } });
    expect(trail).toEqual(['addLinkage failed', 'create succeeded']);
    const now = bench.testers().get(email);
    expect(now?.groupIds.toSorted()).toEqual(groupIds.toSorted());
    const here = await bench.db.query('SELECT id FROM betaTesters WHERE emailLower = ?', [email]);
    expect(here).toEqual([{ id: now?.id }]);
  });

  it('fails in Apple’s words when they are as the copy says', async () => {
    const { email, groupIds } = known();
    const route = '/v1/betaTesters/{id}/relationships/betaGroups';
    const refusal = { status: 409, code: 'STATE_ERROR', detail: 'Not today.' };
    bench.sandbox.parts().faults.add({ kind: 'status', method: 'POST', route, ...refusal });
    const { item, trail } = await outcome(email, groupIds);
    expect(item).toMatchObject({ status: 'failed', errorDetail: expect.stringContaining('Not today.') });
    expect(trail).toEqual(['addLinkage failed']);
  });
});

// A fifth on PostgreSQL: what a thousand rows ask of the job, its file and its list is the same on both engines.
const PART = ENGINE === 'postgres' ? 5 : 1;

it('R2: 1,000 rows, a tenth bad: 900 done, 100 listed with line and reason, and the failures import again', async () => {
  const good = people(900 / PART);
  const bad: string[] = [];
  // 409 and 422 come from Apple, the rest is seen before anything is sent.
  const refused = Array.from(
    { length: 40 / PART },
    (_, i) => `R,${i},refused${String(i).padStart(2, '0')}@example.com`,
  );
  for (let i = 0; i < 15 / PART; i += 1) {
    bad.push(`M,${i},not-an-address-${i}`, `D,${i},new${String(i).padStart(4, '0')}@example.com`);
    bad.push(`L,${i},look${i}＠example.com`, `${'x'.repeat(256)},${i},long${i}@example.com`);
  }
  const { faults } = bench.sandbox.parts();
  const rows = [...good, ...refused, ...bad];
  faults.add({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaTesters',
    skip: 900 / PART,
    count: 20 / PART,
    status: 409,
    code: 'ENTITY_ERROR.ATTRIBUTE.INVALID',
    detail: 'The address is not allowed.',
  });
  faults.add({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaTesters',
    skip: 900 / PART,
    count: 20 / PART,
    status: 422,
    code: 'ENTITY_UNPROCESSABLE',
    detail: 'Not this one.',
  });
  const jobId = await start([HEADER, ...rows].join('\r\n'));
  await bench.run(jobId, 120_000);
  expect(await readJob(bench.db, jobId)).toMatchObject({
    status: 'done',
    total: 1000 / PART,
    done: 900 / PART,
    failed: 100 / PART,
  });
  const failed = await readItems(bench.db, jobId, { status: ['failed'], limit: 1000 });
  const codes = new Map<string, number>();
  for (const item of failed) codes.set(item.errorCode ?? '', (codes.get(item.errorCode ?? '') ?? 0) + 1);
  expect(Object.fromEntries(codes)).toEqual({
    'ENTITY_ERROR.ATTRIBUTE.INVALID': 20 / PART,
    ENTITY_UNPROCESSABLE: 20 / PART,
    'FLIGHTDECK.EMAIL.MALFORMED': 15 / PART,
    'FLIGHTDECK.DUPLICATE': 15 / PART,
    'FLIGHTDECK.EMAIL.LOOK_ALIKE': 15 / PART,
    'FLIGHTDECK.NAME.TOO_LONG': 15 / PART,
  });
  expect(failed.every((item) => (item.errorDetail ?? '').length > 5)).toBe(true);

  faults.remove(null);
  const file = await textOf(failedRowsCsv(bench.ctx, jobId));
  expect(file.split('\r\n')[1]).toBe(
    `${900 / PART + 2},R,0,refused00@example.com,${(await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [bench.groupId]))[0]?.name},ENTITY_ERROR.ATTRIBUTE.INVALID,The address is not allowed.`,
  );
  const again = await startImport(bench.ctx, bytes(file), options());
  expect(again.counts).toMatchObject({ invite: 40 / PART, alreadyThere: 15 / PART, invalid: 45 / PART });
  await bench.run(again.jobId);
  expect(await readJob(bench.db, again.jobId)).toMatchObject({
    status: 'done',
    done: 40 / PART,
    skipped: 15 / PART,
    failed: 45 / PART,
  });
});

it('R3: the API executes a POST and drops the socket or answers 504 for a fifth: no duplicate, none lost', async () => {
  const { faults } = bench.sandbox.parts();
  faults.add({ kind: 'drop', method: 'POST', route: '/v1/betaTesters', when: 'after', probability: 0.1 });
  faults.add({
    kind: 'status',
    method: 'POST',
    route: '/v1/betaTesters',
    when: 'after',
    status: 504,
    probability: 0.11,
  });
  const jobId = await start([HEADER, ...people(150)].join('\n'));
  await bench.run(jobId, 60_000);
  expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', done: 150, failed: 0 });
  const counts = Object.entries(bench.invitations()).filter(([address]) => address.startsWith('new'));
  expect(counts).toHaveLength(150);
  expect(counts.filter(([, n]) => n !== 1)).toEqual([]);
  const reconciled = (await readItems(bench.db, jobId, { limit: 200 })).filter(
    (item) => item.reconciledAt !== null,
  );
  expect(reconciled.length).toBeGreaterThan(10);
  const open = await bench.db.query("SELECT id FROM auditEntries WHERE jobId = ? AND status <> 'succeeded'", [
    jobId,
  ]);
  expect(open).toEqual([]);
});

it('a dropped request that was never executed is sent again', async () => {
  bench.sandbox
    .parts()
    .faults.add({ kind: 'drop', method: 'POST', route: '/v1/betaTesters', when: 'before', count: 2 });
  const jobId = await start([HEADER, ...people(5)].join('\n'));
  await bench.run(jobId);
  expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'done', done: 5 });
  expect(bench.invitations()['new0000@example.com']).toBe(1);
});

it('a revoked key pauses the job after at most two further calls; with a good key nothing is lost', async () => {
  const jobId = await start([HEADER, ...people(20)].join('\n'));
  const { keys, requests } = bench.sandbox.parts();
  keys.revoke(bench.sandbox.keyId, 401);
  requests.reset();
  await bench.run(jobId);
  expect(await readJob(bench.db, jobId)).toMatchObject({ status: 'paused', done: 0 });
  // The one that was refused, and two further.
  expect(requests.count).toBeLessThanOrEqual(3);
  expect(await countItems(bench.db, jobId)).toMatchObject({ pending: 20, failed: 0, ambiguous: 0 });
});

describe('refusals', () => {
  it.each([
    ['an empty file', '', 'FLIGHTDECK.FILE.EMPTY', 422],
    ['a zip', 'PK\u0003\u0004zipped', 'FLIGHTDECK.FILE.WORKBOOK', 422],
    ['no addresses', 'a,b\nc,d', 'FLIGHTDECK.FILE.NO_EMAIL_COLUMN', 422],
    ['nothing to do', 'Email\nbad@', 'FLIGHTDECK.FILE.NOTHING_TO_DO', 422],
  ])('%s', async (_name, text, code, status) => {
    await expect(start(text)).rejects.toMatchObject({ status, problems: [{ code }] });
    expect(await bench.db.query('SELECT id FROM jobs')).toEqual([]);
  });

  it('an unknown app or group, and who may not', async () => {
    const file = bytes('Email\na@example.com');
    await expect(startImport(bench.ctx, file, options({ appId: 'nope' }))).rejects.toMatchObject({
      status: 404,
    });
    await expect(startImport(bench.ctx, file, options({ groupIds: ['nope'] }))).rejects.toMatchObject({
      status: 400,
    });
    await expect(startImport(bench.ctxAs('viewer'), file, options())).rejects.toThrow(/manager/);
  });
});
