import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppContext, openContext } from '@/lib/context';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { accountRow } from '@/lib/services/accounts/rows';
import { askable } from '@/tests/factories/database';
import { bundleEntry } from '@/tests/factories/worker-process';

let program: string;
let folder: string;
let privateKey: string;
const dataDir = () => path.join(folder, 'data');
const backup = () => path.join(folder, 'elsewhere', 'backup.db');
const keyFile = () => path.join(dataDir(), 'encryption.key');

beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck-backup');
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = (more: Record<string, string> = {}) => ({
  ...{ PATH: process.env.PATH, NODE_ENV: 'test' as const, LOG_LEVEL: 'silent', DATA_DIR: dataDir() },
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

async function within<T>(
  work: (app: AppContext) => T | Promise<T>,
  more: Record<string, string> = {},
): Promise<T> {
  const app = await openContext('worker', env(more));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const installed = (app: AppContext) =>
  insertAccount(app, { id: 'a', name: 'A', kind: 'team', issuerId: 'i', keyId: 'KEY1234567', privateKey });
/** Two rows that are always written together. */
const pair = (n: number) =>
  ['x', 'y'].map((half) => ({
    sql: 'INSERT INTO drafts (userId, key, value, updatedAt) VALUES (?, ?, ?, ?)',
    params: [half, `${n}`, 'z'.repeat(500), n],
  }));

describe('database backup', () => {
  it('is a whole moment of a database that is being written, and starts elsewhere with the key', async () => {
    await within(async (app) => {
      await installed(app);
      let isOver = false;
      let written = 0;
      const writing = (async () => {
        for (; !isOver || written < 50; written += 1) {
          await app.db.write(pair(written));
          // A write that need not wait lets nothing else come between.
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      const made = await flightdeck(['backup', backup()]);
      isOver = true;
      await writing;
      expect(made).toMatchObject({
        code: 0,
        said: expect.stringContaining('The encryption key is not in it'),
      });
      expect(made.said).toContain(keyFile());
      expect(await askable(app.db).query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    });
    const key = readFileSync(keyFile(), 'utf8').trim();
    expect(readFileSync(backup()).includes(key)).toBe(false);
    expect(statSync(backup()).mode & 0o777).toBe(0o600);
    expect(existsSync(`${backup()}-wal`)).toBe(false);
    const verified = await flightdeck(['verify', backup()]);
    expect(verified).toMatchObject({
      code: 0,
      said: expect.stringContaining('opens the 1 App Store Connect keys'),
    });

    const elsewhere = { DATA_DIR: path.join(folder, 'new'), ENCRYPTION_KEY: key };
    expect(await flightdeck(['restore', backup()], elsewhere)).toMatchObject({ code: 0 });
    await within(async (app) => {
      expect(await app.keys.open(await accountRow(app.db, 'a'))).toBe(privateKey);
      const halves = (
        await askable(app.db).query<{ x: number; y: number }>(
          "SELECT sum(userId = 'x') AS x, sum(userId = 'y') AS y FROM drafts",
        )
      )[0];
      expect(halves?.x).toBe(halves?.y);
      expect(await askable(app.db).query("SELECT name FROM sqlite_master WHERE name LIKE '%ackup%'")).toEqual(
        [],
      );
    }, elsewhere);
  });

  it('writes over nothing, and says why a place cannot be used', async () => {
    await within(installed);
    writeFileSync(path.join(folder, 'there'), 'mine');
    expect(await flightdeck(['backup', path.join(folder, 'there')])).toMatchObject({
      code: 1,
      said: expect.stringContaining('is there already'),
    });
    expect(readFileSync(path.join(folder, 'there'), 'utf8')).toBe('mine');
    expect(await flightdeck(['backup', path.join(folder, 'there', 'below')])).toMatchObject({ code: 1 });
    expect(await flightdeck(['backup', backup()], { DATA_DIR: path.join(folder, 'empty') })).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no database'),
    });
    expect(existsSync(backup())).toBe(false);
  });
});

describe('database verify', () => {
  it('finds a changed value, a missing row, damage, and a key that does not fit', async () => {
    await within(async (app) => {
      await installed(app);
      for (let n = 0; n < 50; n += 1) await app.db.write(pair(n));
    });
    await flightdeck(['backup', backup()]);
    const changed = (name: string, sql: string) => {
      const file = path.join(folder, name);
      copyFileSync(backup(), file);
      const sqlite = new Sqlite(file);
      sqlite.exec(sql);
      sqlite.close();
      return file;
    };
    const value = await flightdeck([
      'verify',
      changed('value', "UPDATE drafts SET value = 'q' WHERE key = '7'"),
    ]);
    expect(value).toMatchObject({ code: 1, said: expect.stringContaining('drafts: 100 rows were written') });
    const missing = changed('missing', "DELETE FROM drafts WHERE key = '7'");
    expect((await flightdeck(['verify', missing])).code).toBe(1);
    expect(await flightdeck(['restore', missing], { DATA_DIR: path.join(folder, 'new') })).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not whole'),
    });
    expect(existsSync(path.join(folder, 'new', 'flightdeck.db'))).toBe(false);

    const torn = path.join(folder, 'torn');
    const bytes = readFileSync(backup());
    writeFileSync(torn, bytes.subarray(0, bytes.length >> 1));
    expect((await flightdeck(['verify', torn])).code).toBe(1);
    writeFileSync(path.join(folder, 'text'), 'no database at all, only a few words in a file of text');
    expect(await flightdeck(['verify', path.join(folder, 'text')])).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not a database'),
    });
    const other = { ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    expect(await flightdeck(['verify', backup()], other)).toMatchObject({
      code: 1,
      said: expect.stringContaining('not the one this backup was made under'),
    });
  });
});

it('database restore refuses a place where a database is, and a file that is no backup', async () => {
  await within(installed);
  await flightdeck(['backup', backup()]);
  expect(await flightdeck(['restore', backup()])).toMatchObject({
    code: 1,
    said: expect.stringContaining('is there already'),
  });
  const plain = path.join(dataDir(), 'flightdeck.db');
  expect(await flightdeck(['restore', plain], { DATA_DIR: path.join(folder, 'new') })).toMatchObject({
    code: 1,
    said: expect.stringContaining('was not made by flightdeck database backup'),
  });
});
