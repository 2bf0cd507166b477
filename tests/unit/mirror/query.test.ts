import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MirrorType } from '@/lib/mirror/query/facts';
import { queryMirror } from '@/lib/mirror/query/list';
import { type MirrorQuery, MirrorQueryError } from '@/lib/mirror/query/types';
import type { ResourceLike } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { aBuild, aFeedback, aGroup, anApp, aTester } from '@/tests/factories/resources';

const A = 'account-1';
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await store([anApp('1', { name: 'Ålborg Café' }), anApp('2', { name: 'Beta' })]);
  await store([anApp('9', { name: 'Other team' })], undefined, 'account-2');
  await store([
    aGroup('g1', '1', { name: 'Friends', publicLinkEnabled: true }, 3),
    aGroup('g2', '1', { name: 'Staff', isInternalGroup: true }),
    aGroup('g3', '2', { name: 'Press' }),
  ]);
  const states = ['INSTALLED', 'INVITED', 'ACCEPTED', null];
  const people = Array.from({ length: 120 }, (_, n) =>
    aTester(
      `t${n}`,
      {
        firstName: n % 7 === 0 ? 'Anonymous' : ['Zoë', 'Ådne', 'Mia', '美咲'][n % 4],
        lastName: n % 7 === 0 ? null : ['Müller', 'van Beek', 'O’Neil', '佐藤', null][n % 5],
        email: n % 9 === 0 ? null : `person.${n}@${n % 2 ? 'Example.org' : 'corp.example.com'}`,
        state: states[n % 4],
        inviteType: n % 7 === 0 ? 'PUBLIC_LINK' : 'EMAIL',
        appDevices:
          n % 3
            ? [{ model: n % 2 ? 'iPhone17,1' : 'iPad14,1', osVersion: '26.1', appBuildVersion: '7' }]
            : [],
      },
      n % 3 === 0 ? ['g1'] : ['g2'],
    ),
  );
  await store(people.slice(0, 80), '1');
  await store(people.slice(80), '2');
  for (const [id, train, version, extra] of [
    ['b1', '2.9', '9', {}],
    ['b2', '2.10', '10', {}],
    ['b3', '2.10.1', '2', { expired: true }],
    ['b4', '1.99', '100', { usesNonExemptEncryption: null }],
  ] as const) {
    const [build, ...included] = aBuild(id, '1', {
      train,
      groups: id === 'b1' ? ['g1'] : [],
      attributes: { version, ...extra },
      detail: id === 'b2' ? { externalBuildState: 'WAITING_FOR_BETA_REVIEW' } : {},
    });
    if (build) await store([build], undefined, A, included);
  }
  await store([aFeedback('f1', 'Crash', { comment: 'Stürzt ab' }), aFeedback('f2', 'Screenshot')], '1');
});
afterAll(() => db.close());

function store(resources: ResourceLike[], appId?: string, accountId = A, included: ResourceLike[] = []) {
  return db.write(upsertStatements({ accountId, resources, included, appId, fetchedAt: 10, source: 'sync' }));
}

const list = (type: MirrorType, query: Partial<MirrorQuery> = {}) =>
  queryMirror(db, type, { limit: 200, ...query });
const idsOf = async (type: MirrorType, query: Partial<MirrorQuery> = {}) =>
  (await list(type, query)).data.map(({ id }) => id);

describe('filters', () => {
  it('takes Apple’s and ours, several values as any of, several filters as all of', async () => {
    expect(await idsOf('betaGroups', { filter: { app: ['1'], isInternalGroup: ['false'] } })).toEqual(['g1']);
    expect(await idsOf('betaGroups', { filter: { name: ['Friends', 'Press'] } })).toEqual(['g1', 'g3']);
    expect(await idsOf('builds', { filter: { betaGroups: ['g1'] } })).toEqual(['b1']);
    expect(await idsOf('builds', { filter: { externalBuildState: ['WAITING_FOR_BETA_REVIEW'] } })).toEqual([
      'b2',
    ]);
    expect(await idsOf('builds', { exists: { usesNonExemptEncryption: false } })).toEqual(['b4']);
    expect(await idsOf('builds', { filter: { expired: ['true'] } })).toEqual(['b3']);
    expect((await list('betaTesters', { filter: { apps: ['1'], betaGroups: ['g1'] } })).total).toBe(27);
    expect((await list('betaTesters', { filter: { device: ['iPad14_1'], state: ['ACCEPTED'] } })).total).toBe(
      20,
    );
  });

  it('finds rows without a value by the word none', async () => {
    const nobody = await list('betaTesters', { filter: { state: ['none'] } });
    expect(nobody.total).toBe(30);
    expect(new Set(nobody.data.map(({ attributes }) => attributes?.state))).toEqual(new Set([null]));
    expect((await list('betaTesters', { filter: { state: ['none', 'INVITED'] } })).total).toBe(60);
  });

  it('names the parameter that does not exist', async () => {
    const wrong: [Partial<MirrorQuery>, string][] = [
      [{ filter: { emaill: ['a'] } }, 'filter[emaill]'],
      [{ filter: { isInternalGroup: ['maybe'] } }, 'filter[isInternalGroup]'],
      [{ filter: { constructor: ['a'] } }, 'filter[constructor]'],
      [{ sort: ['-toString'] }, 'sort'],
      [{ include: ['apps.builds'] }, 'include'],
      [{ cursor: 'bm9uc2Vuc2U' }, 'cursor'],
      [{ limit: 0 }, 'limit'],
      [{ offset: -1 }, 'offset'],
    ];
    for (const [query, parameter] of wrong) {
      await expect(() => list('betaGroups', query)).rejects.toThrowError(
        expect.objectContaining({ parameter, name: MirrorQueryError.name }),
      );
    }
  });
});

describe('search', () => {
  it.each([
    ['muller', 24],
    ['MÜLLER zoë', 0],
    ['zoe', 24],
    ['佐藤', 20],
    ['van beek', 0],
  ])('finds %s by any part of a name, accents or not', async (text) => {
    // Inside one app and over all apps two different indexes answer; both must agree with a plain look.
    const expected = async (app: string | null) =>
      (await list('betaTesters', app ? { filter: { apps: [app] } } : {})).data.filter(({ attributes }) => {
        const { firstName, lastName, email } = (attributes ?? {}) as Record<string, string | null>;
        if (firstName === 'Anonymous') return false;
        const plain = (value: string) =>
          value
            .normalize('NFD')
            .replace(/[\u0300-\u036f]/g, '')
            .toLowerCase();
        const name = [lastName, firstName].filter(Boolean).join(' ');
        return `${plain(`${name} ${name}`)}|${(email ?? '').toLowerCase()}`.includes(plain(text));
      }).length;
    expect((await list('betaTesters', { search: text, filter: { apps: ['1'] } })).total).toBe(
      await expected('1'),
    );
    // Two characters are no trigram: over all apps they are looked up as the beginning of an address.
    if ([...text].length >= 3)
      expect((await list('betaTesters', { search: text })).total).toBe(await expected(null));
  });

  it('finds a person written as lists write people: the last name, a comma, the first', async () => {
    const person = (await list('betaTesters', {})).data.find(
      ({ attributes }) => attributes?.firstName && attributes.lastName,
    );
    const { firstName, lastName } = (person?.attributes ?? {}) as Record<string, string>;
    for (const apps of [[], ['1']]) {
      const found = async (search: string) => (await list('betaTesters', { search, filter: { apps } })).total;
      expect(await found(`${firstName} ${lastName}`)).toBeGreaterThan(0);
      expect(await found(`${lastName}, ${firstName}`)).toBe(await found(`${lastName} ${firstName}`));
      expect(await found(`${lastName},${firstName}`)).toBe(await found(`${firstName} ${lastName}`));
    }
  });

  it('finds an address by its beginning when only two characters are typed', async () => {
    expect((await list('betaTesters', { search: 'pe' })).total).toBe(106);
    expect((await list('betaTesters', { search: 'xx' })).total).toBe(0);
  });

  it('finds a tester by the whole id', async () => {
    await store([aTester('0f8fad5b-d9cb-469f', { email: 'other@nowhere.test' })], '2');
    expect(await idsOf('betaTesters', { search: ' 0f8fad5b-d9cb-469f ' })).toEqual(['0f8fad5b-d9cb-469f']);
    expect(await idsOf('betaTesters', { search: '0f8fad5b-d9cb-469f', filter: { apps: ['1'] } })).toEqual([]);
    await db.write([{ sql: `DELETE FROM betaTesters WHERE id = '0f8fad5b-d9cb-469f'`, params: [] }]);
  });

  it('takes quotes, percent signs and operators as text', async () => {
    for (const text of ['"', '%%%', 'a" OR "b', "' OR 1=1 --", '*', 'NEAR(a b)']) {
      expect((await list('betaTesters', { search: text })).total).toBe(0);
      expect((await list('apps', { search: text })).total).toBe(0);
    }
  });

  it('finds apps, groups, builds and feedback by what is shown of them', async () => {
    expect(await idsOf('apps', { search: 'alborg' })).toEqual(['1']);
    expect(await idsOf('betaGroups', { search: 'FRIEN' })).toEqual(['g1']);
    expect(await idsOf('builds', { search: '2.10 (10)' })).toEqual(['b2']);
    expect(await idsOf('betaFeedbackCrashSubmissions', { search: 'sturzt' })).toEqual(['f1']);
  });
});

describe('sorting and paging', () => {
  it('sorts versions as people do', async () => {
    expect(await idsOf('builds', { sort: ['preReleaseVersion'] })).toEqual(['b4', 'b1', 'b2', 'b3']);
    expect(await idsOf('builds', { sort: ['-version'] })).toEqual(['b4', 'b2', 'b1', 'b3']);
    expect(
      (await list('preReleaseVersions', { sort: ['version'] })).data.map(
        ({ attributes }) => attributes?.version,
      ),
    ).toEqual(['1.99', '2.9', '2.10', '2.10.1']);
  });

  it('puts people without a name last', async () => {
    const names = (await list('betaTesters', { sort: ['name'] })).data.map(
      ({ attributes }) => attributes?.firstName,
    );
    expect(names.lastIndexOf('Mia')).toBeLessThan(names.indexOf('Anonymous'));
  });

  it('gives each row once, in one order, whatever the sort, the page size and the way of paging', {
    timeout: 60_000,
  }, async () => {
    const sorts = ['name', 'email', 'state', 'firstName', 'device', 'sessions', 'groups', 'lastActive'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sorts),
        fc.constantFrom(...sorts),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom<readonly string[] | undefined>(['1'], undefined),
        async (first, second, isFirstDown, isSecondDown, limit, apps) => {
          const sort = [`${isFirstDown ? '-' : ''}${first}`, `${isSecondDown ? '-' : ''}${second}`];
          const filter = apps ? { apps } : {};
          const whole = await idsOf('betaTesters', { sort, filter });
          const paged: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await list('betaTesters', { sort, filter, limit, cursor });
            expect(page.total).toBe(whole.length);
            paged.push(...page.data.map(({ id }) => id));
            cursor = page.nextCursor;
          } while (cursor !== undefined);
          expect(paged).toEqual(whole);
          expect(await idsOf('betaTesters', { sort, filter, limit, offset: 7 })).toEqual(
            whole.slice(7, 7 + limit),
          );
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  it('refuses a cursor of another sort', async () => {
    const { nextCursor } = await list('betaTesters', { sort: ['name'], limit: 5 });
    await expect(() =>
      list('betaTesters', { sort: ['email'], limit: 5, cursor: nextCursor }),
    ).rejects.toThrow(MirrorQueryError);
  });
});

describe('what a row carries', () => {
  it('names the groups and figures pages show', async () => {
    const [build] = (await list('builds', { filter: { id: ['b1'] } })).data;
    expect(build?.meta).toMatchObject({
      accountId: A,
      appId: '1',
      groups: [{ id: 'g1', name: 'Friends', isInternalGroup: false }],
      locales: { 'en-US': true },
    });
    const [tester] = (await list('betaTesters', { filter: { id: ['t3'] } })).data;
    expect(tester?.meta).toMatchObject({ groups: [{ id: 'g1' }], tags: [], protected: false });
    expect(tester?.relationships?.betaGroups?.data).toEqual([{ type: 'betaGroups', id: 'g1' }]);
  });

  it('includes each related resource once', async () => {
    const page = await list('betaTesters', { filter: { apps: ['1'] }, include: ['betaGroups', 'apps'] });
    expect(page.included.map(({ type, id }) => `${type}/${id}`).sort()).toEqual([
      'apps/1',
      'betaGroups/g1',
      'betaGroups/g2',
    ]);
  });

  it('keeps accounts apart', async () => {
    expect(await idsOf('apps', { accountId: 'account-2' })).toEqual(['9']);
    expect(await idsOf('apps')).toEqual(['1', '2', '9']);
    expect(await idsOf('apps', { sort: ['-name'], limit: 1 })).toEqual(['9']);
  });
});

describe('freshness', () => {
  const scope = (name: string, completedAt: number | null) =>
    db.write([
      {
        sql: 'INSERT INTO syncScopes (accountId, scope, completedAt) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET completedAt = excluded.completedAt',
        params: [A, name, completedAt],
      },
    ]);

  it('is the age of the oldest list that was asked, and unknown while one was never complete', async () => {
    const now = 10_000_000;
    expect(await list('betaTesters', { now })).toMatchObject({ fetchedAt: null });
    await scope('betaTesters/1', now - 1000);
    await scope('betaTesters/2', now - 27 * 3_600_000);
    expect(await list('betaTesters', { now, filter: { apps: ['1'] } })).toMatchObject({
      fetchedAt: now - 1000,
    });
    expect(await list('betaTesters', { now })).toMatchObject({
      fetchedAt: now - 27 * 3_600_000,
    });
    await scope('betaTesters/2', null);
    expect((await list('betaTesters', { now })).fetchedAt).toBeNull();
  });
});
