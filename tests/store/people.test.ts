import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildNames, externalTesterCount, groupsOf } from '@/lib/services/app-facts';
import type { Ctx } from '@/lib/services/ctx';
import { previewDeletion } from '@/lib/services/groups/groups';
import { knownTesters } from '@/lib/services/imports/known-testers';
import { readLinkDays } from '@/lib/services/links/link-days';
import { testerFacts } from '@/lib/services/prune/facts';
import { pruneRules } from '@/lib/services/prune/rules';
import { TESTER_HEADER, testerRows } from '@/lib/services/testers/export-testers';
import { changeRecords } from '@/lib/services/testers/records';
import { loadTesters } from '@/lib/services/testers/selection';
import { testerPage } from '@/lib/services/testers/tester-page';
import { snapshotSessions } from '@/lib/services/testers/usage';
import type { Store } from '@/lib/store/store';
import { ENGINES } from '@/tests/factories/stores';

const NOW = Date.parse('2026-05-10T12:00:00Z');
const APP = { accountId: 'a', appId: 'app', name: 'Papaya', title: 'Papaya' };
const place = { accountId: 'a', appId: 'app' };
const read = { document: '{}', generation: 1, fetchedAt: 1 };

const tester = (id: string, email: string | null, more: { state?: string; appDevices?: string } = {}) => ({
  ...{ ...place, ...read, id, email, emailLower: email?.toLowerCase() ?? null },
  ...more,
});
const group = (id: string, name: string | null, isInternalGroup: 0 | 1) => ({
  ...{ ...place, ...read, id, name, isInternalGroup, hasAccessToAllBuilds: 0 },
});
const build = (id: string, expired: 0 | 1 | null) => ({
  ...{ ...place, ...read, id, version: id, trainVersion: '1.0', platform: 'IOS', expired },
});

describe.each(ENGINES)('people in the store on $name', ({ open }) => {
  let store: Store;
  let ctx: Ctx;
  beforeAll(async () => {
    store = await open();
    const actor = { kind: 'user', id: 'u', email: 'ann@example.com', role: 'admin' };
    ctx = { db: store, clock: { now: () => NOW }, actor, requestId: 'r' } as unknown as Ctx;
    const { build: q } = store;
    await store.write([
      q.insertInto('Account').values({
        ...{ id: 'a', name: 'Team', kind: 'team', keyId: 'K', baseUrl: '', sealedKey: '' },
        ...{ createdAt: 1, updatedAt: 1 },
      }),
      q.insertInto('apps').values(['app', 'other'].map((id) => ({ ...read, accountId: 'a', id, name: id }))),
      q
        .insertInto('betaTesters')
        .values([
          tester('t1', 'Ann@Example.com', { state: 'INSTALLED', appDevices: '[]' }),
          tester('t2', null, { state: 'ACCEPTED' }),
          tester('t3', 'ann@example.com'),
          { ...tester('t1', 'ann@example.com'), appId: 'other' },
        ]),
      q
        .insertInto('betaGroups')
        .values([group('g2', 'beta', 0), group('g1', 'Alpha', 0), group('g3', null, 1)]),
      q.insertInto('betaGroupTesters').values(
        [
          ['g1', 't1'],
          ['g2', 't1'],
          ['g2', 't2'],
          ['g3', 't3'],
        ].map(([groupId = '', testerId = '']) => ({ ...place, groupId, testerId, fetchedAt: 1 })),
      ),
      q.insertInto('builds').values([build('1', 1), build('2', null), build('3', 0)]),
      q.insertInto('buildTesters').values({ ...place, buildId: '2', testerId: 't1', fetchedAt: 1 }),
      q
        .insertInto('testerTags')
        .values(['crew, old', 'vip'].map((tag) => ({ ...place, testerId: 't1', tag, createdAt: 1 }))),
      q.insertInto('testerNotes').values({ ...place, testerId: 't2', protected: 1, updatedAt: 1 }),
      q.insertInto('feedback').values(
        ['2026-05-01T23:30:00-07:00', '2026-04-01T00:00:00Z'].map((createdDate, index) => ({
          ...{ accountId: 'a', appId: 'app', id: `f${index}`, testerId: 't1', createdDate },
          ...{ ...read, type: 'betaFeedbackCrashSubmissions' },
        })),
      ),
      q.insertInto('testerEvents').values([
        { ...place, testerId: 't1', at: 5, kind: 'invited' },
        { ...place, testerId: 't1', at: 9, kind: 'state', after: 'INSTALLED' },
        { ...place, testerId: 't1', at: 11, kind: 'state', after: 'ACCEPTED' },
      ]),
      q.insertInto('testerDays').values(
        [
          ['t1', '2026-05-03', 2],
          ['t1', '2026-05-09', 3],
          ['t2', '2026-05-09', 0],
        ].map(([testerId, day, sessionCount]) => ({
          ...{ ...place, testerId: String(testerId), day: String(day), sessionCount: Number(sessionCount) },
        })),
      ),
      q.insertInto('groupDays').values({ accountId: 'a', groupId: 'g1', day: '2026-04-20', testerCount: 1 }),
      q.insertInto('linkDays').values(
        ['2026-05-01', '2026-05-02', '2026-05-03'].map((day, index) => ({
          ...{ accountId: 'a', groupId: 'g1', day, viewCount: index, notClearRatio: 0.5 },
        })),
      ),
    ]);
  });
  afterAll(() => store.close());

  it('gives testers with their groups and builds in the order of the ids', async () => {
    const testers = await loadTesters(ctx, APP, ['t3', 'nobody', 't1', 't2']);
    expect(
      testers.map(({ testerId, groupIds, buildIds }) => [testerId, groupIds.toSorted(), buildIds]),
    ).toEqual([
      ['t3', ['g3'], []],
      ['t1', ['g1', 'g2'], ['2']],
      ['t2', ['g2'], []],
    ]);
  });

  it('gives every tester of an address', async () => {
    const known = await knownTesters(ctx, APP, ['ann@example.com', 'bob@example.com', 'ann@example.com']);
    expect([...known.keys()]).toEqual(['ann@example.com']);
    expect(known.get('ann@example.com')?.map(({ testerId }) => testerId)).toEqual(['t1', 't3']);
  });

  it('sorts groups by name, those without one first, and counts people of external ones once', async () => {
    expect((await groupsOf(ctx, APP)).map(({ name }) => name)).toEqual(['g3', 'Alpha', 'beta']);
    expect(await externalTesterCount(ctx, APP)).toBe(2);
  });

  it('names builds, with those of unknown age among the installable', async () => {
    const ids = ['1', '2', '3', '4'];
    expect([...(await buildNames(ctx, APP, ids)).keys()].sort()).toEqual(['1', '2', '3']);
    const installable = await buildNames(ctx, APP, ids, { isInstallable: true });
    expect([...installable.keys()].sort()).toEqual(['2', '3']);
  });

  it('knows of testers what pruning asks', async () => {
    const { facts, source } = await testerFacts(ctx, APP, pruneRules.parse({ noSessionDays: 7 }));
    expect(source).toBe('snapshots');
    const [first, second] = ['t1', 't2'].map((id) => facts.find(({ testerId }) => testerId === id));
    expect(first).toMatchObject({
      ...{ isProtected: false, sessions: 5, feedback: 2, invitedAt: 5, hasInstalled: true },
      presentBy: Date.parse('2026-04-01T00:00:00Z'),
      lastSeenAt: Date.parse('2026-05-09T00:00:00Z'),
    });
    expect(first?.tags.toSorted()).toEqual(['crew, old', 'vip']);
    expect(second).toMatchObject({
      ...{ isProtected: true, sessions: 0, feedback: 0, invitedAt: null, groupIds: ['g2'], tags: [] },
      presentBy: Date.parse('2026-04-20T23:59:59Z'),
      lastSeenAt: null,
    });
  });

  it('sums sessions of a time that snapshots cover, and tells when they do not', async () => {
    expect(await snapshotSessions(ctx, APP, 7)).toEqual(
      new Map([
        ['t1', 5],
        ['t2', 0],
      ]),
    );
    expect(await snapshotSessions(ctx, APP, 30)).toBeNull();
  });

  it('exports testers page by page with groups, tags, notes and the newest figures', async () => {
    const all: (readonly unknown[])[] = [];
    for await (const some of testerRows(ctx, { accountId: 'a', filter: { apps: ['app'] } }))
      all.push(...some);
    expect(all).toHaveLength(3);
    const cell = (name: (typeof TESTER_HEADER)[number]) => all[0]?.[TESTER_HEADER.indexOf(name)];
    expect([cell('Groups'), cell('Sessions (7 Days)'), cell('Protected')]).toEqual(['Alpha;beta', 3, false]);
    expect(String(cell('Tags')).split(';').toSorted()).toEqual(['crew, old', 'vip']);
    const everywhere: unknown[] = [];
    for await (const some of testerRows(ctx, { filter: {} })) everywhere.push(...some);
    expect(everywhere).toHaveLength(4);
  });

  it('tells of one tester what happened, what they have, and where else they are', async () => {
    const page = await testerPage(ctx, { appId: 'app', testerId: 't1', accountId: 'a' });
    expect(page.events.map(({ kind }) => kind)).toEqual(['state', 'state', 'invited']);
    expect(page.elsewhere).toMatchObject([{ appId: 'other', testerId: 't1', groupCount: 0 }]);
    expect(page).toMatchObject({ feedbackTotal: 2, lastActiveDay: '2026-05-09', builds: [{ id: '2' }] });
  });

  it('says what goes with a group', async () => {
    expect(await previewDeletion(ctx, 'g2', 'a')).toMatchObject({ testers: 2, losingAccess: 1, builds: [] });
    expect(await previewDeletion(ctx, 'g3', 'a')).toMatchObject({ testers: 1, losingAccess: 1 });
  });

  it('changes tags, notes and protection of many, and keeps what was so', async () => {
    const change = (more: object) =>
      changeRecords(ctx, { appId: 'app', accountId: 'a', testers: { ids: ['t1', 't3'] }, ...more });
    expect((await change({ addTags: ['vip', 'new'] })).changed).toEqual(['t1', 't3']);
    expect((await change({ addTags: ['vip'] })).changed).toEqual([]);
    expect((await change({ protected: true })).changed).toEqual(['t1', 't3']);
    expect((await change({ removeTags: ['new'] })).changed).toEqual(['t1', 't3']);
    const [seen] = await store.read(
      store.build.selectFrom('testerNotes').selectAll().where('testerId', '=', 't3'),
    );
    expect(seen).toMatchObject({ protected: 1, note: null, updatedBy: 'ann@example.com', updatedAt: NOW });
    const tags = await store.read(
      store.build.selectFrom('testerTags').select(['testerId', 'tag']).orderBy('testerId').orderBy('tag'),
    );
    expect(tags.map(({ testerId, tag }) => `${testerId} ${tag}`)).toEqual([
      't1 crew, old',
      't1 vip',
      't3 vip',
    ]);
  });

  it('gives the newest days of a link, oldest first', async () => {
    const days = await readLinkDays(store, { accountId: 'a', groupId: 'g1' }, 2);
    expect(days.map(({ day, viewCount, notClearRatio }) => [day, viewCount, notClearRatio])).toEqual([
      ['2026-05-02', 1, 0.5],
      ['2026-05-03', 2, 0.5],
    ]);
  });
});
