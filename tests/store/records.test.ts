import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { DatabaseUnavailableError, DuplicateError, StaleWriteError } from '@/lib/store/errors';
import { openPostgres } from '@/lib/store/postgres';
import type { Store } from '@/lib/store/store';
import { testDatabase } from '@/tests/factories/database';
import { asAdmin, ENGINES, testPostgres } from '@/tests/factories/stores';

const AT = 1_795_902_913_609;
const user = (id: string) => ({
  id,
  email: `${id}@example.com`,
  passwordHash: 'x',
  role: 'viewer',
  createdAt: AT,
  updatedAt: AT,
});
const setting = (key: string, value = '') => ({ key, value, updatedAt: AT });

const open: { close(): Promise<void> }[] = [];
const kept = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe.each(ENGINES)('records on $name', ({ open: opened }) => {
  let store: Store;
  beforeEach(async () => {
    store = kept(await opened());
  });

  it('are made, found, changed and taken away, with instants as numbers and booleans as booleans', async () => {
    const { prisma } = store;
    const made = await prisma.user.create({ data: user('one') });
    expectTypeOf(made.createdAt).toEqualTypeOf<number>();
    expectTypeOf(made.disabledAt).toEqualTypeOf<number | null>();
    expect(made).toEqual({
      ...user('one'),
      name: null,
      tokenVersion: 1,
      disabledAt: null,
      hasTemporaryPassword: 0,
      lastSignInAt: null,
    });
    await prisma.user.createMany({ data: [user('two'), { ...user('three'), createdAt: AT + 1 }] });
    const later = await prisma.user.findMany({
      where: { createdAt: { gte: AT + 1, in: [AT + 1, AT + 2] } },
      select: { id: true, createdAt: true },
    });
    expect(later).toEqual([{ id: 'three', createdAt: AT + 1 }]);
    const sorted = await prisma.user.findMany({ orderBy: { email: 'asc' }, take: 2, select: { id: true } });
    expect(sorted).toEqual([{ id: 'one' }, { id: 'three' }]);
    const changed = await prisma.user.update({ where: { id: 'two' }, data: { disabledAt: AT + 5 } });
    expect(changed.disabledAt).toBe(AT + 5);
    const newest = await prisma.user.aggregate({ _max: { disabledAt: true }, _count: true });
    expect(newest).toEqual({ _max: { disabledAt: AT + 5 }, _count: 3 });
    expect(await prisma.user.delete({ where: { id: 'one' } })).toMatchObject({ id: 'one' });
    expect(await prisma.user.findUnique({ where: { id: 'one' } })).toBeNull();
    expect(await prisma.user.count()).toBe(2);

    const note = { accountId: 'a', appId: 'b', testerId: 'c', note: null, protected: true, updatedAt: AT };
    expect(await prisma.testerNote.create({ data: note })).toEqual({ ...note, updatedBy: null });
  });

  it('are the rows that the store reads and writes', async () => {
    await store.write([store.build.insertInto('settings').values(setting('a', 'by the store'))]);
    expect(await store.prisma.setting.findMany()).toEqual([setting('a', 'by the store')]);
    await store.prisma.setting.upsert({
      where: { key: 'a' },
      create: setting('a'),
      update: { value: 'by Prisma', updatedAt: { increment: 1 } },
    });
    expect(await store.read(store.build.selectFrom('settings').selectAll())).toEqual([
      { key: 'a', value: 'by Prisma', updatedAt: AT + 1 },
    ]);
  });

  it('hold every letter that people and Apple send', async () => {
    const text = 'Zoë 🧪 \u202e%_\\"\'`';
    await store.prisma.setting.create({ data: setting(text, text) });
    expect(await store.prisma.setting.findMany({ where: { value: text } })).toEqual([setting(text, text)]);
    // PostgreSQL has no room for this one.
    const made = await store.prisma.setting.create({ data: setting('nul', 'a\0b') });
    expect(['a\0b', 'a\ufffdb']).toContain(made.value);
  });

  it('are refused by the errors of the store', async () => {
    await store.prisma.user.create({ data: user('one') });
    const again = store.prisma.user.create({ data: user('one') });
    await expect(again).rejects.toBeInstanceOf(DuplicateError);
    const sameAddress = store.prisma.user.create({ data: { ...user('two'), email: 'one@example.com' } });
    await expect(sameAddress).rejects.toBeInstanceOf(DuplicateError);
    const gone = store.prisma.user.update({ where: { id: 'nobody' }, data: { name: 'x' } });
    await expect(gone).rejects.toBeInstanceOf(StaleWriteError);
    await expect(store.prisma.user.delete({ where: { id: 'nobody' } })).rejects.toBeInstanceOf(
      StaleWriteError,
    );
    expect(await store.prisma.user.count()).toBe(1);
  });
});

/** Holds a row (or on SQLite the file) until what it gives is called. */
async function holding(name: string, store: Store & { url?: string; file?: string }) {
  if (name === 'SQLite') {
    const other = new Sqlite(store.file ?? '');
    other.exec('BEGIN IMMEDIATE');
    return async () => void other.exec('COMMIT').close();
  }
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let begun = () => {};
  const held = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const done = asAdmin(async (admin) => {
    await admin.query('BEGIN');
    await admin.query('UPDATE settings SET value = $1', ['held']);
    begun();
    await ended;
    await admin.query('ROLLBACK');
  }, store.url);
  await held;
  return async () => {
    end();
    await done;
  };
}

describe.each([
  { name: 'SQLite', open: (patienceMs: number) => testDatabase({ patienceMs }) },
  { name: 'PostgreSQL', open: (patienceMs: number) => testPostgres({ patienceMs }) },
])('while another holds a record on $name', ({ name, open: opened }) => {
  it('it is read, and a change gives up when patience ends', async () => {
    const store = kept(await opened(100));
    await store.prisma.setting.create({ data: setting('a', 'free') });
    const free = await holding(name, store);
    const change = store.prisma.setting.update({ where: { key: 'a' }, data: { value: 'changed' } });
    await expect(change).rejects.toMatchObject({ name: 'DatabaseUnavailableError', reason: 'locked' });
    expect(await store.prisma.setting.findMany()).toEqual([setting('a', 'free')]);
    await free();
  });

  it('a patient change waits for it', async () => {
    const store = kept(await opened(20_000));
    await store.prisma.setting.create({ data: setting('a', 'free') });
    const free = await holding(name, store);
    const change = store.prisma.setting.update({ where: { key: 'a' }, data: { value: 'changed' } });
    await store.prisma.setting.count();
    await free();
    expect(await change).toMatchObject({ value: 'changed' });
  });
});

describe('records on a server in trouble', () => {
  it('say that it cannot be reached', async () => {
    const store = kept(
      await openPostgres({
        url: 'postgresql://x:y@127.0.0.1:1/z',
        migrationsDir: null,
        warn: () => undefined,
        patienceMs: 50,
      }),
    );
    for (const ask of [
      () => store.prisma.setting.findMany(),
      () => store.prisma.setting.create({ data: setting('a') }),
    ]) {
      const error = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseUnavailableError);
      expect(error).toMatchObject({ reason: 'unreachable' });
    }
  });

  it('share the connections of the store, and say when all are in use', async () => {
    const store = kept(await testPostgres({ connections: 1, connectMs: 200 }));
    await store.prisma.setting.create({ data: setting('a') });
    const free = await holding('PostgreSQL', store);
    const busy = store.write([store.build.updateTable('settings').set({ value: 'b' })]);
    await expect(store.prisma.setting.findMany()).rejects.toMatchObject({ reason: 'exhausted' });
    await free();
    await busy;
    expect(await store.prisma.setting.findMany()).toEqual([setting('a', 'b')]);
  });

  it('are read again on new connections when the old ones are ended', async () => {
    const store = kept(await testPostgres());
    await store.prisma.setting.create({ data: setting('a') });
    for (let round = 0; round < 3; round += 1) {
      await asAdmin(
        (admin) =>
          admin.query(
            `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          ),
        store.url,
      );
      expect(await store.prisma.setting.count()).toBe(1);
    }
  });

  it('do not say of a change that it was not made when its connection broke', async () => {
    const store = kept(await testPostgres());
    await store.prisma.setting.create({ data: setting('a') });
    const free = await holding('PostgreSQL', store);
    const change = store.prisma.setting.update({ where: { key: 'a' }, data: { value: 'changed' } });
    const refused = change.catch((thrown: unknown) => thrown);
    const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await asAdmin(async (admin) => {
      let pid: unknown;
      while (pid === undefined) pid = (await admin.query(waiting)).rows[0]?.pid;
      await admin.query('SELECT pg_terminate_backend($1)', [pid]);
    }, store.url);
    expect(await refused).toMatchObject({ name: 'DatabaseUnavailableError', reason: 'unsure' });
    await free();
  });
});
