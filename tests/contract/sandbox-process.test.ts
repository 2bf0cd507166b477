import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startSandbox } from '@/lib/sandbox/server';
import { fetchJson, mint } from './sandbox-client';

interface Announced {
  baseUrl: string;
  issuerId: string;
  keyId: string;
  privateKeyPath: string;
}

const folder = mkdtempSync(join(tmpdir(), 'sandbox-process-'));
let running: ChildProcess | null = null;

afterEach(() => {
  if (running?.pid && running.exitCode === null) process.kill(-running.pid, 'SIGKILL');
  running = null;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(...args: string[]): Promise<Announced> {
  const child = spawn(process.execPath, ['scripts/sandbox.mjs', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as Announced;
}

async function call(info: Announced, method: string, path: string, body?: unknown) {
  const token = await mint({ ...info, privateKey: readFileSync(info.privateKeyPath, 'utf8') });
  return fetchJson(info.baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('the command', () => {
  test('announces itself in one line, keeps key and data over kill -9, and stops when told', async () => {
    const state = join(folder, 'state');
    const first = await start('--state', state, '--seed', '7');
    expect(Object.keys(first)).toEqual(['baseUrl', 'issuerId', 'keyId', 'privateKeyPath']);
    expect(statSync(first.privateKeyPath).mode & 0o777).toBe(0o600);
    const groups = await call(first, 'GET', '/v1/betaGroups?limit=2');
    const [renamed, deleted] = groups.body.data.map((group: { id: string }) => group.id);
    const name = { data: { type: 'betaGroups', id: renamed, attributes: { name: 'Kept' } } };
    expect((await call(first, 'PATCH', `/v1/betaGroups/${renamed}`, name)).status).toBe(200);
    expect((await call(first, 'DELETE', `/v1/betaGroups/${deleted}`)).status).toBe(204);
    process.kill(-(running?.pid ?? 0), 'SIGKILL');
    await once(running as ChildProcess, 'exit');
    const again = await start('--state', state, '--seed', '7');
    expect([again.issuerId, again.keyId]).toEqual([first.issuerId, first.keyId]);
    const kept = await call(again, 'GET', `/v1/betaGroups/${renamed}`);
    expect(kept.body.data.attributes.name).toBe('Kept');
    expect((await call(again, 'GET', `/v1/betaGroups/${deleted}`)).status).toBe(404);
    const child = running as ChildProcess;
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(fetch(again.baseUrl)).rejects.toThrow();
  }, 60_000);

  test('names what it was told wrongly and exits 1', async () => {
    const child = spawn(process.execPath, ['scripts/sandbox.mjs', '--program', 'huge'], { detached: true });
    running = child;
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(text).toContain('--program is one of small, medium, large');
  }, 30_000);
});

describe('the state folder', () => {
  test('brings back testers, mails, what time brought, and refuses another programme', async () => {
    const stateFolder = join(folder, 'embedded');
    const options = { stateFolder, hourLimit: null, speed: 0 };
    const before = await startSandbox(options);
    const info = { ...before };
    const [group] = [...before.parts().world.store.all('betaGroups').values()].filter(
      (one) => one.attributes.publicLinkEnabled === true,
    );
    const made = await call(info, 'POST', '/v1/betaTesters', {
      data: {
        type: 'betaTesters',
        attributes: { email: 'kept@example.com' },
        relationships: { betaGroups: { data: [{ type: 'betaGroups', id: group?.id }] } },
      },
    });
    await fetchJson(`${before.baseUrl}/sandbox/clock/step`, { method: 'POST', body: '{"ms":86400000}' });
    const counts = (await fetchJson(`${before.baseUrl}/sandbox/counts`, {})).body;
    await before.close();
    const after = await startSandbox(options);
    expect((await fetchJson(`${after.baseUrl}/sandbox/counts`, {})).body).toEqual(counts);
    expect(after.parts().world.store.get('betaTesters', made.body.data.id)?.attributes.email).toBe(
      'kept@example.com',
    );
    expect(after.parts().world.mail.invitations()).toMatchObject({ 'kept@example.com': 1 });
    await after.close();
    await expect(startSandbox({ ...options, seed: 2 })).rejects.toThrow(
      'the state folder holds program small with seed 1',
    );
  }, 60_000);
});
