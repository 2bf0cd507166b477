import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pickedKey, rowKey } from '@/components/ui/data-table/memory';
import { allTesterIds, queryMirror } from '@/lib/mirror/query';
import { facetOf } from '@/lib/mirror/query/facets';
import type { MirrorType } from '@/lib/mirror/query/facts';
import { neighboursOf } from '@/lib/mirror/query/neighbours';
import { type MirrorQuery, MirrorQueryError } from '@/lib/mirror/query/types';
import type { ResourceLike } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { aBuild, aGroup, anApp, aTester } from '@/tests/factories/resources';

const A = 'account-1';
/** More than a search sorts by reading the rows. */
const PEOPLE = 2_400;
const STATES = ['INSTALLED', 'INVITED', 'ACCEPTED', null] as const;
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await store([anApp('1'), anApp('2', { name: 'Beta' })]);
  await store([aGroup('g1', '1', { name: 'Friends' }, 3), aGroup('g2', '1', { name: 'Staff' }, 9)]);
  const people = Array.from({ length: PEOPLE }, (_, n) =>
    aTester(
      `t${n}`,
      {
        firstName: 'Kim',
        lastName: `Name ${(n * 7919) % PEOPLE}`,
        email: `person.${n}@${n % 3 ? 'example.org' : 'corp.test'}`,
        state: STATES[n % 4],
      },
      n % 2 === 0 && n < PEOPLE / 2 ? (n % 4 === 0 ? ['g1', 'g2'] : ['g1']) : [],
    ),
  );
  await store(people.slice(0, PEOPLE / 2), '1');
  await store(people.slice(PEOPLE / 2), '2');
  for (const [id, extra] of [
    ['b1', {}],
    ['b2', { expired: true }],
  ] as const) {
    const [build, ...included] = aBuild(id, '1', { train: '1.0', attributes: { version: id, ...extra } });
    if (build) await store([build], undefined, included);
  }
  const day = (testerId: string, on: string, sessions: number) => ({
    sql: 'INSERT INTO testerDays (accountId, appId, testerId, day, sessionCount) VALUES (?, ?, ?, ?, ?)',
    params: [A, '1', testerId, on, sessions],
  });
  await db.write([day('t4', '2026-01-01', 90), day('t4', '2026-01-09', 3), day('t8', '2026-01-08', 40)]);
});
afterAll(() => db.close());

function store(resources: ResourceLike[], appId?: string, included: ResourceLike[] = []) {
  return db.write(
    upsertStatements({ accountId: A, resources, included, appId, fetchedAt: 10, source: 'sync' }),
  );
}
const list = (query: Partial<MirrorQuery> = {}, type: MirrorType = 'betaTesters') =>
  queryMirror(db, type, { limit: 50, ...query });
const ids = async (query: Partial<MirrorQuery> = {}, type: MirrorType = 'betaTesters') =>
  (await list(query, type)).data.map(({ id }) => id);
const emails = async (query: Partial<MirrorQuery>) =>
  (await list(query)).data.map(({ attributes }) => attributes?.email);

describe('sort and search together over all apps', () => {
  it.each([
    ['many', 'person'],
    ['few', 'person.12'],
    ['two letters', 'pe'],
  ])('sorts %s matches as asked and pages through them once', async (_name, search) => {
    const known = Array.from(
      { length: PEOPLE },
      (_, n) => `person.${n}@${n % 3 ? 'example.org' : 'corp.test'}`,
    )
      .filter((email) => email.includes(search))
      .sort();
    expect(await emails({ search, sort: ['email'] })).toEqual(known.slice(0, 50));
    expect(await emails({ search, sort: ['-email'] })).toEqual(known.toReversed().slice(0, 50));
    const second = await list({
      search,
      sort: ['email'],
      cursor: (await list({ search, sort: ['email'] })).nextCursor,
    });
    expect(second.data.map(({ attributes }) => attributes?.email)).toEqual(known.slice(50, 100));
  });

  it('sorts by figures, groups and last activity of what is found', async () => {
    expect((await ids({ search: 'person', sort: ['-sessions'] })).slice(0, 2)).toEqual(['t8', 't4']);
    expect((await ids({ search: 'person', sort: ['-lastActive'] })).slice(0, 2)).toEqual(['t4', 't8']);
    const most = (await list({ search: 'person', sort: ['-groups'], limit: 3 })).data;
    expect(most.map(({ meta }) => meta?.groups)).toEqual(
      Array(3).fill([expect.anything(), expect.anything()]),
    );
  });
});

describe('sorts of groups and builds', () => {
  it('sorts what their lists show', async () => {
    expect(await ids({ sort: ['-testerCount'] }, 'betaGroups')).toEqual(['g2', 'g1']);
    for (const sort of ['buildCount', 'lastActivity', '-isInternalGroup']) {
      expect(await ids({ sort: [sort] }, 'betaGroups')).toHaveLength(2);
    }
    for (const sort of ['expirationDate', 'externalBuildState', 'groups', 'platform']) {
      expect(await ids({ sort: [sort] }, 'builds')).toHaveLength(2);
    }
  });
});

describe('is not', () => {
  it('leaves out who has one of the values, and keeps who has none', async () => {
    const total = async (filter: Record<string, string[]>) =>
      (await list({ filter: { apps: ['1'], ...filter } })).total;
    expect(await total({ 'not.state': ['INSTALLED', 'INVITED'] })).toBe(600);
    expect(await total({ 'not.state': ['none'] })).toBe(900);
    expect(await total({ 'not.betaGroups': ['g1'] })).toBe(600);
    expect(await total({ betaGroups: ['g1'], 'not.betaGroups': ['g2'] })).toBe(300);
    expect((await list({ filter: { 'not.apps': ['1'] } })).total).toBe(1200);
    expect(await ids({ filter: { 'not.expired': ['true'] } }, 'builds')).toEqual(['b1']);
    expect(await ids({ filter: { 'not.id': ['g1'] } }, 'betaGroups')).toEqual(['g2']);
  });

  it('names a filter that does not exist', async () => {
    await expect(() => list({ filter: { 'not.nothing': ['x'] } })).rejects.toThrow(MirrorQueryError);
    await expect(() => list({ filter: { 'not.constructor': ['x'] } })).rejects.toThrow(MirrorQueryError);
  });
});

describe('neighbours', () => {
  it.each<[string, Partial<MirrorQuery>]>([
    ['by name in one app', { filter: { apps: ['1'] } }],
    ['backwards over all apps', { sort: ['-email'] }],
    ['of a search', { search: 'example.org', sort: ['email'] }],
    ['by a figure', { filter: { apps: ['1'], betaGroups: ['g1'] }, sort: ['-sessions'] }],
  ])('stand where the list has them: %s', async (_name, query) => {
    const whole = await ids({ ...query, limit: 1000 });
    const { total } = await list(query);
    for (const at of [0, 1, 57, 598]) {
      expect(await neighboursOf(db, 'betaTesters', query, { id: whole[at] ?? '' })).toMatchObject({
        previous: at === 0 ? null : { id: whole[at - 1] },
        next: { id: whole[at + 1] },
        place: at + 1,
        total: query.search ? 1600 : total,
      });
    }
  });

  it('reach beyond row 1,000 and end at the last row', async () => {
    const [last] = await ids({ sort: ['-name'] });
    const [, before] = await ids({ sort: ['-name'] });
    expect(await neighboursOf(db, 'betaTesters', {}, { id: last ?? '' })).toMatchObject({
      previous: { id: before },
      next: null,
      place: PEOPLE,
    });
    expect(await neighboursOf(db, 'betaGroups', {}, { id: 'g2' })).toMatchObject({
      previous: { id: 'g1' },
      place: 2,
    });
    expect(await neighboursOf(db, 'betaTesters', { filter: { apps: ['2'] } }, { id: 't1' })).toBeNull();
  });

  it('name themselves as the list’s rows do, so that one comes back to the row', async () => {
    for (const type of ['betaTesters', 'betaGroups'] as const) {
      for (const row of (await queryMirror(db, type, { limit: 3 })).data) {
        const found = await neighboursOf(db, type, {}, { id: row.id });
        const { id, accountId, appId } = found?.self ?? { id: '', accountId: '', appId: null };
        expect(pickedKey({ id, accountId, appId: appId ?? '' })).toBe(rowKey(row));
      }
    }
  });
});

describe('values of a filter', () => {
  const values = async (field: string, query: Partial<MirrorQuery> = {}, typed = '') =>
    Object.fromEntries(
      (await facetOf(db, 'betaTesters', field, query, typed)).values.map(({ value, count }) => [
        value,
        count,
      ]),
    );

  it('are counted among what the other filters leave', async () => {
    const inOne = { filter: { apps: ['1'] } };
    expect(await values('state', inOne)).toEqual({ INSTALLED: 300, INVITED: 300, ACCEPTED: 300, none: 300 });
    expect(
      await values('state', { filter: { apps: ['1'], betaGroups: ['g2'], state: ['INVITED'] } }),
    ).toEqual({
      INSTALLED: 300,
    });
    expect(await values('betaGroups', inOne)).toEqual({ g1: 600, g2: 300 });
    expect(await values('betaGroups', inOne, 'fri')).toEqual({ g1: 600 });
    expect(await values('apps')).toEqual({ 1: 1200, 2: 1200 });
    expect((await values('activity', inOne)).quiet365).toBeGreaterThan(1000);
    await expect(() => values('email')).rejects.toThrow(MirrorQueryError);
  });

  it('each find as many as they say', async () => {
    for (const field of ['state', 'betaGroups', 'apps', 'activity']) {
      for (const [value, count] of Object.entries(await values(field))) {
        expect((await list({ filter: { [field]: [value] } })).total, `${field} ${value}`).toBe(count);
      }
    }
  });
});

it('gives the ids of all that match', async () => {
  expect(await allTesterIds(db, { filter: { apps: ['1'], state: ['INVITED'] } })).toHaveLength(300);
  expect(await allTesterIds(db, { search: 'corp.test' })).toHaveLength(800);
});
