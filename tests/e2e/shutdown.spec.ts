import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, request } from '@playwright/test';
import { type Sandbox, startSandbox } from '@/lib/sandbox/server';
import { inDatabase, newDatabase } from './setup/database';
import { freePort } from './setup/processes';
import { bare as test } from './setup/test';

const SIGN_IN = { email: 'admin@example.com', password: 'four tepid walrus lamps' };

let dataDir: string;
let databaseUrl: string;
let sandbox: Sandbox;
let child: ChildProcess | undefined;

test.beforeEach(async ({ engine }) => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'flightdeck-shutdown-'));
  databaseUrl = (await newDatabase(engine)) || `file:${path.join(dataDir, 'flightdeck.db')}`;
  sandbox = await startSandbox({ hourLimit: null, alive: false, keyFolder: dataDir });
});

test.afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
  }
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** `npm start` on the sandbox's account, signed in, its first sync done. */
async function start() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = spawn(process.execPath, ['scripts/start.mjs'], {
    env: {
      ...process.env,
      ...{ HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: databaseUrl },
      ...{ NEXTAUTH_URL: url, NEXTAUTH_SECRET: 's'.repeat(48), ENCRYPTION_KEY: '', ENCRYPTION_KEY_FILE: '' },
      ...{ ADMIN_EMAIL: SIGN_IN.email, ADMIN_PASSWORD: SIGN_IN.password, ASC_BASE_URL: sandbox.baseUrl },
      ...{ ASC_ISSUER_ID: sandbox.issuerId, ASC_KEY_ID: sandbox.keyId },
      ASC_PRIVATE_KEY_PATH: sandbox.privateKeyPath,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let said = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  await expect.poll(() => said, { timeout: 60_000 }).toContain('Flightdeck answers on');
  const api = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const { csrfToken } = await (await api.get('/api/auth/csrf')).json();
  const form = { ...SIGN_IN, csrfToken, json: 'true', callbackUrl: url };
  expect((await api.post('/api/auth/callback/credentials', { form })).ok()).toBe(true);
  await expect
    .poll(async () => (await (await api.get('/api/sync')).json()).data[0]?.lastSucceededAt ?? null, {
      timeout: 60_000,
    })
    .not.toBeNull();
  return { api, child: started };
}

test('R21: SIGTERM during eight changes and an import: all answered, nothing left in the air', async () => {
  test.setTimeout(180_000);
  const running = await start();
  const { api } = running;
  const groups: { id: string; attributes: { isInternalGroup: boolean }; meta: { appId: string } }[] = (
    await (await api.get('/api/v1/betaGroups?limit=200')).json()
  ).data;
  const place = groups.find(({ attributes }) => !attributes.isInternalGroup);
  const renamed = groups.slice(0, 8);
  expect(renamed).toHaveLength(8);

  const parts = sandbox.parts();
  parts.world.settings.latencyMs = 150;
  const options = JSON.stringify({ appId: place?.meta.appId, groupIds: [place?.id] });
  const addresses = Array.from({ length: 400 }, (_one, i) => `r21-${i}@example.com`);
  const queued = await api.post(`/api/people/import?options=${encodeURIComponent(options)}`, {
    headers: { 'content-type': 'text/csv' },
    data: `Email\n${addresses.join('\n')}`,
  });
  expect(queued.status()).toBe(201);
  const { jobId } = (await queued.json()).data;
  const doneOf = async () => (await (await api.get(`/api/jobs/${jobId}`)).json()).data.counts.done;
  await expect.poll(doneOf, { timeout: 30_000 }).toBeGreaterThan(2);

  const seen = parts.requests.count;
  const answers = renamed.map(({ id }) =>
    api.patch(`/api/v1/betaGroups/${id}`, {
      data: { data: { type: 'betaGroups', id, attributes: { name: `Late ${id}` } } },
    }),
  );
  await expect.poll(() => parts.requests.count - seen).toBeGreaterThan(0);
  // All eight have arrived once what was asked after them is answered: what is still on its way is lost by any server.
  for (let round = 0; round < 2; round += 1) expect((await api.get('/api/health/live')).ok()).toBe(true);
  const asked = performance.now();
  const gone = once(running.child, 'close');
  running.child.kill('SIGTERM');
  const statuses = (await Promise.all(answers)).map((answer) => answer.status());
  const [code] = await gone;
  const tookMs = performance.now() - asked;
  await api.dispose();

  expect(statuses).toEqual(renamed.map(() => 200));
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  const { store } = parts.world;
  expect(renamed.map(({ id }) => store.get('betaGroups', id)?.attributes.name)).toEqual(
    renamed.map(({ id }) => `Late ${id}`),
  );
  const open = <Row>(sql: string) => inDatabase({ databaseUrl }, (ask) => ask<Row>(sql));
  expect(await open("SELECT position FROM jobItems WHERE status IN ('sending', 'ambiguous')")).toEqual([]);
  expect(await open("SELECT label, status FROM auditEntries WHERE status IN ('pending', 'unknown')")).toEqual(
    [],
  );
  const [job] = await open<{ done: number }>('SELECT status, done, crashes FROM jobs');
  expect(job).toMatchObject({ status: 'queued', crashes: 0 });
  // Each item that is done has its tester at the sandbox, and no other address has one.
  const held = [...store.all('betaTesters').values()].map(({ attributes }) => attributes.email);
  expect(held.filter((email) => addresses.includes(String(email)))).toHaveLength(job?.done ?? -1);
});
