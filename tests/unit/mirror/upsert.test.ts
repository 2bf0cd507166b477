import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evictStatements } from '@/lib/mirror/evict';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import { getMirror, resolveAccount } from '@/lib/mirror/query/get';
import type { ResourceLike } from '@/lib/mirror/resource';
import { type UpsertInput, upsertStatements } from '@/lib/mirror/upsert';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { aBuild, aFeedback, aGroup, anApp, aTester, toMany, toOne } from '@/tests/factories/resources';

const A = 'account-1';
let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await store([anApp('1')], { fetchedAt: 1 });
});
afterEach(() => db.close());

function store(
  resources: ResourceLike[],
  options: Partial<UpsertInput> & { fetchedAt: number },
): Promise<number[]> {
  return db.write(upsertStatements({ accountId: A, resources, source: 'sync', ...options }));
}

const storeBuild = (parts: ResourceLike[], options: Partial<UpsertInput> & { fetchedAt: number }) =>
  store(parts.slice(0, 1), { included: parts.slice(1), ...options });

const groupsOf = async (testerId: string) =>
  (
    await db.query<{ groupId: string }>(
      'SELECT groupId FROM betaGroupTesters WHERE testerId = ? ORDER BY groupId',
      [testerId],
    )
  ).map((row) => row.groupId);

describe('what is stored', () => {
  it('gives the attributes back as Apple sent them, unknown ones and unknown enum values included', async () => {
    const group = aGroup('g', '1', {
      name: '‮Ünknown',
      somethingNew: { deep: [1, 'a', null] },
      publicLinkLimit: 5,
    });
    await store([group], { fetchedAt: 10 });
    const found = await getMirror(db, A, 'betaGroups', 'g');
    expect(found?.data.attributes).toEqual(group.attributes);
    expect(found?.appId).toBe('1');

    await store([aTester('t', { state: 'SOMETHING_NEW', email: null, firstName: 'Anonymous' })], {
      appId: '1',
      fetchedAt: 10,
    });
    expect((await getMirror(db, A, 'betaTesters', 't'))?.data.attributes).toMatchObject({
      state: 'SOMETHING_NEW',
      email: null,
    });
  });

  it('puts the parts of a build where lists filter them', async () => {
    await storeBuild(
      aBuild('b41', '1', {
        train: '2.10',
        groups: ['g1', 'g2'],
        review: { betaReviewState: 'APPROVED', submittedDate: '2026-02-01T12:00:00-08:00' },
        texts: { 'en-US': 'New', 'de-DE': 'Neu' },
      }),
      { fetchedAt: 10 },
    );
    const build = await getMirror(db, A, 'builds', 'b41', {
      include: ['betaBuildLocalizations', 'preReleaseVersion'],
    });
    expect(build?.data.meta).toMatchObject({
      trainVersion: '2.10',
      platform: 'IOS',
      externalBuildState: 'IN_BETA_TESTING',
      betaReviewState: 'APPROVED',
      locales: { 'en-US': true, 'de-DE': true },
    });
    expect(build?.included.map(({ type, id }) => `${type}/${id}`).sort()).toEqual([
      'betaBuildLocalizations/text-b41-de-DE',
      'betaBuildLocalizations/text-b41-en-US',
      'preReleaseVersions/train-1-2.10',
    ]);
    expect((await getMirror(db, A, 'buildBetaDetails', 'detail-b41'))?.data).toMatchObject({
      attributes: { autoNotifyEnabled: true },
      relationships: { build: { data: { type: 'builds', id: 'b41' } } },
    });
    expect(await db.query('SELECT groupId FROM buildGroups ORDER BY groupId')).toEqual([
      { groupId: 'g1' },
      { groupId: 'g2' },
    ]);
  });

  it('keeps any other type as a document', async () => {
    await store([{ type: 'betaAppLocalizations', id: 'x', attributes: { locale: 'fr-FR' } }], {
      parent: 'apps/1',
      fetchedAt: 5,
    });
    expect(await db.query('SELECT type, id, parent FROM documents')).toEqual([
      { type: 'betaAppLocalizations', id: 'x', parent: 'apps/1' },
    ]);
    expect(await db.query('SELECT count(*) AS n FROM "Account"')).toEqual([{ n: 0 }]);
  });

  it('stores a page of more than 200 rows with its memberships', async () => {
    const testers = Array.from({ length: 450 }, (_, i) => aTester(`t${i}`, {}, ['g1', 'g2']));
    await store(testers, { appId: '1', fetchedAt: 5, generation: 1 });
    expect(await db.query('SELECT count(*) AS n FROM betaTesters')).toEqual([{ n: 450 }]);
    expect(await db.query('SELECT count(*) AS n FROM betaGroupTesters')).toEqual([{ n: 900 }]);
    expect(await db.query('SELECT state, count FROM betaTesterCounts')).toEqual([
      { state: 'INSTALLED', count: 450 },
    ]);
  });

  it('keeps the same tester of two apps apart', async () => {
    await store([anApp('2')], { fetchedAt: 1 });
    await store([aTester('t', { state: 'INVITED' })], { appId: '1', fetchedAt: 5 });
    await store([aTester('t', { state: 'INSTALLED' })], { appId: '2', fetchedAt: 5 });
    expect(await db.query('SELECT appId, state FROM betaTesters ORDER BY appId')).toEqual([
      { appId: '1', state: 'INVITED' },
      { appId: '2', state: 'INSTALLED' },
    ]);
  });
});

describe('the screen never flips back', () => {
  it('ignores a page that was asked for before a newer write', async () => {
    await store([aGroup('g', '1', { name: 'Old' })], { fetchedAt: 10 });
    await store([aGroup('g', '1', { name: 'Renamed by a person' })], { fetchedAt: 30, source: 'write' });
    await store([aGroup('g', '1', { name: 'Old' })], { fetchedAt: 20 });
    expect((await getMirror(db, A, 'betaGroups', 'g'))?.data.attributes?.name).toBe('Renamed by a person');
    await store([aGroup('g', '1', { name: 'Renamed at Apple' })], { fetchedAt: 40 });
    expect((await getMirror(db, A, 'betaGroups', 'g'))?.data.attributes?.name).toBe('Renamed at Apple');
  });

  it('does not bring back what was deleted after the page was asked for', async () => {
    await store([aTester('t', {}, ['g'])], { appId: '1', fetchedAt: 10 });
    await db.write(evictStatements({ accountId: A, type: 'betaTesters', ids: ['t'], at: 30 }));
    await store([aTester('t', {}, ['g'])], { appId: '1', fetchedAt: 20 });
    expect(await getMirror(db, A, 'betaTesters', 't')).toBeNull();
    // A page that was asked for later knows better: the tester was invited again.
    await store([aTester('t', {}, ['g'])], { appId: '1', fetchedAt: 40 });
    expect(await getMirror(db, A, 'betaTesters', 't')).not.toBeNull();
  });

  it('shows what was created again at once, whatever was deleted before', async () => {
    await db.write(evictStatements({ accountId: A, type: 'betaTesters', ids: ['t'], at: 30 }));
    await store([aTester('t')], { appId: '1', fetchedAt: 31, source: 'write' });
    await store([aTester('t')], { appId: '1', fetchedAt: 29 });
    expect(await getMirror(db, A, 'betaTesters', 't')).not.toBeNull();
  });

  it('keeps memberships that were made or ended here after the page was asked for', async () => {
    await store([aTester('t', {}, ['stays', 'ends'])], { appId: '1', fetchedAt: 10 });
    const change = { accountId: A, appId: '1', table: 'betaGroupTesters', memberIds: ['t'], at: 30 } as const;
    await db.write(removeLinkageStatements({ ...change, groupId: 'ends' }));
    await db.write(addLinkageStatements({ ...change, groupId: 'made' }));
    await store([aTester('t', {}, ['stays', 'ends'])], { appId: '1', fetchedAt: 20 });
    expect(await groupsOf('t')).toEqual(['made', 'stays']);
    // Apple may show late what it has just made.
    await store([aTester('t', {}, ['stays'])], { appId: '1', fetchedAt: 30_000 });
    expect(await groupsOf('t')).toEqual(['made', 'stays']);
    await store([aTester('t', {}, ['stays'])], { appId: '1', fetchedAt: 60_031 });
    expect(await groupsOf('t')).toEqual(['stays']);
  });

  it('keeps a text that was just made, though a build does not name it yet', async () => {
    const text: ResourceLike = {
      type: 'betaBuildLocalizations',
      id: 'b1-fr',
      attributes: { locale: 'fr-FR', whatsNew: 'Neuf' },
      relationships: { build: toOne('builds', 'b1') },
    };
    const texts = async () =>
      (await db.query<{ id: string }>('SELECT id FROM betaBuildLocalizations ORDER BY id')).map(
        ({ id }) => id,
      );
    const build = aBuild('b1', '1');
    await storeBuild(build, { fetchedAt: 10, generation: 1 });
    const before = await texts();
    await store([text], { appId: '1', fetchedAt: 1_000, source: 'write' });
    await storeBuild(build, { fetchedAt: 2_000, source: 'read' });
    expect(await texts()).toEqual([...before, 'b1-fr'].sort());
    await storeBuild(build, { fetchedAt: 61_001, source: 'read' });
    expect(await texts()).toEqual(before);
  });

  it('counts a group anew after its members changed here', async () => {
    await store([aGroup('g', '1', {}, 2)], { fetchedAt: 5 });
    await store([aTester('a', {}, ['g']), aTester('b', {}, ['g'])], { appId: '1', fetchedAt: 5 });
    const change = { accountId: A, appId: '1', table: 'betaGroupTesters', groupId: 'g', at: 9 } as const;
    await db.write(removeLinkageStatements({ ...change, memberIds: ['a'] }));
    expect((await getMirror(db, A, 'betaGroups', 'g'))?.data.meta?.testerCount).toBe(1);
    await db.write(evictStatements({ accountId: A, type: 'betaTesters', ids: ['b'], appId: '1', at: 10 }));
    expect((await getMirror(db, A, 'betaGroups', 'g'))?.data.meta?.testerCount).toBe(0);
    expect(await groupsOf('b')).toEqual([]);
  });
});

describe('a field is kept, not nulled', () => {
  it('when a page names an included resource but does not carry it', async () => {
    await storeBuild(aBuild('b1', '1', { review: { betaReviewState: 'APPROVED', submittedDate: null } }), {
      fetchedAt: 10,
    });
    await store(aBuild('b1', '1', { review: { betaReviewState: 'x' } }).slice(0, 1), { fetchedAt: 20 });
    expect((await getMirror(db, A, 'builds', 'b1'))?.data.meta).toMatchObject({
      externalBuildState: 'IN_BETA_TESTING',
      trainVersion: '2.0',
      betaReviewState: 'APPROVED',
      autoNotifyEnabled: true,
    });
  });

  it('when a tester is read without an app: state and devices are then null', async () => {
    await store([aTester('t')], { appId: '1', fetchedAt: 10 });
    await store([aTester('t', { state: null, appDevices: null, lastName: 'Married' })], { fetchedAt: 20 });
    const tester = (await getMirror(db, A, 'betaTesters', 't'))?.data;
    expect(tester?.attributes).toMatchObject({ state: 'INSTALLED', lastName: 'Married' });
    expect(tester?.meta).toMatchObject({ deviceModel: 'iPhone17,1', installedBuild: '41' });
  });

  it('when only some attributes were asked for', async () => {
    await store([aGroup('g', '1', { feedbackEnabled: true, publicLinkLimit: 7 })], { fetchedAt: 10 });
    await store([{ type: 'betaGroups', id: 'g', attributes: { name: 'Short' } }], {
      fetchedAt: 20,
      appId: '1',
      sparse: true,
    });
    expect((await getMirror(db, A, 'betaGroups', 'g'))?.data.attributes).toMatchObject({
      name: 'Short',
      feedbackEnabled: true,
      publicLinkLimit: 7,
    });
  });

  it('but is nulled when Apple says so, and what a complete answer leaves out is unset', async () => {
    await store([aGroup('g', '1', { publicLink: 'https://testflight.apple.com/join/abc' })], {
      fetchedAt: 10,
    });
    await store([aGroup('g', '1', { publicLink: null })], { fetchedAt: 20 });
    expect(await db.query('SELECT publicLink FROM betaGroups')).toEqual([{ publicLink: null }]);
  });

  it('when Apple cut a list of memberships short', async () => {
    await store([aTester('t', {}, ['old'])], { appId: '1', fetchedAt: 10 });
    const many = { ...aTester('t'), relationships: { betaGroups: toMany('betaGroups', ['new'], 60) } };
    await store([many], { appId: '1', fetchedAt: 20 });
    expect(await groupsOf('t')).toEqual(['new', 'old']);
  });

  it('when a group is read without its recruitment criteria', async () => {
    const criteria = {
      type: 'betaRecruitmentCriteria',
      id: 'c',
      attributes: { deviceFamilyOsVersionFilters: [] },
    };
    const group = aGroup('g', '1');
    const linked = {
      ...group,
      relationships: {
        ...group.relationships,
        betaRecruitmentCriteria: toOne('betaRecruitmentCriteria', 'c'),
      },
    };
    await store([linked], { included: [criteria], fetchedAt: 10 });
    await store([linked], { fetchedAt: 20 });
    expect(
      (await getMirror(db, A, 'betaGroups', 'g', { include: ['betaRecruitmentCriteria'] }))?.included,
    ).toMatchObject([
      { type: 'betaRecruitmentCriteria', id: 'c', attributes: { deviceFamilyOsVersionFilters: [] } },
    ]);
  });

  it('with the app of what names it, whatever the relationship is called', async () => {
    const group = aGroup('g', '1');
    const { relationships } = group;
    const naming = { ...group, relationships: { ...relationships, watchers: toMany('betaTesters', ['t']) } };
    await store([naming], { included: [aTester('t')], fetchedAt: 10 });
    expect(await db.query('SELECT appId, id FROM betaTesters')).toEqual([{ appId: '1', id: 't' }]);
  });
});

describe('parts of a build', () => {
  it('takes the answer of a switched notification into the build', async () => {
    await storeBuild(aBuild('b1', '1'), { fetchedAt: 10 });
    const detail = { type: 'buildBetaDetails', id: 'detail-b1', attributes: { autoNotifyEnabled: false } };
    await store([detail], { fetchedAt: 20, source: 'write' });
    expect((await getMirror(db, A, 'builds', 'b1'))?.data.meta).toMatchObject({ autoNotifyEnabled: false });
  });

  it('takes a new submission into the build it was made for', async () => {
    await storeBuild(aBuild('b1', '1'), { fetchedAt: 10 });
    const submission = {
      type: 'betaAppReviewSubmissions',
      id: 's',
      attributes: { betaReviewState: 'WAITING_FOR_REVIEW' },
    };
    await store([submission], { fetchedAt: 20, source: 'write', buildId: 'b1' });
    expect((await getMirror(db, A, 'betaAppReviewSubmissions', 's'))?.data.meta?.buildId).toBe('b1');
  });

  it('drops texts that the build no longer has', async () => {
    const both = aBuild('b1', '1', { texts: { 'en-US': 'a', 'de-DE': 'b' } });
    await storeBuild(both, { fetchedAt: 10, generation: 1 });
    await storeBuild(aBuild('b1', '1', { texts: { 'en-US': 'a' } }), { fetchedAt: 20 });
    expect(await db.query('SELECT locale FROM betaBuildLocalizations')).toEqual([{ locale: 'en-US' }]);
  });
});

describe('feedback', () => {
  it('is marked, not removed, when it is deleted', async () => {
    await store([aFeedback('f', 'Crash', {}, { build: 'b', tester: 't' })], { appId: '1', fetchedAt: 10 });
    await db.write(
      evictStatements({ accountId: A, type: 'betaFeedbackCrashSubmissions', ids: ['f'], at: 20 }),
    );
    expect(await db.query('SELECT id, buildId, testerId, goneAt FROM feedback')).toEqual([
      { id: 'f', buildId: 'b', testerId: 't', goneAt: 20 },
    ]);
  });
});

describe('resolveAccount', () => {
  it('finds which account and app hold an id', async () => {
    await store([aTester('t')], { appId: '1', fetchedAt: 1 });
    expect(await resolveAccount(db, 'betaTesters', 't')).toEqual({ accountId: A, appId: '1' });
    expect(await resolveAccount(db, 'apps', '1')).toEqual({ accountId: A, appId: '1' });
    expect(await resolveAccount(db, 'betaGroups', 'nobody')).toBeNull();
  });
});
