import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { syncOnce } from '@/tests/factories/synced';

let bench: ApiBench;

beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
});
afterEach(() => bench.close());

const held = () => bench.sandbox.parts().world.store;
const MINUTE = 60_000;

/** What is here was read so long ago, and swept once. */
async function aged(ms: number): Promise<number> {
  const at = Date.now() - ms;
  const apps = await bench.db.query<{ id: string }>('SELECT id FROM apps');
  const scopes = ['apps', 'betaGroups', 'builds', ...apps.map(({ id }) => `betaTesters/${id}`)];
  await bench.db.write([
    ...['betaTesters', 'betaGroups', 'builds', 'betaGroupTesters', 'buildGroups'].map((table) => ({
      sql: `UPDATE ${table} SET fetchedAt = ?`,
      params: [at],
    })),
    ...scopes.map((scope) => ({
      sql: `INSERT INTO syncScopes (accountId, scope, generation, completedAt) VALUES (?, ?, 2, ?)
        ON CONFLICT (accountId, scope) DO UPDATE SET completedAt = excluded.completedAt`,
      params: [ACCOUNT, scope, at],
    })),
  ]);
  return at;
}

function aMember() {
  for (const group of held().all('betaGroups').values()) {
    if (group.attributes.isInternalGroup === true) continue;
    const members = [...held().relatedIds(group, 'betaTesters')];
    const [id = ''] = members;
    if (members.length > 2) return { id, group, appId: group.appId ?? '', members };
  }
  throw new Error('The programme has an external group with testers.');
}

const look = (body: object, as: 'viewer' | 'triager' = 'triager') =>
  bench.call('POST', '/api/freshness', { as, body });
const ageOf = async (query: string) => (await bench.call('GET', `/api/freshness?${query}`)).body.data;
const stateOf = async (id: string) =>
  (await bench.call('GET', `/api/v1/betaTesters/${id}`)).body.data?.attributes.state;
const fail = (route: string) =>
  bench.sandbox.parts().faults.add({ route, kind: 'status', status: 409, detail: 'Not today.' });

function change(type: string, id: string, attributes: Record<string, unknown>): void {
  const resource = held().get(type, id);
  if (resource) held().update(resource, attributes);
}

describe('opening one thing', () => {
  it('reads a tester again: the state, the list, the history and the age follow', async () => {
    const { id, appId } = aMember();
    const at = await aged(10 * MINUTE);
    change('betaTesters', id, { state: 'REVOKED' });
    expect(await stateOf(id)).not.toBe('REVOKED');
    expect((await ageOf(`of=betaTesters&app=${appId}&id=${id}`)).fetchedAt).toBe(new Date(at).toISOString());
    bench.upstream();
    const answer = await look({ type: 'betaTesters', id, app: appId });
    expect(answer.body.data).toMatchObject({ outcome: 'read', reason: null });
    expect(bench.upstream()).toBe(1);
    expect(await stateOf(id)).toBe('REVOKED');
    const listed = await bench.call('GET', `/api/v1/betaTesters?filter[apps]=${appId}&filter[state]=REVOKED`);
    expect(listed.body.data.map((one: { id: string }) => one.id)).toContain(id);
    const page = await bench.call('GET', `/api/people/apps/${appId}/testers/${id}`);
    expect(JSON.stringify(page.body.data)).toContain('REVOKED');
    const now = await ageOf(`of=betaTesters&app=${appId}&id=${id}`);
    expect(Date.parse(now.fetchedAt)).toBeGreaterThan(at + 9 * MINUTE);
    expect((await look({ type: 'betaTesters', id, app: appId })).body.data.outcome).toBe('fresh');
    expect(bench.upstream()).toBe(0);
  });

  it('asks once for all who open it at the same time', async () => {
    const { id, appId } = aMember();
    await aged(10 * MINUTE);
    bench.upstream();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => look({ type: 'betaTesters', id, app: appId })),
    );
    // Whoever comes when the one answer is here already is told that it is fresh.
    const outcomes = answers.map(({ body }) => body.data.outcome);
    expect(outcomes).toContain('read');
    expect(outcomes.filter((outcome) => outcome !== 'read' && outcome !== 'fresh')).toEqual([]);
    expect(bench.upstream()).toBe(1);
  });

  it('asks nothing for a viewer and tells the age', async () => {
    const { id, appId } = aMember();
    const at = await aged(10 * MINUTE);
    bench.upstream();
    const answer = await look({ type: 'betaTesters', id, app: appId }, 'viewer');
    expect(answer.body.data).toEqual({
      outcome: 'notAsked',
      fetchedAt: new Date(at).toISOString(),
      reason: null,
    });
    expect((await bench.call('POST', '/api/sync', { as: 'viewer', body: {} })).status).toBe(403);
    expect(bench.upstream()).toBe(0);
  });

  it('keeps what is there, its age and the reason when Apple refuses, and does not hammer', async () => {
    const { id, appId } = aMember();
    const at = await aged(10 * MINUTE);
    fail('/v1/betaTesters');
    bench.upstream();
    const answer = await look({ type: 'betaTesters', id, app: appId });
    expect(answer.body.data).toEqual({
      outcome: 'failed',
      fetchedAt: new Date(at).toISOString(),
      reason: 'Not today.',
    });
    expect(bench.upstream()).toBe(1);
    expect((await look({ type: 'betaTesters', id, app: appId })).body.data.outcome).toBe('failed');
    expect(bench.upstream()).toBe(0);
    expect(await stateOf(id)).toBeDefined();
  });

  it('takes out a tester who is no longer in the app, and says so from then on', async () => {
    const { id, appId } = aMember();
    await aged(10 * MINUTE);
    const tester = held().get('betaTesters', id);
    if (tester) held().remove(tester);
    const answer = await look({ type: 'betaTesters', id, app: appId });
    expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    const again = await bench.call('GET', `/api/v1/betaTesters/${id}`);
    expect([again.status, again.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.GONE']);
    expect(
      await bench.db.query('SELECT kind FROM testerEvents WHERE testerId = ? ORDER BY id DESC LIMIT 1', [id]),
    ).toEqual([{ kind: 'left' }]);
    const never = await look({ type: 'betaTesters', id: 'never-was', app: appId });
    expect([never.status, never.body.errors[0].code]).toEqual([404, 'FLIGHTDECK.NOT_FOUND']);
  });

  it('reads a group with its members, its size and its link', async () => {
    const { group, members } = aMember();
    await aged(10 * MINUTE);
    const out = held().get('betaTesters', members[1] ?? '');
    if (out) held().remove(out);
    held().update(group, { publicLinkEnabled: true, publicLinkLimit: 77, publicLinkLimitEnabled: true });
    expect((await look({ type: 'betaGroups', id: group.id })).body.data.outcome).toBe('read');
    const { data } = (await bench.call('GET', `/api/v1/betaGroups/${group.id}`)).body;
    expect([data.attributes.publicLinkLimit, data.meta.testerCount]).toEqual([77, members.length - 1]);
    const listed = await bench.call(
      'GET',
      `/api/v1/betaTesters?filter[apps]=${group.appId}&filter[betaGroups]=${group.id}`,
    );
    expect(listed.body.meta.total).toBe(members.length - 1);
    const page = await ageOf(`of=betaGroups&id=${group.id}`);
    const list = await ageOf(`of=betaTesters&app=${group.appId}&group=${group.id}`);
    expect(Date.now() - Date.parse(page.fetchedAt)).toBeLessThan(MINUTE);
    expect(Date.now() - Date.parse(list.fetchedAt)).toBeLessThan(MINUTE);
    expect(list.fetchedAt).toBe(listed.body.meta.fetchedAt);
  });

  it('reads a build with its states', async () => {
    await aged(10 * MINUTE);
    const build = [...held().all('builds').values()].find((one) => held().relatedOne(one, 'buildBetaDetail'));
    const detail = build && held().relatedOne(build, 'buildBetaDetail');
    if (!build || !detail) throw new Error('The programme has a build with a detail.');
    held().update(detail, { externalBuildState: 'BETA_REJECTED', autoNotifyEnabled: false });
    held().update(build, { expired: true });
    expect((await look({ type: 'builds', id: build.id })).body.data.outcome).toBe('read');
    const { data } = (await bench.call('GET', `/api/v1/builds/${build.id}`)).body;
    expect([data.meta.externalBuildState, data.attributes.expired]).toEqual(['BETA_REJECTED', true]);
  });
});

describe('a group whose members the worker reads', () => {
  const dueAt = async (appId: string) =>
    (
      await bench.db.query<{ dueAt: number | null }>('SELECT dueAt FROM syncScopes WHERE scope = ?', [
        `betaTesters/${appId}`,
      ])
    )[0]?.dueAt ?? null;
  const large = (id: string) =>
    bench.db.write([{ sql: 'UPDATE betaGroups SET testerCount = 300 WHERE id = ?', params: [id] }]);

  it('is read by the next sync at the latest, though nobody takes up the wish for its members', async () => {
    const { group, members, appId } = aMember();
    const out = held().get('betaTesters', members[1] ?? '');
    if (out) held().remove(out);
    await aged(10 * MINUTE);
    await large(group.id);
    expect((await look({ type: 'betaGroups', id: group.id })).body.data.outcome).toBe('read');
    const [wish] = await bench.db.query<{ scopes: string }>('SELECT scopes FROM syncRequests');
    expect([wish?.scopes, await dueAt(appId)]).toEqual([`["members/${group.id}"]`, expect.any(Number)]);
    const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'sync');
    await syncOnce(bench.db, await ctx.ascFor(ACCOUNT, 'sync'), { mode: 'incremental' });
    expect(
      await bench.db.query('SELECT 1 FROM betaGroupTesters WHERE groupId = ? AND testerId = ?', [
        group.id,
        out?.id ?? '',
      ]),
    ).toEqual([]);
  });

  it('asks for no reading when those known are all', async () => {
    const { group, appId } = aMember();
    await aged(10 * MINUTE);
    await large(group.id);
    expect((await look({ type: 'betaGroups', id: group.id })).body.data.outcome).toBe('read');
    expect(await dueAt(appId)).toBeNull();
  });
});

describe('the age of a view', () => {
  it('is that of its oldest part, the same in the answer of the list', async () => {
    const { appId } = aMember();
    const at = await aged(39 * MINUTE);
    const young = Date.now() - MINUTE;
    await bench.db.write([
      { sql: `UPDATE syncScopes SET completedAt = ? WHERE scope IN ('apps', 'betaGroups')`, params: [young] },
    ]);
    const iso = (ms: number) => new Date(ms).toISOString();
    expect((await ageOf(`of=betaTesters&app=${appId}`)).fetchedAt).toBe(iso(at));
    expect((await ageOf(`of=betaGroups&app=${appId}`)).fetchedAt).toBe(iso(young));
    expect((await ageOf(`of=overview&app=${appId}`)).fetchedAt).toBe(iso(at));
    const list = await bench.call('GET', `/api/v1/betaTesters?filter[apps]=${appId}`);
    expect(list.body.meta.fetchedAt).toBe(iso(at));
    expect((await bench.call('GET', '/api/freshness?of=nothing')).status).toBe(400);
  });

  it('comes with a sync of just that view, once a minute per app, told in words', async () => {
    const { appId } = aMember();
    await aged(39 * MINUTE);
    const name = (await bench.db.query<{ name: string }>('SELECT name FROM apps WHERE id = ?', [appId]))[0]
      ?.name;
    const view = { of: 'betaTesters', app: appId };
    const asked = await bench.call('POST', '/api/sync', { as: 'triager', body: { view } });
    expect([asked.status, asked.body.data.what]).toEqual([202, `the testers of ${name}`]);
    expect(await bench.db.query('SELECT mode, scopes, appId FROM syncRequests')).toEqual([
      { mode: 'scoped', scopes: JSON.stringify([`betaTesters/${appId}`]), appId },
    ]);
    const again = await bench.call('POST', '/api/sync', { body: { view } });
    expect([again.status, Number(again.headers.get('retry-after')) > 50]).toEqual([429, true]);
    const query = `of=betaTesters&app=${appId}`;
    expect((await ageOf(query)).refresh).toMatchObject({ status: 'waiting', error: null });
    await bench.db.write([
      {
        sql: `INSERT INTO syncRuns (id, accountId, mode, status, trigger, startedAt, updatedAt, finishedAt, error)
          VALUES ('run-1', ?, 'scoped', 'failed', 'person', 0, 0, 5, 'Not today.')`,
        params: [ACCOUNT],
      },
      { sql: `UPDATE syncRequests SET takenAt = 1, runId = 'run-1'`, params: [] },
    ]);
    expect((await ageOf(query)).refresh).toMatchObject({ status: 'failed', error: 'Not today.' });
    // A group of another app is another wish.
    const other = (
      await bench.db.query<{ id: string }>('SELECT id FROM betaGroups WHERE appId <> ? LIMIT 1', [appId])
    )[0];
    const members = await bench.call('POST', '/api/sync', {
      body: { view: { of: 'betaGroups', id: other?.id } },
    });
    expect([members.status, members.body.data.what]).toEqual([202, 'this group and its members']);
  });
});

it('tells how many requests are left by what was heard last, whoever asked', async () => {
  await bench.close();
  bench = await apiBench({ seed: 5, hourLimit: 3500 });
  const { id } = aMember();
  const left = async () => (await bench.call('GET', '/api/sync')).body.data[0].budget?.remaining;
  await aged(10 * MINUTE);
  await look({ type: 'betaTesters', id });
  const first = await left();
  await aged(10 * MINUTE);
  await look({ type: 'betaTesters', id });
  expect(first).toBeGreaterThan(0);
  await expect.poll(left).toBeLessThan(first);
});
