import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recoverOutcomes } from '@/lib/services/resources/recover';
import { findMissed } from '@/lib/services/webhooks/find-missed';
import { followEvents } from '@/lib/services/webhooks/follow';
import { coveredApps } from '@/lib/sync/covered';
import { runSync } from '@/lib/sync/run';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

const never = new AbortController().signal;
const CRASHES = 'betaFeedbackCrashSubmissions';
let bench: ApiBench;
let appId: string;

beforeAll(async () => {
  // Nobody listens there: what comes is posted by the tests themselves.
  bench = await apiBench({ env: { WEBHOOK_URL: 'http://127.0.0.1:9' } });
  const [app] = await bench.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id LIMIT 1');
  appId = app?.id ?? '';
  const asc = await worker().ascFor(ACCOUNT, 'sync');
  const given = { db: bench.db, asc, accountId: ACCOUNT, clock: bench.app.clock, log: bench.app.log };
  await runSync({ ...given, mode: 'full', trigger: 'shell' });
  const made = await bench.call('POST', '/api/webhooks', { body: { apps: [{ accountId: ACCOUNT, appId }] } });
  expect(made.body.data).toMatchObject([{ trouble: null }]);
});
afterAll(() => bench.close());

const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'lane');
const follow = () => followEvents(worker(), never);
const store = () => bench.sandbox.parts().world.store;
const faults = () => bench.sandbox.parts().faults;
const hook = () => {
  const app = store().get('apps', appId);
  const [one] = app ? store().related(app, 'webhooks') : [];
  if (!one) throw new Error('There is no webhook.');
  return one;
};
const shown = async () =>
  (await bench.call('GET', '/api/webhooks')).body.data.apps.find(
    (one: { appId: string }) => one.appId === appId,
  ).receiver;
/** Looks at the webhook as after a quarter of an hour. */
const check = async () => {
  await bench.db.write([
    { sql: 'UPDATE receivers SET checkedAt = 1 WHERE checkedAt IS NOT NULL', params: [] },
  ]);
  await findMissed(worker(), never);
};
const isCovered = async () => (await coveredApps(bench.db, ACCOUNT, Date.now())).has(appId);
const scope = async () =>
  (
    await bench.db.query<{ dueAt: number | null; completedAt: number }>(
      'SELECT dueAt, completedAt FROM syncScopes WHERE scope = ?',
      [`${CRASHES}/${appId}`],
    )
  )[0];
const aged = () =>
  bench.db.write([{ sql: 'UPDATE syncScopes SET completedAt = 5, dueAt = NULL', params: [] }]);
const set = async (isNewSecret: boolean) =>
  bench.call('PUT', `/api/webhooks/${(await shown()).id}`, { body: { isNewSecret } });
const secretOf = () => String(hook().attributes.secret);

async function post(type: string, instance: object | null, secret = secretOf()) {
  const data = { type, id: randomUUID(), relationships: instance ? { instance: { data: instance } } : {} };
  const body = Buffer.from(JSON.stringify({ data }));
  const [row] = await bench.db.query<{ path: string }>('SELECT path FROM receivers');
  const proof = createHmac('sha256', secret).update(body).digest('hex');
  return bench.call('POST', `/api/webhooks/app-store-connect/${row?.path}`, {
    ...{ as: null, body: new Uint8Array(body) },
    headers: { origin: '', 'x-apple-signature': `hmacsha256=${proof}` },
  });
}

describe('a report that is told of', () => {
  beforeEach(aged);
  const told = async () => {
    const { status } = await post('betaFeedbackCrashSubmissionCreated', { type: CRASHES, id: randomUUID() });
    expect(status).toBe(202);
  };

  it('and is not there yet has its list read, which is not called young until then', async () => {
    await told();
    await follow();
    expect((await scope())?.dueAt).toBeGreaterThan(1);
    await check();
    expect(await scope()).toMatchObject({ completedAt: 5 });
  });

  it('and cannot be read for good has its list read, too', async () => {
    await told();
    faults().add({ kind: 'status', method: 'GET', route: `/v1/${CRASHES}/{id}`, status: 500, code: 'X' });
    await bench.db.write([
      { sql: "UPDATE receivedEvents SET tries = 11 WHERE state = 'waiting'", params: [] },
    ]);
    await follow();
    faults().remove(null);
    expect((await shown()).counts).toMatchObject({ failed: 1, waiting: 0 });
    expect((await scope())?.dueAt).toBeGreaterThan(1);
  });
});

describe('a webhook that somebody changes in App Store Connect', () => {
  const URL_OF_OTHERS = 'https://elsewhere.example/hook';

  it.each([
    ['switched off', { enabled: false }, 'switched off'],
    ['robbed of its feedback', { eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'] }, 'new feedback'],
    ['sent elsewhere', { url: URL_OF_OTHERS }, 'another address'],
  ])('%s is not relied on, says so, and is set right from here', async (_, attributes, words) => {
    await check();
    await check();
    expect([await isCovered(), (await shown()).trouble]).toEqual([true, null]);
    store().update(hook(), attributes);
    await aged();
    bench.upstream();
    await check();
    expect(bench.upstream()).toBe(2);
    expect((await shown()).trouble).toContain(words);
    expect([await isCovered(), await scope()]).toEqual([false, { completedAt: 5, dueAt: null }]);

    expect((await set(false)).status).toBe(204);
    expect(hook().attributes).toMatchObject({ enabled: true, url: expect.stringContaining('127.0.0.1:9') });
    expect(hook().attributes.eventTypes).toHaveLength(12);
    // Until it was looked at again, and the list was read for what happened meanwhile, it covers nothing.
    expect(await isCovered()).toBe(false);
    await check();
    expect([await isCovered(), (await shown()).trouble]).toEqual([true, null]);
    expect(await scope()).toMatchObject({ completedAt: 5, dueAt: expect.any(Number) });
  });

  it('is told all that was changed', async () => {
    store().update(hook(), { enabled: false, url: URL_OF_OTHERS });
    await check();
    expect((await shown()).trouble).toMatch(/switched off.*another address/);
  });

  it('is registered again where it is, not twice', async () => {
    store().update(hook(), { url: URL_OF_OTHERS });
    await bench.call('POST', '/api/webhooks', { body: { apps: [{ accountId: ACCOUNT, appId }] } });
    const app = store().get('apps', appId);
    expect(app && store().relatedCount(app, 'webhooks')).toBe(1);
    expect(hook().attributes.url).toContain('127.0.0.1:9');
  });
});

describe('a new secret', () => {
  const lost = (when: 'before' | 'after') =>
    faults().add({ kind: 'status', when, method: 'PATCH', status: 502, code: 'X', count: 10 });
  const lookUp = () => {
    const now = bench.app.clock.now() + 10 * 60_000;
    return recoverOutcomes({ ...worker(), clock: { now: () => now, sleep: async () => {} } });
  };
  const later = () =>
    bench.db.write([
      { sql: 'UPDATE receivers SET formerUntil = 1 WHERE formerUntil IS NOT NULL', params: [] },
    ]);

  it('that App Store Connect may not have taken is not called done, and the one before never ends', async () => {
    const former = secretOf();
    lost('before');
    const answer = await set(true);
    faults().remove(null);
    expect([answer.status, answer.body.errors[0].code]).toEqual([504, 'FLIGHTDECK.OUTCOME_UNKNOWN']);
    expect(answer.body.errors[0].detail).toContain('never shows a secret');
    expect(await shown()).toMatchObject({ isSecretInDoubt: true, formerUntil: null });
    await later();
    expect((await post('webhookPingCreated', null, former)).status).toBe(202);
    expect(await shown()).toMatchObject({ isSecretInDoubt: true });
    // Looked up once more, it is known that nobody will know.
    await lookUp();
    bench.upstream();
    await lookUp();
    expect(bench.upstream()).toBe(0);

    // The same one is told again: a third would drop the one that is in use.
    expect((await set(true)).status).toBe(204);
    expect(secretOf()).not.toBe(former);
    expect(await shown()).toMatchObject({ isSecretInDoubt: false, formerUntil: expect.any(String) });
    expect((await post('webhookPingCreated', null)).status).toBe(202);
    expect((await post('webhookPingCreated', null, former)).status).toBe(202);
    await later();
    expect((await post('webhookPingCreated', null, former)).status).toBe(401);
  });

  it('that was taken though the answer was lost is sure with the first that it signs', async () => {
    const former = secretOf();
    lost('after');
    expect((await set(true)).status).toBe(504);
    faults().remove(null);
    expect(secretOf()).not.toBe(former);
    expect((await post('webhookPingCreated', null, former)).status).toBe(202);
    expect(await shown()).toMatchObject({ isSecretInDoubt: true });
    expect((await post('webhookPingCreated', null)).status).toBe(202);
    expect(await shown()).toMatchObject({ isSecretInDoubt: false, formerUntil: expect.any(String) });
    await later();
    expect((await post('webhookPingCreated', null, former)).status).toBe(401);
  });

  it('that was not taken, as is seen, leaves the one before', async () => {
    const former = secretOf();
    store().update(hook(), { enabled: false });
    lost('before');
    const answer = await set(true);
    faults().remove(null);
    expect(answer.body.errors[0].code).toBe('FLIGHTDECK.NOT_APPLIED');
    expect(await shown()).toMatchObject({ isSecretInDoubt: false, formerUntil: null });
    expect((await post('webhookPingCreated', null, former)).status).toBe(202);
  });
});
