import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '@/lib/access/policy';
import { handle } from '@/lib/http/routes/resource-routes';
import { allThatIsKept } from '@/tests/factories/all-that-is-kept';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { tableNames } from '@/tests/factories/database';
import { ROUTES } from '@/tests/factories/routes';

let bench: ApiBench;

beforeAll(async () => {
  bench = await apiBench({ seed: 3 });
});
afterAll(() => bench.close());

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const PUBLIC = ['/api/auth/*nextauth', '/api/setup', '/api/health/live', '/api/health/ready'];
/** What another server sends, which proves itself by its signature (tests/api/webhooks.test.ts). */
const RECEIVERS = ['/api/webhooks/app-store-connect/:path'];
const ENDPOINTS = ROUTES.flatMap(([pattern, module]) =>
  METHODS.filter((method) => module[method] !== undefined).map((method) => ({
    pattern,
    method,
    name: `${method} ${pattern}`,
  })),
);
const GUARDED = ENDPOINTS.filter(({ pattern }) => !PUBLIC.includes(pattern) && !RECEIVERS.includes(pattern));
/** What a viewer changes: what is their own. */
const OWN = ['POST /api/notices'];
const MUTATIONS = ENDPOINTS.filter(({ method }) => method !== 'GET');

const pathOf = (pattern: string) =>
  pattern
    .replace('*nextauth', 'signout')
    .replace(':type', 'betaGroups')
    .replace(/:\w+/g, (name) => (name === ':relationship' ? 'builds' : 'some-id'));

it('finds the route files', () => {
  expect(ROUTES.length).toBeGreaterThan(20);
  expect(MUTATIONS.length).toBeGreaterThan(15);
});

/** Headers with which Next asks for parts of pages, and what proxies and attackers add. */
const VARIANTS: readonly Record<string, string>[] = [
  {},
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { 'next-router-segment-prefetch': '/_tree' },
  { purpose: 'prefetch' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { authorization: 'Bearer something' },
  { 'x-forwarded-user': 'admin@example.com' },
  { cookie: 'next-auth.session-token=forged; __Host-next-auth.session-token=forged' },
];

describe('without a session', () => {
  it.each(GUARDED)('$name answers 401 in every variant', async ({ pattern, method }) => {
    for (const headers of VARIANTS) {
      for (const address of [
        pathOf(pattern),
        `${pathOf(pattern)}?_rsc=abc`,
        pathOf(pattern).replace('some-id', 'some%2Did'),
      ]) {
        const body = method === 'GET' ? {} : { body: {} };
        const answer = await bench.call(method, address, { as: null, headers, ...body });
        expect([address, headers, answer.status]).toEqual([address, headers, 401]);
        expect(Object.keys(answer.body)).toEqual(['errors']);
      }
    }
  });

  it('tells health in one word only', async () => {
    const answer = await bench.call('GET', '/api/health/ready', { as: null });
    expect(Object.keys(answer.body)).toEqual(['status']);
    expect((await bench.call('GET', '/api/health/ready')).body.checks.database.ok).toBe(true);
    expect((await bench.call('GET', '/api/health/live', { as: null })).body).toEqual({ status: 'live' });
  });
});

describe('with a temporary password', () => {
  const OPEN = ['GET /api/me', 'PATCH /api/me'];
  let cookie: string;
  beforeAll(async () => {
    await bench.db.write([
      {
        sql: `INSERT INTO users (id, email, passwordHash, role, hasTemporaryPassword, createdAt, updatedAt)
              VALUES ('temporary', 'temporary@example.com', 'none', 'admin', 1, 0, 0)`,
        params: [],
      },
      {
        sql: `INSERT INTO sessions (id, userId, tokenVersion, createdAt, lastSeenAt, expiresAt)
              VALUES ('temporary', 'temporary', 1, ?, ?, ?)`,
        params: [Date.now(), Date.now(), Date.now() + 60_000],
      },
    ]);
    cookie = await bench.cookieOf({ sessionId: 'temporary', userId: 'temporary', tokenVersion: 1 });
  });

  it.each(GUARDED.filter(({ name }) => !OPEN.includes(name)))(
    '$name is closed, even to an admin',
    async (one) => {
      const body = one.method === 'GET' ? {} : { body: {} };
      const answer = await bench.call(one.method, pathOf(one.pattern), {
        as: null,
        headers: { cookie },
        ...body,
      });
      expect([answer.status, answer.body.errors[0].code]).toEqual([403, 'FLIGHTDECK.TEMPORARY_PASSWORD']);
      expect(Object.keys(answer.body)).toEqual(['errors']);
    },
  );

  it('one’s own name is told, health is not', async () => {
    const ask = (address: string) => bench.call('GET', address, { as: null, headers: { cookie } });
    expect((await ask('/api/me')).body.data.email).toBe('temporary@example.com');
    expect(Object.keys((await ask('/api/health/ready')).body)).toEqual(['status']);
  });
});

describe('requests of other sites', () => {
  const FOREIGN: readonly (readonly [string, Record<string, string>])[] = [
    ['a foreign origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    [
      'a foreign origin that claims to be ours',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['our origin from another site', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }],
    ['a sibling of the same site', { origin: 'http://other.127.0.0.1:3000', 'sec-fetch-site': 'same-site' }],
    ['another port', { origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-site' }],
    ['the null origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an address typed in', { origin: ORIGIN, 'sec-fetch-site': 'none' }],
    ['another scheme', { origin: 'https://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }],
  ];
  const changes = () =>
    bench.db.query(
      'SELECT (SELECT count(*) FROM auditEntries) AS a, (SELECT count(*) FROM users) AS u, (SELECT count(*) FROM savedViews) AS v, (SELECT count(*) FROM syncRequests) AS s',
    );

  it.each(MUTATIONS.filter(({ pattern }) => !RECEIVERS.includes(pattern)))(
    '$name is refused and changes nothing',
    async ({ pattern, method }) => {
      const before = await changes();
      bench.upstream();
      for (const [name, headers] of FOREIGN) {
        const answer = await bench.call(method, pathOf(pattern), { body: {}, headers });
        expect([name, answer.status, answer.body.errors[0].code]).toEqual([name, 403, 'FLIGHTDECK.ORIGIN']);
      }
      const silent = new Request(ORIGIN + pathOf(pattern), {
        method,
        headers: { cookie: bench.cookies.admin, 'content-type': 'application/json' },
        body: '{}',
      });
      const module = ROUTES.find(([one]) => one === pattern)?.[1];
      const response = await module?.[method]?.(silent, { params: Promise.resolve({}) });
      expect(response?.status).toBe(403);
      expect([bench.upstream(), await changes()]).toEqual([0, before]);
    },
  );

  it('are refused when they send a form instead of JSON', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', '']) {
      const answer = await bench.call('POST', '/api/views', {
        body: '{}',
        headers: { 'content-type': type },
      });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  it('are answered under no other host name', async () => {
    for (const host of [
      'evil.example',
      'evil.example:3000',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'a b',
      'evil.example/x',
    ]) {
      const answer = await bench.call('GET', '/api/me', { headers: { host } });
      expect([host, answer.status]).toEqual([host, 421]);
      expect(answer.text).not.toContain('evil');
    }
    for (const host of ['127.0.0.1:3000', 'localhost:3000', '[::1]:3000']) {
      expect((await bench.call('GET', '/api/me', { headers: { host } })).status).toBe(200);
    }
    const forwarded = await bench.call('GET', '/api/auth/providers', {
      as: null,
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    expect(forwarded.text).not.toContain('evil.example');
  });
});

it('changes nothing on GET', async () => {
  const dump = async () => {
    // Kept answers, the probe of readiness, the time of the last request and what a key has spent are no changes.
    const apart = ['documents', 'sessions', 'settings', 'keyBudgets', 'keySpending'];
    return await Promise.all(
      (await tableNames(bench.db))
        .filter((name) => !apart.includes(name))
        .map(async (name) => [name, await bench.db.query(`SELECT * FROM "${name}"`)]),
    );
  };
  const before = JSON.stringify(await dump());
  const changes = bench.sandbox.parts().world.store.changes;
  for (const { pattern } of ENDPOINTS.filter(({ method }) => method === 'GET')) {
    for (const role of ROLES) await bench.call('GET', pathOf(pattern), { as: role });
  }
  expect(JSON.stringify(await dump())).toBe(before);
  expect(bench.sandbox.parts().world.store.changes).toBe(changes);
});

describe('what a viewer sees', () => {
  const EMAIL = /[\w.+-]+@[\w-]+\.[\w.]+/g;

  it('has masked addresses and causes no request', async () => {
    bench.upstream();
    const app = (await bench.db.query<{ id: string }>('SELECT id FROM apps LIMIT 1'))[0]?.id ?? '';
    const tester = (
      await bench.db.query<{ id: string; email: string }>(
        'SELECT id, email FROM betaTesters WHERE email IS NOT NULL LIMIT 1',
      )
    )[0];
    const paths = [
      `/api/v1/betaTesters?filter[apps]=${app}&limit=200`,
      `/api/v1/betaTesters/${tester?.id}?refresh=0`,
      `/api/v1/apps/${app}/betaFeedbackCrashSubmissions?include=tester`,
      `/api/search?q=${encodeURIComponent(tester?.email ?? '')}`,
      '/api/overview',
      `/api/v1/users`,
    ];
    for (const address of paths) {
      const answer = await bench.call('GET', address, { as: 'viewer' });
      for (const email of answer.text.match(EMAIL) ?? [])
        expect([address, email]).toEqual([address, expect.stringMatching(/^.?•••@/)]);
      expect(answer.text).not.toContain(tester?.email);
    }
    const found = await bench.call('GET', paths[0] ?? '', { as: 'viewer' });
    expect(found.body.data.length).toBeGreaterThan(5);
    expect(found.text).toContain('•••@');
    for (const address of [`/api/v1/betaTesters/${tester?.id}?refresh=1`, '/api/v1/betaLicenseAgreements']) {
      expect((await bench.call('GET', address, { as: 'viewer' })).body.errors[0].code).toBe(
        'FLIGHTDECK.FORBIDDEN',
      );
    }
    expect((await bench.call('POST', '/api/sync', { as: 'viewer', body: {} })).status).toBe(403);
    expect(bench.upstream()).toBe(0);
    expect((await bench.call('GET', paths[1] ?? '', { as: 'triager' })).text).toContain(tester?.email);
  });

  it.each(GUARDED)('$name reaches nobody, whatever is asked of it', async ({ name, pattern, method }) => {
    const [place] = await bench.db.query<{ id: string; appId: string }>(
      'SELECT id, appId FROM betaGroups LIMIT 1',
    );
    const address = pathOf(pattern).replace(
      'some-id',
      pattern.includes(':appId') ? (place?.appId ?? '') : (place?.id ?? ''),
    );
    bench.upstream();
    for (const more of ['', '?refresh=1', '?refresh=1&include=app&limit=200']) {
      const body = method === 'GET' ? {} : { body: {} };
      const answer = await bench.call(method, address + more, { as: 'viewer', ...body });
      if (method !== 'GET') expect([address, answer.status >= 400]).toEqual([address, !OWN.includes(name)]);
    }
    expect(bench.upstream()).toBe(0);
  });

  it('includes what a colleague has read from Apple before, marked with its age', async () => {
    const app = (await bench.db.query<{ id: string }>('SELECT id FROM apps LIMIT 1'))[0]?.id;
    const address = `/api/v1/apps/${app}/betaAppLocalizations`;
    expect((await bench.call('GET', address, { as: 'viewer' })).status).toBe(403);
    expect((await bench.call('GET', address, { as: 'triager' })).body.meta.stale).toBe(false);
    const answer = await bench.call('GET', address, { as: 'viewer' });
    expect([answer.status, answer.body.meta.source]).toEqual([200, 'apple']);
    expect(answer.text.match(EMAIL) ?? []).toEqual(
      (answer.text.match(EMAIL) ?? []).filter((one) => one.includes('•')),
    );
  });
});

it('asks for a sync at most once a minute per account', async () => {
  expect(
    (await bench.call('POST', '/api/sync', { as: 'triager', body: { accountId: ACCOUNT, mode: 'full' } }))
      .status,
  ).toBe(202);
  const again = await bench.call('POST', '/api/sync', { body: {} });
  expect([again.status, Number(again.headers.get('retry-after')) > 50]).toEqual([429, true]);
  expect(await bench.db.query('SELECT accountId, mode FROM syncRequests')).toEqual([
    { accountId: ACCOUNT, mode: 'full' },
  ]);
});

it('keeps the key, its tokens, passwords and secrets out of store, log, answers and errors', async () => {
  const canary = bench.sandbox.privateKey.replace(/-----[A-Z ]+-----|\s/g, '').slice(40, 100);
  const answers: string[] = [];
  const call = async (...args: Parameters<ApiBench['call']>) =>
    answers.push((await bench.call(...args)).text);
  const key = {
    kind: 'team',
    issuerId: bench.sandbox.issuerId,
    keyId: bench.sandbox.keyId,
    privateKey: bench.sandbox.privateKey,
  };
  await call('GET', '/api/accounts');
  await call('POST', '/api/accounts', { body: { ...key, name: 'Again' } });
  await call('POST', '/api/accounts/check', { body: key });
  await call('POST', '/api/accounts/check', { body: { ...key, keyId: 'WRONGKEY99' } });
  await call('POST', '/api/accounts', { body: { ...key, name: 7 } });
  await call('PATCH', `/api/accounts/${ACCOUNT}`, { body: { name: 'Renamed', key } });
  const app = (await bench.db.query<{ id: string }>('SELECT id FROM apps LIMIT 1'))[0]?.id;
  const attributes = {
    name: 'n',
    url: 'http://127.0.0.1:9/x',
    secret: 'canary-hook-secret',
    enabled: true,
    eventTypes: ['BUILD_UPLOAD_STATE_UPDATED'],
  };
  await call('POST', '/api/v1/webhooks', {
    body: {
      data: { type: 'webhooks', attributes, relationships: { app: { data: { type: 'apps', id: app } } } },
    },
  });
  bench.sandbox.parts().faults.add({ kind: 'status', status: 500 });
  await call('GET', '/api/v1/users?refresh=1');
  bench.sandbox.parts().faults.remove(null);
  await bench.app.ctx({ kind: 'system', name: 'shell' }, 'x').ascFor(ACCOUNT);
  const places = {
    kept: await allThatIsKept(bench.db),
    logged: bench.logged.join(''),
    answers: answers.join(''),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [canary, 'BEGIN PRIVATE KEY', 'canary-hook-secret', 'eyJhbGciOiJFUzI1NiIs']) {
      expect([place, secret, text.includes(secret)]).toEqual([place, secret, false]);
    }
  }
  expect(places.answers).not.toContain('sealedKey');
});

it('answers a fault with an id and nothing else', async () => {
  const broken = handle('list');
  const request = new Request(`${ORIGIN}/api/v1/apps`, { headers: { cookie: bench.cookies.admin } });
  const answer = await broken(request, {
    params: Promise.reject(new Error('SELECT secret FROM /work/file.ts:12')),
  });
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).not.toMatch(/SELECT|\.ts|node_modules| at /);
  const [{ meta, id }] = JSON.parse(text).errors;
  expect(id).toMatch(/^[\w-]{36}$/);
  expect(bench.logged.join('')).toContain(meta.requestId);
});

it('writes no forged lines into the log', async () => {
  await bench.call('GET', '/api/v1/apps%0D%0A{"level":"error","msg":"forged"}', {
    headers: { 'x-request-id': 'a"b{}' },
  });
  for (const line of bench.logged.join('').split('\n').filter(Boolean))
    expect(JSON.parse(line).msg).not.toBe('forged');
});

it('refuses bodies that are too long, announced or not', async () => {
  const long = JSON.stringify({ data: 'x'.repeat(1024 * 1024 + 1) });
  const path = '/api/v1/betaGroups';
  expect((await bench.call('POST', path, { body: long })).status).toBe(413);
  expect((await bench.call('POST', '/api/accounts', { body: long.slice(0, 40_000) })).status).toBe(413);
});

it('keeps the accounts apart', async () => {
  const [group] = await bench.db.query<{ id: string; appId: string }>(
    'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 LIMIT 1',
  );
  const now = Date.now();
  await bench.db.write([
    {
      sql: `INSERT INTO Account (id, name, kind, issuerId, keyId, baseUrl, sealedKey, createdAt, updatedAt)
            SELECT 'account-2', 'Other', kind, issuerId, 'OTHERKEY01', baseUrl, sealedKey, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM Account WHERE id = ?`,
      params: [now, now, ACCOUNT],
    },
  ]);
  bench.upstream();
  const headers = { 'flightdeck-account': 'account-2' };
  const body = { data: { type: 'betaGroups', id: group?.id, attributes: { name: 'Taken' } } };
  expect((await bench.call('GET', `/api/v1/betaGroups/${group?.id}`, { headers })).status).toBe(404);
  expect((await bench.call('PATCH', `/api/v1/betaGroups/${group?.id}`, { headers, body })).status).toBe(404);
  expect((await bench.call('GET', '/api/v1/betaGroups', { headers })).body.meta.total).toBe(0);
  // A ciphertext moved to another row cannot be opened there.
  const moved = await bench.call('GET', '/api/v1/users', { headers });
  expect([moved.status, moved.body.errors[0].code]).toEqual([502, 'FLIGHTDECK.ASC_BAD_CREDENTIAL']);
  const unknown = await bench.call('GET', '/api/v1/users', { headers: { 'flightdeck-account': 'nobody' } });
  expect(unknown.status).toBe(404);
  const unclear = await bench.call('GET', '/api/v1/users');
  expect([unclear.status, unclear.body.errors[0].source]).toEqual([400, { header: 'Flightdeck-Account' }]);
  expect(bench.upstream()).toBe(0);
  await bench.db.write([{ sql: "DELETE FROM Account WHERE id = 'account-2'", params: [] }]);
});
