import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingIcons } from '@/lib/mirror/app-icons';
import { findCriteria } from '@/lib/mirror/criteria';
import { groupTestersByState, overview } from '@/lib/mirror/overview';
import { allTesterIds, appNames, getMirror, holdersOf, readAt, sharedApps } from '@/lib/mirror/query';
import { facetOf } from '@/lib/mirror/query/facets';
import { factsOf, type MirrorType, QUERY_FACTS } from '@/lib/mirror/query/facts';
import { countMirror, queryMirror } from '@/lib/mirror/query/list';
import { neighboursOf } from '@/lib/mirror/query/neighbours';
import { type CursorValue, cursorOf, orderOf } from '@/lib/mirror/query/order';
import { heldIncludes } from '@/lib/mirror/query/relations';
import type { MirrorQuery } from '@/lib/mirror/query/types';
import { askOf } from '@/lib/services/health/ask';
import { figuresOf } from '@/lib/services/health/figures';
import { allLights } from '@/lib/services/health/lights';
import type { Store } from '@/lib/store/store';
import { fillMirror, NOW } from '@/tests/factories/mirror-rows';
import { ENGINES } from '@/tests/factories/stores';

const TYPES = Object.keys(QUERY_FACTS) as MirrorType[];
const stores: Store[] = [];

beforeAll(async () => {
  for (const { open } of ENGINES) stores.push(await open());
  await Promise.all(stores.map(fillMirror));
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

/** The same answer from both engines. */
async function both<Answer>(name: string, ask: (store: Store) => Promise<Answer>): Promise<Answer> {
  const told = await Promise.all(
    stores.map((store) => ask(store).catch((error: unknown) => `${(error as Error).message}`)),
  );
  expect([name, told[1]]).toEqual([name, told[0]]);
  return told[0] as Answer;
}

const list = (type: MirrorType, query: Partial<MirrorQuery>) => (store: Store) =>
  queryMirror(store, type, { limit: 50, now: NOW, ...query });
const appFilter = (type: MirrorType) => (type === 'betaTesters' ? 'apps' : 'app');

describe.each(TYPES)('%s on both engines', (type) => {
  it('come in the same order by every sort, from page to page', async () => {
    const sorts = Object.keys(factsOf(type).sort).flatMap((sort) => [[sort], [`-${sort}`]]);
    const all = (await both('all', list(type, {}))).total;
    expect(all).toBeGreaterThan(3);
    for (const sort of [...sorts, []]) {
      for (const isMasked of [false, true]) {
        let cursor: string | undefined;
        const seen: string[] = [];
        for (;;) {
          const asked = { sort, isMasked, cursor, limit: 13 };
          const page = await both(`${sort} ${isMasked}`, list(type, asked));
          if (typeof page === 'string') break;
          for (const { id, meta } of page.data) seen.push(`${meta?.accountId} ${meta?.appId} ${id}`);
          cursor = page.nextCursor;
          if (cursor === undefined) break;
        }
        expect([sort, new Set(seen).size]).toEqual([sort, sort[0]?.endsWith('email') && isMasked ? 0 : all]);
      }
      await both(`${sort} backwards`, list(type, { sort, offset: 3, limit: 5, accountId: 'one' }));
    }
  });

  it('refuse a cursor of other kinds of values, or go on from it alike', async () => {
    const sorts = Object.keys(factsOf(type).sort).flatMap((sort) => [sort, `-${sort}`]);
    for (const sort of sorts) {
      const order = orderOf(factsOf(type), { sort: [sort] });
      for (const value of CURSOR_VALUES) {
        // All places at once, and each by itself.
        const places = sort.startsWith('-') ? 0 : order.length;
        for (let at = -1; at < places; at += 1) {
          const values = order.map(({ kind }, index) =>
            at === -1 || at === index ? value : kind === 'text' ? 'a' : 1,
          );
          const cursor = cursorOf(order, values as CursorValue[]);
          const page = await both(
            `${sort} ${JSON.stringify(value)} ${at}`,
            list(type, { sort: [sort], cursor, limit: 1 }),
          );
          const fits = order.every(({ kind }, index) => isFit(kind, values[index]));
          expect([sort, value, at, typeof page]).toEqual([sort, value, at, fits ? 'object' : 'string']);
        }
      }
    }
    for (const cursor of ['', '!', '%00', 'WzFd', Buffer.from('["').toString('base64url'), 'e30'])
      expect(await both(cursor, list(type, { cursor }))).toMatch(/cursor/);
  });

  it('are filtered alike, by each filter, by what it is not, and by several', async () => {
    const { filter, exists = {} } = factsOf(type);
    for (const name of Object.keys(filter)) {
      for (const values of VALUES) {
        await both(`${name} ${values}`, list(type, { filter: { [name]: values } }));
        await both(`not ${name} ${values}`, list(type, { filter: { [`not.${name}`]: values } }));
      }
      const both2 = { [name]: ['none', 'INVITED'], [appFilter(type)]: ['1'] };
      await both(`${name} in an app`, list(type, { filter: both2, limit: 3 }));
    }
    for (const name of Object.keys(exists)) {
      for (const isThere of [true, false])
        await both(`${name} ${isThere}`, list(type, { exists: { [name]: isThere } }));
    }
  });

  it('are found alike by what is typed, and have the same neighbours', async () => {
    for (const search of SEARCHES) {
      for (const query of [{}, { isMasked: true }, { filter: { [appFilter(type)]: ['1'] } }]) {
        await both(`${search} ${JSON.stringify(query)}`, list(type, { search, limit: 4, ...query }));
        await both(`${search} by sort`, list(type, { search, sort: ['-name'], limit: 4, ...query }));
      }
    }
    const { data } = await both('first', list(type, { limit: 4 }));
    for (const { id } of data) {
      for (const query of [{}, { search: 'a' }, { accountId: 'one' }])
        await both(`beside ${id}`, (store) => neighboursOf(store, type, { now: NOW, ...query }, { id }));
    }
  });

  it('are read alike one by one, with all that can be included', async () => {
    const include = heldIncludes(type);
    await both('included', list(type, { include, limits: { betaTesters: 3 } }));
    const { data } = await both('rows', list(type, {}));
    for (const { id, meta } of data) {
      const appId = String(meta?.appId);
      await both(`get ${id}`, (store) => getMirror(store, undefined, type, id, { include }));
      await both(`get ${id}`, (store) => getMirror(store, 'two', type, id, { appId }));
      await both(`holders ${id}`, (store) => holdersOf(store, type, id));
      await both(`age ${id}`, (store) => readAt(store, { of: type, accountId: 'one', id, appIds: [appId] }));
    }
    for (const view of [{}, { accountId: 'one' }, { appIds: ['1', '2'] }, { groupIds: ['g1'] }])
      await both('age', (store) => readAt(store, { of: type, ...view }));
  });

  it('offer the same values of each filter', async () => {
    for (const field of FIELDS) {
      for (const typed of ['', 'a', 'I', '1', 'nobody']) {
        for (const filter of [{}, { [appFilter(type)]: ['1'] }]) {
          const query = { filter, now: NOW };
          await both(`${field} ${typed}`, (store) => facetOf(store, type, field, query, typed));
        }
      }
    }
  });
});

describe('a search that finds more than a list counts', () => {
  const MANY = 5_200;
  const crowd = { search: 'crowd', accountId: 'one' };
  beforeAll(async () => {
    for (const { build, write } of stores) {
      for (let from = 0; from < MANY; from += 400) {
        const rows = Array.from({ length: 400 }, (_, n) => ({
          ...{
            accountId: 'one',
            appId: String(1 + ((from + n) % 2)),
            id: `crowd-${from + n}`,
            state: 'INVITED',
          },
          ...{ email: `c${from + n}@crowd.test`, emailLower: `c${from + n}@crowd.test`, firstName: 'Crowd' },
          ...{ nameLower: 'crowd', document: '{}', generation: 0, fetchedAt: 0 },
        }));
        await write([build.insertInto('betaTesters').values(rows)]);
      }
    }
  });
  afterAll(async () => {
    for (const { build, write } of stores)
      await write([build.deleteFrom('betaTesters').where('firstName', '=', 'Crowd')]);
  });

  it('says that there are at least so many, and counts to the end where the number is confirmed', async () => {
    expect(await both('page', list('betaTesters', crowd))).toMatchObject({
      total: 5_000,
      isTotalLowerBound: true,
    });
    const count = (query: Omit<MirrorQuery, 'limit'>) =>
      both(JSON.stringify(query), (store) => countMirror(store, 'betaTesters', query));
    expect(await count(crowd)).toBe(MANY);
    expect(await count({ ...crowd, isMasked: true })).toBe(MANY);
    expect(await count({ ...crowd, search: 'c' })).toBe(MANY);
    const some = { 'not.row': ['one~1~crowd-0', 'one~2~crowd-1'], state: ['INVITED'] };
    expect(await count({ ...crowd, filter: some })).toBe(MANY - 2);
    expect(await count({ ...crowd, filter: { apps: ['1'] } })).toBe(MANY / 2);
    expect(await count({ ...crowd, search: 'crowd-17' })).toBe(1);
  });

  it('is placed among all that it finds', async () => {
    const [first] = (await both('first', list('betaTesters', { ...crowd, limit: 1 }))).data;
    const found = await both('beside', (store) =>
      neighboursOf(store, 'betaTesters', crowd, { id: first?.id ?? '' }),
    );
    expect(found).toMatchObject({ place: 1, total: MANY });
  });
});

it.each(TYPES)('counts %s to the end as its list does', async (type) => {
  for (const search of [undefined, ...SEARCHES]) {
    for (const query of [{}, { isMasked: true }, { filter: { [appFilter(type)]: ['1'] } }]) {
      const asked = { search, ...query };
      const page: { total: number } | string = await both('list', list(type, asked));
      const count = await both('count', (store) => countMirror(store, type, asked));
      expect([asked, count]).toEqual([asked, typeof page === 'string' ? page : page.total]);
    }
  }
});

it('tells the same of apps, accounts, groups and icons on both engines', async () => {
  // Counters of an app that has nearly as many testers as Apple allows, and readings that lists do not need.
  const place = { accountId: 'one', appId: '1' };
  const day = new Date(NOW).toISOString().slice(0, 10);
  for (const { build, write } of stores)
    await write([
      build
        .insertInto('betaTesterCounts')
        .values({ accountId: 'one', appId: '3', state: 'INSTALLED', count: 9_500 }),
      build.insertInto('deviceDays').values({ ...place, day, platform: 'IOS', number: '1', devices: 3 }),
      build.insertInto('testerDays').values({ ...place, day, testerId: 't1', sessionCount: 2 }),
      build.insertInto('linkDays').values({ accountId: 'one', groupId: 'g1', day, acceptedCount: 2 }),
    ]);
  const told = await both('overview', (store) => overview(store, NOW));
  expect(told.apps).toHaveLength(4);
  const lit = await both('lights', (store) => allLights(askOf(store, { now: NOW })));
  expect(new Set(lit.map(({ kind }) => kind))).toEqual(
    new Set(['build_expiring', 'key_refused', 'link_admits_nobody', 'review_waiting', 'sync_failed']),
  );
  await both('figures', async (store) =>
    (await figuresOf(askOf(store, { now: NOW })))({ accountId: 'one', appId: '1' }),
  );
  await both('overview of one', (store) => overview(store, NOW, 'one'));
  await both('lights of one', (store) => allLights(askOf(store, { now: NOW, accountId: 'one' })));
  expect(await both('shared', sharedApps)).toEqual(
    new Map([
      ['one 1', 'One'],
      ['two 1', 'Two'],
    ]),
  );
  for (const account of ['one', 'two', undefined])
    await both('names', (store) => appNames(store, '1', account));
  expect(await both('criteria', (store) => findCriteria(store, 'one', 'c1'))).not.toBeNull();
  expect(await both('icons', (store) => missingIcons(store, 'one', NOW))).not.toEqual([]);
  await both('states', (store) => groupTestersByState(store, 'one', 'g1'));
  for (const query of [{}, { search: 'mull' }, { filter: { apps: ['1'] } }])
    expect((await both('ids', (store) => allTesterIds(store, query))).length).toBeGreaterThan(1);
});

const CURSOR_VALUES = [
  ...[null, '', 'a', '\0', '\ud800', 'x\ude00', '\u{10ffff}', '5', 'true', "'; --", 'z'.repeat(5_000)],
  ...[0, 1, 2, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 1e300],
  ...[true, [], ['a'], {}, [[[]]]],
];
function isFit(kind: 'text' | 'number' | 'large' | 'boolean', value: unknown): boolean {
  if (value === null) return true;
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'boolean') return value === 0 || value === 1;
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** (kind === 'large' ? 53 : 31);
}
const VALUES = [
  ['none'],
  ['1', '2'],
  ['true', 'false'],
  ['g1'],
  ['b1', 'b2', 'none'],
  ['iPhone17_1'],
  ['26.1', '18.5', '7'],
  ['active7', 'quiet30', 'quiet365', 'nonsense'],
  ['one~1~t1', 'one~1~g1', 'two~1~b1'],
  ['INVITED', 'INSTALLED', 'PUBLIC_LINK', 'VALID', 'IOS'],
  ['T1@Example.ORG', 't2@example.org'],
  ['vip', 'Friends', 'Beta', 'en-US', '2.10'],
  Array.from({ length: 12 }, (_, n) => `t${n}`),
];
const SEARCHES = [
  'mul',
  'MÜLLER',
  'müller, zoë',
  't1',
  '%',
  "a'b",
  '佐藤',
  'app',
  '2.1',
  'crash',
  '0f8fad5b-d9cb',
];
const FIELDS = [
  ...['isSuperseded', 'endsWithin', 'minOsVersion'],
  ...[
    'state',
    'inviteType',
    'apps',
    'betaGroups',
    'builds',
    'device',
    'os',
    'installedBuild',
    'tag',
    'activity',
  ],
  ...[
    'app',
    'isInternalGroup',
    'publicLinkEnabled',
    'externalBuildState',
    'expired',
    'preReleaseVersion.version',
  ],
];
