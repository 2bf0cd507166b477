import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueSetupToken } from '@/lib/access/first-run';
import { createContext, setAppContext } from '@/lib/context';
import { prepareInstallation } from '@/lib/services/start';
import { manualClock } from '@/tests/factories/clock';
import { type Answer, type ApiBench, apiBench, ORIGIN, PASSWORD } from '@/tests/factories/context';
import { FOREIGN_TARGETS } from '@/tests/factories/foreign-targets';

let bench: ApiBench;
let clock: ReturnType<typeof manualClock>;

beforeEach(async () => {
  // Tokens of next-auth run out by the machine's own clock, so the test's begins there.
  clock = manualClock(Date.now());
  bench = await apiBench({ isMirrored: false, clock });
});
afterEach(() => bench.close());

const MINUTE = 60_000;

function cookieIn(answer: Answer): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}

async function csrf(): Promise<{ csrfToken: string; cookie: string }> {
  const answer = await bench.call('GET', '/api/auth/csrf', { as: null });
  return { csrfToken: answer.body.csrfToken, cookie: cookieIn(answer) };
}

async function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { csrfToken, cookie } = await csrf();
  const given = headers.cookie ? `${headers.cookie}; ${cookie}` : cookie;
  return bench.call('POST', path, {
    as: null,
    body: new URLSearchParams({ ...fields, csrfToken, json: 'true' }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers, cookie: given },
  });
}

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  post('/api/auth/callback/credentials', { email, password, callbackUrl: '/' }, headers);

const meWith = (cookie: string) => bench.call('GET', '/api/me', { as: null, headers: { cookie } });

describe('signing in', () => {
  it('gives a cookie that carries no personal data and opens a session', async () => {
    const answer = await signIn('Admin@Example.com ', PASSWORD);
    expect(answer.status).toBe(200);
    const [cookie = ''] = answer.headers
      .getSetCookie()
      .filter((one) => one.startsWith('next-auth.session-token='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const me = await meWith(cookie.split(';')[0] ?? '');
    expect(me.body.data).toMatchObject({ email: 'admin@example.com', role: 'admin' });
    expect(me.body.data.permissions).toContain('team:write');
    const session = await bench.call('GET', '/api/auth/session', { as: null, headers: { cookie } });
    expect(session.body.user).toEqual({ name: 'admin', email: 'admin@example.com', role: 'admin' });
    const trail = await bench.db.query('SELECT action, label FROM auditEntries');
    expect(trail).toEqual([{ action: 'signIn', label: 'admin@example.com' }]);
  });

  it('uses a __Host- cookie on https', async () => {
    await bench.close();
    bench = await apiBench({ isMirrored: false, env: { NEXTAUTH_URL: 'https://beta.example.com' } });
    const cookie = bench.cookies.admin;
    expect(cookie).toMatch(/^__Host-next-auth\.session-token=/);
  });

  it('answers the same for a wrong password, an unknown address and a disabled person', async () => {
    await bench.call('PATCH', '/api/team', { body: { id: bench.users.viewer.id, isDisabled: true } });
    const answers = [
      await signIn('manager@example.com', 'wrong password here'),
      await signIn('nobody@example.com', 'wrong password here'),
      await signIn('viewer@example.com', PASSWORD),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.body]).toEqual([401, answers[0]?.body]);
      expect(answer.headers.getSetCookie().join()).not.toContain('session-token');
    }
  });

  it('takes as long for unknown addresses as for known ones', async () => {
    const { csrfToken, cookie } = await csrf();
    const timed = async (email: string) => {
      const body = new URLSearchParams({ email, password: 'wrong password here', csrfToken, json: 'true' });
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie };
      const started = performance.now();
      await bench.call('POST', '/api/auth/callback/credentials', {
        as: null,
        body: body.toString(),
        headers,
      });
      return performance.now() - started;
    };
    await timed('warm.up@example.com');
    // Taken in turns, and the quickest of each: a busy machine slows both alike, but never speeds one up.
    const known: number[] = [];
    const unknown: number[] = [];
    for (const role of ['viewer', 'triager', 'manager', 'admin']) {
      for (let index = 0; index < 4; index += 1) {
        known.push(await timed(`${role}@example.com`));
        unknown.push(await timed(`no-${role}@example.com`));
      }
    }
    const ratio = Math.min(...unknown) / Math.min(...known);
    // Without the hash it would be a twentieth.
    expect(ratio).toBeGreaterThan(0.33);
    expect(ratio).toBeLessThan(3);
  });

  it('verifies at most ten of a thousand wrong tries from fifty forged addresses, restarts included', async () => {
    const device = deviceOf(await signIn('admin@example.com', PASSWORD));
    const refused = () => bench.logged.filter((line) => line.includes('sign-in refused')).length;
    for (let index = 0; index < 1000; index += 1) {
      if (index % 250 === 249) await bench.restart();
      await limitedTry(`10.0.0.${index % 50}`);
    }
    expect(refused()).toBeGreaterThan(0);
    expect(refused()).toBeLessThanOrEqual(10);
    // In a browser where the owner has signed in before, nothing of it is felt.
    const known = await signIn('admin@example.com', PASSWORD, { cookie: device });
    expect(known.status).toBe(200);
    for (let index = 0; index < 20; index += 1) await limitedTry('10.0.0.1');
    // In another one the right password waits a few seconds.
    const limited = await signIn('admin@example.com', PASSWORD);
    expect([limited.status, new URL(limited.body.url).searchParams.get('error')]).toEqual([
      429,
      'TooManyAttempts',
    ]);
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(5);
    await clock.advance(5_000);
    expect((await signIn('admin@example.com', PASSWORD)).status).toBe(200);
  });

  it('does not let a device of one person help with the password of another, nor a forged one', async () => {
    const device = deviceOf(await signIn('viewer@example.com', PASSWORD));
    for (let index = 0; index < 10; index += 1) await limitedTry('10.0.0.1');
    const name = deviceOf(await signIn('manager@example.com', PASSWORD)).split('=')[0];
    const forged = `${name}=abc.${clock.now()}.${'x'.repeat(43)}`;
    for (const cookie of [device, device.replace(/^[^=]+/, name ?? ''), forged]) {
      expect((await signIn('admin@example.com', PASSWORD, { cookie })).status).toBe(429);
    }
  });

  it('keeps guessing slow on a known device too', async () => {
    const cookie = deviceOf(await signIn('viewer@example.com', PASSWORD));
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      statuses.push((await signIn('viewer@example.com', 'wrong password here', { cookie })).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  });

  const deviceOf = (answer: Answer) =>
    cookieIn(answer)
      .split('; ')
      .find((cookie) => cookie.startsWith('fd-device-')) ?? '';

  let form: { csrfToken: string; cookie: string } | undefined;
  afterEach(() => {
    form = undefined;
  });
  async function limitedTry(address: string): Promise<Answer> {
    form ??= await csrf();
    const fields = {
      email: 'admin@example.com',
      password: 'wrong password here',
      csrfToken: form.csrfToken,
      json: 'true',
    };
    return bench.call('POST', '/api/auth/callback/credentials', {
      as: null,
      body: new URLSearchParams(fields).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: form.cookie,
        'x-forwarded-for': address,
      },
    });
  }

  it('does not sign in without next-auth’s own token or from another site', async () => {
    const fields = new URLSearchParams({
      email: 'admin@example.com',
      password: PASSWORD,
      json: 'true',
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const without = await bench.call('POST', '/api/auth/callback/credentials', {
      as: null,
      body: fields,
      headers,
    });
    expect(without.headers.getSetCookie().join()).not.toContain('session-token');
    const foreign = await signIn('admin@example.com', PASSWORD, {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect(foreign.status).toBe(403);
  });

  it('keeps no other site as the place to come back to', async () => {
    for (const target of FOREIGN_TARGETS) {
      const query = `callbackUrl=${encodeURIComponent(target)}`;
      for (const action of ['signin', 'signout', 'error', 'csrf']) {
        const answer = await bench.call('GET', `/api/auth/${action}?${query}`, {
          as: null,
          headers: { 'x-forwarded-host': 'evil.example', referer: 'https://evil.example/' },
        });
        expect([target, action, answer.status < 500]).toEqual([target, action, true]);
        const words = await bench.call('GET', `/api/auth/${action}?error=${encodeURIComponent(target)}`, {
          as: null,
        });
        expect([
          target,
          action,
          words.status < 500,
          words.headers.get('location')?.includes('evil') ?? false,
        ]).toEqual([target, action, true, false]);
        const kept = answer.headers.getSetCookie().map(decodeURIComponent).join();
        expect(`${answer.headers.get('location')} ${kept}`).not.toMatch(/evil|script/i);
      }
    }
  });

  it('leads to no other site afterwards', async () => {
    for (const callbackUrl of FOREIGN_TARGETS.filter((_, index) => index % 23 === 0)) {
      const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
      const answer = await post(
        '/api/auth/callback/credentials',
        { email: 'admin@example.com', password: PASSWORD, callbackUrl },
        { ...forwarded, cookie: `next-auth.callback-url=${encodeURIComponent(callbackUrl)}` },
      );
      expect([callbackUrl, answer.body.url]).toEqual([callbackUrl, ORIGIN]);
    }
  });
});

describe('the end of a session', () => {
  it('comes with signing out: the same cookie is worth nothing afterwards', async () => {
    const cookie = cookieIn(await signIn('manager@example.com', PASSWORD));
    expect((await meWith(cookie)).status).toBe(200);
    await post('/api/auth/signout', {}, { cookie });
    expect((await meWith(cookie)).status).toBe(401);
    const session = await bench.call('GET', '/api/auth/session', { as: null, headers: { cookie } });
    expect(session.body).toEqual({});
  });

  it('comes at the next request after a new role, a disabling and a new password', async () => {
    const id = bench.users.manager.id;
    const changes = [{ role: 'viewer' }, { isDisabled: true }, { resetPassword: true }];
    for (const change of changes) {
      await bench.close();
      bench = await apiBench({ isMirrored: false, clock });
      const user = bench.users.manager;
      expect((await bench.call('GET', '/api/me', { as: 'manager' })).status).toBe(200);
      const answer = await bench.call('PATCH', '/api/team', { body: { id: user.id, ...change } });
      expect(answer.status).toBe(200);
      expect((await bench.call('GET', '/api/me', { as: 'manager' })).status).toBe(401);
    }
    expect(id).toBeTruthy();
  });

  it('comes after an hour of silence and after twelve hours in any case', async () => {
    expect((await bench.call('GET', '/api/me')).status).toBe(200);
    await clock.advance(61 * MINUTE);
    expect((await bench.call('GET', '/api/me')).status).toBe(401);
    const { cookie, db } = { cookie: bench.cookies.manager, db: bench.db };
    await db.write([
      {
        sql: 'UPDATE sessions SET lastSeenAt = ? WHERE userId = ?',
        params: [clock.now(), bench.users.manager.id],
      },
    ]);
    expect((await meWith(cookie)).status).toBe(200);
    await clock.advance(11 * 60 * MINUTE);
    await db.write([{ sql: 'UPDATE sessions SET lastSeenAt = ?', params: [clock.now()] }]);
    expect((await meWith(cookie)).status).toBe(401);
  });

  it('does not come while somebody works', async () => {
    for (let hour = 0; hour < 5; hour += 1) {
      await clock.advance(50 * MINUTE);
      expect((await bench.call('GET', '/api/me')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('keeps this browser and ends the others when one changes one’s own password', async () => {
    const other = cookieIn(await signIn('triager@example.com', PASSWORD));
    const body = { currentPassword: PASSWORD, newPassword: 'three calm otters rowing' };
    const wrong = await bench.call('PATCH', '/api/me', {
      as: 'triager',
      body: { ...body, currentPassword: 'no' },
    });
    expect([wrong.status, wrong.body.errors[0].source.pointer]).toEqual([400, '/currentPassword']);
    const common = await bench.call('PATCH', '/api/me', {
      as: 'triager',
      body: { ...body, newPassword: 'password12345' },
    });
    expect([common.status, common.body.errors[0].source.pointer]).toEqual([400, '/newPassword']);
    const answer = await bench.call('PATCH', '/api/me', { as: 'triager', body });
    expect(answer.status).toBe(200);
    expect((await meWith(other)).status).toBe(401);
    expect((await meWith(cookieIn(answer))).status).toBe(200);
  });

  it('is not put off by a token of another secret or a made-up one', async () => {
    for (const token of ['x', 'a.b.c.d.e', randomBytes(64).toString('base64url')]) {
      expect((await meWith(`next-auth.session-token=${token}`)).status).toBe(401);
    }
  });
});

describe('a temporary password', () => {
  const NEW = 'three calm otters rowing';
  const change = (cookie: string, currentPassword: string, newPassword: string) =>
    bench.call('PATCH', '/api/me', { as: null, headers: { cookie }, body: { currentPassword, newPassword } });

  it.each([
    [
      'of an invitation',
      () => bench.call('POST', '/api/team', { body: { email: 'new@example.com', role: 'manager' } }),
      'new@example.com',
    ],
    [
      'of a reset',
      () => bench.call('PATCH', '/api/team', { body: { id: bench.users.manager.id, resetPassword: true } }),
      'manager@example.com',
    ],
  ])('%s opens nothing until one’s own is chosen, and nothing afterwards', async (_, give, email) => {
    const { temporaryPassword } = (await give()).body.meta;
    const cookie = cookieIn(await signIn(email, temporaryPassword));
    const refused = await bench.call('GET', '/api/overview', { as: null, headers: { cookie } });
    expect([refused.status, refused.body.errors[0].code]).toEqual([403, 'FLIGHTDECK.TEMPORARY_PASSWORD']);

    const same = await change(cookie, temporaryPassword, temporaryPassword);
    expect([same.status, same.body.errors[0].source.pointer]).toEqual([400, '/newPassword']);
    expect((await change(cookie, temporaryPassword, 'password12345')).status).toBe(400);
    const changed = await change(cookie, temporaryPassword, NEW);
    expect(changed.status).toBe(200);
    expect((await meWith(cookie)).status).toBe(401);
    const free = await bench.call('GET', '/api/overview', {
      as: null,
      headers: { cookie: cookieIn(changed) },
    });
    expect(free.status).toBe(200);
    expect((await signIn(email, temporaryPassword)).status).toBe(401);
    const again = cookieIn(await signIn(email, NEW));
    expect((await bench.call('GET', '/api/overview', { as: null, headers: { cookie: again } })).status).toBe(
      200,
    );
  });
});

describe('the first run', () => {
  beforeEach(async () => {
    await bench.db.write([
      { sql: 'DELETE FROM sessions', params: [] },
      { sql: 'DELETE FROM users', params: [] },
    ]);
  });

  const owner = { email: 'owner@example.com', name: 'Owner', password: 'several kind herons walking' };
  const setUp = (body: object) => bench.call('POST', '/api/setup', { as: null, body });

  it('has no default account and needs the token of the last start', async () => {
    expect((await bench.call('GET', '/api/setup', { as: null })).body.data).toEqual({ isFirstRun: true });
    const first = (await issueSetupToken(bench.db, clock.now())) ?? '';
    const token = (await issueSetupToken(bench.db, clock.now())) ?? '';
    expect((await setUp({ ...owner, token: first })).status).toBe(403);
    expect((await setUp({ ...owner, token, password: 'password123' })).body.errors[0].source.pointer).toBe(
      '/password',
    );
    const answer = await setUp({ ...owner, token });
    expect(answer.status).toBe(201);
    expect((await meWith(cookieIn(answer))).body.data).toMatchObject({ email: owner.email, role: 'admin' });
    expect((await setUp({ ...owner, token, email: 'second@example.com' })).status).toBe(409);
    expect(JSON.stringify(await bench.db.query('SELECT * FROM settings'))).not.toContain(token);
  });

  it('gives up after ten wrong tokens', async () => {
    await issueSetupToken(bench.db, clock.now());
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push((await setUp({ ...owner, token: `wrong-${index}` })).status);
    expect(statuses).toEqual([...Array(10).fill(403), 429, 429]);
  });

  it('prints the token at start, or makes the admin of the environment instead', async () => {
    await prepareInstallation(bench.app);
    const printed = bench.logged.join('').match(/one-time token: ([\w-]+)/)?.[1] ?? '';
    expect((await setUp({ ...owner, token: printed })).status).toBe(201);

    await bench.close();
    bench = await apiBench({
      isMirrored: false,
      env: { ADMIN_EMAIL: 'env@example.com', ADMIN_PASSWORD: 'green boats drift slowly' },
    });
    await bench.db.write([{ sql: 'DELETE FROM users', params: [] }]);
    await prepareInstallation(bench.app);
    expect(await bench.db.query('SELECT email, role FROM users')).toEqual([
      { email: 'env@example.com', role: 'admin' },
    ]);
    await prepareInstallation(bench.app);
    expect(await bench.db.query('SELECT email FROM users')).toHaveLength(1);
    expect(bench.logged.join('')).not.toContain('one-time token');
  });

  it('makes one admin and one account for two processes that start together', async () => {
    await bench.close();
    bench = await apiBench({
      isMirrored: false,
      env: { ADMIN_EMAIL: 'env@example.com', ADMIN_PASSWORD: 'green boats drift slowly' },
    });
    const { sandbox, app, db } = bench;
    const { keyId, issuerId, privateKeyPath } = sandbox;
    Object.assign(app.env, {
      ASC_KEY_ID: keyId,
      ASC_ISSUER_ID: issuerId,
      ASC_PRIVATE_KEY_PATH: privateKeyPath,
    });
    for (const table of ['users', '"Account"']) await db.write([{ sql: `DELETE FROM ${table}`, params: [] }]);
    await Promise.all([1, 2].map(() => prepareInstallation(app)));
    expect(await db.query('SELECT email FROM users')).toEqual([{ email: 'env@example.com' }]);
    expect(await db.query('SELECT keyId FROM "Account"')).toEqual([{ keyId }]);
  });
});

it('refuses to open with another encryption key, saying so', async () => {
  const { env, db, log } = bench.app;
  const opened = createContext({ env, db, clock, log, encryptionKey: randomBytes(32) });
  await expect(opened).rejects.toThrow('This is not the encryption key this database was written with');
  setAppContext(bench.app);
});
