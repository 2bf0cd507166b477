import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastSucceededAt, syncStatus } from '@/lib/sync/status';
import { type ManualClock, manualClock } from '@/tests/factories/clock';
import { type TestDatabase, testDatabase } from '@/tests/factories/database';
import { ascError, type FakeAsc, fakeAsc } from '@/tests/factories/fake-asc';
import { anApp } from '@/tests/factories/resources';
import { ACCOUNT, addAccount, syncOnce } from '@/tests/factories/synced';

let db: TestDatabase;
let clock: ManualClock;
let apple: FakeAsc;

beforeEach(async () => {
  db = await testDatabase();
  clock = manualClock();
  await addAccount(db);
  apple = fakeAsc({ apps: [anApp('1')] });
});
afterEach(() => db.close());

const sync = () => syncOnce(db, apple, { clock, mode: 'incremental' });

/** So many runs that have ended since. */
async function ended(count: number, row: { mode: string; status: string }): Promise<void> {
  const values = Array.from({ length: count }, (_, n) => {
    const at = clock.now() + n + 1;
    return {
      ...{ id: `${row.status} ${n}`, accountId: ACCOUNT, trigger: 'schedule', progress: '{}', ...row },
      ...{ startedAt: at, updatedAt: at, finishedAt: at },
    };
  });
  await db.write([db.build.insertInto('syncRuns').values(values)]);
  await clock.advance(count + 1);
}

it.each([
  { mode: 'incremental', status: 'failed' },
  { mode: 'scoped', status: 'succeeded' },
])('the last sync to the end stays known after hundreds of %o', async (row) => {
  expect(await sync()).toMatchObject({ status: 'succeeded' });
  const at = clock.now();
  await ended(320, row);
  apple.before = () => {
    throw ascError({ kind: 'network' });
  };
  expect(await sync()).toMatchObject({ status: 'failed' });
  expect(await lastSucceededAt(db, ACCOUNT)).toBe(at);
  expect((await syncStatus(db, clock.now()))[0]).toMatchObject({ lastSucceededAt: at, status: 'failed' });
  expect(await db.query('SELECT id FROM syncRuns')).toHaveLength(301);

  // Once there is a newer one it goes as all others do.
  apple.before = () => undefined;
  await sync();
  await ended(1, { mode: 'incremental', status: 'cancelled' });
  await sync();
  expect(await db.query('SELECT id FROM syncRuns')).toHaveLength(300);
});
