import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AppContext, openContext } from '@/lib/context';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { accountRow } from '@/lib/services/accounts/rows';
import { emptyPostgres } from '@/tests/factories/stores';
import { bundleEntry } from '@/tests/factories/worker-process';

let program: string;
let folder: string;
let privateKey: string;

beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck-database');
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);
const env = (more: Record<string, string>) => ({
  ...{ PATH: process.env.PATH, NODE_ENV: 'test' as const, LOG_LEVEL: 'silent', DATA_DIR: at('data') },
  ...more,
});

async function flightdeck(args: string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, 'database', ...args], { env: env(more) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

async function within<T>(more: Record<string, string>, work: (app: AppContext) => Promise<T>): Promise<T> {
  const app = await openContext('worker', env(more));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const account = () => ({
  ...({ id: 'a', name: 'A', kind: 'team', issuerId: 'i', keyId: 'KEY1234567' } as const),
  privateKey,
});
/** Opens what is stored there with the key it was stored under. */
const opens = (url: string) =>
  within({ DATABASE_URL: url }, async (app) => app.keys.open(await accountRow(app.db, 'a')));
/** The lines that say what each table holds. */
const sums = (said: string) => said.split('\n').filter((line) => / rows {2}[0-9a-f]{16}$/.test(line));

it('moves an installation to PostgreSQL and back, backs it up there and restores that', {
  timeout: 300_000,
}, async () => {
  await within({}, (app) => insertAccount(app, account()));
  const postgres = await emptyPostgres();
  const there = await flightdeck(['copy', '--to', postgres]);
  expect(there).toMatchObject({
    code: 0,
    said: expect.stringContaining('opens the 1 App Store Connect keys'),
  });
  expect(there.said).toContain('it is not in it');
  expect(there.said).toContain(at('data/encryption.key'));
  expect(there.said).not.toContain(new URL(postgres).password);
  expect(await flightdeck(['copy', '--to', postgres])).toMatchObject({
    code: 0,
    said: expect.stringContaining('was copied before'),
  });

  const on = { DATABASE_URL: postgres };
  const back = await flightdeck(['copy', '--to', `file:${at('back.db')}`], on);
  expect(back.code).toBe(0);
  expect(sums(back.said).length).toBeGreaterThan(30);
  expect(await opens(`file:${at('back.db')}`)).toBe(privateKey);

  const made = await flightdeck(['backup', at('backup.db')], on);
  expect(made).toMatchObject({ code: 0, said: expect.stringContaining('The encryption key is not in it') });
  expect(readFileSync(at('backup.db')).includes(readFileSync(at('data/encryption.key'), 'utf8').trim())).toBe(
    false,
  );
  expect(await flightdeck(['verify', at('backup.db')], on)).toMatchObject({
    code: 0,
    said: expect.stringContaining('The backup is whole'),
  });
  const elsewhere = await emptyPostgres();
  expect(await flightdeck(['restore', at('backup.db')], { DATABASE_URL: elsewhere })).toMatchObject({
    code: 0,
  });
  const restored = await flightdeck(['copy', '--to', `file:${at('restored.db')}`], {
    DATABASE_URL: elsewhere,
  });
  expect(sums(restored.said)).toEqual(sums(back.said));
  expect(await opens(`file:${at('restored.db')}`)).toBe(privateKey);
});

it('copies nothing under a key that does not open it, and says how it is asked', async () => {
  await within({}, (app) => insertAccount(app, account()));
  const other = { ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  expect(await flightdeck(['copy', '--to', `file:${at('copy.db')}`], other)).toMatchObject({
    code: 1,
    said: expect.stringContaining('is not the one this database was written with'),
  });
  expect(existsSync(at('copy.db'))).toBe(false);
  expect(await flightdeck(['copy'])).toMatchObject({
    code: 2,
    said: expect.stringContaining('--to postgresql://'),
  });
  expect(await flightdeck(['copy', '--to', 'mysql://x/y'])).toMatchObject({ code: 2 });
});
