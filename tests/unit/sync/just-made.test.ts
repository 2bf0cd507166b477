import { afterEach, beforeEach, expect, it } from 'vitest';
import { addLinkageStatements } from '@/lib/mirror/membership';
import type { ResourceObject } from '@/lib/mirror/resource';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type Reader, readOneGroup, readTesters } from '@/lib/sync/members';
import { dueScopes } from '@/lib/sync/scopes';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ascError, type FakeAsc, fakeAsc } from '@/tests/factories/fake-asc';
import { aGroup, anApp, aTester } from '@/tests/factories/resources';
import { ACCOUNT, addAccount, syncOnce } from '@/tests/factories/synced';

const SECOND = 1_000;
const TESTERS = 'betaTesters/1';

let db: TestDatabase;
let clock: ManualClock;
let apple: FakeAsc;
let reader: Reader;

beforeEach(async () => {
  db = await testDatabase();
  clock = manualClock();
  await addAccount(db);
  apple = fakeAsc({
    apps: [anApp('1')],
    betaGroups: [aGroup('g', '1', {}, 1)],
    [TESTERS]: [aTester('old', {}, ['g'])],
  });
  const get = async () => {
    throw ascError({ kind: 'not_found', status: 404, errors: [{ code: 'NOT_FOUND' }] });
  };
  const asc = Object.assign(apple, { get }) as FakeAsc;
  reader = { db, asc, accountId: ACCOUNT, clock, write: (statements) => db.write(statements) };
  await syncOnce(db, apple, { clock });
  await clock.advance(120 * SECOND);
});
afterEach(() => db.close());

/** What an answer of Apple's to a create leaves here. */
const made = (resource: ResourceObject) =>
  db.write(
    upsertStatements({
      accountId: ACCOUNT,
      resources: [resource],
      appId: '1',
      fetchedAt: clock.now(),
      source: 'write',
    }),
  );
const invited = async (id: string) => {
  await made({ type: 'betaTesters', id, attributes: { email: `${id}@example.com` } });
  const change = { accountId: ACCOUNT, appId: '1', table: 'betaGroupTesters', groupId: 'g' } as const;
  await db.write(addLinkageStatements({ ...change, memberIds: [id], at: clock.now() }));
};
const ids = async (table: string) =>
  (await db.query<{ id: string }>(`SELECT id FROM "${table}" ORDER BY id`)).map(({ id }) => id);
const members = async () =>
  (await db.query<{ id: string }>('SELECT testerId AS id FROM betaGroupTesters ORDER BY 1')).map(
    ({ id }) => id,
  );
const events = () =>
  db.query<{ testerId: string; kind: string }>('SELECT testerId, kind FROM testerEvents ORDER BY id');
const due = () => dueScopes(db, ACCOUNT, clock.now());

it('an answer that does not show yet who was just invited makes nobody leave, and is asked for again', async () => {
  await invited('new');
  await clock.advance(SECOND);
  const read = await readTesters(reader, '1', ['new', 'never']);
  expect([[...read.present], [...read.gone]]).toEqual([[], ['never']]);
  expect([await ids('betaTesters'), await members(), await events()]).toEqual([
    ['new', 'old'],
    ['new', 'old'],
    [],
  ]);
  expect(await due()).toEqual(new Set([TESTERS]));

  // Apple shows the tester, but not the membership yet.
  apple.shelves[TESTERS] = [aTester('old', {}, ['g']), aTester('new', { state: 'INVITED' }, [])];
  await clock.advance(SECOND);
  expect([...(await readTesters(reader, '1', ['new'])).present]).toEqual(['new']);
  expect(await members()).toEqual(['new', 'old']);
  expect((await events()).filter(({ kind }) => kind !== 'state')).toEqual([]);
});

it('who is still not shown a minute later has left', async () => {
  await invited('new');
  await clock.advance(61 * SECOND);
  expect([...(await readTesters(reader, '1', ['new'])).gone]).toEqual(['new']);
  expect([await ids('betaTesters'), await members()]).toEqual([['old'], ['old']]);
  expect(await events()).toEqual([{ testerId: 'new', kind: 'left' }]);
});

it('whom a pass has seen leaves at once', async () => {
  apple.shelves[TESTERS] = [];
  expect([...(await readTesters(reader, '1', ['old'])).gone]).toEqual(['old']);
  expect(await ids('betaTesters')).toEqual([]);
  expect(await events()).toEqual([{ testerId: 'old', kind: 'left' }]);
});

it('a sweep that begins a moment after an invitation leaves it, and the next one settles it', async () => {
  await invited('new');
  await clock.advance(SECOND);
  await syncOnce(db, apple, { clock });
  expect([await ids('betaTesters'), await members(), await events()]).toEqual([
    ['new', 'old'],
    ['new', 'old'],
    [],
  ]);
  expect(await due()).toEqual(new Set([TESTERS]));
  await clock.advance(60 * SECOND);
  await syncOnce(db, apple, { clock });
  expect([await ids('betaTesters'), await members(), await events()]).toEqual([
    ['old'],
    ['old'],
    [{ testerId: 'new', kind: 'left' }],
  ]);
  expect(await due()).toEqual(new Set());
});

it('a group that was just made stays with everything on it, whether it is asked for or swept', async () => {
  await made(aGroup('fresh', '1', {}, 0));
  await clock.advance(SECOND);
  expect(await readOneGroup(reader, 'fresh')).toBe(false);
  expect(await ids('betaGroups')).toEqual(['fresh', 'g']);
  expect(await due()).toContain('betaGroups');
  await syncOnce(db, apple, { clock });
  expect(await ids('betaGroups')).toEqual(['fresh', 'g']);
  await clock.advance(61 * SECOND);
  expect(await readOneGroup(reader, 'fresh')).toBe(false);
  expect(await ids('betaGroups')).toEqual(['g']);
});
