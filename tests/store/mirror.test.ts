import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupDayStatement, linkDayStatement, testerDayStatements } from '@/lib/history/days';
import { evictStatements, removeSome, TABLES_OF_ACCOUNTS } from '@/lib/mirror/evict';
import { assumedStateStatement, invitedStatement } from '@/lib/mirror/invited';
import { addLinkageStatements, removeLinkageStatements } from '@/lib/mirror/membership';
import type { ResourceObject } from '@/lib/mirror/resource';
import { isBuried } from '@/lib/mirror/tombstones';
import { type UpsertInput, upsertStatements } from '@/lib/mirror/upsert';
import type { Store } from '@/lib/store/store';
import { SyncBusyError } from '@/lib/sync/run';
import { stuckLists } from '@/lib/sync/stuck';
import { type ManualClock, manualClock } from '../factories/clock';
import { ascError, fakeAsc, type Shelves } from '../factories/fake-asc';
import { aBuild, aFeedback, aGroup, anApp, aTester, toOne } from '../factories/resources';
import { asAdmin, ENGINES, testPostgres } from '../factories/stores';
import { ACCOUNT, addAccount, syncOnce } from '../factories/synced';

const TABLES = [
  'apps',
  'betaGroups',
  'betaTesters',
  'betaTesterCounts',
  'betaGroupTesters',
  'buildTesters',
  'buildGroups',
  'preReleaseVersions',
  'builds',
  'betaBuildLocalizations',
  'documents',
  'tombstones',
  'feedback',
  'testerEvents',
  'testerDays',
  'buildEvents',
  'buildDays',
  'deviceDays',
  'usageWindows',
  'linkDays',
  'groupDays',
  'syncScopes',
] as const;

const MINUTE = 60_000;
/** Names are hostile input: none of these may stop a page or be told apart by an engine. */
const NAMES = ['Zoë', "O'Hara", '李', '{"a":1}', '%_\\', '\ud83d\ude00', '/', '"'];

let stores: Store[];
let clocks: ManualClock[];

beforeEach(async () => {
  stores = await Promise.all(ENGINES.map(({ open }) => open()));
  clocks = stores.map(() => manualClock());
  for (const store of stores) await addAccount(store);
});
afterEach(() => Promise.all(stores.map((store) => store.close())));

/** What all tables hold, in an order of its own; row numbers are the engine's business. */
async function dump(store: Store): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await store.read(store.build.selectFrom(table).selectAll());
    tables[table] = rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row)
            .filter(([name]) => name !== 'rowKey')
            .sort(),
        ),
      )
      .sort();
  }
  return tables;
}

/** The same on each engine, one after the other: they must then hold the same. */
async function onBoth(work: (store: Store, clock: ManualClock) => Promise<unknown>): Promise<void> {
  for (const [at, store] of stores.entries()) await work(store, clocks[at] as ManualClock);
  const [one, other] = await Promise.all(stores.map(dump));
  expect(other).toEqual(one);
  for (const store of stores) expect(await miscounted(store)).toEqual([]);
}

/** Apps and states whose counters do not say how many testers there are. */
async function miscounted({ read, build }: Store): Promise<string[]> {
  const told = await read(
    build.selectFrom('betaTesterCounts').select(['appId', 'state', 'count']).where('count', '<>', 0),
  );
  const counted = await read(
    build
      .selectFrom('betaTesters')
      .select((count) => ['appId', 'state', count.fn.countAll<number>().as('count')])
      .groupBy(['appId', 'state']),
  );
  const of = (rows: readonly { appId: string; state: string | null; count: number }[]) =>
    rows.map(({ appId, state, count }) => `${appId} ${state ?? ''} ${count}`).sort();
  const [one, other] = [of(told), of(counted)];
  return [...one.filter((row) => !other.includes(row)), ...other.filter((row) => !one.includes(row))];
}

/** Two apps; the first has more testers than one statement takes rows. */
function programme(): Shelves {
  const builds = ['b3', 'b2', 'b1'].map((id) =>
    aBuild(id, '1', {
      groups: ['g1'],
      review: { betaReviewState: 'APPROVED' },
      texts: { 'en-US': 'a', de: 'b' },
    }),
  );
  return {
    apps: [anApp('1'), anApp('2', { name: NAMES[0] })],
    betaGroups: [
      aGroup('g1', '1', { isInternalGroup: true }, 261),
      aGroup('g2', '2', {}, 1),
      aGroup('g3', '1'),
    ],
    'betaTesters/1': Array.from({ length: 261 }, (_, n) =>
      aTester(
        `t${n}`,
        { firstName: NAMES[n % NAMES.length], state: ['INSTALLED', 'INVITED', 'ACCEPTED'][n % 3] },
        n % 5 === 0 ? ['g1', 'g3'] : ['g1'],
      ),
    ),
    'betaTesters/2': [aTester('t1', {}, ['g2'])],
    builds: builds.flatMap(([build]) => build ?? []),
    ...Object.fromEntries(builds.map(([build, ...included]) => [`included ${build?.id}`, included])),
    'betaFeedbackCrashSubmissions/1': [aFeedback('c1', 'Crash', {}, { build: 'b1', tester: 't1' })],
    'betaFeedbackScreenshotSubmissions/1': [aFeedback('s1', 'Screenshot')],
  };
}

const upsert = (store: Store, resources: ResourceObject[], more: Partial<UpsertInput> = {}) =>
  store.write(upsertStatements({ accountId: ACCOUNT, resources, fetchedAt: 1_000, source: 'sync', ...more }));

describe('a sync', () => {
  it('leaves the same behind on both engines, and the next ones too', async () => {
    const shelves = programme();
    const sync = (mode: 'full' | 'incremental' = 'full') =>
      onBoth(async (store, clock) => {
        const result = await syncOnce(store, fakeAsc(structuredClone(shelves), 200), { clock, mode });
        expect(result).toMatchObject({ status: 'succeeded', error: null });
        await clock.advance(10 * MINUTE);
      });
    await sync();
    await sync();
    const testers = shelves['betaTesters/1'] ?? [];
    // Some leave, some change, one comes, one group and one build go, and a page repeats a row.
    shelves['betaTesters/1'] = [
      ...testers.slice(7, 150).map(({ id }) => aTester(id, { state: 'REVOKED' }, ['g3'])),
      ...testers.slice(150),
      aTester('new', {}, []),
      aTester('new', {}, ['g1']),
    ];
    shelves.betaGroups = [aGroup('g1', '1', { name: NAMES[3] }, 255), aGroup('g3', '1')];
    shelves.builds = (shelves.builds ?? []).slice(1);
    shelves['betaFeedbackCrashSubmissions/1'] = [];
    await sync();
    shelves.apps = [anApp('1')];
    delete shelves['betaTesters/2'];
    await sync();
    await sync('incremental');
    const [sqlite] = stores;
    const { feedback = [], betaGroups = [] } = sqlite ? await dump(sqlite) : {};
    expect(feedback).toHaveLength(2);
    expect(betaGroups).toHaveLength(2);
  });

  it('is one at a time per account: of two, one goes on', async () => {
    for (const store of stores) {
      const clock = manualClock();
      const slow = fakeAsc(programme(), 200);
      let go: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => {
        slow.before = () => {
          resolve();
          return new Promise((answer) => {
            go = answer;
            slow.before = () => undefined;
          });
        };
      });
      const first = syncOnce(store, slow, { clock });
      await asked;
      await expect(syncOnce(store, fakeAsc(programme(), 200), { clock })).rejects.toThrow(SyncBusyError);
      go();
      expect(await first).toMatchObject({ status: 'succeeded' });
      const runs = await store.read(store.build.selectFrom('syncRuns').select('status'));
      expect(runs).toEqual([{ status: 'succeeded' }]);
    }
  });

  it('begun at the same moment by two, is carried out by one', async () => {
    for (const store of stores) {
      const clock = manualClock();
      const settled = await Promise.allSettled(
        [1, 2, 3].map(() => syncOnce(store, fakeAsc(programme(), 200), { clock })),
      );
      const busy = settled.filter((one) => one.status === 'rejected' && one.reason instanceof SyncBusyError);
      const done = settled.filter((one) => one.status === 'fulfilled' && one.value.status === 'succeeded');
      expect([busy.length + done.length, done.length > 0]).toEqual([3, true]);
      const runs = await store.read(store.build.selectFrom('syncRuns').select('status'));
      expect(runs).toEqual(done.map(() => ({ status: 'succeeded' })));
    }
  });

  it('writes nothing once another has taken over', async () => {
    for (const store of stores) {
      const clock = manualClock();
      const apple = fakeAsc(programme(), 200);
      let then: unknown;
      apple.before = async (request) => {
        if (request !== 'betaTesters/1 1') return;
        await store.write([store.build.updateTable('leases').set({ owner: 'another', token: 9 })]);
        then = await dump(store);
      };
      const result = await syncOnce(store, apple, { clock });
      expect(result.status).toBe('failed');
      expect(then).toBeDefined();
      expect(await dump(store)).toEqual(then);
    }
  });

  it('says of a list that cannot be read which it is, by the name of its app', async () => {
    await onBoth(async (store, clock) => {
      const apple = fakeAsc(programme(), 200);
      apple.before = (request) => {
        if (request === 'betaFeedbackCrashSubmissions/1 1') throw ascError({ kind: 'forbidden' });
      };
      await syncOnce(store, apple, { clock });
      expect((await stuckLists(store)).get(ACCOUNT)).toMatchObject([
        { type: 'betaFeedbackCrashSubmissions', appName: 'App 1' },
      ]);
    });
  });
});

describe('the mirror', () => {
  beforeEach(async () => {
    for (const store of stores) {
      await upsert(store, [anApp('1'), anApp('2')]);
      await upsert(store, [aGroup('g1', '1', {}, 3), aGroup('g2', '2'), aGroup('g3', '1')]);
      const [build, ...included] = aBuild('b1', '1');
      await upsert(store, build ? [build] : [], { included });
      await upsert(store, [aTester('t1', {}, ['g1']), aTester('t2', {}, ['g1', 'g3'])], { appId: '1' });
      await upsert(store, [aTester('t1', {}, ['g1', 'g2'])], { appId: '2' });
    }
  });

  it('takes a row twice in one page, and a membership', () =>
    onBoth((store) =>
      upsert(
        store,
        [aTester('t9', { state: 'INVITED' }, ['g1', 'g1']), aTester('t9', { state: 'ACCEPTED' }, ['g1'])],
        { appId: '1', fetchedAt: 2_000 },
      ),
    ));

  it('merges what was asked for only in part', () =>
    onBoth(async (store) => {
      const part = (attributes: Record<string, unknown>, relationships = {}): ResourceObject[] => [
        {
          type: 'builds',
          id: 'b1',
          attributes,
          relationships: { app: toOne('apps', '1'), ...relationships },
        },
      ];
      await upsert(
        store,
        part({ iconAssetToken: { width: 2 }, minOsVersion: null, lsMinimumSystemVersion: '"\\' }),
        {
          sparse: true,
          fetchedAt: 2_000,
          source: 'read',
        },
      );
      await upsert(store, part({ expired: true }, { icons: { data: [{ type: 'buildIcons', id: 'i' }] } }), {
        sparse: true,
        fetchedAt: 3_000,
        source: 'read',
      });
      const [row] = await store.read(store.build.selectFrom('builds').select(['document', 'expired']));
      expect(row?.expired).toBe(1);
      expect(JSON.parse(row?.document ?? '')).toMatchObject({
        iconAssetToken: { templateUrl: 'https://example.org/{w}x{h}.{f}', width: 2, height: 1024 },
        expired: true,
      });
      expect(JSON.parse(row?.document ?? '')).not.toHaveProperty('minOsVersion');
    }));

  it('keeps what is newer than the data, and what was ended after the page was asked for', () =>
    onBoth(async (store) => {
      await upsert(store, [aTester('t1', { firstName: 'Old' }, ['g1'])], { appId: '1', fetchedAt: 500 });
      const place = { accountId: ACCOUNT, appId: '1', table: 'betaGroupTesters' } as const;
      await store.write(
        removeLinkageStatements({ ...place, groupId: 'g1', memberIds: ['t1', 't2', 't1'], at: 3_000 }),
      );
      await upsert(store, [aTester('t1', {}, ['g1']), aTester('t2', {}, ['g1'])], {
        appId: '1',
        fetchedAt: 2_000,
      });
      const members = store.build
        .selectFrom('betaGroupTesters')
        .select('testerId')
        .where('groupId', '=', 'g1');
      expect(await store.read(members.where('appId', '=', '1'))).toEqual([]);
      await store.write(
        addLinkageStatements({ ...place, groupId: 'g1', memberIds: ['t2', 't2'], at: 4_000 }),
      );
      expect(await store.read(members.where('appId', '=', '1'))).toEqual([{ testerId: 't2' }]);
    }));

  it('evicts with all that hangs on it, in one app or in all', () =>
    onBoth(async (store) => {
      const evict = { accountId: ACCOUNT, at: 2_000 };
      await store.write(evictStatements({ ...evict, type: 'betaTesters', ids: ['t1'], appId: '1' }));
      expect(await isBuried(store, ACCOUNT, 'betaTesters', 't1')).toBe(true);
      await upsert(store, [aTester('t1', {}, ['g1'])], { appId: '1', fetchedAt: 1_500 });
      expect(
        await store.read(
          store.build.selectFrom('betaTesters').select(['id', 'appId']).orderBy('appId').orderBy('id'),
        ),
      ).toEqual([
        { id: 't2', appId: '1' },
        { id: 't1', appId: '2' },
      ]);
      await store.write(
        evictStatements({ ...evict, type: 'betaTesters', ids: ['t1', 't2'], isQueued: true }),
      );
      await store.write(evictStatements({ ...evict, type: 'betaGroups', ids: ['g1'] }));
      await store.write(evictStatements({ ...evict, type: 'builds', ids: ['b1'] }));
      await store.write(evictStatements({ ...evict, type: 'betaAppLocalizations', ids: ['x'] }));
      expect(await store.read(store.build.selectFrom('betaGroupTesters').selectAll())).toEqual([]);
      expect(await store.read(store.build.selectFrom('betaBuildLocalizations').selectAll())).toEqual([]);
      expect(await store.read(store.build.selectFrom('betaTesters').selectAll())).toEqual([]);
    }));

  it('assumes the state of whom Apple tells none', () =>
    onBoth(async (store) => {
      const written = { fetchedAt: 2_000, source: 'write', appId: '1' } as const;
      await upsert(store, [aTester('t5', { state: null }), aTester('t6', { state: null }, ['g1'])], written);
      await upsert(store, [{ ...aGroup('g1', '1', { hasAccessToAllBuilds: true }) }], written);
      const whom = { accountId: ACCOUNT, appId: '1', testerIds: ['t5', 't6', 't2'] };
      await store.write([assumedStateStatement(whom)]);
      const states = store.build
        .selectFrom('betaTesters')
        .select(['id', 'state'])
        .where('appId', '=', '1')
        .orderBy('id');
      expect(await store.read(states)).toEqual([
        { id: 't1', state: 'INSTALLED' },
        { id: 't2', state: 'INSTALLED' },
        { id: 't5', state: 'NOT_INVITED' },
        { id: 't6', state: 'INVITED' },
      ]);
      await store.write([invitedStatement(whom)]);
      expect((await store.read(states)).at(2)).toEqual({ id: 't5', state: 'INVITED' });
    }));

  it('notes the figures of a day, again when they are read again', () =>
    onBoth(async (store) => {
      const figures = { sessionCount: 3, crashCount: null, feedbackCount: 0 };
      const link = {
        viewCount: 1,
        acceptedCount: 2,
        didNotAcceptCount: null,
        didNotMeetCriteriaCount: 0,
        notRelevantRatio: 0.25,
        notClearRatio: null,
        notInterestingRatio: 1,
      };
      for (const sessionCount of [3, 4]) {
        const of = ['t1', 'stranger', 't1'].map((testerId) => ({ ...figures, testerId, sessionCount }));
        await store.write([
          groupDayStatement(ACCOUNT, '2026-02-03'),
          linkDayStatement(ACCOUNT, 'g1', '2026-02-03', { ...link, viewCount: sessionCount }),
          ...testerDayStatements(ACCOUNT, '1', '2026-02-03', of),
        ]);
      }
      expect(
        await store.read(
          store.build
            .selectFrom('testerDays')
            .select(['testerId', 'state', 'sessionCount'])
            .orderBy('testerId'),
        ),
      ).toEqual([
        { testerId: 'stranger', state: null, sessionCount: 4 },
        { testerId: 't1', state: 'INSTALLED', sessionCount: 4 },
      ]);
    }));
});

it('never removes feedback, which may be the only copy', async () => {
  await onBoth(async (store, clock) => {
    const shelves = programme();
    await syncOnce(store, fakeAsc(shelves, 200), { clock });
    const kept = () => store.read(store.build.selectFrom('feedback').select(['id', 'comment']).orderBy('id'));
    const before = await kept();
    expect(before).toHaveLength(2);
    const gone = { accountId: ACCOUNT, at: clock.now() };
    await store.write([
      ...evictStatements({ ...gone, type: 'betaFeedbackCrashSubmissions', ids: ['c1'] }),
      ...evictStatements({ ...gone, type: 'betaFeedbackScreenshotSubmissions', ids: ['s1'], appId: '1' }),
      ...evictStatements({ ...gone, type: 'betaTesters', ids: ['t1'] }),
      ...evictStatements({ ...gone, type: 'builds', ids: ['b1'] }),
    ]);
    // A page that was asked for before, and then: no list, no app, no account any more.
    await upsert(store, [aFeedback('c1', 'Crash')], { appId: '1', fetchedAt: 1, source: 'read' });
    await clock.advance(60 * MINUTE);
    await syncOnce(store, fakeAsc({ apps: [], betaGroups: [], builds: [] }, 200), { clock });
    await clock.advance(25 * 60 * MINUTE);
    await syncOnce(store, fakeAsc({ apps: [], betaGroups: [], builds: [] }, 200), { clock });
    for (const table of TABLES_OF_ACCOUNTS) {
      await store.write([removeSome(table, { accountId: ACCOUNT }, 2_000)]);
    }
    expect(await kept()).toEqual(before);
    expect(await store.read(store.build.selectFrom('builds').select('id'))).toEqual([]);
  });
});

it('takes away what a page brings that another process is just storing', async () => {
  const store = await testPostgres();
  await addAccount(store);
  await upsert(store, [anApp('1'), aGroup('g1', '1')]);
  await store.write([
    store.build.insertInto('leases').values({ name: `sync:${ACCOUNT}`, owner: 'o', token: 1, expiresAt: 9 }),
  ]);
  const place = { accountId: ACCOUNT, appId: '1', at: 2_000 };
  const page = (work: (other: pg.Client, watch: pg.Client) => Promise<unknown>) =>
    asAdmin((other) => asAdmin((watch) => work(other, watch), store.url), store.url);
  await page(async (other, watch) => {
    await other.query(`BEGIN; UPDATE "leases" SET "expiresAt" = 10;
      INSERT INTO "betaTesters" ("accountId", "appId", "id", "document", "generation", "fetchedAt") VALUES ('${ACCOUNT}', '1', 't1', '{}', 1, 1000);
      INSERT INTO "betaGroupTesters" VALUES ('${ACCOUNT}', 'g1', 't2', '1', 1000)`);
    const removals = [
      store.write(evictStatements({ ...place, type: 'betaTesters', ids: ['t1'] })),
      store.write(
        removeLinkageStatements({ ...place, table: 'betaGroupTesters', groupId: 'g1', memberIds: ['t2'] }),
      ),
    ];
    // Both have come to where they wait before the page is committed.
    const waiting =
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = $1';
    while ((await watch.query<{ n: number }>(waiting, ['Lock'])).rows[0]?.n !== 2);
    await other.query('COMMIT');
    await Promise.all(removals);
  });
  expect(await store.read(store.build.selectFrom('betaTesters').select('id'))).toEqual([]);
  expect(await store.read(store.build.selectFrom('betaGroupTesters').select('testerId'))).toEqual([]);
  await store.close();
});
