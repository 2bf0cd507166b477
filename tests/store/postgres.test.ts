import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '@/lib/store/errors';
import { readMigrations } from '@/lib/store/migrate';
import { openPostgres } from '@/lib/store/postgres';
import { OpenError } from '@/lib/store/postgres-trouble';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { copiedPostgres } from '@/tests/factories/postgres';
import { asAdmin, emptyPostgres, MIGRATIONS, testPostgres } from '@/tests/factories/stores';

const open: { close(): Promise<void> }[] = [];
const kept = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const put = (store: Store, key: string, patienceMs = 5000) =>
  store.write([store.build.insertInto('settings').values({ key, value: '', updatedAt: 1 })], { patienceMs });
const keys = async (store: Store) =>
  (await store.read(store.build.selectFrom('settings').select('key').orderBy('key'))).map(({ key }) => key);
const opening = (
  url: string,
  migrationsDir = MIGRATIONS,
  warn: (message: string) => void = () => undefined,
) => openPostgres({ url, migrationsDir, warn });

describe('migrations on PostgreSQL', () => {
  it('are applied once by processes that start together, under the names they have on SQLite', async () => {
    const url = await emptyPostgres();
    const stores = await Promise.all([opening(url), opening(url), opening(url)]);
    for (const store of stores) kept(store);
    const applied = await asAdmin(
      (admin) => admin.query('SELECT migration_name AS name FROM "_prisma_migrations" ORDER BY 1'),
      url,
    );
    expect(applied.rows.map(({ name }) => name)).toEqual(readMigrations(MIGRATIONS).map(({ name }) => name));
  });

  it('leave nothing behind when one fails, refuse a history that was changed and a newer database', async () => {
    const url = await emptyPostgres();
    const folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-migrations-'));
    kept({ close: async () => rmSync(folder, { recursive: true }) });
    cpSync(MIGRATIONS, folder, { recursive: true });
    const newest = readMigrations(folder).at(-1)?.name ?? '';
    const next = path.join(folder, '29991231000000_next');
    cpSync(path.join(folder, newest), next, { recursive: true });
    writeFileSync(
      path.join(next, 'postgres.sql'),
      'CREATE TABLE "one" (x int); CREATE TABLE "settings" (x int)',
    );
    await expect(opening(url, folder)).rejects.toThrow('already exists');
    const tables = await asAdmin(
      (admin) => admin.query("SELECT * FROM pg_tables WHERE schemaname = 'public'"),
      url,
    );
    expect(tables.rows).toEqual([]);

    writeFileSync(path.join(next, 'postgres.sql'), 'CREATE TABLE "one" (x int)');
    kept(await opening(url, folder));
    await expect(opening(url)).rejects.toThrow('newer Flightdeck');
    writeFileSync(path.join(next, 'postgres.sql'), 'CREATE TABLE "two" (x int)');
    await expect(opening(url, folder)).rejects.toThrow('was changed after it was applied');
    rmSync(path.join(next, 'postgres.sql'));
    await expect(opening(url, folder)).rejects.toThrow('is not written for PostgreSQL');
  });

  it('refuse a database in another encoding than UTF8', async () => {
    const url = new URL(await emptyPostgres());
    url.pathname = `${url.pathname}_latin`;
    await asAdmin((admin) =>
      admin.query(`CREATE DATABASE "${url.pathname.slice(1)}" ENCODING 'LATIN1' TEMPLATE template0`),
    );
    const refused = await opening(url.href).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenError);
    expect(String(refused)).toContain('UTF8');
  });

  it('do without the extension where it may not be created, and say so', async () => {
    const url = new URL(await emptyPostgres());
    const name = url.pathname.slice(1);
    await asAdmin(async (admin) => {
      await admin.query(`CREATE ROLE "${name}" LOGIN PASSWORD 'guest'`);
      await admin.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
    }, url.href);
    url.username = name;
    url.password = 'guest';
    const said: string[] = [];
    const store = kept(await opening(url.href, MIGRATIONS, (message) => said.push(message)));
    expect(said).toEqual([expect.stringContaining('pg_trgm')]);
    const row = {
      id: '1',
      accountId: 'a',
      appId: 'b',
      document: '{}',
      generation: 1,
      fetchedAt: 1,
      nameLower: 'adams',
    };
    await store.write([store.build.insertInto('betaTesters').values(row)]);
    const found = store.build.selectFrom('betaTesters').select('id');
    expect(await store.read(found.where('rowKey', 'in', store.dialect.testersWith(['dam'])))).toEqual([
      { id: '1' },
    ]);
  });
});

describe('when the server is in trouble', () => {
  it('says that it cannot be reached, and that all connections are in use', async () => {
    const unreachable = kept(
      await openPostgres({
        url: 'postgresql://x:y@127.0.0.1:1/z',
        migrationsDir: null,
        warn: () => undefined,
      }),
    );
    await expect(keys(unreachable)).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(put(unreachable, 'a', 100)).rejects.toMatchObject({ reason: 'unreachable' });

    const store = kept(await testPostgres({ connections: 1, connectMs: 200 }));
    const free = await holding(store.url, 'a');
    const busy = put(store, 'a');
    await expect(keys(store)).rejects.toMatchObject({ reason: 'exhausted' });
    await free();
    await busy;
    expect(await keys(store)).toEqual(['a']);
  });

  it('tries a write again that waited too long for another, and gives up with the reason', async () => {
    const store = kept(await testPostgres());
    const free = await holding(store.url, 'a');
    await expect(put(store, 'a', 100)).rejects.toMatchObject({ reason: 'locked' });
    const patient = put(store, 'a', 20_000);
    await free();
    await patient;
    expect(await keys(store)).toEqual(['a']);
  });

  it('ends a read that takes too long', async () => {
    const store = kept(await testPostgres({ statementMs: 100 }));
    const endless = store.build
      .selectFrom('settings')
      .select((is) => is.fn('pg_sleep', [is.val(20)]).as('x'));
    await put(store, 'a');
    await expect(store.read(endless)).rejects.toMatchObject({ reason: 'slow' });
    expect(await keys(store)).toEqual(['a']);
  });

  it('gives up on a server that says nothing any more, and goes on when it is there again', async () => {
    const { url, remove } = await copiedPostgres();
    const line = await silentProxy(url);
    const limits = { answerMs: 1_000, connectMs: 1_000, patienceMs: 0 };
    const store = await openPostgres({
      url: line.url,
      migrationsDir: null,
      warn: () => undefined,
      ...limits,
    });
    await put(store, 'a');
    line.setSilent(true);
    await expect(keys(store)).rejects.toMatchObject({
      reason: expect.stringMatching(/unreachable|exhausted/),
    });
    await expect(put(store, 'b', 0)).rejects.toMatchObject({
      reason: expect.stringMatching(/unreachable|exhausted/),
    });
    line.setSilent(false);
    expect(await keys(store)).toEqual(['a']);
    await store.close();
    await line.close();
    await remove();
  });

  it('goes on when its connections are ended from outside', async () => {
    const store = kept(await testPostgres());
    await put(store, 'a');
    for (let round = 0; round < 3; round += 1) {
      await endConnections(store.url);
      expect(await keys(store)).toContain('a');
      await endConnections(store.url);
      await put(store, `b${round}`);
    }
    expect(await keys(store)).toEqual(['a', 'b0', 'b1', 'b2']);
  });

  it.each([
    ['that stands', 'after'],
    ['that was lost', 'before'],
  ] as const)('asks what became of a commit without an answer, %s, and writes once', async (_, cut) => {
    const direct = kept(await testPostgres());
    const line = kept(await cuttingProxy(direct.url, cut));
    const store = kept(await openPostgres({ url: line.url, migrationsDir: null, warn: () => undefined }));
    expect(await keys(store)).toEqual([]);
    line.cutNextCommit();
    await put(store, 'once');
    expect(line.cuts()).toBe(1);
    expect(await keys(direct)).toEqual(['once']);
  });

  it('says that it is not sure when nobody can tell what became of a commit', async () => {
    const direct = kept(await testPostgres());
    const line = kept(await cuttingProxy(direct.url, 'after'));
    const store = kept(await openPostgres({ url: line.url, migrationsDir: null, warn: () => undefined }));
    expect(await keys(store)).toEqual([]);
    line.cutNextCommit({ forGood: true });
    const refused = await put(store, 'perhaps', 500).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseUnavailableError);
    expect(refused).toMatchObject({ reason: 'unsure' });
  });
});

describe('what is asked again and again', () => {
  const settingsFrom = shape((build, given: { key: string }) =>
    build.selectFrom('settings').selectAll().where('key', '>=', given.key).orderBy('key'),
  );
  const touch = shape((build, given: { key: string; at: number }) =>
    build.updateTable('settings').set({ updatedAt: given.at }).where('key', '=', given.key).returningAll(),
  );
  const remembered = async (store: Store) =>
    (
      await store.read<{ statement: string }>(
        CompiledQuery.raw('SELECT statement FROM pg_prepared_statements', []) as CompiledQuery<{
          statement: string;
        }>,
      )
    ).map(({ statement }) => statement);
  const told = async (store: Store) => [
    (await store.read(settingsFrom({ key: 'a' }))).map(({ key }) => key),
    (await store.change(touch({ key: 'a', at: 7 }))).map(({ key, updatedAt }) => [key, updatedAt]),
    await store.write([touch({ key: 'b', at: 7 }), touch({ key: 'nobody', at: 7 })]),
  ];
  const asked = async () => {
    // One connection, so that what it remembers can be looked at.
    const store = kept(await testPostgres({ connections: 1 }));
    await put(store, 'a');
    await put(store, 'b');
    return store;
  };
  const ANSWER = [['a', 'b'], [['a', 7]], [1, 0]];

  it('is understood once by a connection; what is built anew each time is not kept', async () => {
    const store = await asked();
    for (let time = 0; time < 3; time += 1) expect(await told(store)).toEqual(ANSWER);
    // Of an answer that took long it is asked whether it still holds.
    const own = (await remembered(store)).filter((statement) => !statement.includes('pg_current_snapshot'));
    expect(own.sort()).toEqual([expect.stringMatching(/^select/), expect.stringMatching(/^update/)]);
  });

  it.each([
    ['another version adds a column', 'ALTER TABLE "settings" ADD COLUMN "later" TEXT'],
    ['a pooler gives another connection', 'DEALLOCATE ALL'],
  ])('is answered when %s meanwhile', async (_, event) => {
    const store = await asked();
    expect(await told(store)).toEqual(ANSWER);
    await store.write([CompiledQuery.raw(event)]);
    expect(await told(store)).toEqual(ANSWER);
    await store.write([CompiledQuery.raw(event.replace('later', 'latest'))]);
    expect((await store.change(touch({ key: 'b', at: 8 }))).map(({ updatedAt }) => updatedAt)).toEqual([8]);
  });

  it('is answered by a transaction that meets a pooler first', async () => {
    const store = await asked();
    await told(store);
    await store.write([CompiledQuery.raw('DEALLOCATE ALL')]);
    expect(await store.write([touch({ key: 'a', at: 9 })], { patienceMs: 0 })).toEqual([1]);
  });
});

/** Somebody else's unfinished transaction on a row of the settings; gives what ends it. */
async function holding(url: string, key: string): Promise<() => Promise<void>> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let holds = () => {};
  const held = new Promise<void>((resolve) => {
    holds = resolve;
  });
  const done = asAdmin(async (admin) => {
    await admin.query('BEGIN');
    await admin.query(`INSERT INTO settings VALUES ($1, '', 1)`, [key]);
    holds();
    await ended;
    await admin.query('ROLLBACK');
  }, url);
  await held;
  return async () => {
    end();
    await done;
  };
}

function endConnections(url: string) {
  return asAdmin(
    (admin) =>
      admin.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      ),
    url,
  );
}

/** A line to the server on which nothing comes back while it is silent. */
async function silentProxy(url: string) {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((client) => {
    const upstream = connect(port, target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => isSilent || upstream.write(chunk));
    upstream.on('data', (chunk) => isSilent || client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    setSilent(now: boolean) {
      isSilent = now;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A line to the server that breaks at a COMMIT, before or after the server gets it. */
async function cuttingProxy(url: string, cut: 'before' | 'after') {
  const target = new URL(url);
  const port = Number(target.port);
  let isArmed = false;
  let isForGood = false;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(port, target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    if (isForGood) return void client.destroy();
    client.on('data', (chunk) => {
      if (!isArmed || !chunk.includes('COMMIT')) return void upstream.write(chunk);
      isArmed = false;
      cuts += 1;
      if (cut === 'before') return void [client, upstream].map((socket) => socket.destroy());
      upstream.removeAllListeners('data');
      upstream.once('data', () => [client, upstream].map((socket) => socket.destroy()));
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    cuts: () => cuts,
    cutNextCommit({ forGood = false } = {}) {
      isArmed = true;
      isForGood = forGood;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
