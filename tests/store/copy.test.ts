import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyDatabase, type Move } from '@/lib/store/copy/move';
import { openDatabase } from '@/lib/store/database';
import { acquireLease, ownerName } from '@/lib/store/lease';
import { exactly, type Store } from '@/lib/store/store';
import { fill } from '@/tests/factories/filled';
import { asAdmin, emptyPostgres, MIGRATIONS } from '@/tests/factories/stores';
import { bundleEntry } from '@/tests/factories/worker-process';

let folder: string;
let filled: string;
let program: string;
const open: Store[] = [];

beforeAll(async () => {
  program = await bundleEntry('tests/factories/killed-copy.ts', 'killed-copy');
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-copy-'));
  filled = await installation('filled');
  fill(filled);
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, `${name}.db`);
async function installation(name: string): Promise<string> {
  await (await openDatabase({ url: `file:${at(name)}`, migrationsDir: MIGRATIONS })).close();
  return at(name);
}

const copy = (from: string, to: string, more: Partial<Move> = {}) =>
  copyDatabase({ from, to, migrationsDir: MIGRATIONS, now: 1000, inspect: async () => undefined, ...more });
/** Does something when everything is written and nothing stands yet. */
function atTheEnd(work: () => Promise<unknown>): Pick<Move, 'inspect'> {
  let looks = 0;
  return {
    async inspect() {
      looks += 1;
      if (looks === 2) await work();
    },
  };
}

async function opened(url: string): Promise<Store> {
  const store = await openDatabase({
    url,
    migrationsDir: MIGRATIONS,
    note: (message) => expect.fail(message),
  });
  open.push(store);
  return store;
}
const rowsIn = async (url: string, table: string) =>
  (await asAdmin((admin) => admin.query(`SELECT 1 FROM "${table}"`), url)).rows.length;

/** What a copy must be able to do as well as the original. */
async function worksOn(url: string): Promise<void> {
  const store = await opened(url);
  const { build, dialect } = store;
  const search = (text: string) =>
    store.read<{ rowKey: number }>(
      build
        .selectFrom('betaTesters')
        .select('rowKey')
        .where('rowKey', 'in', dialect.testersWith([text])),
    );
  const counts = () =>
    store.read<{ state: string; count: number }>(
      build
        .selectFrom('betaTesterCounts')
        .select(['state', 'count'])
        .where('accountId', '=', 'new')
        .orderBy('state'),
    );
  const inserted = await store.change<{ rowKey: number }>(
    build
      .insertInto('betaTesters')
      .values({
        ...{ accountId: 'new', appId: 'new', id: 'new', document: '{}', generation: 1, fetchedAt: 1 },
        ...{ nameLower: 'newcomer', state: 'INVITED' },
      })
      .returning('rowKey'),
  );
  // The filled table has given out 75, which was deleted since.
  expect(inserted).toEqual([{ rowKey: 76 }]);
  expect(await search('newcomer')).toEqual([{ rowKey: 76 }]);
  expect((await search('right to left')).length).toBeGreaterThan(0);
  expect(await counts()).toEqual([{ state: 'INVITED', count: 1 }]);
  await store.write([exactly(1, build.deleteFrom('betaTesters').where('accountId', '=', 'new'))]);
  expect(await counts()).toEqual([{ state: 'INVITED', count: 0 }]);
  expect(await search('newcomer')).toEqual([]);
  await expect(store.write([build.deleteFrom('auditEntries')])).rejects.toThrow('append-only');
}

describe('a copy', () => {
  it('holds every value of every table on the other engine and back again, and works on', async () => {
    const postgres = await emptyPostgres();
    const there = await copy(`file:${filled}`, postgres);
    expect(there).toMatchObject({ wasThere: false, since: [] });
    expect(there.tables.filter(({ rows }) => rows < 5)).toEqual([]);
    const back = await copy(postgres, `file:${at('back')}`);
    expect(back.tables).toEqual(there.tables);
    await worksOn(postgres);
    await worksOn(`file:${at('back')}`);
    expect((await copy(`file:${filled}`, `file:${at('third')}`)).tables).toEqual(there.tables);
    const once = new Sqlite(at('back'));
    expect(once.pragma('integrity_check', { simple: true })).toBe('ok');
    once.close();
  });

  it('takes what PostgreSQL cannot write as the sign that stands for it', async () => {
    const sqlite = new Sqlite(filled);
    sqlite.prepare(`UPDATE "apps" SET "name" = ?`).run('a\0b');
    sqlite.close();
    const postgres = await emptyPostgres();
    await copy(`file:${filled}`, postgres);
    const { build, read } = await opened(postgres);
    expect(await read(build.selectFrom('apps').select('name').distinct())).toEqual([{ name: 'a\uFFFDb' }]);
  });

  it('holds large rows and many', async () => {
    const sqlite = new Sqlite(filled);
    const insert = sqlite.prepare(`INSERT INTO "drafts" VALUES (?, 'large', ?, 1)`);
    for (let n = 0; n < 6; n += 1) insert.run(`${n}`, 'ü'.repeat(500_000));
    sqlite
      .prepare(`INSERT INTO "settings" WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
      SELECT 'many-' || i, 'x', 1 FROM n`)
      .run();
    sqlite.close();
    const postgres = await emptyPostgres();
    const there = await copy(`file:${filled}`, postgres);
    expect((await copy(postgres, `file:${at('back')}`)).tables).toEqual(there.tables);
  });
});

describe('a target', () => {
  it('that holds rows is refused and stays as it is; one that holds this very copy is done', async () => {
    const postgres = await emptyPostgres();
    const store = await opened(postgres);
    await store.write([store.build.insertInto('settings').values({ key: 'mine', value: 'x', updatedAt: 1 })]);
    await expect(copy(`file:${filled}`, postgres)).rejects.toThrow('not empty: there are rows in settings');
    expect(await rowsIn(postgres, 'settings')).toBe(1);
    expect(await rowsIn(postgres, 'apps')).toBe(0);
    await store.write([store.build.deleteFrom('settings')]);
    await copy(`file:${filled}`, postgres);
    expect(await copy(`file:${filled}`, postgres)).toMatchObject({ wasThere: true });
    await store.write([store.build.deleteFrom('drafts').where('updatedAt', '=', 0)]);
    await expect(copy(`file:${filled}`, postgres)).rejects.toThrow('not empty');

    await copy(`file:${filled}`, `file:${at('copied')}`);
    expect(await copy(`file:${filled}`, `file:${at('copied')}`)).toMatchObject({ wasThere: true });
    await expect(copy(`file:${await installation('other')}`, `file:${at('copied')}`)).rejects.toThrow(
      'holds something else',
    );
    await expect(copy(`file:${filled}`, `file:${filled}`)).rejects.toThrow('already');
  });

  it('that is not there, not ours, of another program or refuses is told in words without a password', async () => {
    const said = (to: string) =>
      copy(`file:${filled}`, to).then(
        () => '',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    const postgres = new URL(await emptyPostgres());
    const changed = (change: Partial<URL>) => Object.assign(new URL(postgres.href), change).href;
    expect(await said(changed({ pathname: '/nowhere' }))).toMatch(
      /^BackupError: postgresql:\/\/.*\/nowhere names a database that does not exist/,
    );
    expect(await said(changed({ password: 'secret' }))).toMatch(
      /^BackupError: .*a user or password that the server .* refuses/,
    );
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    expect(await said(changed({ port: String(port) }))).toMatch(/^BackupError: .*no PostgreSQL answers/);
    await asAdmin((admin) => admin.query('CREATE TABLE "settings" (theirs int)'), postgres.href);
    expect(await said(postgres.href)).toMatch(/^BackupError: .*tables of the same names/);
    writeFileSync(
      at('text'),
      'a few words that are no database, and long enough to be read as a header of one',
    );
    expect(await said(`file:${at('text')}`)).toMatch(/^BackupError: .*text\.db is not a database/);
    for (const one of [{ pathname: '/nowhere' }, { password: 'secret' }]) {
      expect(await said(changed(one))).not.toContain(one.password ?? postgres.password);
    }
  });
});

describe('a source', () => {
  it('in which somebody is at work is refused, and copied once that one is gone', async () => {
    const store = await opened(`file:${filled}`);
    const lease = await acquireLease(store, 'worker', ownerName(), 1000);
    expect(lease).not.toBeNull();
    await expect(copy(`file:${filled}`, `file:${at('copied')}`)).rejects.toThrow(
      `Flightdeck is at work in ${filled}: process ${process.pid} on `,
    );
    expect(existsSync(at('copied'))).toBe(false);
    expect(await copy(`file:${filled}`, `file:${at('copied')}`, { now: 100_000 })).toMatchObject({
      since: [],
    });
    // Killed on this machine: nobody waits for what it holds.
    await store.write([
      store.build.updateTable('leases').set({ owner: 'x', expiresAt: 0 }),
      store.build.insertInto('leases').values({
        ...{ name: 'dead', token: 1, expiresAt: 200_000 },
        owner: ownerName().replace(/\/\d+\//, '/4194999/'),
      }),
    ]);
    await copy(`file:${filled}`, `file:${at('again')}`, { now: 100_000 });
  });

  it('that is written meanwhile is not copied, unless somebody only looked', async () => {
    const store = await opened(`file:${filled}`);
    const postgres = await emptyPostgres();
    const { build } = store;
    const working = atTheEnd(() => store.write([build.deleteFrom('drafts')]));
    await expect(copy(`file:${filled}`, postgres, working)).rejects.toThrow('while it was copied (drafts)');
    expect(await rowsIn(postgres, 'apps')).toBe(0);
    const looking = atTheEnd(() => store.write([build.updateTable('sessions').set({ lastSeenAt: 5 })]));
    expect(await copy(`file:${filled}`, postgres, looking)).toMatchObject({ since: ['sessions'] });
  });

  it('that is not there, no database of ours, or of another version is told in words', async () => {
    const to = `file:${at('copied')}`;
    await expect(copy(`file:${at('nowhere')}`, to)).rejects.toThrow('There is no database at');
    await expect(copy(await emptyPostgres(), to)).rejects.toThrow('There is no database of Flightdeck at');
    new Sqlite(at('foreign')).exec('CREATE TABLE x (y)').close();
    await expect(copy(`file:${at('foreign')}`, to)).rejects.toThrow('not a database of Flightdeck');
    const sqlite = new Sqlite(filled);
    const newest = sqlite.prepare('SELECT max(migration_name) FROM _prisma_migrations').pluck().get();
    sqlite.prepare('DELETE FROM _prisma_migrations WHERE migration_name = ?').run(newest);
    await expect(copy(`file:${filled}`, to)).rejects.toThrow('older Flightdeck');
    sqlite
      .prepare("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', '2999_next')")
      .run();
    sqlite.close();
    await expect(copy(`file:${filled}`, to)).rejects.toThrow('newer Flightdeck');
    expect(existsSync(at('copied'))).toBe(false);
  });
});

describe('a copy that breaks off', () => {
  const killed = (from: string, to: string) =>
    new Promise<string | null>((resolve) => {
      const child = execFile(process.execPath, [program, from, to]);
      child.once('exit', (_, signal) => resolve(signal));
    });

  it('because its process is killed leaves nothing behind, and may be begun again', async () => {
    const postgres = await emptyPostgres();
    expect(await killed(`file:${filled}`, postgres)).toBe('SIGKILL');
    expect(await rowsIn(postgres, 'apps')).toBe(0);
    const there = await copy(`file:${filled}`, postgres);
    expect(there.wasThere).toBe(false);

    const back = `file:${at('back')}`;
    expect(await killed(postgres, back)).toBe('SIGKILL');
    expect(existsSync(at('back'))).toBe(false);
    expect((await copy(postgres, back)).tables).toEqual(there.tables);
    expect(existsSync(`${at('back')}.begun`)).toBe(false);
    await worksOn(postgres);
  });

  it('because the connection is lost says so, and may be begun again', async () => {
    const postgres = await emptyPostgres();
    const lost = () =>
      atTheEnd(() =>
        asAdmin(
          (admin) =>
            admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE application_name = 'flightdeck copy' AND datname = current_database()`),
          postgres,
        ),
      );
    await expect(copy(`file:${filled}`, postgres, lost())).rejects.toThrow('Give the same command again');
    expect(await rowsIn(postgres, 'apps')).toBe(0);
    expect(await copy(`file:${filled}`, postgres)).toMatchObject({ wasThere: false });
  });

  it('is not mixed with another one into the same place', async () => {
    const postgres = await emptyPostgres();
    const place = `file:${at('copied')}`;
    const both = await Promise.allSettled([
      copy(`file:${filled}`, postgres),
      copy(`file:${filled}`, postgres),
    ]);
    expect(both.map((one) => one.status === 'fulfilled' && one.value.wasThere).sort()).toEqual([false, true]);
    const second = atTheEnd(() => copy(postgres, place));
    await expect(copy(postgres, place, second)).rejects.toThrow('Another process is writing there');
    expect(existsSync(at('copied'))).toBe(false);
  });
});
