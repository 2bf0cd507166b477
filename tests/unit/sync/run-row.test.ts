import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '@/lib/log';
import { noteHealth } from '@/lib/services/resources/health';
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

describe('an outage', () => {
  const account = async () =>
    (
      await db.query<{ status: string; statusDetail: string | null; statusAt: number }>(
        'SELECT status, statusDetail, statusAt FROM "Account"',
      )
    )[0];
  const failing = (kind: Parameters<typeof ascError>[0]['kind'], of = '') => {
    apple.before = (asked) => {
      if (asked.startsWith(of)) throw ascError({ kind, message: `${kind}!` });
    };
  };
  const note = async (failure: unknown) => {
    await noteHealth({ db, clock, log: createLog({ level: 'silent' }) }, ACCOUNT, failure);
    // What it writes is not waited for by those who call; the writer goes in turn.
    await db.write([db.build.updateTable('Account').set({ name: 'Example' })]);
  };

  it.each(['unauthorized', 'agreement_missing', 'clock_skew'] as const)(
    'does not hide %s, nor since when it is so, and is told beside it',
    async (kind) => {
      failing(kind);
      await sync();
      const first = await account();
      expect(first).toMatchObject({ status: kind });
      await clock.advance(60_000);
      for (const passing of ['network', 'server'] as const) {
        failing(passing);
        await sync();
        expect(await account()).toMatchObject({
          ...{ status: kind, statusAt: first?.statusAt, statusDetail: expect.stringContaining(passing) },
        });
        await note(ascError({ kind: passing }));
        expect(await account()).toMatchObject({ status: kind, statusAt: first?.statusAt });
      }
      failing(kind);
      await sync();
      expect(await account()).toMatchObject({ status: kind, statusAt: first?.statusAt });
      apple.before = () => undefined;
      await sync();
      expect(await account()).toMatchObject({ status: 'ok', statusDetail: null });
    },
  );

  it('does not hide a role that is too small', async () => {
    failing('forbidden', 'builds');
    await sync();
    const first = await account();
    expect(first).toMatchObject({ status: 'forbidden' });
    await clock.advance(60_000);
    await note(ascError({ kind: 'timeout' }));
    failing('network', 'builds');
    await sync();
    expect(await account()).toMatchObject({ status: 'forbidden', statusAt: first?.statusAt });
  });

  it('of one list shows that the key is taken again', async () => {
    failing('unauthorized');
    await sync();
    failing('server', 'builds');
    await sync();
    expect(await account()).toMatchObject({ status: 'server' });
  });

  it('is told where nothing else is wrong, and over with the next answer', async () => {
    await sync();
    await note(ascError({ kind: 'timeout' }));
    expect(await account()).toMatchObject({ status: 'unreachable' });
    await note(null);
    expect(await account()).toMatchObject({ status: 'ok' });
  });
});
