import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError, openDatabase, StaleWriteError } from '@/lib/store/database';
import { applyMigrations, MigrationError, readMigrations } from '@/lib/store/migrate';
import { type AskableDatabase, askable } from '@/tests/factories/database';

const MIGRATIONS = path.resolve('prisma/migrations');
const INSERT = 'INSERT INTO settings (key, value, updatedAt) VALUES (?, ?, ?)';

let folder: string;
let db: AskableDatabase;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-database-'));
  db = askable(await openDatabase({ url: `file:${folder}/test.db`, migrationsDir: MIGRATIONS }));
});

afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

describe('write', () => {
  it('commits all statements together, and both readers see them', async () => {
    const changes = await db.write([
      { sql: INSERT, params: ['a', '1', 1] },
      { sql: INSERT, params: ['b', '2', 2] },
      { sql: 'UPDATE settings SET value = ?', params: ['3'] },
    ]);
    expect(changes).toEqual([1, 1, 2]);
    expect(await db.query('SELECT key, value FROM settings ORDER BY key')).toEqual([
      { key: 'a', value: '3' },
      { key: 'b', value: '3' },
    ]);
    await expect(db.prisma.setting.count()).resolves.toBe(2);
  });

  it('leaves nothing behind when one statement fails', async () => {
    await expect(
      db.write([
        { sql: INSERT, params: ['a', '1', 1] },
        { sql: INSERT, params: ['a', '2', 2] },
      ]),
    ).rejects.toThrow(/UNIQUE/);
    expect(await db.query('SELECT * FROM settings')).toEqual([]);
  });

  it('rolls back when a fenced statement changes another number of rows', async () => {
    await expect(
      db.write([
        { sql: INSERT, params: ['a', '1', 1] },
        { sql: 'UPDATE leases SET expiresAt = 9 WHERE token = 7', params: [], expectChanges: 1 },
      ]),
    ).rejects.toBeInstanceOf(StaleWriteError);
    expect(await db.query('SELECT * FROM settings')).toEqual([]);
  });

  it('does not take in a write that another request makes through Prisma meanwhile', async () => {
    const [failed] = await Promise.allSettled([
      db.write([
        { sql: INSERT, params: ['a', '1', 1] },
        { sql: 'INSERT INTO nowhere VALUES (1)', params: [] },
      ]),
      db.prisma.setting.create({ data: { key: 'b', value: '2', updatedAt: 1 } }),
    ]);
    expect(failed.status).toBe('rejected');
    expect(await db.query('SELECT key FROM settings')).toEqual([{ key: 'b' }]);
  });
});

describe('while another process holds the write lock', () => {
  it('reads go on, the write waits without holding up the event loop, then is done', async () => {
    const other = new Sqlite(`${folder}/test.db`);
    other.exec('BEGIN IMMEDIATE');
    const pending = db.write([{ sql: INSERT, params: ['late', '1', 1] }]);
    let gap = 0;
    for (let tick = 0, last = performance.now(); tick < 20; tick += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
      await db.query('SELECT count(*) FROM settings');
    }
    other.exec('COMMIT');
    other.close();
    await pending;
    // A write that blocks does so for as long as SQLite is told to wait: many seconds.
    expect(gap).toBeLessThan(2_000);
    expect(await db.query('SELECT key FROM settings')).toEqual([{ key: 'late' }]);
  });

  it('gives up with the reason when patience ends', async () => {
    const other = new Sqlite(`${folder}/test.db`);
    other.exec('BEGIN IMMEDIATE');
    const refused = await db
      .write([{ sql: INSERT, params: ['x', '1', 1] }], { patienceMs: 200 })
      .catch((error) => error);
    other.exec('ROLLBACK');
    other.close();
    expect(refused).toBeInstanceOf(DatabaseUnavailableError);
    expect(refused.reason).toBe('locked');
  });
});

it('says that the disk is full, keeps what is there and works on afterwards', async () => {
  await db.write([{ sql: INSERT, params: ['kept', '1', 1] }]);
  const pages = (await db.query<{ page_count: number }>('PRAGMA page_count'))[0]?.page_count;
  const full = askable(
    await openDatabase({ url: `file:${folder}/test.db`, migrationsDir: null, maxPages: pages ?? 0 }),
  );
  const refused = await full
    .write([{ sql: INSERT, params: ['big', 'x'.repeat(100_000), 1] }])
    .catch((e) => e);
  expect(refused).toBeInstanceOf(DatabaseUnavailableError);
  expect(refused.reason).toBe('full');
  await expect(
    full.prisma.setting.create({ data: { key: 'big', value: 'x'.repeat(100_000), updatedAt: 1 } }),
  ).rejects.toMatchObject({ name: 'DatabaseUnavailableError', reason: 'full' });
  expect(await full.query('SELECT key FROM settings')).toEqual([{ key: 'kept' }]);
  await full.close();
  await db.write([{ sql: INSERT, params: ['after', 'x'.repeat(100_000), 1] }]);
  expect(await db.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});

describe('migrations', () => {
  it('are applied once and refuse a history that was changed', () => {
    const sqlite = new Sqlite(':memory:');
    const migrations = readMigrations(MIGRATIONS);
    expect(applyMigrations(sqlite, migrations, 0)).toEqual(migrations.map((m) => m.name));
    expect(applyMigrations(sqlite, migrations, 0)).toEqual([]);
    const edited = migrations.map((m) => ({ ...m, sql: `${m.sql}\n-- edited` }));
    expect(() => applyMigrations(sqlite, edited, 0)).toThrow(MigrationError);
    expect(() => applyMigrations(sqlite, [], 0)).toThrow(/newer Flightdeck/);
  });

  it('leave nothing behind when one of them fails', () => {
    const sqlite = new Sqlite(':memory:');
    const broken = [
      { name: '1', sql: 'CREATE TABLE a (x)' },
      { name: '2', sql: 'CREATE TABLE b (x); CREATE TABLE a (x)' },
    ];
    expect(() => applyMigrations(sqlite, broken, 0)).toThrow(/already exists/);
    expect(sqlite.prepare("SELECT name FROM sqlite_master WHERE name IN ('a','b')").all()).toEqual([]);
  });
});
