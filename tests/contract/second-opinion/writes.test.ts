import { afterEach, describe, expect, it } from 'vitest';
import type { LenientOptions } from '@/tests/factories/lenient-apple';
import { TESTERS } from '@/tests/factories/lenient-apple-programme';
import { type Bench, lenientBench } from './bench';

let bench: Bench;
const open = async (options?: LenientOptions) => {
  bench = await lenientBench(options);
  await bench.sync();
};
afterEach(async () => {
  const problems = bench.apple.problems();
  await bench.close();
  expect(problems).toEqual([]);
});

const ref = (type: string, id: string) => ({ type, id });
const one = (type: string, id: string) => ({ data: ref(type, id) });
const kept = (type: string, id: string) => bench.apple.apple.get(type, id);
const groupsOf = (id: string) => kept('betaTesters', id)?.to.betaGroups;
const byEmail = (email: string) =>
  bench.apple.apple.all('betaTesters').find(({ attributes }) => attributes.email === email);
const lastAudit = async () =>
  (
    await bench.db.query<{ status: string; action: string; type: string }>(
      'SELECT status, action, type FROM auditEntries ORDER BY seq DESC LIMIT 1',
    )
  )[0];

async function ok(method: string, address: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await bench.call(method, `/api/v1/${address}`, body, headers);
  const isMade = method === 'POST' && !address.includes('/relationships/');
  // What Apple has only accepted is passed on as such.
  const status = answer.status === 202 && bench.apple.isSlow ? 200 : answer.status;
  expect([address, status, answer.body?.errors]).toEqual([address, isMade ? 201 : 200, undefined]);
  return answer.body;
}

const VARIANTS: [string, LenientOptions][] = [
  ['that leaves out what is unset', {}],
  ['that states nothing that is empty', { empty: 'unstated', unset: 'null', totals: true }],
  ['that answers with the other kinds of success', { otherSuccess: true }],
  ['that refuses what is so already', { memberAgain: 409, knownAddress: 'conflict', pageCap: 100 }],
];

describe.each(VARIANTS)('an App Store Connect %s', (_name, options) => {
  it('takes a group through its life', async () => {
    await open(options);
    const attributes = { name: 'Night owls', isInternalGroup: false };
    const { data } = await ok('POST', 'betaGroups', {
      data: { type: 'betaGroups', attributes, relationships: { app: one('apps', '1001') } },
    });
    const group = `betaGroups/${data.id}`;
    await ok('POST', `${group}/relationships/builds`, { data: [ref('builds', 'build-1')] });
    await ok('POST', `${group}/relationships/betaTesters`, {
      data: [ref('betaTesters', 'tester-20'), ref('betaTesters', 'tester-21')],
    });
    const change = { name: 'Early birds', publicLinkEnabled: true };
    await ok('PATCH', group, { data: { ...ref('betaGroups', data.id), attributes: change } });
    await ok('DELETE', `${group}/relationships/betaTesters`, { data: [ref('betaTesters', 'tester-21')] });
    const filters = [{ deviceFamily: 'IPAD', minimumOsInclusive: '18.0', maximumOsInclusive: '26.0' }];
    const criteria = await ok('POST', 'betaRecruitmentCriteria', {
      data: {
        type: 'betaRecruitmentCriteria',
        attributes: { deviceFamilyOsVersionFilters: filters },
        relationships: { betaGroup: one('betaGroups', data.id) },
      },
    });
    const shown = await ok('GET', `${group}?include=betaRecruitmentCriteria`);
    expect(shown.data.attributes).toMatchObject({ ...change, publicLink: expect.stringContaining('/join/') });
    expect(shown.data.meta).toMatchObject({ testerCount: 1, buildCount: 1 });
    expect(shown.data.meta.criteria.deviceFamilyOsVersionFilters).toEqual(filters);

    const wider = [{ deviceFamily: 'IPHONE', minimumOsInclusive: '17.0', maximumOsInclusive: '26.0' }];
    const id = criteria.data.id as string;
    await ok('PATCH', `betaRecruitmentCriteria/${id}`, {
      data: { ...ref('betaRecruitmentCriteria', id), attributes: { deviceFamilyOsVersionFilters: wider } },
    });
    const changed = await ok('GET', group);
    expect(changed.data.meta.criteria.deviceFamilyOsVersionFilters).toEqual(wider);
    await ok('DELETE', `betaRecruitmentCriteria/${id}`);
    expect((await ok('GET', group)).data.meta.criteria).toBeNull();
    await ok('DELETE', `${group}/relationships/builds`, { data: [ref('builds', 'build-1')] });
    expect((await ok('GET', group)).data.meta.buildCount).toBe(0);
    // A sync finds all of it as it stands here.
    await bench.sync();
    expect((await ok('GET', group)).data.meta).toMatchObject({
      testerCount: 1,
      buildCount: 0,
      criteria: null,
    });
    const typed = { 'flightdeck-confirm': change.name.replace(' ', '%20') };
    await ok('DELETE', group, undefined, typed);
    expect(kept('betaGroups', data.id)).toBeUndefined();
    expect((await bench.call('GET', `/api/v1/${group}`)).status).toBe(404);
    expect(await lastAudit()).toEqual({ status: 'succeeded', action: 'delete', type: 'betaGroups' });
  });

  it('takes a tester, an invitation and a removal', async () => {
    await open(options);
    const email = 'new.one@example.com';
    const { data } = await ok('POST', 'betaTesters', {
      data: {
        type: 'betaTesters',
        attributes: { email, firstName: 'New' },
        relationships: { betaGroups: { data: [ref('betaGroups', 'friends')] } },
      },
    });
    expect(byEmail(email)?.id).toBe(data.id);
    expect((await ok('GET', `betaTesters/${data.id}`)).data).toMatchObject({
      attributes: { email, state: 'INVITED' },
      relationships: { betaGroups: { data: [ref('betaGroups', 'friends')] } },
    });
    await ok('POST', 'betaTesterInvitations', {
      data: {
        type: 'betaTesterInvitations',
        relationships: { app: one('apps', '1001'), betaTester: one('betaTesters', data.id) },
      },
    });
    expect(bench.apple.invited).toEqual([data.id]);
    await ok('DELETE', `betaTesters/${data.id}`, undefined, { 'flightdeck-confirm': email });
    expect(byEmail(email)).toBeUndefined();
    const again = await bench.call('DELETE', `/api/v1/betaTesters/${data.id}`);
    expect(again.status).toBe(404);
  });
});

it.each([
  ['answers with the tester it has', {}, ['invited', 'addedToGroup']],
  ['refuses an address it has', { knownAddress: 'conflict' }, ['invited', 'addedToGroup', 'alreadyThere']],
  [
    'refuses a member it has',
    { knownAddress: 'conflict', memberAgain: 409 },
    ['invited', 'addedToGroup', 'alreadyThere'],
  ],
] as [string, LenientOptions, string[]][])(
  'imports 30 people where Apple %s',
  async (_name, options, did) => {
    await open(options);
    const fresh = Array.from({ length: 24 }, (_, n) => `New,${n},fresh${n}@example.com`);
    // Three whom the mirror has, three whom only Apple has: one of these in the group already.
    const known = [250, 252, 254].map((n) => `Old,${n},person${n}@example.com`);
    const unseen = ['friends', 'press', 'press'].map((group, n) => {
      const attributes = { email: `unseen${n}@example.com`, state: 'INSTALLED' };
      bench.apple.apple.make('betaTesters', attributes, { apps: ['1001'], betaGroups: [group] });
      return `Un,Seen,${attributes.email}`;
    });
    const options30 = JSON.stringify({ appId: '1001', groupIds: ['friends'] });
    const file = ['First Name,Last Name,Email', ...fresh, ...known, ...unseen].join('\n');
    const { items } = await bench.job(`/api/people/import?options=${encodeURIComponent(options30)}`, file);
    // Whoever Apple says was in the group already is told so, as anybody whom the mirror knew to be.
    const isIn = ({ result }: (typeof items)[number]) => (result as { did: string }).did === 'alreadyThere';
    expect(items.map(({ status, errorDetail }) => [status, errorDetail])).toEqual(
      items.map((item) => (isIn(item) ? ['skipped', 'Was in all of it already.'] : ['done', null])),
    );
    expect(items.filter(isIn)).toHaveLength(did.includes('alreadyThere') ? 1 : 0);
    expect(new Set(items.map(({ result }) => (result as { did: string }).did))).toEqual(new Set(did));
    const emails = [...fresh, ...known, ...unseen].map((row) => row.split(',')[2]?.toLowerCase());
    const inGroup = bench.apple.apple.all('betaTesters').filter(({ attributes, to }) => {
      return emails.includes(String(attributes.email).toLowerCase()) && to.betaGroups?.includes('friends');
    });
    expect(inGroup).toHaveLength(30);
    // The mirror says so before any sync, and no sync finds anything else.
    const before = await membersOf('friends');
    expect(before).toBe(220);
    await bench.sync();
    expect(await membersOf('friends')).toBe(before);
    expect(await bench.count('betaTesters', `appId = '1001'`)).toBe(TESTERS + 27);
  },
);

function membersOf(group: string): Promise<number> {
  return bench.count('betaGroupTesters', `groupId = '${group}'`);
}

it.each([204, 409] as const)('adds many to a group where a member again is %i', async (memberAgain) => {
  await open({ memberAgain });
  const ids = ['tester-11', 'tester-201', 'tester-202', 'tester-203'];
  const body = { kind: 'add-to-group', appId: '1001', groupId: 'friends', testers: { ids } };
  const { items } = await bench.job('/api/people/bulk', body);
  // Whoever is in already is told apart, also where the server says nothing of it.
  expect(items.map(({ status }) => status).sort()).toEqual(['done', 'done', 'done', 'skipped']);
  for (const id of ids) expect(groupsOf(id)).toContain('friends');
  expect(await membersOf('friends')).toBe(193);
});

it('resends, removes and restores, and whoever is gone already is no failure', async () => {
  await open();
  const ids = ['tester-20', 'tester-22', 'tester-24'];
  const testers = { ids };
  const resent = await bench.job('/api/people/bulk', { kind: 'resend-invitations', appId: '1001', testers });
  expect(resent.items.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  expect([...bench.apple.invited].sort()).toEqual(ids);
  const removed = await bench.job('/api/people/bulk', { kind: 'remove-from-app', appId: '1001', testers });
  expect(ids.map((id) => kept('betaTesters', id))).toEqual([undefined, undefined, undefined]);
  expect(await bench.count('betaTesters', `id IN ('${ids.join("','")}')`)).toBe(0);
  const restored = await bench.job('/api/people/restore', { jobId: removed.jobId });
  expect(restored.items.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  expect(byEmail('Person20@example.com')?.to.betaGroups).toEqual(['friends']);
  await bench.sync();
  expect(await membersOf('friends')).toBe(190);

  bench.apple.apple.remove('betaTesters', 'tester-26');
  const gone = await bench.job('/api/people/bulk', {
    kind: 'delete-testers',
    appId: '1001',
    testers: { ids: ['tester-26', 'tester-28'] },
    confirm: 2,
  });
  expect(gone.items.map(({ status }) => status)).toEqual(['skipped', 'done']);
});

it('prunes by figures in either form', async () => {
  for (const metrics of ['schema', 'real'] as const) {
    if (metrics === 'real') await bench.close();
    await open({ metrics, pageCap: 100 });
    const preview = await bench.call('POST', '/api/people/prune/preview', {
      appId: '1001',
      rules: { noSessionDays: 30 },
    });
    // Apple says that everybody has used the app.
    expect([metrics, preview.status, preview.body.data.candidates]).toEqual([metrics, 200, []]);
    expect(preview.body.data.source).toBe('apple');
    const usage = await bench.call('GET', '/api/people/apps/1001/testers/tester-20/usage');
    expect(usage.body.data[0]).toMatchObject({ sessionCount: 7, crashCount: 1, feedbackCount: 2 });
  }
});

describe('a removal that Apple carries out later', () => {
  it('does not come back on the screen, nor into the history, while Apple still lists who is going', async () => {
    await open({ readsUntilGone: 12 });
    const removed = await bench.job('/api/people/bulk', {
      kind: 'remove-from-app',
      appId: '1001',
      testers: { ids: ['tester-30', 'tester-32'] },
    });
    expect(removed.items.map(({ result }) => result)).toEqual([{ isQueued: true }, { isQueued: true }]);
    const answer = await bench.call('DELETE', '/api/v1/betaTesters/tester-34', undefined, {
      'flightdeck-confirm': String(kept('betaTesters', 'tester-34')?.attributes.email),
    });
    expect(answer.status).toBe(202);
    const here = () =>
      Promise.all(
        ['betaTesters', 'betaGroupTesters'].map((table) =>
          bench.count(
            table,
            `${table === 'betaTesters' ? 'id' : 'testerId'} IN ('tester-30', 'tester-32', 'tester-34')`,
          ),
        ),
      );
    expect(await here()).toEqual([0, 0]);
    let passes = 0;
    for (; bench.apple.isWaiting; passes += 1) {
      await bench.sync(passes === 1 ? 'incremental' : 'full');
      expect(await here()).toEqual([0, 0]);
    }
    expect(passes).toBeGreaterThan(1);
    await bench.sync();
    expect(await here()).toEqual([0, 0]);
    expect(await bench.count('betaTesters', `appId = '1001'`)).toBe(TESTERS - 3);
    expect(await bench.count('testerEvents', `kind IN ('joined', 'left')`)).toBe(0);
  });

  it('is undone at once by inviting the person again', async () => {
    await open({ readsUntilGone: 0 });
    bench.apple.set({ readsUntilGone: 1 });
    const body = { kind: 'remove-from-app', appId: '1001', testers: { ids: ['tester-36'] } };
    const { jobId } = await bench.job('/api/people/bulk', body);
    await bench.sync();
    await bench.sync();
    expect(kept('betaTesters', 'tester-36')).toBeUndefined();
    await bench.job('/api/people/restore', { jobId });
    expect(await bench.count('betaTesters', `emailLower = 'person36@example.com'`)).toBe(1);
    await bench.sync();
    expect(await bench.count('betaTesters', `emailLower = 'person36@example.com'`)).toBe(1);
  });
});

it('takes somebody out of one app only, although the id is the same in another', async () => {
  await open();
  const body = { kind: 'remove-from-app', appId: '1001', testers: { ids: ['tester-11', 'tester-12'] } };
  await bench.job('/api/people/bulk', body);
  expect(await bench.count('betaTesters', `id IN ('tester-11', 'tester-12')`)).toBe(2);
  // A later read of the other app must not take them for removed there.
  expect((await bench.call('GET', '/api/v1/betaTesters/reader-20?refresh=1')).status).toBe(200);
  expect(await bench.count('betaTesters', `appId = '1002' AND id IN ('tester-11', 'tester-12')`)).toBe(2);
  expect(await membersOf('readers')).toBe(30);
  expect(kept('betaTesters', 'tester-11')?.to).toMatchObject({ apps: ['1002'], betaGroups: ['readers'] });
});

it('reads back what a proxy hid, and repeats nothing', async () => {
  await open();
  const spoil = (fault: 'html' | 'html after') => {
    let isDone = false;
    bench.apple.fault = ({ method }) => {
      if (method === 'GET' || isDone) return undefined;
      isDone = true;
      return fault;
    };
  };
  const create = (name: string) =>
    bench.call('POST', '/api/v1/betaGroups', {
      data: { type: 'betaGroups', attributes: { name }, relationships: { app: one('apps', '1001') } },
    });
  spoil('html after');
  expect((await create('Hidden')).status).toBe(201);
  spoil('html');
  const refused = await create('Refused');
  expect([refused.status, refused.body.errors[0].code]).toEqual([504, 'FLIGHTDECK.OUTCOME_UNKNOWN']);
  const names = bench.apple.apple.all('betaGroups').map(({ attributes }) => attributes.name);
  expect(names.filter((name) => name === 'Hidden' || name === 'Refused')).toEqual(['Hidden']);
});

it('shows a refusal in Apple’s words, the associated ones included', async () => {
  await open({ memberAgain: 409 });
  const answer = await bench.call('POST', '/api/v1/betaGroups/friends/relationships/betaTesters', {
    data: [ref('betaTesters', 'tester-20')],
  });
  expect(answer.status).toBe(409);
  expect(answer.body.errors[0]).toMatchObject({ status: '409', code: 'STATE_ERROR', meta: { apple: true } });
  expect(answer.text).toContain('Is a member already.');
});
