import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backupDatabase, restoreDatabase, verifyBackup } from '@/lib/store/backup';
import { openDatabase } from '@/lib/store/database';
import { readMigrations, readPostgresMigrations } from '@/lib/store/migrate';
import type { Store } from '@/lib/store/store';
import { fill } from '@/tests/factories/filled';
import { emptyPostgres, MIGRATIONS } from '@/tests/factories/stores';
import { bundleEntry } from '@/tests/factories/worker-process';

let folder: string;
let program: string;
let migrations = MIGRATIONS;
const children: ChildProcess[] = [];
const open: Store[] = [];

beforeAll(async () => {
  program = await bundleEntry('tests/factories/pair-writer.ts', 'pair-writer');
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-backup-'));
  migrations = MIGRATIONS;
});
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
const backup = () => at('backups/one.db');
const surroundings = (now = 1000) => ({ now, migrationsDir: migrations, scratch: folder });
const noted: string[] = [];

const PLACES = {
  SQLite: async () => `file:${at(`${crypto.randomUUID()}/flightdeck.db`)}`,
  PostgreSQL: () => emptyPostgres(),
};
const ENGINES = [
  ['SQLite', 'PostgreSQL'],
  ['PostgreSQL', 'SQLite'],
] as const;

async function opened(url: string, now?: () => number): Promise<Store> {
  const note = (message: string) => noted.push(message);
  const store = await openDatabase({
    url,
    migrationsDir: migrations,
    note,
    backups: at('backups'),
    ...(now && { now }),
  });
  open.push(store);
  return store;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const halves = async ({ read, build }: Store) =>
  read(
    build
      .selectFrom('drafts')
      .select(({ fn }) => ['userId', fn.countAll<number>().as('rows'), fn.max('updatedAt').as('last')])
      .groupBy('userId')
      .orderBy('userId'),
  );

describe.each(ENGINES)('a backup of %s', (engine, other) => {
  it(`made under writes is one whole moment, and starts elsewhere, on ${other} too`, async () => {
    const url = await PLACES[engine]();
    await (await opened(url)).close();
    open.length = 0;
    const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    const made = await backupDatabase(url, backup(), surroundings());
    await backupDatabase(url, at('backups/two.db'), surroundings());
    expect(child.exitCode).toBeNull();
    await killed(child);
    expect(statSync(backup()).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('backups')).sort()).toEqual(['one.db', 'two.db']);
    expect(await verifyBackup(backup())).toEqual(made);

    const rows = made.tables.find(({ table }) => table === 'drafts')?.rows ?? 0;
    const written = (await halves(await opened(url)))[0];
    expect(rows / 2).toBeGreaterThan(50);
    expect(rows / 2).toBeLessThan(Number(written?.rows));
    for (const place of [await PLACES[engine](), await PLACES[other]()]) {
      await restoreDatabase(backup(), place, surroundings());
      const half = { rows: rows / 2, last: rows / 2 - 1 };
      const store = await opened(place);
      expect(await halves(store)).toEqual([
        { userId: 'x', ...half },
        { userId: 'y', ...half },
      ]);
      await store.write([store.build.deleteFrom('drafts').where('userId', '=', 'x')]);
      await expect(restoreDatabase(backup(), place, surroundings())).rejects.toThrow(
        /is there already|not empty/,
      );
    }
  });

  it('holds every value, and is restored where the version is newer', async () => {
    older();
    const source = at('source.db');
    await (await openDatabase({ url: `file:${source}`, migrationsDir: migrations })).close();
    fill(source);
    await backupDatabase(`file:${source}`, at('first.db'), surroundings());
    const url = await PLACES[engine]();
    await restoreDatabase(at('first.db'), url, surroundings());
    const made = await backupDatabase(url, backup(), surroundings());
    newer();
    expect((await verifyBackup(backup())).problems).toEqual([]);
    for (const place of [await PLACES[engine](), await PLACES[other]()]) {
      await restoreDatabase(backup(), place, surroundings());
      await (await opened(place)).close();
      open.pop();
      const again = await backupDatabase(place, at(`${crypto.randomUUID()}.db`), surroundings());
      const others = ({ table }: { table: string }) => table !== '_prisma_migrations' && table !== 'apps';
      expect(again.tables.filter(others)).toEqual(made.tables.filter(others));
    }
    expect(existsSync(at('restored.begun'))).toBe(false);
  });
});

/** The migrations of an earlier version, and of a later one that adds a column. */
function older(): void {
  migrations = at('migrations');
  cpSync(MIGRATIONS, migrations, { recursive: true });
}
function newer(name = '29990101000000_next'): void {
  const next = path.join(migrations, name);
  mkdirSync(next);
  const column = `ALTER TABLE "apps" ADD COLUMN "added_${name}" TEXT`;
  writeFileSync(path.join(next, 'migration.sql'), `${column};`);
  writeFileSync(path.join(next, 'postgres.sql'), `${column} COLLATE "C";`);
}

describe.each(ENGINES)('before %s is changed for a new version', (engine) => {
  const named = () => readdirSync(at('backups')).filter((name) => name.startsWith('before-'));
  async function installation(): Promise<string> {
    older();
    noted.length = 0;
    const url = engine === 'SQLite' ? `file:${at('flightdeck.db')}` : await emptyPostgres();
    const store = await opened(url);
    await store.write([store.build.insertInto('settings').values({ key: 'mine', value: '', updatedAt: 1 })]);
    await store.close();
    open.pop();
    return url;
  }

  it('a backup is made and named, by one of those that start together', async () => {
    const url = await installation();
    await (await opened(url)).close();
    open.pop();
    expect(existsSync(at('backups'))).toBe(false);
    newer();
    await Promise.all([opened(url), opened(url)]);
    expect(named()).toEqual([expect.stringMatching(/^before-29990101000000_next-\d{8}T\d{6}Z\.db$/)]);
    const [file = ''] = named();
    expect(noted).toEqual([expect.stringContaining(at(`backups/${file}`))]);
    expect((await verifyBackup(at(`backups/${file}`))).problems).toEqual([]);
    const sqlite = new Sqlite(at(`backups/${file}`), { readonly: true });
    expect(
      sqlite.prepare("SELECT name FROM pragma_table_info('apps') WHERE name LIKE 'added%'").all(),
    ).toEqual([]);
    expect(sqlite.prepare('SELECT key FROM settings').all()).toEqual([{ key: 'mine' }]);
    sqlite.close();
  });

  it('nothing is changed when it cannot be made', async () => {
    const url = await installation();
    newer();
    writeFileSync(at('backups'), 'no folder');
    const refused = await opened(url).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'BackupError' });
    expect(String(refused)).toMatch(
      /cannot be used .*Nothing was changed.*start again, or start the former version/,
    );
    rmSync(at('backups'));
    await opened(url);
    expect(named()).toHaveLength(1);
  });

  it('the last three of them are kept, and what a person put beside them', async () => {
    const url = await installation();
    mkdirSync(at('backups'));
    writeFileSync(at('backups/mine.db'), '');
    for (const year of [2024, 2023, 2022]) writeFileSync(at(`backups/before-zz-${year}0101T000000Z.db`), '');
    newer();
    await opened(url);
    expect(readdirSync(at('backups')).sort()).toEqual([
      expect.stringMatching(/^before-29990101000000_next-/),
      'before-zz-20230101T000000Z.db',
      'before-zz-20240101T000000Z.db',
      'mine.db',
    ]);
  });
});

it('an empty database is not backed up', async () => {
  older();
  const url = `file:${at('flightdeck.db')}`;
  await opened(url);
  newer();
  await opened(url);
  expect(existsSync(at('backups'))).toBe(false);
  expect(readMigrations(migrations).length).toBeGreaterThan(readPostgresMigrations(migrations).length);
});
