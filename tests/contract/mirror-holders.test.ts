import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appNames, getMirror, holdersOf, resolveAccount, sharedApps } from '@/lib/mirror/query';
import { upsertStatements } from '@/lib/mirror/upsert';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase();
  await account('older', 1);
  await account('younger', 2);
});
afterEach(() => db.close());

async function account(id: string, createdAt: number): Promise<void> {
  const sql = `INSERT INTO Account (id, name, kind, keyId, baseUrl, sealedKey, createdAt, updatedAt)
    VALUES (?, ?, 'team', ?, '', '', ?, 0)`;
  await db.write([{ sql, params: [id, `Team ${id}`, id, createdAt] }]);
}

const status = (id: string, word: string) =>
  db.write([{ sql: 'UPDATE Account SET status = ? WHERE id = ?', params: [word, id] }]);

/** What one sync stores of an app: the app, a group, a build, a tester and a document of the long tail. */
async function hold(accountId: string, appId: string, fetchedAt: number): Promise<void> {
  const common = { accountId, fetchedAt, source: 'read' as const };
  const named = (type: string, id: string, attributes = {}) => ({ type, id, attributes });
  await db.write([
    ...upsertStatements({ ...common, resources: [named('apps', appId, { name: 'Papaya' })] }),
    ...upsertStatements({
      ...common,
      appId,
      parent: `apps/${appId}`,
      resources: [
        named('betaGroups', 'group', { name: accountId }),
        named('builds', 'build', { version: '1' }),
        named('betaTesters', 'tester', { email: `${accountId}@example.com` }),
        named('betaAppReviewDetails', 'detail', {}),
      ],
    }),
  ]);
}

const TYPES = [
  ['apps', '100'],
  ['betaGroups', 'group'],
  ['builds', 'build'],
  ['betaTesters', 'tester'],
  ['betaAppReviewDetails', 'detail'],
] as const;

const chosen = async () => [
  ...new Set(
    await Promise.all(TYPES.map(async ([type, id]) => (await resolveAccount(db, type, id))?.accountId)),
  ),
];

describe('what two accounts have', () => {
  it.each([
    ['the older was read later', 20, 10],
    ['the younger was read later', 10, 20],
    ['both were read at once', 10, 10],
  ])('is of the older account when %s', async (_, older, younger) => {
    await hold('younger', '100', younger);
    await hold('older', '100', older);
    expect(await chosen()).toEqual(['older']);
    for (const [type, id] of TYPES) {
      expect((await holdersOf(db, type, id)).map((holder) => [holder.accountId, holder.appId])).toEqual([
        ['older', '100'],
        ['younger', '100'],
      ]);
      expect((await resolveAccount(db, type, id, { accountId: 'younger' }))?.accountId).toBe('younger');
      expect(await resolveAccount(db, type, id, { accountId: 'nobody' })).toBeNull();
    }
    expect((await getMirror(db, undefined, 'betaGroups', 'group'))?.data.attributes).toMatchObject({
      name: 'older',
    });
    expect((await getMirror(db, 'younger', 'betaGroups', 'group'))?.data).toMatchObject({
      attributes: { name: 'younger' },
      meta: { accountName: 'Team younger' },
    });
  });

  it('is of the other one while a key is refused, and of neither by what passes', async () => {
    await hold('older', '100', 10);
    await hold('younger', '100', 10);
    for (const [word, expected] of [
      ['unauthorized', 'younger'],
      ['forbidden', 'younger'],
      ['agreement_missing', 'younger'],
      ['unreachable', 'older'],
      ['server', 'older'],
      ['clock_skew', 'older'],
      ['ok', 'older'],
    ] as const) {
      await status('older', word);
      expect(await chosen(), word).toEqual([expected]);
    }
    await status('older', 'unauthorized');
    await status('younger', 'forbidden');
    expect(await chosen()).toEqual(['older']);
  });

  it('is of an account of equal age by its id, whoever came first into the tables', async () => {
    await db.write([{ sql: 'UPDATE Account SET createdAt = 1', params: [] }]);
    await hold('younger', '100', 10);
    await hold('older', '100', 20);
    expect(await chosen()).toEqual(['older']);
  });

  it('is of the account that still has the app, and names no account once only one has it', async () => {
    await hold('older', '100', 10);
    await hold('older', '200', 10);
    await hold('younger', '100', 10);
    expect([...(await sharedApps(db))].sort()).toEqual([
      ['older 100', 'Team older'],
      ['younger 100', 'Team younger'],
    ]);
    expect(await appNames(db, '100', null)).toEqual({
      name: 'Papaya',
      accountName: 'Team older',
      accountId: 'older',
    });
    expect((await appNames(db, '100', 'younger'))?.accountName).toBe('Team younger');
    await db.write([{ sql: `DELETE FROM apps WHERE accountId = 'older' AND id = '100'`, params: [] }]);
    // The group and the build of the app that moved are still to be taken out.
    await db.write([
      { sql: `UPDATE betaGroups SET appId = '100' WHERE accountId = 'older'`, params: [] },
      { sql: `UPDATE builds SET appId = '100' WHERE accountId = 'older'`, params: [] },
    ]);
    for (const type of ['apps', 'betaGroups', 'builds'] as const) {
      const id = type === 'apps' ? '100' : type === 'builds' ? 'build' : 'group';
      expect((await resolveAccount(db, type, id))?.accountId, type).toBe('younger');
    }
    expect((await sharedApps(db)).size).toBe(0);
    expect(await appNames(db, '100', 'older')).toEqual({
      name: 'Papaya',
      accountName: null,
      accountId: 'younger',
    });
  });

  it('is never of an account that was removed', async () => {
    await hold('older', '100', 10);
    await hold('younger', '100', 10);
    await db.write([{ sql: `UPDATE Account SET removedAt = 1 WHERE id = 'older'`, params: [] }]);
    expect(await chosen()).toEqual(['younger']);
  });

  it('gives of somebody who tests several apps the same app each time, unless one is named', async () => {
    await hold('older', '300', 30);
    await hold('older', '100', 10);
    await hold('older', '200', 20);
    expect((await resolveAccount(db, 'betaTesters', 'tester'))?.appId).toBe('100');
    expect((await getMirror(db, 'older', 'betaTesters', 'tester'))?.appId).toBe('100');
    expect((await getMirror(db, 'older', 'betaTesters', 'tester', { appId: '300' }))?.appId).toBe('300');
  });
});
