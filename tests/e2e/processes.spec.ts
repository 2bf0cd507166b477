import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import { startFlightdeck } from './setup/flightdeck';
import { childrenOf, freePort } from './setup/processes';

const NOTHING = { NEXTAUTH_SECRET: '', NEXTAUTH_URL: '', ENCRYPTION_KEY: '', ENCRYPTION_KEY_FILE: '' };

let dataDir: string;
let started: ChildProcess[] = [];

test.beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'flightdeck-start-'));
});

test.afterEach(async () => {
  for (const child of started.filter((one) => one.exitCode === null && one.signalCode === null)) {
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
  }
  started = [];
  rmSync(dataDir, { recursive: true, force: true });
});

/** `npm start` with only the given configuration, and what it has said so far. */
function start(env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    env: { ...process.env, ...NOTHING, HOST: '127.0.0.1', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said.text += chunk;
    });
  }
  return { child, said, ended: once(child, 'close').then(([code]) => code as number | null) };
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function startProperly() {
  const port = await freePort();
  const run = start({
    NEXTAUTH_SECRET: 's'.repeat(48),
    PORT: String(port),
    ASC_BASE_URL: 'http://127.0.0.1:9',
  });
  await expect.poll(() => run.said.text, { timeout: 60_000 }).toContain('Flightdeck answers on');
  await expect.poll(() => childrenOf(run.child.pid).length).toBe(2);
  return { ...run, url: `http://127.0.0.1:${port}` };
}

type Row = readonly [env: Record<string, string>, says: RegExp];
const SECRET = { NEXTAUTH_SECRET: 's'.repeat(48) };
const key = (byte: number) => ({ ENCRYPTION_KEY: Buffer.alloc(32, byte).toString('base64') });

const WRONG: readonly Row[] = [
  [{ NEXTAUTH_SECRET: '' }, /NEXTAUTH_SECRET is missing/],
  [{ NEXTAUTH_SECRET: 'short' }, /NEXTAUTH_SECRET must have at least 32 characters/],
  [{ HOST: '0.0.0.0' }, /NEXTAUTH_URL is missing[\s\S]*ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is missing/],
  [{ HOST: '203.0.113.7', NEXTAUTH_URL: 'http://x', ...key(1) }, /HOST 203\.0\.113\.7 is not an address/],
  [{ NEXTAUTH_URL: 'flightdeck.example' }, /NEXTAUTH_URL must be an http\(s\) address/],
  [{ PORT: 'http' }, /PORT must be a port/],
  [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL must begin with file:/],
  [{ DATA_DIR: '/dev/null/x' }, /DATA_DIR names a folder that cannot be used: \/dev\/null\/x \(ENOTDIR\)/],
  [{ ENCRYPTION_KEY: 'abc' }, /ENCRYPTION_KEY must be 32 bytes/],
  [{ ENCRYPTION_KEY_FILE: '/nowhere' }, /ENCRYPTION_KEY_FILE \/nowhere cannot be read \(ENOENT\)/],
  [{ ...key(1), ENCRYPTION_KEY_FILE: '/nowhere' }, /ENCRYPTION_KEY and ENCRYPTION_KEY_FILE are both set/],
  [{ ASC_BASE_URL: 'https://evil.example' }, /ASC_BASE_URL points at evil\.example/],
  [{ ADMIN_EMAIL: 'a@example.com' }, /ADMIN_PASSWORD is missing/],
  [{ ASC_ISSUER_ID: 'i' }, /ASC_KEY_ID is missing/],
  [{ ASC_KEY_ID: 'k' }, /ASC_PRIVATE_KEY_PATH is missing/],
  [{ SYNC_INTERVAL_MS: '5' }, /SYNC_INTERVAL_MS must be at least 10000/],
  [{ LOG_LEVEL: 'loud', TRUST_PROXY: 'yes' }, /LOG_LEVEL must be trace[\s\S]*TRUST_PROXY must be 1 or 0/],
];

/** `npm start` with this environment ends with 1 and says so in words, without a stack. */
async function refuses([env, says]: Row, args: string[] = []) {
  const { said, ended } = start({ ...SECRET, PORT: String(await freePort()), ...env }, args);
  expect([env, await ended]).toEqual([env, 1]);
  expect(said.text).toMatch(says);
  expect(said.text).not.toContain('    at ');
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}

async function runNode(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...NOTHING, ...env },
    stdio: 'ignore',
  });
  expect((await once(child, 'close'))[0]).toBe(0);
}

test.describe('npm start', () => {
  test('with a variable that is missing or wrong names it and ends with 1, at once', async () => {
    for (const rows of chunks(WRONG, 4)) await Promise.all(rows.map((row) => refuses(row)));
  });

  test('with what shows only in the web process names it too, and ends with 1', async () => {
    const file = (name: string, text: string) => {
      writeFileSync(path.join(dataDir, name), text);
      return path.join(dataDir, name);
    };
    const foreign = file('foreign.db', 'This is no database. '.repeat(300));
    const newer = path.join(dataDir, 'newer.db');
    const sqlite = new Sqlite(newer);
    sqlite.exec(`CREATE TABLE "_prisma_migrations" (id TEXT, checksum TEXT, finished_at, migration_name TEXT,
      started_at, applied_steps_count); INSERT INTO "_prisma_migrations" (migration_name) VALUES ('29990101_later')`);
    sqlite.close();
    const other = path.join(dataDir, 'other.db');
    await runNode(['.build/flightdeck.mjs', 'audit', 'verify'], { DATABASE_URL: `file:${other}`, ...key(1) });
    const admin = { ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'password1234' };
    const asc = { ASC_KEY_ID: 'KEY1234567', ASC_ISSUER_ID: 'i' };
    const rows: Row[] = [
      [{ DATABASE_URL: `file:${foreign}` }, /DATABASE_URL names a file that is no database/],
      [{ DATABASE_URL: `file:${newer}` }, /written by a newer Flightdeck \(migration 29990101_later\)/],
      [{ DATABASE_URL: `file:${other}`, ...key(2) }, /not the encryption key this database was written with/],
      [{ DATABASE_URL: 'file:/dev/null/x/y.db' }, /DATA_DIR names a folder that cannot be used/],
      [admin, /ADMIN_PASSWORD cannot be used: .*most common/],
      [
        { ...asc, ASC_PRIVATE_KEY_PATH: '/nowhere.p8' },
        /ASC_PRIVATE_KEY_PATH names a file that cannot be read/,
      ],
      [{ ...asc, ASC_PRIVATE_KEY_PATH: foreign }, /ASC_PRIVATE_KEY_PATH \(.*\): /],
    ];
    for (const some of chunks(rows, 4)) await Promise.all(some.map((row) => refuses(row)));
    await refuses([{ DATABASE_URL: `file:${other}`, ...key(2) }, /not the encryption key/], ['--worker']);
  });

  test('on a taken port says so', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const { said, ended } = start({ NEXTAUTH_SECRET: 's'.repeat(48), PORT: String(port) });
    expect(await ended).toBe(1);
    expect(said.text).toContain(`Port ${port} is taken`);
    server.close();
  });

  test('lives and serves when not a line of its log can be written (R28)', async () => {
    const port = await freePort();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['scripts/start.mjs'], {
      env: {
        ...process.env,
        ...NOTHING,
        ...SECRET,
        ...{ HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir },
        // Every request is logged, by both processes.
        ...{ ASC_BASE_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'debug' },
      },
      stdio: ['ignore', full, full],
    });
    closeSync(full);
    started.push(child);
    const live = () =>
      fetch(`http://127.0.0.1:${port}/api/health/live`).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(live, { timeout: 60_000 }).toBe(200);
    await expect.poll(() => childrenOf(child.pid).length, { timeout: 60_000 }).toBe(2);
    const both = childrenOf(child.pid);
    for (let n = 0; n < 50; n += 1) expect(await live()).toBe(200);
    expect([child.exitCode, childrenOf(child.pid)]).toEqual([null, both]);
    expect(both.every(isAlive)).toBe(true);
  });

  test('serves, restarts a killed worker, and ends within ten seconds of SIGTERM', async () => {
    const { child, url, ended } = await startProperly();
    const first = childrenOf(child.pid);
    const worker = Math.max(...first);
    process.kill(worker, 'SIGKILL');
    await expect
      .poll(() => childrenOf(child.pid).filter((pid) => isAlive(pid) && !first.includes(pid)).length, {
        timeout: 15_000,
      })
      .toBe(1);
    expect((await fetch(`${url}/api/health/live`)).status).toBe(200);

    const all = childrenOf(child.pid);
    const asked = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(all.filter(isAlive)).toEqual([]);
  });

  test('behind https keeps browsers there, and answers under its own name only', async () => {
    const port = await freePort();
    const address = { NEXTAUTH_URL: 'https://beta.example.com', PORT: String(port) };
    const { said } = start({ ...SECRET, ...address }, ['--web']);
    await expect.poll(() => said.text, { timeout: 60_000 }).toContain('Flightdeck answers on https://beta');
    const ask = (path: string, host: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => resolve(answer.resume())).on(
          'error',
          reject,
        );
      });
    const { headers } = await ask('/setup', 'beta.example.com');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
    const cookies = (await ask('/api/auth/csrf', 'beta.example.com')).headers['set-cookie'] ?? [];
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/^__(Host|Secure)-.*; Secure/);
    expect((await ask('/api/setup', 'evil.example')).statusCode).toBe(421);
    expect((await ask('/', 'evil.example')).headers.location).toBe('/setup');
  });

  test('leaves no process when it is killed', async () => {
    const { child, ended } = await startProperly();
    const all = childrenOf(child.pid);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => all.filter(isAlive), { timeout: 12_000 }).toEqual([]);
  });
});

test('npm run demo comes back with the same sign-in and programme', async () => {
  test.setTimeout(240_000);
  const first = await startFlightdeck({ dataDir });
  const groups = await (await fetch(`${first.running.sandbox.baseUrl}/sandbox/resources/betaGroups`)).json();
  await first.stop();
  expect(Object.values(first.running.processes).filter(isAlive)).toEqual([]);

  const before = performance.now();
  const second = await startFlightdeck({ dataDir });
  expect(performance.now() - before).toBeLessThan(30_000);
  expect(second.running.password).toBe(first.running.password);
  expect(second.running.sandbox.keyId).toBe(first.running.sandbox.keyId);
  const again = await (await fetch(`${second.running.sandbox.baseUrl}/sandbox/resources/betaGroups`)).json();
  expect(names(again)).toEqual(names(groups));
  await second.stop();
});

function names(resources: unknown): string[] {
  return (resources as { id: string; attributes: { name: string } }[])
    .map((one) => `${one.id} ${one.attributes.name}`)
    .sort();
}
