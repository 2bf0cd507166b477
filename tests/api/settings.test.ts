import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

let bench: ApiBench;
beforeEach(async () => {
  bench = await apiBench({ isMirrored: false });
});
afterEach(() => bench.close());

const newKey = (more: object = {}) => {
  const { issuerId } = bench.sandbox;
  const { keyId, privateKey } = bench.sandbox.parts().keys.create({ roles: ['APP_MANAGER'] });
  return { kind: 'team', issuerId, keyId, privateKey, ...more };
};

const remove = (id: string, confirm?: string) =>
  bench.call('DELETE', `/api/accounts/${id}`, { body: { confirm } });

describe('accounts', () => {
  it('are added after a live check, renamed, given another key and removed, each in the trail', async () => {
    await remove(ACCOUNT, 'Sandbox');
    const key = newKey();
    const added = await bench.call('POST', '/api/accounts', { body: { ...key, name: 'Second' } });
    expect([added.status, added.body.data]).toMatchObject([
      201,
      { name: 'Second', keyId: key.keyId, status: 'ok' },
    ]);
    const { id } = added.body.data;
    const headers = { 'flightdeck-account': id };
    expect((await bench.call('GET', '/api/v1/users', { headers })).status).toBe(200);

    expect(
      (await bench.call('PATCH', `/api/accounts/${id}`, { body: { name: 'Renamed' } })).body.data.name,
    ).toBe('Renamed');
    const other = newKey();
    const replaced = await bench.call('PATCH', `/api/accounts/${id}`, {
      body: { key: other, confirm: 'Renamed' },
    });
    expect(replaced.body.data.keyId).toBe(other.keyId);
    bench.sandbox.parts().keys.revoke(key.keyId, 401);
    expect((await bench.call('GET', '/api/v1/users?refresh=1', { headers })).body.meta.stale).toBe(false);

    expect((await remove(id, 'Renamed')).status).toBe(200);
    expect((await bench.call('GET', '/api/v1/users', { headers })).status).toBe(404);
    expect(await bench.db.query('SELECT sealedKey FROM Account WHERE id = ?', [id])).toEqual([
      { sealedKey: '' },
    ]);
    const rows = await bench.db.query<{ action: string; status: string }>(
      "SELECT action, status FROM auditEntries WHERE type = 'accounts' AND resourceId = ? ORDER BY seq",
      [id],
    );
    expect(rows.map(({ action, status }) => `${action} ${status}`)).toEqual([
      'create succeeded',
      'update succeeded',
      'replaceKey succeeded',
      'delete succeeded',
    ]);
  });

  it('say precisely what is wrong with a key, at the field, and keep nothing', async () => {
    const weak = () => {
      const { keyId, privateKey } = bench.sandbox.parts().keys.create({ roles: ['FINANCE'] });
      return { kind: 'team', issuerId: bench.sandbox.issuerId, keyId, privateKey };
    };
    const wrong: readonly (readonly [object, string, string | undefined])[] = [
      [newKey({ privateKey: 'not a key' }), 'bad_pem', '/privateKey'],
      [newKey({ keyId: 'SHORT' }), 'bad_key_id', '/keyId'],
      [newKey({ issuerId: 'nonsense' }), 'bad_issuer_id', '/issuerId'],
      [newKey({ issuerId: '00000000-0000-4000-8000-000000000000' }), 'not_accepted', '/issuerId'],
      [weak(), 'role_too_low', undefined],
    ];
    for (const [key, problem, pointer] of wrong) {
      const answer = await bench.call('POST', '/api/accounts', { body: { ...key, name: 'Wrong' } });
      const [error] = answer.body.errors;
      expect([answer.status, error.meta.problem, error.source?.pointer]).toEqual([422, problem, pointer]);
      expect(error.meta.advice.length).toBeGreaterThan(10);
      const check = await bench.call('POST', '/api/accounts/check', { body: key });
      expect([check.status, check.body.data.ok, check.body.data.problem]).toEqual([200, false, problem]);
    }
    expect((await bench.call('POST', '/api/accounts/check', { body: newKey() })).body.data).toMatchObject({
      ok: true,
    });
    expect((await bench.call('GET', '/api/accounts')).body.data).toHaveLength(1);
  });

  it('take their programme along when they go, and leave the trail', async () => {
    await bench.close();
    bench = await apiBench();
    expect((await bench.call('GET', '/api/v1/betaTesters')).body.meta.total).toBeGreaterThan(20);
    expect((await remove(ACCOUNT, 'Sandbox')).status).toBe(200);
    for (const type of ['apps', 'betaGroups', 'betaTesters', 'builds']) {
      expect([type, (await bench.call('GET', `/api/v1/${type}`)).body.meta.total]).toEqual([type, 0]);
    }
    expect((await bench.call('GET', '/api/overview')).body.data.testers.total).toBe(0);
    expect((await bench.call('GET', '/api/activity')).body.data).toHaveLength(1);
  });

  it('take a key once only', async () => {
    const { issuerId, keyId, privateKey } = bench.sandbox;
    const answer = await bench.call('POST', '/api/accounts', {
      body: { name: 'Again', kind: 'team', issuerId, keyId, privateKey },
    });
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.KEY_KNOWN']);
  });

  it('are removed, and their keys replaced, only with the name typed', async () => {
    const stored = () => bench.db.query('SELECT keyId, sealedKey, removedAt FROM Account');
    const before = await stored();
    bench.upstream();
    for (const confirm of [undefined, '', 'sandbox', 'Sandbox 2']) {
      const replaced = await bench.call('PATCH', `/api/accounts/${ACCOUNT}`, {
        body: { key: newKey(), confirm },
      });
      for (const answer of [await remove(ACCOUNT, confirm), replaced]) {
        expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.CONFIRM']);
        expect(answer.body.errors[0].meta.expected).toBe('Sandbox');
      }
    }
    expect([bench.upstream(), await stored()]).toEqual([0, before]);
  });

  it('of one team are one: a second key is refused with the way out, whatever its kind', async () => {
    await bench.close();
    bench = await apiBench();
    const individual = { ...bench.sandbox.parts().keys.create({ kind: 'individual', roles: ['ADMIN'] }) };
    const { keyId, privateKey } = individual;
    for (const key of [newKey(), { kind: 'individual', keyId, privateKey }]) {
      const answer = await bench.call('POST', '/api/accounts', { body: { ...key, name: 'Twice' } });
      expect([answer.status, answer.body.errors[0]]).toMatchObject([
        409,
        { code: 'FLIGHTDECK.TEAM_KNOWN', meta: { accountId: ACCOUNT } },
      ]);
      expect(answer.body.errors[0].detail).toContain('replace the key of “Sandbox”');
      const body = { key, confirm: 'Sandbox' };
      expect((await bench.call('PATCH', `/api/accounts/${ACCOUNT}`, { body })).body.data.keyId).toBe(
        key.keyId,
      );
    }
    expect((await bench.call('GET', '/api/accounts')).body.data).toHaveLength(1);
  });

  it('of two teams are two, whatever apps they share: an issuer identifies, overlap does not', async () => {
    await bench.close();
    bench = await apiBench();
    // The same key, as if the account had belonged to another team with the same apps.
    const other = '11111111-2222-4333-8444-555555555555';
    await bench.db.write([{ sql: 'UPDATE Account SET issuerId = ?', params: [other] }]);
    const key = newKey();
    const body = { key, confirm: 'Sandbox', anyway: true };
    const answer = await bench.call('PATCH', `/api/accounts/${ACCOUNT}`, { body });
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.OTHER_TEAM']);
    const before = await bench.db.query('SELECT id FROM apps WHERE accountId = ? ORDER BY id', [ACCOUNT]);
    const added = await bench.call('POST', '/api/accounts', { body: { ...key, name: 'Other' } });
    expect(added.status).toBe(201);
    expect(await bench.db.query('SELECT id FROM apps WHERE accountId = ? ORDER BY id', [ACCOUNT])).toEqual(
      before,
    );
    // Its own issuer in other letters is the same one.
    const again = newKey({ issuerId: bench.sandbox.issuerId.toUpperCase() });
    const twice = await bench.call('POST', '/api/accounts', { body: { ...again, name: 'Twice' } });
    expect([422, 409]).toContain(twice.status);
  });

  it('with an individual key, which names no team, leave it to a person to say which team it is', async () => {
    await bench.close();
    bench = await apiBench();
    const { keyId, privateKey } = bench.sandbox.parts().keys.create({ kind: 'individual', roles: ['ADMIN'] });
    const body = { kind: 'individual', keyId, privateKey, name: 'Mine' };
    const asked = await bench.call('POST', '/api/accounts', { body });
    expect([asked.status, asked.body.errors[0]]).toMatchObject([
      409,
      {
        code: 'FLIGHTDECK.TEAM_KNOWN',
        meta: { accountId: ACCOUNT, anyway: 'Add it as an account of its own' },
      },
    ]);
    expect((await bench.call('POST', '/api/accounts', { body: { ...body, anyway: true } })).status).toBe(201);
  });

  it('lose no app to a key that sees fewer of them', async () => {
    await bench.close();
    bench = await apiBench();
    await bench.db.write([
      { sql: "UPDATE apps SET id = 'gone' WHERE id = (SELECT min(id) FROM apps)", params: [] },
    ]);
    const { keyId, privateKey } = bench.sandbox.parts().keys.create({ kind: 'individual', roles: ['ADMIN'] });
    const body = { key: { kind: 'individual', keyId, privateKey }, confirm: 'Sandbox' };
    const asked = await bench.call('PATCH', `/api/accounts/${ACCOUNT}`, { body });
    expect([asked.status, asked.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.FEWER_APPS']);
    const sure = await bench.call('PATCH', `/api/accounts/${ACCOUNT}`, { body: { ...body, anyway: true } });
    expect(sure.status).toBe(200);
  });

  it('take keys as other tools keep them, with the identifiers that stand beside them', async () => {
    await remove(ACCOUNT, 'Sandbox');
    const { keyId, privateKey, issuerId } = newKey();
    const file = JSON.stringify({
      key_id: keyId,
      issuer_id: issuerId,
      key: Buffer.from(privateKey).toString('base64'),
    });
    const body = { kind: 'team', privateKey: file, name: 'From a pipeline' };
    const added = await bench.call('POST', '/api/accounts', { body });
    expect([added.status, added.body.data]).toMatchObject([201, { keyId, issuerId }]);
    const headers = { 'flightdeck-account': added.body.data.id };
    expect((await bench.call('GET', '/api/v1/users', { headers })).status).toBe(200);
  });

  it('tell a team key that is entered as an individual one, and the reverse, with the right form', async () => {
    const team = newKey();
    const asIndividual = await bench.call('POST', '/api/accounts/check', {
      body: { ...team, kind: 'individual', issuerId: null },
    });
    expect(asIndividual.body.data).toMatchObject({
      problem: 'is_team_key',
      instead: { kind: 'team', issuerId: bench.sandbox.issuerId },
    });
    const { keyId, privateKey } = bench.sandbox.parts().keys.create({ kind: 'individual', roles: ['ADMIN'] });
    for (const issuerId of ['', bench.sandbox.issuerId]) {
      const asTeam = await bench.call('POST', '/api/accounts/check', {
        body: { kind: 'team', issuerId, keyId, privateKey },
      });
      expect(asTeam.body.data).toMatchObject({
        problem: 'is_individual_key',
        instead: { kind: 'individual' },
      });
    }
    const { issuerId: _, ...without } = team;
    const missing = await bench.call('POST', '/api/accounts/check', { body: without });
    expect(missing.body.data).toMatchObject({ problem: 'bad_issuer_id', field: 'issuerId' });
  });

  it('belong to admins', async () => {
    for (const role of ['viewer', 'triager', 'manager'] as const) {
      expect((await bench.call('GET', '/api/accounts', { as: role })).status).toBe(200);
      expect((await bench.call('POST', '/api/accounts', { as: role, body: {} })).status).toBe(403);
      expect((await bench.call('DELETE', `/api/accounts/${ACCOUNT}`, { as: role })).status).toBe(403);
    }
  });
});

describe('the team', () => {
  const invite = (body: object) => bench.call('POST', '/api/team', { body });

  it('grows by invitation with a password shown once', async () => {
    const answer = await invite({ email: 'New.One@Example.com', role: 'triager' });
    expect(answer.status).toBe(201);
    expect(answer.body.meta.temporaryPassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect(answer.body.data).toMatchObject({
      email: 'new.one@example.com',
      role: 'triager',
      isDisabled: false,
    });
    expect((await invite({ email: 'new.one@example.COM', role: 'admin' })).status).toBe(409);
    const files = JSON.stringify(await bench.db.query('SELECT * FROM auditEntries')) + bench.logged.join('');
    expect(files).not.toContain(answer.body.meta.temporaryPassword);
    expect((await bench.call('GET', '/api/team')).body.data).toHaveLength(5);
  });

  it('refuses keys that are not asked for', async () => {
    const answer = await invite({ email: 'a@example.com', role: 'viewer', tokenVersion: 9, isAdmin: true });
    expect(answer.status).toBe(400);
    expect((await invite({ email: 'a@example.com', role: 'owner' })).body.errors[0].source.pointer).toBe(
      '/role',
    );
  });

  it('keeps its last admin, also against two changes at once', async () => {
    const { id } = bench.users.admin;
    for (const change of [{ role: 'manager' }, { isDisabled: true }]) {
      const answer = await bench.call('PATCH', '/api/team', { body: { id, ...change } });
      expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.LAST_ADMIN']);
    }
    const second = (await invite({ email: 'second@example.com', role: 'admin' })).body.data.id;
    const answers = await Promise.all(
      [id, second].map((one) => bench.call('PATCH', '/api/team', { body: { id: one, role: 'viewer' } })),
    );
    const admins = await bench.db.query("SELECT id FROM users WHERE role = 'admin' AND disabledAt IS NULL");
    expect(admins).toHaveLength(1);
    expect(answers.map(({ status }) => status).sort()).not.toEqual([200, 200]);
  });
});

describe('saved views', () => {
  it('hold for one app, or for the same list in every app', async () => {
    const save = (page: string, name: string) =>
      bench.call('POST', '/api/views', { as: 'triager', body: { page, name, query: 'state=INVITED' } });
    const made = [await save('apps/1/testers', 'Here'), await save('apps/*/testers', 'Everywhere')];
    const names = async (page: string) =>
      (
        await bench.call('GET', `/api/views?page=${encodeURIComponent(page)}`, { as: 'triager' })
      ).body.data.map((one: { name: string }) => one.name);
    expect(await names('apps/1/testers')).toEqual(['Everywhere', 'Here']);
    expect(await names('apps/2/testers')).toEqual(['Everywhere']);
    expect(await names('apps/2/groups')).toEqual([]);
    expect(await names('testers')).toEqual([]);
    for (const { body } of made) {
      await bench.call('DELETE', '/api/views', { as: 'triager', body: { id: body.data.id } });
    }
  });

  it('are shared or private, and belong to who made them', async () => {
    const view = { page: 'testers', name: 'Quiet ones', query: 'filter[state]=INVITED' };
    const shared = await bench.call('POST', '/api/views', { as: 'triager', body: { ...view, shared: true } });
    const own = await bench.call('POST', '/api/views', {
      as: 'triager',
      // Private unless somebody wants it shared.
      body: { ...view, name: 'Mine' },
    });
    expect([shared.status, own.status]).toEqual([201, 201]);
    const names = async (as: 'viewer' | 'triager') =>
      (await bench.call('GET', '/api/views?page=testers', { as })).body.data.map(
        (one: { name: string }) => one.name,
      );
    expect([await names('triager'), await names('viewer')]).toEqual([['Mine', 'Quiet ones'], ['Quiet ones']]);
    const { id } = shared.body.data;
    expect(
      (await bench.call('PATCH', '/api/views', { as: 'manager', body: { id, name: 'Taken' } })).status,
    ).toBe(403);
    expect(
      (
        await bench.call('PATCH', '/api/views', {
          as: 'manager',
          body: { id: own.body.data.id, name: 'Taken' },
        })
      ).status,
    ).toBe(404);
    expect(
      (await bench.call('PATCH', '/api/views', { as: 'admin', body: { id, name: 'Tidied' } })).body.data.name,
    ).toBe('Tidied');
    expect((await bench.call('DELETE', '/api/views', { as: 'triager', body: { id } })).status).toBe(200);
    expect(await names('viewer')).toEqual([]);
    expect((await bench.call('POST', '/api/views', { as: 'viewer', body: view })).status).toBe(403);
  });
});

it('counts requests for Prometheus, for admins', async () => {
  await bench.call('GET', '/api/me');
  const answer = await bench.call('GET', '/api/metrics');
  expect(answer.text).toMatch(/flightdeck_http_requests_total\{endpoint="me",method="GET",status="200"\} 1/);
  expect((await bench.call('GET', '/api/metrics', { as: 'manager' })).status).toBe(403);
});
