import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resource } from '@/lib/sandbox/engine/resource';
import { type Answer, codesOf, openSandbox, type TestSandbox } from './sandbox-client';

let sandbox: TestSandbox;
let app: Resource;
let internal: Resource;
let open: Resource;

beforeAll(async () => {
  sandbox = await openSandbox();
});

beforeEach(() => {
  sandbox.reset();
  app = one('apps');
  const groups = sandbox.parts().world.store.related(app, 'betaGroups');
  internal = groups.find((group) => group.attributes.isInternalGroup === true) ?? one('betaGroups');
  open = groups.find((group) => group.attributes.publicLinkEnabled === true) ?? one('betaGroups');
});

afterAll(() => sandbox.close());

function one(type: string): Resource {
  const [first] = sandbox.parts().world.store.all(type).values();
  if (!first) throw new Error(`no ${type}`);
  return first;
}

const refs = (type: string, ...ids: string[]) => ({ data: ids.map((id) => ({ type, id })) });

function createGroup(attributes: Record<string, unknown>): Promise<Answer> {
  const relationships = { app: { data: { type: 'apps', id: app.id } } };
  return sandbox.call('POST', '/v1/betaGroups', { data: { type: 'betaGroups', attributes, relationships } });
}

function patchGroup(group: Resource, attributes: Record<string, unknown>): Promise<Answer> {
  return sandbox.call('PATCH', `/v1/betaGroups/${group.id}`, {
    data: { type: 'betaGroups', id: group.id, attributes },
  });
}

function createTester(email: string, relationships: Record<string, unknown>): Promise<Answer> {
  return sandbox.call('POST', '/v1/betaTesters', {
    data: { type: 'betaTesters', attributes: { email }, relationships },
  });
}

function invite(testerId: string): Promise<Answer> {
  const relationships = {
    app: { data: { type: 'apps', id: app.id } },
    betaTester: { data: { type: 'betaTesters', id: testerId } },
  };
  return sandbox.call('POST', '/v1/betaTesterInvitations', {
    data: { type: 'betaTesterInvitations', relationships },
  });
}

describe('groups', () => {
  test('refuse a public link when they are internal, and a limit outside 1 to 10,000', async () => {
    const link = await createGroup({ name: 'Staff', isInternalGroup: true, publicLinkEnabled: true });
    expect([link.status, codesOf(link)]).toEqual([409, ['ENTITY_ERROR.ATTRIBUTE.INVALID']]);
    expect(link.body.errors[0].source).toEqual({ pointer: '/data/attributes/publicLinkEnabled' });
    for (const publicLinkLimit of [0, 10_001]) {
      const answer = await patchGroup(open, { publicLinkLimit });
      expect(answer.body.errors[0].source.pointer).toBe('/data/attributes/publicLinkLimit');
    }
    expect((await patchGroup(open, { publicLinkLimit: 10_000, publicLinkLimitEnabled: true })).status).toBe(
      200,
    );
  });

  test('need a name of their own', async () => {
    const taken = await createGroup({ name: open.attributes.name });
    expect(codesOf(taken)).toEqual(['ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE']);
    expect(codesOf(await createGroup({ name: 'x'.repeat(256) }))).toEqual([
      'ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG',
    ]);
    expect(codesOf(await createGroup({ name: '  ' }))).toEqual(['ENTITY_ERROR.ATTRIBUTE.REQUIRED']);
  });

  test('cannot switch a link on before they have an approved build, and keep its id when it goes off', async () => {
    const made = await createGroup({ name: 'Fresh' });
    const fresh = sandbox.parts().world.store.get('betaGroups', made.body.data.id);
    if (!fresh) throw new Error('the group was not stored');
    const early = await patchGroup(fresh, { publicLinkEnabled: true });
    expect([early.status, codesOf(early)]).toEqual([409, ['STATE_ERROR.ENTITY_STATE_INVALID']]);
    const { publicLinkId, publicLink } = open.attributes;
    const off = await patchGroup(open, { publicLinkEnabled: false });
    expect(off.body.data.attributes).toMatchObject({
      publicLinkEnabled: false,
      publicLinkId,
      publicLink: null,
    });
    const on = await patchGroup(open, { publicLinkEnabled: true });
    expect(on.body.data.attributes).toMatchObject({ publicLinkEnabled: true, publicLinkId, publicLink });
  });

  test('refuse builds by hand when they have access to all builds', async () => {
    expect(internal.attributes.hasAccessToAllBuilds).toBe(true);
    const build = one('builds');
    const path = `/v1/betaGroups/${internal.id}/relationships/builds`;
    const answer = await sandbox.call('POST', path, refs('builds', build.id));
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({
      code: 'ENTITY_UNPROCESSABLE',
      title: 'Builds cannot be assigned to this internal group.',
      detail: 'Cannot add internal group to a build.',
    });
  });

  test('tell their size without inlining their testers, and take members with them when deleted', async () => {
    const members = sandbox.parts().world.store.relatedCount(open, 'betaTesters');
    const query = `filter%5Bid%5D=${open.id}&include=betaTesters&limit%5BbetaTesters%5D=1`;
    const shown = await sandbox.call('GET', `/v1/betaGroups?${query}`);
    const { betaTesters } = shown.body.data[0].relationships;
    expect(betaTesters.meta.paging).toEqual({ total: members, limit: 1 });
    expect(betaTesters.data).toHaveLength(1);
    expect(shown.body.included).toHaveLength(1);
    const testerId = betaTesters.data[0].id;
    expect((await sandbox.call('DELETE', `/v1/betaGroups/${open.id}`)).status).toBe(204);
    const left = await sandbox.call('GET', `/v1/betaTesters/${testerId}/betaGroups`);
    expect(left.body.data).toEqual([]);
  });
});

describe('testers', () => {
  test('of the team alone get single builds that are for internal testing only', async () => {
    const { store } = sandbox.parts().world;
    const [build] = store.related(app, 'builds').filter((candidate) => candidate.attributes.expired !== true);
    const [outsider] = store.related(open, 'betaTesters');
    const [colleague] = store.related(internal, 'betaTesters');
    if (!build || !outsider || !colleague) throw new Error('the programme lacks the basics');
    store.update(build, { buildAudienceType: 'INTERNAL_ONLY' });
    const path = `/v1/builds/${build.id}/relationships/individualTesters`;
    const refused = await sandbox.call('POST', path, refs('betaTesters', outsider.id));
    expect([refused.status, codesOf(refused)]).toEqual([409, ['STATE_ERROR']]);
    expect((await createTester('a@example.com', { builds: refs('builds', build.id) })).status).toBe(409);
    expect((await sandbox.call('POST', path, refs('betaTesters', colleague.id))).status).toBe(204);
  });

  test('show state and devices only to a request that names their app', async () => {
    const scoped = await sandbox.call('GET', `/v1/betaTesters?filter%5Bapps%5D=${app.id}&limit=200`);
    const bare = await sandbox.call('GET', '/v1/betaTesters?limit=200');
    const states = (answer: Answer) =>
      answer.body.data.map((tester: { attributes: { state: string } }) => tester.attributes.state);
    expect(states(scoped).every((state: string | null) => state !== null)).toBe(true);
    expect(new Set(states(bare))).toEqual(new Set([null]));
    expect(bare.body.data[0].attributes.appDevices).toBeNull();
  });

  test('take one relationship filter and one relationship on creation', async () => {
    const two = await sandbox.call(
      'GET',
      `/v1/betaTesters?filter%5Bapps%5D=${app.id}&filter%5BbetaGroups%5D=${open.id}`,
    );
    expect([two.status, codesOf(two)]).toEqual([400, ['PARAMETER_ERROR.ILLEGAL']]);
    const build = sandbox.parts().world.store.relatedId(open, 'builds') ?? '';
    const both = await createTester('a@example.com', {
      betaGroups: refs('betaGroups', open.id),
      builds: refs('builds', build),
    });
    expect(both.body.errors[0]).toMatchObject({
      status: '409',
      detail: 'Only one relationship should be included when creating betaTesters',
    });
    expect(codesOf(await createTester('a@example.com', {}))).toEqual(['ENTITY_ERROR.RELATIONSHIP.REQUIRED']);
  });

  test('are invited exactly once, and refused when the address is in the app already', async () => {
    const relationships = { betaGroups: refs('betaGroups', open.id) };
    const made = await createTester('Jo@Example.com', relationships);
    expect(made.status).toBe(201);
    const again = await createTester('jo@example.com', relationships);
    expect(again.body.errors[0]).toMatchObject({
      status: '409',
      code: 'STATE_ERROR',
      detail: 'Tester(s) cannot be assigned',
    });
    const mails = await sandbox.control('GET', 'mails');
    expect(mails.body.invitations).toEqual({ 'jo@example.com': 1 });
    const found = await sandbox.call('GET', `/v1/betaTesters?filter%5Bemail%5D=JO%40example.com`);
    expect(found.body.data.map((tester: { id: string }) => tester.id)).toEqual([made.body.data.id]);
  });

  test.each(['no-at-sign', 'jo＠example.com', 'jo@', `${'x'.repeat(250)}@example.com`])(
    'refuse the address %s',
    async (email) => {
      const answer = await createTester(email, { betaGroups: refs('betaGroups', open.id) });
      expect(answer.status).toBe(409);
      expect(answer.body.errors[0].source.pointer).toBe('/data/attributes/email');
    },
  );

  test('join internal groups only as users of the team', async () => {
    const stranger = await createTester('stranger@example.com', {
      betaGroups: refs('betaGroups', internal.id),
    });
    expect([stranger.status, codesOf(stranger)]).toEqual([409, ['STATE_ERROR']]);
    const { store } = sandbox.parts().world;
    const used = new Set(store.related(app, 'betaTesters').map((tester) => tester.attributes.email));
    const free = [...store.all('users').values()].find((user) => !used.has(user.attributes.username));
    const email = String(free?.attributes.username ?? 'new.colleague@example.com');
    if (!free) store.update(one('users'), { username: email });
    expect((await createTester(email, { betaGroups: refs('betaGroups', internal.id) })).status).toBe(201);
  });

  test('belong to one app: a tester of another cannot be assigned', async () => {
    const other = [...sandbox.parts().world.store.all('betaTesters').values()].find(
      (tester) => tester.appId !== app.id,
    );
    const path = `/v1/betaGroups/${open.id}/relationships/betaTesters`;
    const answer = await sandbox.call('POST', path, refs('betaTesters', other?.id ?? ''));
    expect(answer.body.errors[0]).toMatchObject({
      code: 'STATE_ERROR',
      detail: 'Tester(s) cannot be assigned',
    });
  });

  test('wait for a build that passed review, and hear of it when one does', async () => {
    const made = await createGroup({ name: 'Waiting room' });
    const groupId = made.body.data.id;
    const tester = await createTester('early@example.com', { betaGroups: refs('betaGroups', groupId) });
    const state = () => sandbox.parts().world.store.get('betaTesters', tester.body.data.id)?.attributes.state;
    expect(state()).toBe('NOT_INVITED');
    const early = await invite(tester.body.data.id);
    expect(codesOf(early)).toEqual(['STATE_ERROR.TESTER_INVITE.NO_INSTALLABLE_BUILDS']);
    const ready = sandbox.parts().world.store.relatedId(open, 'builds') ?? '';
    await sandbox.call('POST', `/v1/betaGroups/${groupId}/relationships/builds`, refs('builds', ready));
    expect(state()).toBe('INVITED');
    expect((await invite(tester.body.data.id)).status).toBe(201);
    await sandbox.control('POST', 'events', { kind: 'install', testerId: tester.body.data.id });
    expect(state()).toBe('INSTALLED');
    expect(codesOf(await invite(tester.body.data.id))).toEqual([
      'STATE_ERROR.TESTER_INVITE.ALREADY_ACCEPTED',
    ]);
  });

  test('leave an app with 202, at once or when the queue gets to them', async () => {
    await sandbox.control('POST', 'settings', { removalDelayMs: 60_000 });
    const [tester] = sandbox.parts().world.store.related(open, 'betaTesters');
    const path = `/v1/apps/${app.id}/relationships/betaTesters`;
    const answer = await sandbox.call('DELETE', path, refs('betaTesters', tester?.id ?? ''));
    expect(answer.status).toBe(202);
    expect((await sandbox.call('GET', `/v1/betaTesters/${tester?.id}`)).status).toBe(200);
    await sandbox.control('POST', 'clock/step', { ms: 61_000 });
    expect((await sandbox.call('GET', `/v1/betaTesters/${tester?.id}`)).status).toBe(404);
  });

  test('at most 10,000 per app come from outside', async () => {
    const { store } = sandbox.parts().world;
    for (let n = store.relatedCount(open, 'betaTesters'); n < 10_000; n += 1)
      store.insert({
        type: 'betaTesters',
        id: `crowd-${n}`,
        appId: app.id,
        attributes: { email: `crowd${n}@example.com`, state: 'INSTALLED' },
        relationships: { apps: [app.id], betaGroups: [open.id], builds: [] },
      });
    const answer = await createTester('late@example.com', { betaGroups: refs('betaGroups', open.id) });
    expect([answer.status, codesOf(answer)]).toEqual([409, ['STATE_ERROR.TESTER_LIMIT_EXCEEDED']]);
  });
});

describe('public links', () => {
  test('bring anonymous testers, until the limit is reached or the link is off', async () => {
    const { store } = sandbox.parts().world;
    const device = { model: 'iPhone17,1', platform: 'IOS', osVersion: '26.1' };
    const join = () => sandbox.control('POST', 'events', { kind: 'join', groupId: open.id, device });
    const fromLink = store
      .related(open, 'betaTesters')
      .filter((one) => one.attributes.inviteType === 'PUBLIC_LINK').length;
    await patchGroup(open, { publicLinkLimitEnabled: true, publicLinkLimit: fromLink + 1 });
    const joined = await join();
    expect(joined.body.attributes).toMatchObject({
      firstName: 'Anonymous',
      email: null,
      inviteType: 'PUBLIC_LINK',
    });
    expect((await join()).body.errors[0].detail).toBe('The public link has reached its limit');
    await patchGroup(open, { publicLinkEnabled: false });
    expect((await join()).body.errors[0].detail).toBe('The public link is switched off');
  });

  test('admit by criteria that are made of the offered options', async () => {
    const criteria = (filters: unknown[]) =>
      sandbox.call('POST', '/v1/betaRecruitmentCriteria', {
        data: {
          type: 'betaRecruitmentCriteria',
          attributes: { deviceFamilyOsVersionFilters: filters },
          relationships: { betaGroup: { data: { type: 'betaGroups', id: open.id } } },
        },
      });
    const unknown = await criteria([{ deviceFamily: 'IPHONE', minimumOsInclusive: '3.1' }]);
    expect(unknown.body.errors[0].source.pointer).toBe('/data/attributes/deviceFamilyOsVersionFilters');
    const made = await criteria([{ deviceFamily: 'IPHONE', minimumOsInclusive: '26.1' }]);
    expect(made.status).toBe(201);
    expect((await criteria([{ deviceFamily: 'IPAD' }])).status).toBe(409);
    const old = { model: 'iPhone14,2', platform: 'IOS', osVersion: '18.6' };
    const refused = await sandbox.control('POST', 'events', { kind: 'join', groupId: open.id, device: old });
    expect(refused.body.errors[0].detail).toBe('The device does not meet the criteria');
    const check = await sandbox.call(
      'GET',
      `/v1/betaGroups/${open.id}/betaRecruitmentCriterionCompatibleBuildCheck`,
    );
    expect(check.body.data.attributes).toEqual({ hasCompatibleBuild: true });
  });
});
