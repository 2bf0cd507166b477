import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, codesOf, fetchJson, mint, openSandbox, type TestSandbox } from './sandbox-client';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ hourLimit: 3500 });
});

beforeEach(() => sandbox.reset());

afterAll(() => sandbox.close());

const seconds = () => Math.floor(Date.now() / 1000);

function ask(token: string, path = '/v1/apps', method = 'GET'): Promise<Answer> {
  return fetchJson(sandbox.baseUrl + path, { method, headers: { authorization: `Bearer ${token}` } });
}

async function fault(rule: Record<string, unknown>): Promise<void> {
  expect((await sandbox.control('POST', 'faults', rule)).status).toBe(200);
}

describe('tokens', () => {
  const bent: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    ['for another audience', { aud: 'appstoreconnect-v2' }],
    ['of another issuer', { iss: '00000000-0000-4000-8000-000000000000' }],
    ['with a subject on a team key', { sub: 'user' }],
    ['by an unknown key', {}, { kid: 'NOSUCHKEY1' }],
    ['that live for 21 minutes', { iat: seconds(), exp: seconds() + 21 * 60 }],
    ['that have expired', { iat: seconds() - 900, exp: seconds() - 30 }],
    ['from five minutes ahead', { iat: seconds() + 240, exp: seconds() + 1140 }],
    ['without an end', { exp: undefined }],
  ];

  test.each(bent)('%s are refused with 401, without saying why', async (_name, claims, header) => {
    const answer = await ask(await mint(sandbox, claims, header));
    expect([answer.status, codesOf(answer)]).toEqual([401, ['NOT_AUTHORIZED']]);
    expect(answer.headers.get('x-rate-limit')).toBeNull();
  });

  test('signed by another key, missing or garbled are refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const forged = await mint({ issuerId: sandbox.issuerId, keyId: sandbox.keyId, privateKey: pem });
    expect((await ask(forged)).status).toBe(401);
    expect((await ask('not.a.token')).status).toBe(401);
    expect((await fetchJson(`${sandbox.baseUrl}/v1/apps`, {})).status).toBe(401);
  });

  test('from a clock 30 seconds off work', async () => {
    for (const off of [-30, 30]) {
      const iat = seconds() - 60 + off;
      expect((await ask(await mint(sandbox, { iat, exp: iat + 960 }))).status).toBe(200);
    }
  });

  test('follow the server clock, which its Date header shows', async () => {
    await sandbox.control('POST', 'clock', { skewMs: 40 * 60_000 });
    const answer = await ask(await mint(sandbox));
    expect(answer.status).toBe(401);
    expect(Date.parse(answer.headers.get('date') ?? '') - Date.now()).toBeGreaterThan(39 * 60_000);
  });

  test('of individual keys name a user instead of an issuer, and see only their apps', async () => {
    const [mine, other] = sandbox.parts().shelves.apps;
    const made = await sandbox.control('POST', 'keys', {
      kind: 'individual',
      roles: ['APP_MANAGER'],
      visibleApps: [mine],
    });
    const { keyId, privateKey } = made.body;
    const key = { issuerId: sandbox.issuerId, keyId, privateKey };
    expect((await ask(await mint(key))).status).toBe(401);
    const token = await mint(key, { iss: undefined, sub: 'user' });
    const apps = await ask(token);
    expect(apps.body.data.map((app: { id: string }) => app.id)).toEqual([mine]);
    expect((await ask(token, `/v1/apps/${other}`)).status).toBe(404);
    expect((await ask(token, `/v1/builds?filter%5Bapp%5D=${other}`)).body.data).toEqual([]);
    const { store } = sandbox.parts().world;
    const [user] = store.all('users').values();
    if (user) store.link(user, 'visibleApps', [...sandbox.parts().shelves.apps]);
    const seen = await ask(token, `/v1/users/${user?.id}?include=visibleApps`);
    expect(seen.body.data.relationships.visibleApps).toMatchObject({
      data: [{ type: 'apps', id: mine }],
      meta: { paging: { total: 1 } },
    });
  });

  test('carry the rights of their roles, until the key is revoked', async () => {
    const made = await sandbox.control('POST', 'keys', { roles: ['DEVELOPER'] });
    const { keyId, privateKey } = made.body;
    const token = await mint({ issuerId: sandbox.issuerId, keyId, privateKey });
    expect((await ask(token)).status).toBe(200);
    const users = await ask(token, '/v1/users');
    expect([users.status, codesOf(users)]).toEqual([403, ['FORBIDDEN_ERROR']]);
    await sandbox.control('POST', `keys/${keyId}/revoke`, { status: 403 });
    expect((await ask(token)).status).toBe(403);
    await sandbox.control('POST', `keys/${keyId}/revoke`, {});
    expect((await ask(token)).status).toBe(401);
    await sandbox.control('POST', `keys/${keyId}/restore`);
    expect((await ask(token)).status).toBe(200);
  });

  test('with a scope may only do what it says, and may then live for months', async () => {
    const token = await mint(sandbox, { scope: ['GET /v1/apps'], exp: seconds() + 100 * 86_400 });
    expect((await ask(token, '/v1/apps?limit=1')).status).toBe(200);
    expect((await ask(token, '/v1/builds')).status).toBe(403);
  });
});

describe('paths and media types', () => {
  test('unknown paths are 404, unpublished methods 405 with what is allowed', async () => {
    expect(codesOf(await sandbox.call('GET', '/v1/shoes'))).toEqual(['PATH_ERROR']);
    const [app] = sandbox.parts().shelves.apps;
    const answer = await sandbox.call('DELETE', `/v1/apps/${app}`);
    expect([answer.status, codesOf(answer), answer.headers.get('allow')]).toEqual([
      405,
      ['METHOD_NOT_ALLOWED'],
      'GET',
    ]);
    expect((await sandbox.call('GET', `/v1/apps/${app}/betaTesters`)).status).toBe(404);
  });

  test('bodies must be JSON, power metrics must be asked for by their own type', async () => {
    const answer = await sandbox.call('POST', '/v1/betaGroups', 'name=x', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
    const [build] = sandbox.parts().world.store.all('builds').keys();
    const path = `/v1/builds/${build}/perfPowerMetrics`;
    const plain = await sandbox.call('GET', path, undefined, { accept: 'application/json' });
    expect([plain.status, typeof plain.body]).toEqual([406, 'string']);
    const asked = await sandbox.call('GET', path, undefined, {
      accept: 'application/vnd.apple.xcode-metrics+json',
    });
    expect(asked.headers.get('content-type')).toBe('application/vnd.apple.xcode-metrics+json');
    const text = await sandbox.call('GET', '/v1/apps', undefined, { accept: 'text/html' });
    expect([text.status, typeof text.body]).toEqual([406, 'string']);
  });

  test('a parameter given twice, out of range or not in the list is refused by name', async () => {
    const queries: [string, string][] = [
      ['limit=201', 'limit'],
      ['limit=x', 'limit'],
      ['limit=0', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['include=shoes', 'include'],
      ['include=app.builds', 'include'],
      ['sort=shoes', 'sort'],
      ['fields%5BbetaGroups%5D=shoes', 'fields[betaGroups]'],
      ['filter%5BisInternalGroup%5D=maybe', 'filter[isInternalGroup]'],
      ['limit%5BbetaTesters%5D=51', 'limit[betaTesters]'],
      ['cursor=abc', 'cursor'],
    ];
    for (const [query, parameter] of queries) {
      const answer = await sandbox.call('GET', `/v1/betaGroups?${query}`);
      expect([query, answer.status, answer.body.errors?.[0]?.source]).toEqual([query, 400, { parameter }]);
    }
    const missing = await sandbox.call('GET', '/v1/betaAppReviewDetails');
    expect(codesOf(missing)).toEqual(['PARAMETER_ERROR.REQUIRED']);
  });
});

describe('pages', () => {
  test('lead through everything once by links.next, and count it all', async () => {
    const ids: string[] = [];
    let path: string | null = '/v1/betaTesters?limit=7&sort=-email';
    while (path !== null) {
      const answer: Answer = await sandbox.call('GET', path);
      ids.push(...answer.body.data.map((tester: { id: string }) => tester.id));
      expect(answer.body.meta.paging).toMatchObject({ total: 60, limit: 7 });
      const next: string | undefined = answer.body.links.next;
      expect(next === undefined).toBe(answer.body.meta.paging.nextCursor === undefined);
      path = next === undefined ? null : next.slice(sandbox.baseUrl.length);
    }
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  });

  test('carry escaped brackets, however they were asked for', async () => {
    const bare = await sandbox.call('GET', '/v1/builds?fields[builds]=version&limit=1');
    const escaped = await sandbox.call('GET', '/v1/builds?fields%5Bbuilds%5D=version&limit=1');
    expect(bare.body.links.self).toBe(`${sandbox.baseUrl}/v1/builds?fields%5Bbuilds%5D=version&limit=1`);
    expect(bare.body.links).toEqual(escaped.body.links);
  });

  test('end when their cursor goes stale or belongs to another list', async () => {
    const first = await sandbox.call('GET', '/v1/betaTesters?limit=5');
    const { nextCursor } = first.body.meta.paging;
    const elsewhere = await sandbox.call('GET', `/v1/builds?limit=5&cursor=${nextCursor}`);
    expect(elsewhere.body.errors[0].source).toEqual({ parameter: 'cursor' });
    await sandbox.control('POST', 'cursors');
    const stale = await sandbox.call('GET', first.body.links.next.slice(sandbox.baseUrl.length));
    expect([stale.status, codesOf(stale)]).toEqual([400, ['PARAMETER_ERROR.INVALID']]);
  });

  test('show only the fields asked for, relationships included', async () => {
    const query = 'limit=1&include=app&fields%5BbetaGroups%5D=name,app&fields%5Bapps%5D=bundleId';
    const { body } = await sandbox.call('GET', `/v1/betaGroups?${query}`);
    expect(Object.keys(body.data[0].attributes)).toEqual(['name']);
    expect(Object.keys(body.data[0].relationships)).toEqual(['app']);
    expect(Object.keys(body.included[0].attributes)).toEqual(['bundleId']);
    expect(body.included[0].relationships).toBeUndefined();
  });
});

describe('the rate limit', () => {
  test('is counted per key over an hour that rolls, and refused with 429', async () => {
    await sandbox.control('POST', 'rate-limit', { hour: 3, minute: null, reset: true });
    const remaining: (string | null)[] = [];
    for (let n = 0; n < 3; n += 1)
      remaining.push((await sandbox.call('GET', '/v1/apps')).headers.get('x-rate-limit'));
    expect(remaining).toEqual([2, 1, 0].map((left) => `user-hour-lim:3;user-hour-rem:${left};`));
    const over = await sandbox.call('GET', '/v1/apps');
    expect([over.status, codesOf(over)]).toEqual([429, ['RATE_LIMIT_EXCEEDED']]);
    await sandbox.control('POST', 'clock/step', { ms: 3_600_001 });
    expect((await sandbox.call('GET', '/v1/apps')).status).toBe(200);
  });

  test('may be one of the minute as well', async () => {
    await sandbox.control('POST', 'rate-limit', { hour: null, minute: 1, reset: true });
    const first = await sandbox.call('GET', '/v1/apps');
    expect(first.headers.get('x-rate-limit')).toBe('user-minute-lim:1;user-minute-rem:0;');
    expect((await sandbox.call('GET', '/v1/apps')).status).toBe(429);
  });
});

describe('faults', () => {
  const group = () => [...sandbox.parts().world.store.all('betaGroups').values()][0];

  test('strike where they are aimed, as often as they are told', async () => {
    await fault({ kind: 'status', status: 429, route: '/v1/betaGroups', count: 2, skip: 1, retryAfter: 7 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await sandbox.call('GET', '/v1/betaGroups')).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
    expect((await sandbox.call('GET', '/v1/apps')).status).toBe(200);
  });

  test('spell Retry-After as seconds, date or milliseconds', async () => {
    const forms = ['seconds', 'http-date', 'epoch-ms'];
    for (const retryAfterForm of forms)
      await fault({ kind: 'status', status: 429, count: 1, retryAfter: 7, retryAfterForm });
    const values: string[] = [];
    for (const _ of forms)
      values.push((await sandbox.call('GET', '/v1/apps')).headers.get('retry-after') ?? '');
    expect(values[0]).toBe('7');
    expect(values[1]).toMatch(/GMT$/);
    expect(Number(values[2])).toBeGreaterThan(Date.now());
  });

  test('after the commit leave the change behind', async () => {
    const { id = '' } = group() ?? {};
    const rename = (name: string) =>
      sandbox.call('PATCH', `/v1/betaGroups/${id}`, {
        data: { type: 'betaGroups', id, attributes: { name } },
      });
    await fault({ kind: 'status', status: 504, when: 'after', method: 'PATCH', count: 1 });
    expect((await rename('Committed')).status).toBe(504);
    expect(group()?.attributes.name).toBe('Committed');
    await fault({ kind: 'drop', when: 'before', method: 'PATCH', count: 1 });
    await expect(rename('Never')).rejects.toThrow();
    expect(group()?.attributes.name).toBe('Committed');
    await fault({ kind: 'drop', when: 'after', method: 'PATCH', count: 1 });
    await expect(rename('Dropped')).rejects.toThrow();
    expect(group()?.attributes.name).toBe('Dropped');
  });

  test('spoil bodies: cut, malformed, HTML, empty of data, unknown values, nulls, strange links', async () => {
    for (const kind of ['truncate', 'malformed']) {
      await fault({ kind, count: 1 });
      await expect(sandbox.call('GET', '/v1/apps'), kind).rejects.toThrow();
    }
    await fault({ kind: 'html', count: 1 });
    const html = await sandbox.call('GET', '/v1/apps');
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html']);
    const spoiled = async (kind: string) => {
      await fault({ kind, count: 1 });
      return (await sandbox.call('GET', '/v1/builds?limit=2&include=app')).body;
    };
    expect(await spoiled('missing-data')).not.toHaveProperty('data');
    expect((await spoiled('unknown-values')).data[0].attributes).toMatchObject({
      processingState: 'ADDED_BY_APPLE_LATER',
      addedByAppleLater: {},
    });
    expect(Object.values((await spoiled('null-attributes')).data[0].attributes)).toEqual(
      Array(12).fill(null),
    );
    expect(await spoiled('without-included')).not.toHaveProperty('included');
    const repeated = await spoiled('next-repeat');
    expect(repeated.links.next).toBe(repeated.links.self);
    expect(new URL((await spoiled('next-foreign')).links.next).host).toBe('203.0.113.7');
  });

  test('can drip, never end, or be far too large', async () => {
    const started = async (rule: Record<string, unknown>) => {
      await fault({ ...rule, count: 1 });
      const abort = new AbortController();
      const headers = { authorization: `Bearer ${await mint(sandbox)}` };
      const response = await fetch(`${sandbox.baseUrl}/v1/apps`, { headers, signal: abort.signal });
      return { reader: response.body?.getReader(), abort };
    };
    const drip = await started({ kind: 'drip', ms: 5 });
    expect((await drip.reader?.read())?.value?.length).toBe(1);
    drip.abort.abort();
    const endless = await started({ kind: 'endless' });
    expect((await endless.reader?.read())?.done).toBe(false);
    endless.abort.abort();
    const large = await started({ kind: 'oversize', bytes: 3_000_000 });
    let size = 0;
    for (let part = await large.reader?.read(); part && !part.done; part = await large.reader?.read())
      size += part.value.length;
    expect(size).toBeGreaterThan(3_000_000);
  });

  test('are written down with the requests they hit', async () => {
    await fault({ kind: 'status', status: 500, count: 1 });
    await sandbox.call('GET', '/v1/apps');
    const log = await sandbox.control('GET', 'requests?template=/v1/apps');
    expect(log.body.requests.at(-1)).toMatchObject({
      method: 'GET',
      status: 500,
      fault: 'status',
      hasBody: false,
    });
    await sandbox.control('DELETE', 'requests');
    expect((await sandbox.control('GET', 'requests')).body.count).toBe(0);
  });
});
