import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateWrappingKey } from '@/lib/access/key-store';
import { ROLES } from '@/lib/access/policy';
import { findMissed } from '@/lib/services/webhooks/find-missed';
import { followEvents } from '@/lib/services/webhooks/follow';
import { runSync } from '@/lib/sync/run';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';

const never = new AbortController().signal;
let bench: ApiBench;
let door: Server;
let isShut = false;
let appId: string;

beforeAll(async () => {
  // What reaches the address of the receiver, as it would come through a proxy.
  door = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      if (isShut) return void request.socket.destroy();
      const { status } = await post(String(request.url), Buffer.concat(chunks), {
        'x-apple-signature': String(request.headers['x-apple-signature']),
        host: 'hooks.example.com',
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;
  bench = await apiBench({ env: { WEBHOOK_URL: `http://127.0.0.1:${port}` } });
  const [app] = await bench.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id LIMIT 1');
  appId = app?.id ?? '';
});
afterAll(async () => {
  await bench.close();
  door.close();
});

/** So much time goes by as a column waits for. */
const passed = (table: string, column: string) =>
  bench.db.write([{ sql: `UPDATE "${table}" SET "${column}" = 1`, params: [] }]);
const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'lane');
const follow = () => followEvents(worker(), never);
const world = () => bench.sandbox.parts().world;
const post = (address: string, body: Buffer, headers: Record<string, string>) =>
  bench.call('POST', address, { as: null, body: new Uint8Array(body), headers: { origin: '', ...headers } });
const list = async () => (await bench.call('GET', '/api/webhooks', { as: 'manager' })).body.data;
const shown = async () => (await list()).apps.find((one: { appId: string }) => one.appId === appId).receiver;
const events = () =>
  bench.db.query<{ id: string; type: string; state: string; origin: string; trouble: string | null }>(
    'SELECT id, type, state, origin, trouble FROM receivedEvents ORDER BY receivedAt, id',
  );
const settled = () => world().webhooks.idle();
const pathOf = async () =>
  (await bench.db.query<{ path: string }>('SELECT path FROM receivers'))[0]?.path ?? '';
const addressOf = async () => `/api/webhooks/app-store-connect/${await pathOf()}`;
const hookOf = () => {
  const app = world().store.get('apps', appId);
  return app ? [...world().store.related(app, 'webhooks')] : [];
};
const secretOf = () => String(hookOf()[0]?.attributes.secret);
const signed = (body: Buffer, secret = secretOf()) => ({
  'x-apple-signature': `hmacsha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});
const eventOf = (type: string, instance: object | null, id = randomUUID()) =>
  Buffer.from(
    JSON.stringify({
      data: { type, id, version: 1, attributes: {}, relationships: instance ? { instance } : {} },
    }),
  );

describe('a webhook', () => {
  it('is registered by an admin alone, with its address, its secret and every kind of event', async () => {
    const body = { apps: [{ accountId: ACCOUNT, appId }] };
    for (const role of ROLES.filter((one) => one !== 'admin'))
      expect((await bench.call('POST', '/api/webhooks', { as: role, body })).status).toBe(403);
    expect((await bench.call('GET', '/api/webhooks', { as: 'triager' })).status).toBe(403);
    const made = await bench.call('POST', '/api/webhooks', { body });
    expect(made.body.data).toEqual([{ accountId: ACCOUNT, appId, trouble: null }]);
    expect(hookOf()).toHaveLength(1);
    const { url, secret, enabled, eventTypes } = hookOf()[0]?.attributes ?? {};
    expect(url).toBe(`${bench.app.env.WEBHOOK_URL}${await addressOf()}`);
    expect([enabled, (eventTypes as string[]).length]).toEqual([true, 12]);
    expect(String(secret)).toMatch(/^[0-9a-f]{64}$/);
    expect(await shown()).toMatchObject({ webhookId: hookOf()[0]?.id, isElsewhere: false, trouble: null });
    // The secret stands nowhere but sealed.
    const trail = JSON.stringify(await bench.db.query('SELECT * FROM auditEntries'));
    expect([trail.includes('webhooks'), trail.includes(String(secret))]).toEqual([true, false]);
    expect(JSON.stringify(await bench.db.query('SELECT * FROM receivers'))).not.toContain(String(secret));
    expect(JSON.stringify(await list()).includes(await pathOf())).toBe(false);
  });

  it('is found again instead of made twice when the answer to its making was lost', async () => {
    await bench.db.write([{ sql: 'UPDATE receivers SET webhookId = NULL', params: [] }]);
    const body = {
      apps: [
        { accountId: ACCOUNT, appId },
        { accountId: ACCOUNT, appId: 'nowhere' },
      ],
    };
    const made = await bench.call('POST', '/api/webhooks', { body });
    expect(made.body.data).toMatchObject([{ trouble: null }, { trouble: expect.stringMatching(/\w/) }]);
    expect(hookOf()).toHaveLength(1);
    await bench.db.write([{ sql: "DELETE FROM receivers WHERE appId = 'nowhere'", params: [] }]);
  });

  it('tells of a test that App Store Connect sends', async () => {
    const { id } = await shown();
    expect((await bench.call('POST', `/api/webhooks/${id}/ping`, { as: 'manager' })).status).toBe(403);
    expect((await bench.call('POST', `/api/webhooks/${id}/ping`)).status).toBe(202);
    await settled();
    expect((await shown()).pingedAt).toBeNull();
    await follow();
    expect(await shown()).toMatchObject({ pingedAt: expect.any(String), receivedAt: expect.any(String) });
  });
});

describe('what is received', () => {
  it('is refused unsigned, signed wrongly, re-serialised, too large or elsewhere, and leaves nothing', async () => {
    const before = (await events()).length;
    const body = eventOf('buildUploadStateUpdated', null);
    const other = Buffer.from(JSON.stringify(JSON.parse(String(body)), null, 1));
    const at = await addressOf();
    const tries = await Promise.all([
      post(at, body, {}),
      post(at, body, { 'x-apple-signature': 'hmacsha256=zz' }),
      post(at, body, signed(body, 'another secret')),
      post(at, other, signed(body)),
      post(`${at}x`, body, signed(body)),
      post(at, Buffer.alloc(64 * 1024 + 1), signed(body)),
    ]);
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 401, 404, 413]);
    expect(tries.map(({ text }) => text).join()).not.toContain(secretOf());
    expect(await events()).toHaveLength(before);
  });

  it('needs neither a session nor an origin, and whoever has a token is not asked for it', async () => {
    const body = eventOf('webhookPingCreated', null);
    const bare = await bench.call('POST', await addressOf(), {
      ...{ as: null, body: new Uint8Array(body) },
      headers: { ...signed(body), origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(bare.status).toBe(202);
    const token = await bench.call('POST', await addressOf(), {
      ...{ as: null, body: new Uint8Array(body) },
      headers: { authorization: 'Bearer something' },
    });
    expect(token.status).toBe(401);
  });

  it('has one effect however often it comes, in whatever order', async () => {
    await follow();
    const type = 'betaFeedbackCrashSubmissions';
    const [known] = await bench.db.query<{ id: string }>(
      'SELECT id FROM feedback WHERE type = ? AND appId = ? ORDER BY id LIMIT 1',
      [type, appId],
    );
    const instance = { data: { type, id: String(known?.id) } };
    const body = eventOf('betaFeedbackCrashSubmissionCreated', instance);
    const older = eventOf('betaFeedbackCrashSubmissionCreated', instance);
    const at = await addressOf();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (n === 50 ? older : body)).map((one) =>
        post(at, one, signed(one)),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    bench.upstream();
    // Two workers at once: one of them does it.
    expect((await Promise.all([follow(), follow()])).toSorted()).toEqual([false, true]);
    expect(bench.upstream()).toBe(1);
    expect(await follow()).toBe(false);
    expect((await events()).filter(({ state }) => state !== 'done')).toEqual([]);
  });

  it('is kept and counted when nothing follows from it, and its links are never asked for', async () => {
    const elsewhere = { self: 'http://127.0.0.1:9/v1/webhooks' };
    const bodies = [
      eventOf('backgroundAssetVersionStateUpdated', {
        ...{ type: 'backgroundAssetVersions', id: 'b1', links: elsewhere },
      }),
      eventOf('somethingNewCreated', { data: { type: 'novelties', id: 'n1' }, links: elsewhere }),
      Buffer.from('[]'),
    ];
    for (const body of bodies) expect((await post(await addressOf(), body, signed(body))).status).toBe(202);
    bench.upstream();
    await follow();
    expect(bench.upstream()).toBe(0);
    expect((await shown()).counts).toMatchObject({ kept: 3, waiting: 0, failed: 0 });
  });

  it('brings a new crash and a new state of a build into our copy, by one request each', async () => {
    const made = await arrive();
    await settled();
    bench.upstream();
    expect(await follow()).toBe(true);
    expect(bench.upstream()).toBe(1);
    const [row] = await bench.db.query('SELECT id FROM feedback WHERE id = ?', [made.id]);
    expect(row).toEqual({ id: made.id });

    const [build] = await bench.db.query<{ id: string; buildBetaDetailId: string }>(
      `SELECT id, buildBetaDetailId FROM builds WHERE appId = ? AND expired <> 1 LIMIT 1`,
      [appId],
    );
    await bench.db.write([
      { sql: "UPDATE builds SET externalBuildState = 'X' WHERE id = ?", params: [build?.id ?? ''] },
    ]);
    const body = eventOf('buildBetaDetailExternalBuildStateUpdated', {
      data: { type: 'buildBetaDetails', id: build?.buildBetaDetailId },
    });
    await post(await addressOf(), body, signed(body));
    expect(await follow()).toBe(true);
    const [again] = await bench.db.query<{ externalBuildState: string }>(
      'SELECT externalBuildState FROM builds WHERE id = ?',
      [build?.id ?? ''],
    );
    expect(again?.externalBuildState).not.toBe('X');
    const told = await bench.db.query("SELECT subject FROM announcements WHERE topic = 'mirror'");
    expect(told).toContainEqual({ subject: 'builds' });
  });

  it('of much at once the list is read, not each', async () => {
    const [type] = ['betaFeedbackScreenshotSubmissions'];
    for (let n = 0; n < 25; n += 1) {
      const body = eventOf('betaFeedbackScreenshotSubmissionCreated', { data: { type, id: `many-${n}` } });
      await post(await addressOf(), body, signed(body));
    }
    bench.upstream();
    await follow();
    expect(bench.upstream()).toBe(0);
    const wishes = await bench.db.query('SELECT mode FROM syncRequests WHERE takenAt IS NULL');
    expect(wishes).toContainEqual({ mode: 'incremental' });
    const [due] = await bench.db.query<{ dueAt: number }>('SELECT dueAt FROM syncScopes WHERE scope = ?', [
      `${type}/${appId}`,
    ]);
    expect(due === undefined || due.dueAt > 0).toBe(true);
  });

  it('waits while App Store Connect is away, and says what it refuses for good', async () => {
    const body = eventOf('buildBetaDetailExternalBuildStateUpdated', {
      data: { type: 'buildBetaDetails', id: 'unknown-detail' },
    });
    await post(await addressOf(), body, signed(body));
    bench.sandbox.parts().faults.add({ kind: 'status', status: 503, code: 'UNAVAILABLE', count: 10 });
    await follow();
    expect((await shown()).counts).toMatchObject({ waiting: 1, failed: 0 });
    await follow();
    expect((await shown()).counts).toMatchObject({ waiting: 1 });
    bench.sandbox.parts().faults.remove(null);
    await passed('receivedEvents', 'notBefore');
    await follow();
    expect((await shown()).counts).toMatchObject({ waiting: 0 });
  });
});

describe('what never came', () => {
  it('is found among the deliveries, of each webhook by two requests in a quarter of an hour', async () => {
    isShut = true;
    const made = await arrive();
    await settled();
    isShut = false;
    expect(await bench.db.query('SELECT id FROM feedback WHERE id = ?', [made.id])).toEqual([]);
    bench.upstream();
    await passed('receivers', 'checkedAt');
    await findMissed(worker(), never);
    expect(bench.upstream()).toBe(2);
    await findMissed(worker(), never);
    expect(bench.upstream()).toBe(0);
    expect((await events()).some(({ origin }) => origin === 'found')).toBe(true);
    expect(await follow()).toBe(true);
    expect(await bench.db.query('SELECT id FROM feedback WHERE id = ?', [made.id])).toHaveLength(1);
    // Looked at once more, what is known is not followed again.
    await passed('receivers', 'checkedAt');
    await findMissed(worker(), never);
    expect(await follow()).toBe(false);
  });

  it('says why the deliveries cannot be looked at', async () => {
    await passed('receivers', 'checkedAt');
    const [hook] = hookOf();
    if (hook) world().store.remove(hook);
    await findMissed(worker(), never);
    expect(await shown()).toMatchObject({ webhookId: null, trouble: expect.stringContaining('Register it') });
    await bench.call('POST', '/api/webhooks', { body: { apps: [{ accountId: ACCOUNT, appId }] } });
    expect(hookOf()).toHaveLength(1);
    expect((await shown()).trouble).toBeNull();
  });
});

it('leaves the state that App Store Connect has, in whatever order events come and though a fifth is lost', async () => {
  const control = (path: string, body: object) =>
    fetch(`${bench.sandbox.baseUrl}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const builds = await bench.db.query<{ id: string; detail: string }>(
    'SELECT id, buildBetaDetailId AS detail FROM builds WHERE appId = ? AND expired <> 1 ORDER BY id LIMIT 5',
    [appId],
  );
  expect(builds.length).toBeGreaterThan(2);
  const { failed } = (await shown()).counts;
  const { manners } = world().webhooks;
  Object.assign(manners, { holdMs: 200, loseEvery: 5 });
  for (const state of ['WAITING_FOR_BETA_REVIEW', 'IN_BETA_REVIEW', 'BETA_APPROVED', 'IN_BETA_TESTING']) {
    for (const { detail } of builds) {
      const attributes = { externalBuildState: state };
      await control('events', { kind: 'set', type: 'buildBetaDetails', id: detail, attributes });
      const instance = { type: 'buildBetaDetails', id: detail };
      const eventType = 'BUILD_BETA_DETAIL_EXTERNAL_BUILD_STATE_UPDATED';
      await control('webhooks', { appId, eventType, instance, attributes: { newExternalBuildState: state } });
    }
  }
  await settled();
  Object.assign(manners, { holdMs: 0, loseEvery: 0 });
  await follow();
  await passed('receivers', 'checkedAt');
  await findMissed(worker(), never);
  await follow();
  const states = await bench.db.query<{ externalBuildState: string }>(
    'SELECT externalBuildState FROM builds WHERE appId = ? AND expired <> 1 ORDER BY id LIMIT 5',
    [appId],
  );
  expect(states.map(({ externalBuildState }) => externalBuildState)).toEqual(
    builds.map(() => 'IN_BETA_TESTING'),
  );
  expect((await events()).some(({ origin }) => origin === 'found')).toBe(true);
  expect((await shown()).counts).toMatchObject({ waiting: 0, failed });
});

it('is not asked for by the sync of an app whose deliveries were looked at, unless somebody wishes for one', async () => {
  const asc = await worker().ascFor(ACCOUNT, 'sync');
  const given = { db: bench.db, asc, accountId: ACCOUNT, clock: bench.app.clock, log: bench.app.log };
  // So much was delivered that the list may have been cut: it is read whole once.
  await passed('receivers', 'checkedAt');
  await findMissed(worker(), never);
  await runSync({ ...given, mode: 'full', trigger: 'shell' });
  /** The apps of which a quiet cycle asks for feedback. */
  const asked = async (trigger: 'schedule' | 'person') => {
    const { requests } = bench.sandbox.parts();
    const before = requests.entries().length;
    await runSync({ ...given, mode: 'incremental', trigger });
    const urls = requests.entries().slice(before);
    return new Set(urls.flatMap(({ url }) => /apps\/([^/]+)\/betaFeedback/.exec(url)?.[1] ?? []));
  };
  const apps = await bench.db.query<{ id: string }>('SELECT id FROM apps');
  const others = apps.map(({ id }) => id).filter((id) => id !== appId);
  expect(others.length).toBeGreaterThan(0);
  expect(await asked('schedule')).toEqual(new Set(others));
  expect(await asked('person')).toEqual(new Set([appId, ...others]));
  await bench.db.write([{ sql: "UPDATE receivers SET trouble = 'away'", params: [] }]);
  expect(await asked('schedule')).toEqual(new Set([appId, ...others]));
  await bench.db.write([{ sql: 'UPDATE receivers SET trouble = NULL', params: [] }]);
});

describe('the secret', () => {
  it('is changed without losing what was signed with the one before', async () => {
    const { id } = await shown();
    const former = secretOf();
    const answer = await bench.call('PUT', `/api/webhooks/${id}`, { body: { isNewSecret: true } });
    expect(answer.status).toBe(204);
    expect(secretOf()).not.toBe(former);
    const body = eventOf('webhookPingCreated', null);
    expect((await post(await addressOf(), body, signed(body, former))).status).toBe(202);
    expect((await post(await addressOf(), body, signed(body))).status).toBe(202);
    expect((await shown()).formerUntil).toEqual(expect.any(String));
    await passed('receivers', 'formerUntil');
    expect((await post(await addressOf(), body, signed(body, former))).status).toBe(401);
    expect((await shown()).formerUntil).toBeNull();
  });

  it('stays when App Store Connect refuses the new one', async () => {
    const { id } = await shown();
    bench.sandbox.parts().faults.add({
      ...{ kind: 'status', method: 'PATCH', route: '/v1/webhooks/{id}' },
      ...{ status: 409, code: 'ENTITY_ERROR.ATTRIBUTE.INVALID', count: 1 },
    });
    const answer = await bench.call('PUT', `/api/webhooks/${id}`, { body: { isNewSecret: true } });
    expect(answer.status).toBe(409);
    const body = eventOf('webhookPingCreated', null);
    expect((await post(await addressOf(), body, signed(body))).status).toBe(202);
  });

  it('is put under a new encryption key with everything else', async () => {
    const next = new Uint8Array(32).fill(7);
    await rotateWrappingKey(bench.db, bench.encryptionKey, next, Date.now());
    await rotateWrappingKey(bench.db, next, bench.encryptionKey, Date.now());
    await bench.restart();
    const body = eventOf('webhookPingCreated', null);
    expect((await post(await addressOf(), body, signed(body))).status).toBe(202);
  });
});

it('is not registered where App Store Connect could not send to', async () => {
  const body = { apps: [{ accountId: ACCOUNT, appId }] };
  for (const [WEBHOOK_URL, words] of [
    [undefined, 'cannot reach 127.0.0.1'],
    ['http://hooks.example.com', 'not encrypted'],
  ] as const) {
    const { env } = bench.app;
    const before = { ...env };
    Object.assign(env, { WEBHOOK_URL, ASC_BASE_URL: 'https://api.appstoreconnect.apple.com' });
    const answer = await bench.call('POST', '/api/webhooks', { body });
    Object.assign(env, before);
    expect([answer.status, answer.body.errors[0].detail]).toEqual([409, expect.stringContaining(words)]);
  }
  expect(ORIGIN).toContain('127.0.0.1');
});

it('is removed there and here', async () => {
  const { id } = await shown();
  const at = await addressOf();
  const body = eventOf('webhookPingCreated', null);
  const proof = signed(body);
  expect((await bench.call('DELETE', `/api/webhooks/${id}`)).status).toBe(204);
  expect([hookOf(), await shown()]).toEqual([[], null]);
  expect((await post(at, body, proof)).status).toBe(404);
  const sentences = (await bench.call('GET', `/api/activity?app=${appId}`)).body.data.map(
    ({ sentence }: { sentence: unknown }) => JSON.stringify(sentence),
  );
  expect(sentences.some((one: string) => one.includes('webhook'))).toBe(true);
});

/** A crash that a tester sends now. */
async function arrive(): Promise<{ id: string }> {
  const response = await fetch(`${bench.sandbox.baseUrl}/sandbox/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'feedback', appId, type: 'crash' }),
  });
  return (await response.json()) as { id: string };
}
