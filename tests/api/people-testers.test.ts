import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testerSeed } from '@/app/prefetch';
import { ForbiddenError } from '@/lib/access/policy';
import { verifyChain } from '@/lib/audit/verify';
import { keys } from '@/lib/browser/keys';
import { testerOptions } from '@/lib/browser/testers';
import { deviceName } from '@/lib/format/devices';
import { queryMirror } from '@/lib/mirror/query';
import { upsertStatements } from '@/lib/mirror/upsert';
import { RefusedError } from '@/lib/services/errors';
import { capacityOf } from '@/lib/services/groups/capacity';
import { listFacet, listNeighbours } from '@/lib/services/lists';
import { listResources } from '@/lib/services/resources/read';
import { bulkBody, previewBulk, startBulk } from '@/lib/services/testers/bulk';
import { summariseSelection, summaryBody } from '@/lib/services/testers/bulk-summary';
import { exportList } from '@/lib/services/testers/export';
import { changeRecords, recordsBody } from '@/lib/services/testers/records';
import { testerPage, testerUsages } from '@/lib/services/testers/tester-page';
import { ACCOUNT, type PeopleBench, peopleBench } from '@/tests/factories/people-bench';
import { textOf } from '@/tests/factories/text-of';

let bench: PeopleBench;
let ids: string[];
beforeAll(async () => {
  bench = await peopleBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.db.write([
    { sql: 'DELETE FROM testerTags', params: [] },
    { sql: 'DELETE FROM testerNotes', params: [] },
  ]);
  ids = [...bench.testers().values()].map(({ id }) => id);
});

const body = (over: object) =>
  recordsBody.parse({ appId: bench.appId, testers: { ids: ids.slice(0, 1) }, ...over });
const found = (filter: Record<string, string[]>) =>
  queryMirror(bench.db, 'betaTesters', { filter: { apps: [bench.appId], ...filter }, limit: 1000 });
const facet = (field: string, ctx = bench.ctx) =>
  listFacet(ctx, {
    type: 'betaTesters',
    field,
    typed: '',
    parameters: new URLSearchParams({ 'filter[apps]': bench.appId }),
  });
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

describe('tags, notes and protection', () => {
  it('are kept and told with the tester, and name only those who had it otherwise', async () => {
    const [first = '', second = ''] = ids;
    await changeRecords(bench.ctx, body({ addTags: ['press'] }));
    const both = { testers: { ids: [first, second] }, addTags: [' press '] };
    const tagged = await changeRecords(bench.ctx, body(both));
    expect(tagged).toEqual({ count: 2, changed: [second], auditId: expect.any(String) });
    const told = await bench.db.query('SELECT topic, subject FROM announcements');
    expect(told).toContainEqual({ topic: 'own', subject: 'testerRecords' });
    await changeRecords(bench.ctx, body({ note: 'Writes for the Herald.', protected: true }));
    expect((await found({ tag: ['press'] })).data.map(({ id }) => id).sort()).toEqual([first, second].sort());
    const [row] = (await found({ id: [first] })).data;
    expect(row?.meta).toMatchObject({ tags: ['press'], note: 'Writes for the Herald.', protected: true });
    await changeRecords(bench.ctx, body({ note: '  ', removeTags: ['press'], protected: false }));
    expect((await found({ id: [first] })).data[0]?.meta).toMatchObject({
      tags: [],
      note: null,
      protected: false,
    });
  });

  it('reach everybody a list matches, and stand in the audit trail', async () => {
    const matching = { matching: { filter: { state: ['INSTALLED'] } } };
    const expected = (await found({ state: ['INSTALLED'] })).total;
    const change = await changeRecords(bench.ctx, body({ testers: matching, addTags: ['here'] }));
    expect(change.count).toBe(expected);
    expect((await found({ tag: ['here'] })).total).toBe(expected);
    const [entry] = await bench.db.query<{ status: string; label: string; actorEmail: string }>(
      "SELECT status, label, actorEmail FROM auditEntries WHERE type = 'testerRecords' ORDER BY seq DESC LIMIT 1",
    );
    expect(entry).toEqual({
      status: 'succeeded',
      label: `${expected} testers`,
      actorEmail: 'admin@example.com',
    });
    expect((await verifyChain(bench.db)).isWhole).toBe(true);
  });

  it('are refused: a comma, a note for several, nobody, a viewer', async () => {
    expect(() => body({ addTags: ['a,b'] })).toThrow(/comma/);
    const several = body({ testers: { ids: ids.slice(0, 2) }, note: 'x' });
    await expect(changeRecords(bench.ctx, several)).rejects.toThrow('A note is about one tester.');
    const nobody = body({ testers: { ids: ['unknown'] }, addTags: ['x'] });
    await expect(changeRecords(bench.ctx, nobody)).rejects.toBeInstanceOf(RefusedError);
    await expect(changeRecords(bench.ctxAs('triager'), body({ addTags: ['x'] }))).rejects.toBeInstanceOf(
      ForbiddenError,
    );
  });
});

describe('what testers can be filtered by', () => {
  it('holds only what occurs, with true counts, and each value finds its testers', async () => {
    for (const field of ['device', 'os', 'installedBuild', 'state', 'betaGroups']) {
      const { values } = await facet(field);
      expect(values.length, field).toBeGreaterThan(0);
      for (const { value, count } of values.slice(0, 5))
        expect((await found({ [field]: [value] })).total, value).toBe(count);
    }
  });

  it('looks at every device of a tester, not the newest alone', async () => {
    const device = (model: string, osVersion: string, appBuildVersion: string) =>
      ({ model, platform: 'IOS', osVersion, appBuildVersion }) as const;
    const [owner = ''] = ids;
    const appDevices = [
      device('iPhone99,1', '99.1', '9900'),
      device('iPad99,2', '98.7', '9800'),
      device('iPad99,2', '98.8', '9800'),
    ];
    await bench.db.write(
      upsertStatements({
        accountId: ACCOUNT,
        appId: bench.appId,
        resources: [{ type: 'betaTesters', id: owner, attributes: { appDevices } }],
        fetchedAt: bench.ctx.clock.now() + 1,
        source: 'write',
        sparse: true,
      }),
    );
    for (const filter of [
      { device: ['iPhone99_1'] },
      { device: ['iPad99_2'] },
      { os: ['98.7'] },
      { installedBuild: ['9800', '1'] },
    ]) {
      expect(
        (await found(filter)).data.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual([owner]);
    }
    const one = expect.objectContaining({ count: 1 });
    expect((await facet('device')).values.filter(({ value }) => value === 'iPad99_2')).toEqual([one]);
    expect((await facet('installedBuild')).values.filter(({ value }) => value === '9800')).toEqual([
      expect.objectContaining({ count: 1, hint: 'IOS' }),
    ]);
  });

  it('is called as people call a device, in a row and among the values', async () => {
    const parameters = new URLSearchParams({ 'filter[apps]': bench.appId, 'filter[state]': 'INSTALLED' });
    const { data } = await listResources(bench.ctx, { type: 'betaTesters', parameters });
    const told = data.flatMap(({ attributes, meta }) => {
      const [device] = (attributes?.appDevices ?? []) as readonly { model: string }[];
      return device ? [[device.model, meta?.deviceName]] : [];
    });
    expect(told).not.toEqual([]);
    expect(told).toEqual(told.map(([model = '']) => [model, deviceName(String(model))]));
    expect(told.some(([model, name]) => model !== name)).toBe(true);
    const { values } = await facet('device');
    expect(values.map(({ label }) => label)).toEqual(values.map(({ value }) => deviceName(value)));
    expect(values.some(({ value, label }) => value !== label)).toBe(true);
  });

  it('tells the active from the quiet by window', async () => {
    const [one = '', two = ''] = ids;
    const note = (testerId: string, ago: number, sessions: number) => ({
      sql: `INSERT INTO testerDays (accountId, appId, testerId, day, sessionCount) VALUES (?, ?, ?, ?, ?)`,
      params: [ACCOUNT, bench.appId, testerId, day(ago), sessions],
    });
    await bench.db.write([note(one, 1, 3), note(two, 40, 2), note(two, 1, 0)]);
    const idsOf = async (word: string) => (await found({ activity: [word] })).data.map(({ id }) => id);
    expect(await idsOf('active7')).toEqual([one]);
    expect(await idsOf('active30')).toEqual([one]);
    expect((await idsOf('active90')).sort()).toEqual([one, two].sort());
    expect(await idsOf('quiet7')).not.toContain(one);
    expect(await idsOf('quiet30')).toContain(two);
    expect(await idsOf('quiet90')).not.toContain(two);
    expect((await testerPage(bench.ctx, { appId: bench.appId, testerId: two })).lastActiveDay).toBe(day(40));
    await bench.db.write([{ sql: 'DELETE FROM testerDays', params: [] }]);
  });
});

describe('a tester’s page', () => {
  it('joins the person across apps, tells history and trail, and masks for viewers', async () => {
    const [email, { id }] = [...bench.testers()][0] ?? ['', { id: '' }];
    await bench.db.write([
      {
        sql: `INSERT INTO betaTesters (accountId, appId, id, email, emailLower, state, document, generation, fetchedAt)
          VALUES (?, 'other-app', 'other-id', ?, ?, 'INVITED', '{}', 0, 0)`,
        params: [ACCOUNT, email, email.toLowerCase()],
      },
      {
        sql: `INSERT INTO testerEvents (accountId, appId, testerId, at, kind, before, after)
          VALUES (?, ?, ?, 1000, 'state', 'INVITED', 'INSTALLED')`,
        params: [ACCOUNT, bench.appId, id],
      },
    ]);
    await changeRecords(bench.ctx, body({ testers: { ids: [id] }, addTags: ['x'] }));
    const page = await testerPage(bench.ctx, { appId: bench.appId, testerId: id });
    expect(page.elsewhere).toContainEqual(
      expect.objectContaining({ appId: 'other-app', testerId: 'other-id', state: 'INVITED' }),
    );
    expect(page.events.at(-1)).toEqual({
      at: '1970-01-01T00:00:01.000Z',
      kind: 'state',
      before: 'INVITED',
      after: 'INSTALLED',
    });
    expect(page.changes[0]).toMatchObject({ type: 'testerRecords', actorEmail: 'admin@example.com' });
    const seen = await testerPage(bench.ctxAs('viewer'), { appId: bench.appId, testerId: id });
    expect(seen.changes).toEqual([]);
    expect(JSON.stringify(seen)).not.toContain(email);
    await expect(() => testerPage(bench.ctx, { appId: bench.appId, testerId: 'nobody' })).rejects.toThrow(
      RefusedError,
    );
  });

  it('asks Apple for the four windows, which viewers may not', async () => {
    const place = { appId: bench.appId, testerId: ids[0] ?? '' };
    const usages = await testerUsages(bench.ctx, place);
    expect(usages.map(({ days }) => days)).toEqual([7, 30, 90, 365]);
    const counts = usages.map(({ sessionCount }) => sessionCount);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    await expect(testerUsages(bench.ctxAs('viewer'), place)).rejects.toBeInstanceOf(ForbiddenError);
  });
});

describe('the limit of an app', () => {
  it('counts external testers once and follows the notes of the days', async () => {
    const { used, limit, forecast } = await capacityOf(bench.ctx, bench.appId);
    const internal = new Set(
      (await bench.db.query<{ id: string }>('SELECT id FROM betaGroups WHERE isInternalGroup = 1')).map(
        ({ id }) => id,
      ),
    );
    const { store } = bench.sandbox.parts().world;
    const external = [...store.all('betaTesters').values()].filter(
      (tester) =>
        tester.appId === bench.appId &&
        [...store.relatedIds(tester, 'betaGroups')].some((id) => !internal.has(id)),
    );
    expect({ used, limit }).toEqual({ used: external.length, limit: 10_000 });
    expect(forecast.perDay).toBeNull();
    const note = (ago: number, count: number) => ({
      sql: 'INSERT INTO groupDays (accountId, groupId, day, testerCount) VALUES (?, ?, ?, ?)',
      params: [ACCOUNT, bench.groupId, day(ago), count],
    });
    await bench.db.write([
      note(4, used - 4),
      note(3, used - 3),
      note(2, used - 2),
      note(1, used - 1),
      note(0, used),
    ]);
    const growing = (await capacityOf(bench.ctx, bench.appId)).forecast;
    expect(growing.perDay).toBeCloseTo(1, 1);
    await expect(() => capacityOf(bench.ctx, 'no-such-app')).rejects.toThrow(RefusedError);
  });
});

it('shows a tester on their page as the app of that page has them', async () => {
  const [testerId = ''] = ids;
  const appId = 'another-app';
  await bench.db.write([
    {
      sql: `INSERT INTO betaTesters (accountId, appId, id, state, document, fetchedAt, generation)
            SELECT accountId, ?, id, 'NOT_INVITED', document, fetchedAt, generation FROM betaTesters
            WHERE accountId = ? AND appId = ? AND id = ?`,
      params: [appId, ACCOUNT, bench.appId, testerId],
    },
  ]);
  for (const app of [bench.appId, appId]) {
    const seed = testerSeed(bench.ctx, { appId: app, testerId });
    // The browser asks under the same key, and for the same app.
    expect(seed.key).toEqual(keys.one('betaTesters', testerId, `inApp=${app}`));
    expect(seed.key).toEqual(testerOptions(app, testerId).queryKey);
    expect(await seed.load()).toMatchObject({ data: { meta: { appId: app } } });
  }
  await bench.db.write([{ sql: 'DELETE FROM betaTesters WHERE appId = ?', params: [appId] }]);
});

describe('a selection', () => {
  it('is everything that matches minus some, in the bar, in the preview and in the job', async () => {
    const matching = { filter: { 'not.state': ['REVOKED'] } };
    const [left = ''] = (await found({ 'not.state': ['REVOKED'] })).data.map(({ id }) => id);
    const testers = { matching, except: [left] };
    const { total } = await found({ 'not.state': ['REVOKED'] });
    const summary = await summariseSelection(bench.ctx, summaryBody.parse({ appId: bench.appId, testers }));
    expect(summary.count).toBe(total - 1);
    const members = (await found({ 'not.state': ['REVOKED'], betaGroups: [bench.groupId], 'not.id': [left] }))
      .total;
    expect(summary.inGroups[bench.groupId] ?? 0).toBe(members);
    const body = bulkBody.parse({
      kind: 'add-to-group',
      appId: bench.appId,
      groupId: bench.groupId,
      testers,
    });
    expect((await previewBulk(bench.ctx, body)).count).toBe(total - 1);
    const { jobId, count } = await startBulk(bench.ctx, body);
    expect(count).toBe(total - 1);
    const items = await bench.db.query<{ payload: string }>('SELECT payload FROM jobItems WHERE jobId = ?', [
      jobId,
    ]);
    expect(items.map(({ payload }) => JSON.parse(payload).testerId)).not.toContain(left);
  });

  it('is exported without those taken out', async () => {
    const [left = ''] = ids;
    const filter = { apps: [bench.appId], 'not.id': [left] };
    const rows = await exportList(bench.ctx, {
      type: 'betaTesters',
      format: 'json',
      filter,
      confirm: (await found({ 'not.id': [left] })).total,
    });
    expect(JSON.parse(await textOf(rows)).map(({ id }: { id: string }) => id)).not.toContain(left);
  });
});

describe('a list’s neighbours and values', () => {
  const asked = { type: 'betaTesters', parameters: new URLSearchParams() };
  it('are not told by what somebody may not see', async () => {
    const viewer = bench.ctxAs('viewer');
    const by = (query: Record<string, string>) => ({ ...asked, parameters: new URLSearchParams(query) });
    const [id = ''] = ids;
    await expect(() => listNeighbours(viewer, { ...by({ sort: 'email' }), id })).rejects.toThrow(/masked/);
    for (const name of ['filter[email]', 'filter[not.email]']) {
      const query = by({ [name]: 'a@example.com' });
      await expect(() => listFacet(viewer, { ...query, field: 'state', typed: '' })).rejects.toThrow(
        /masked/,
      );
    }
    expect((await listNeighbours(viewer, { ...asked, id }))?.total).toBeGreaterThan(1);
  });

  it('tell a viewer no address that was made a tag', async () => {
    const [id = ''] = ids;
    await changeRecords(bench.ctx, body({ testers: { ids: [id] }, addTags: ['mara@example.com', 'plain'] }));
    const values = async (ctx = bench.ctx) => (await facet('tag', ctx)).values.map(({ value }) => value);
    expect(await values()).toEqual(expect.arrayContaining(['mara@example.com', 'plain']));
    expect(await values(bench.ctxAs('viewer'))).toEqual(['plain']);
  });
});
