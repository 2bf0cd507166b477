import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startFlightdeck } from './setup/flightdeck';

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

/** The processes that this one has started, by Linux' own list. */
function childrenOf(pid: number | undefined): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
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

test.describe('npm start', () => {
  for (const [what, env, variable] of [
    ['no secret', {}, 'NEXTAUTH_SECRET is missing'],
    ['an open host', { NEXTAUTH_SECRET: 's'.repeat(48), HOST: '0.0.0.0' }, 'NEXTAUTH_URL is missing'],
    [
      'a wrong key',
      { NEXTAUTH_SECRET: 's'.repeat(48), ENCRYPTION_KEY: 'abc' },
      'ENCRYPTION_KEY must be 32 bytes',
    ],
  ] as const) {
    test(`with ${what} names the variable and ends with 1`, async () => {
      const { said, ended } = start(env);
      expect(await ended).toBe(1);
      expect(said.text).toContain(variable);
      expect(said.text).not.toContain('    at ');
    });
  }

  test('on a taken port says so', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const { said, ended } = start({ NEXTAUTH_SECRET: 's'.repeat(48), PORT: String(port) });
    expect(await ended).toBe(1);
    expect(said.text).toContain(`Port ${port} is taken`);
    server.close();
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
