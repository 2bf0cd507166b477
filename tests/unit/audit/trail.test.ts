import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listAudit } from '@/lib/audit/list';
import { begin, finishStatement } from '@/lib/audit/trail';
import { verifyChain } from '@/lib/audit/verify';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

const draft = (n: number) => ({
  at: 1000 + n,
  actorId: 'u',
  actorEmail: 'u@example.com',
  accountId: n % 2 ? 'a' : 'b',
  appId: '1',
  action: 'update',
  type: 'betaGroups',
  resourceId: `g${n}`,
  before: { attributes: { name: `N${n}` } },
});

async function entries(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const intent = await begin(db, draft(n));
    if (n % 3 !== 0)
      await db.write([finishStatement(intent, { status: 'succeeded', at: 2000 + n, after: { n } })]);
  }
}

/** Changes the file behind the program's back, with the triggers taken away. */
function tamper(sql: string): void {
  const sqlite = new Sqlite(db.file);
  const triggers = sqlite
    .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'auditEntries%'")
    .all();
  for (const { name } of triggers as { name: string }[]) sqlite.exec(`DROP TRIGGER "${name}"`);
  sqlite.exec(sql);
  sqlite.close();
}

it('chains entries, also those begun at the same moment', async () => {
  await Promise.all(Array.from({ length: 25 }, (_, n) => begin(db, draft(n))));
  expect(await verifyChain(db, 7)).toEqual({ isWhole: true, checked: 25, redacted: 0 });
});

it('resolves an unknown outcome once and no other', async () => {
  const intent = await begin(db, draft(1));
  const finish = (status: 'succeeded' | 'failed' | 'unknown') =>
    db.write([finishStatement(intent, { status, at: 5 })]);
  expect(await finish('unknown')).toEqual([1]);
  expect(await finish('succeeded')).toEqual([1]);
  expect(await finish('failed')).toEqual([0]);
  expect((await verifyChain(db)).isWhole).toBe(true);
});

it.each([
  ['changing what was intended', "UPDATE auditEntries SET actorEmail = 'x@example.com' WHERE seq = 2"],
  ['deleting an entry', 'DELETE FROM auditEntries WHERE seq = 2'],
  ['changing a known outcome', "UPDATE auditEntries SET status = 'failed' WHERE seq = 2"],
])('the store itself refuses %s', async (_name, sql) => {
  await entries(4);
  await expect(db.write([{ sql, params: [] }])).rejects.toThrow();
  expect((await verifyChain(db)).isWhole).toBe(true);
});

it.each([
  ['an actor', "UPDATE auditEntries SET actorEmail = 'x@example.com' WHERE seq = 3", 3],
  ['a state before', `UPDATE auditEntries SET before = '{}' WHERE seq = 3`, 3],
  ['an outcome', "UPDATE auditEntries SET status = 'failed' WHERE seq = 3", 3],
  ['a state after', `UPDATE auditEntries SET "after" = '{"n":9}' WHERE seq = 3`, 3],
  ['a missing entry', 'DELETE FROM auditEntries WHERE seq = 3', 4],
  ['swapped entries', 'UPDATE auditEntries SET seq = 99 WHERE seq = 3', 4],
])('tells %s that was changed in the file', async (_name, sql, seq) => {
  await entries(6);
  tamper(sql);
  expect(await verifyChain(db)).toMatchObject({ isWhole: false, broken: { seq } });
});

it('lists newest first, filtered, page by page, each entry once', async () => {
  await entries(25);
  const seen: string[] = [];
  let cursor: number | undefined;
  do {
    const page = await listAudit(db, {
      accountId: 'a',
      limit: 5,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.total).toBe(12);
    seen.push(...page.entries.map((entry) => entry.resourceId ?? ''));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual([23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1].map((n) => `g${n}`));
  expect(
    (await listAudit(db, { status: 'pending', from: 1003, to: 1010, limit: 50 })).entries.map(
      (one) => one.at,
    ),
  ).toEqual([1009, 1006, 1003]);
});
