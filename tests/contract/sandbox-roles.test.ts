import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type Answer, codesOf, fetchJson, mint, openSandbox, type TestSandbox } from './sandbox-client';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
});

beforeEach(() => sandbox.reset());

afterAll(() => sandbox.close());

const store = () => sandbox.parts().world.store;
const group = (internal: boolean): Resource => {
  const found = [...store().all('betaGroups').values()].find(
    (one) =>
      one.attributes.isInternalGroup === internal && [...store().relatedIds(one, 'betaTesters')].length > 1,
  );
  if (!found) throw new Error('no such group');
  return found;
};
const memberOf = (one: Resource): string => [...store().relatedIds(one, 'betaTesters')][0] ?? '';
const list = (type: string, id: string) => ({ data: [{ type, id }] });

/** Asks with a fresh key of the given role. */
async function keyOf(role: string) {
  const { keyId, privateKey } = (await sandbox.control('POST', 'keys', { roles: [role] })).body;
  const token = await mint({ issuerId: sandbox.issuerId, keyId, privateKey });
  return (method: string, path: string, body?: unknown): Promise<Answer> =>
    fetchJson(sandbox.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

const newGroup = (isInternalGroup: boolean) => ({
  data: {
    type: 'betaGroups',
    attributes: { name: 'Made by hand', isInternalGroup },
    relationships: { app: { data: { type: 'apps', id: group(true).appId } } },
  },
});

describe.each(['DEVELOPER', 'MARKETING'])('a key of role %s', (role) => {
  test('works with internal groups and the people in them', async () => {
    const ask = await keyOf(role);
    const team = group(true);
    const path = `/v1/betaGroups/${team.id}`;
    const member = memberOf(team);
    const rename = { data: { type: 'betaGroups', id: team.id, attributes: { name: 'Inside' } } };
    expect((await ask('PATCH', path, rename)).body.data.attributes.name).toBe('Inside');
    expect((await ask('POST', '/v1/betaGroups', newGroup(true))).status).toBe(201);
    const leave = await ask('DELETE', `${path}/relationships/betaTesters`, list('betaTesters', member));
    expect(leave.status).toBe(204);
    const again = await ask('POST', `${path}/relationships/betaTesters`, list('betaTesters', member));
    expect(again.status).toBe(204);
  });

  test('is refused external groups and testers, whichever end it names', async () => {
    const ask = await keyOf(role);
    const open = group(false);
    const outsider = memberOf(open);
    const tester = { type: 'betaTesters', attributes: { email: 'new@example.com' } };
    const inGroup = { betaGroups: list('betaGroups', open.id) };
    const invitation = {
      app: { data: { type: 'apps', id: open.appId } },
      betaTester: { data: { type: 'betaTesters', id: outsider } },
    };
    const changes = store().changes;
    const refused = await Promise.all([
      ask('PATCH', `/v1/betaGroups/${open.id}`, {
        data: { type: 'betaGroups', id: open.id, attributes: { publicLinkEnabled: false } },
      }),
      ask('DELETE', `/v1/betaGroups/${open.id}`),
      ask('POST', '/v1/betaGroups', newGroup(false)),
      ask('POST', '/v1/betaTesters', { data: { ...tester, relationships: inGroup } }),
      ask('DELETE', `/v1/betaTesters/${outsider}`),
      ask('POST', `/v1/betaTesters/${outsider}/relationships/betaGroups`, list('betaGroups', group(true).id)),
      ask('POST', '/v1/betaTesterInvitations', {
        data: { type: 'betaTesterInvitations', relationships: invitation },
      }),
    ]);
    for (const answer of refused)
      expect([answer.status, codesOf(answer)]).toEqual([403, ['FORBIDDEN_ERROR']]);
    expect(store().changes).toBe(changes);
  });
});

test('a developer gives builds to internal groups only', async () => {
  const ask = await keyOf('DEVELOPER');
  const [build] = store().related(group(false), 'builds');
  const answer = await ask(
    'DELETE',
    `/v1/builds/${build?.id}/relationships/betaGroups`,
    list('betaGroups', group(false).id),
  );
  expect(answer.status).toBe(403);
});

test('a key that manages apps is not held to internal testing', async () => {
  const ask = await keyOf('APP_MANAGER');
  expect((await ask('POST', '/v1/betaGroups', newGroup(false))).status).toBe(201);
});
