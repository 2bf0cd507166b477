import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APPLE_BASE_URL, ConfigError, isLoopback, loadEncryptionKey, readEnv } from '@/lib/env';

const SECRET = 's'.repeat(48);
const KEY = Buffer.alloc(32, 7).toString('base64');
const ENOUGH = { NEXTAUTH_SECRET: SECRET };

function problems(source: Record<string, string>, role: 'web' | 'worker' = 'web') {
  try {
    readEnv(source, role);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((p) => p.variable);
    throw error;
  }
  return [];
}

describe('readEnv', () => {
  it('needs only a secret on loopback and fills in the rest', () => {
    expect(readEnv(ENOUGH)).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      DATA_DIR: path.resolve('data'),
      DATABASE_URL: `file:${path.resolve('data/flightdeck.db')}`,
      NEXTAUTH_URL: 'http://127.0.0.1:3000',
      ASC_BASE_URL: APPLE_BASE_URL,
      LOG_LEVEL: 'info',
      TRUST_PROXY: false,
      SYNC_INTERVAL_MS: 300_000,
    });
  });

  it('takes a variable set to nothing for one that is not set', () => {
    expect(readEnv({ ...ENOUGH, PORT: '', ADMIN_EMAIL: '' }).PORT).toBe(3000);
  });

  it('puts the database into the data folder and keeps an own place for it', () => {
    expect(readEnv({ ...ENOUGH, DATA_DIR: '/srv/fd' }).DATABASE_URL).toBe('file:/srv/fd/flightdeck.db');
    expect(readEnv({ ...ENOUGH, DATABASE_URL: 'file:/other/x.db' }).DATABASE_URL).toBe('file:/other/x.db');
  });

  it('takes a PostgreSQL as it is written', () => {
    for (const url of [
      'postgresql://fd:p%40ss@db.example.com:5433/fd?sslmode=require',
      'postgres://fd@h/fd',
    ]) {
      expect(readEnv({ ...ENOUGH, DATABASE_URL: url }).DATABASE_URL).toBe(url);
    }
  });

  it.each([
    ['no secret', {}, ['NEXTAUTH_SECRET']],
    ['a short secret', { NEXTAUTH_SECRET: 'short' }, ['NEXTAUTH_SECRET']],
    ['a port that is a word', { ...ENOUGH, PORT: 'http' }, ['PORT']],
    ['a port out of range', { ...ENOUGH, PORT: '70000' }, ['PORT']],
    ['an address without a scheme', { ...ENOUGH, NEXTAUTH_URL: 'flightdeck.example.com' }, ['NEXTAUTH_URL']],
    ['another kind of database', { ...ENOUGH, DATABASE_URL: 'mysql://x' }, ['DATABASE_URL']],
    ['a server without a database', { ...ENOUGH, DATABASE_URL: 'postgresql://a:b@c' }, ['DATABASE_URL']],
    [
      'a password with a letter that ends it',
      { ...ENOUGH, DATABASE_URL: 'postgresql://fd:hun/ter2@db.example.com/flightdeck' },
      ['DATABASE_URL'],
    ],
    [
      'an open host without address and key',
      { ...ENOUGH, HOST: '0.0.0.0' },
      ['NEXTAUTH_URL', 'ENCRYPTION_KEY'],
    ],
    ['a key that is too short', { ...ENOUGH, ENCRYPTION_KEY: 'YWJj' }, ['ENCRYPTION_KEY']],
    [
      'two sources of the key',
      { ...ENOUGH, ENCRYPTION_KEY: KEY, ENCRYPTION_KEY_FILE: '/k' },
      ['ENCRYPTION_KEY'],
    ],
    ['half an administrator', { ...ENOUGH, ADMIN_EMAIL: 'a@example.com' }, ['ADMIN_PASSWORD']],
    ['an issuer alone', { ...ENOUGH, ASC_ISSUER_ID: 'i' }, ['ASC_KEY_ID']],
    ['a key id without its file', { ...ENOUGH, ASC_KEY_ID: 'k' }, ['ASC_PRIVATE_KEY_PATH']],
    ['a foreign App Store Connect', { ...ENOUGH, ASC_BASE_URL: 'https://evil.example' }, ['ASC_BASE_URL']],
    ['an unknown log level', { ...ENOUGH, LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    ['a flag that is a word', { ...ENOUGH, TRUST_PROXY: 'yes' }, ['TRUST_PROXY']],
    [
      'half a bucket',
      { ...ENOUGH, ARCHIVE_S3_ENDPOINT: 'https://s3.example.com', ARCHIVE_S3_BUCKET: 'b' },
      ['ARCHIVE_S3_ACCESS_KEY_ID', 'ARCHIVE_S3_SECRET_ACCESS_KEY'],
    ],
    [
      'a bucket that is no address',
      { ...ENOUGH, ARCHIVE_S3_ENDPOINT: 's3.example.com' },
      ['ARCHIVE_S3_ENDPOINT'],
    ],
    ['an interval of a second', { ...ENOUGH, SYNC_INTERVAL_MS: '1000' }, ['SYNC_INTERVAL_MS']],
  ])('refuses %s and names the variable', (_, source, variables) => {
    expect(problems(source as Record<string, string>)).toEqual(variables);
  });

  it('names all that is wrong at once, never a value', () => {
    expect(problems({ PORT: 'x', LOG_LEVEL: 'loud', NEXTAUTH_SECRET: 'hunter2' })).toEqual([
      'PORT',
      'NEXTAUTH_SECRET',
      'LOG_LEVEL',
    ]);
    expect(() => readEnv({ NEXTAUTH_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
  });

  it('does not ask the worker for what only the web process uses', () => {
    expect(problems({}, 'worker')).toEqual([]);
    expect(problems({ HOST: '0.0.0.0' }, 'worker')).toEqual(['ENCRYPTION_KEY']);
  });

  it.each(['http://127.0.0.1:4010', 'http://localhost:4010', 'http://[::1]:4010', 'http://127.8.8.8'])(
    'lets %s stand in for Apple',
    (ASC_BASE_URL) => {
      expect(readEnv({ ...ENOUGH, ASC_BASE_URL }).ASC_BASE_URL).toBe(ASC_BASE_URL);
    },
  );

  it('lets another host stand in for Apple only when it is said twice', () => {
    const source = { ...ENOUGH, ASC_BASE_URL: 'https://asc.example/', ASC_ALLOW_CUSTOM_BASE_URL: '1' };
    expect(readEnv(source).ASC_BASE_URL).toBe('https://asc.example');
  });
});

it('knows loopback from look-alikes', () => {
  expect(['127.0.0.1', '127.1.2.3', 'LOCALHOST', '::1', '[::1]', '::ffff:127.0.0.1'].every(isLoopback)).toBe(
    true,
  );
  const others = [
    '0.0.0.0',
    '::',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '10.0.0.1',
    '128.0.0.1',
    '',
  ];
  expect(others.some(isLoopback)).toBe(false);
});

describe('loadEncryptionKey', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (source: Record<string, string>) => loadEncryptionKey(readEnv({ ...ENOUGH, ...source }));

  it('reads base64 and hexadecimal from the environment', () => {
    expect(load({ ENCRYPTION_KEY: KEY })).toEqual(Buffer.alloc(32, 7));
    expect(load({ ENCRYPTION_KEY: '07'.repeat(32) })).toEqual(Buffer.alloc(32, 7));
  });

  it('makes a file only its owner can read, and finds the same key again', () => {
    const DATA_DIR = path.join(folder, 'data');
    const first = load({ DATA_DIR });
    expect(first).toHaveLength(32);
    expect(load({ DATA_DIR })).toEqual(first);
    expect(statSync(path.join(DATA_DIR, 'encryption.key')).mode & 0o777).toBe(0o600);
    expect(load({ ENCRYPTION_KEY_FILE: path.join(DATA_DIR, 'encryption.key') })).toEqual(first);
  });

  it.each([
    ['is missing', () => {}, /cannot be read \(ENOENT\)/],
    ['can be read by others', (file: string) => writeFileSync(file, KEY), /chmod 600/],
    ['holds no key', (file: string) => writeFileSync(file, 'hello', { mode: 0o600 }), /does not hold a key/],
  ])('refuses a file that %s', (_, prepare, message) => {
    const ENCRYPTION_KEY_FILE = path.join(folder, 'k');
    prepare(ENCRYPTION_KEY_FILE);
    if (prepare.length > 0 && readFileSync(ENCRYPTION_KEY_FILE, 'utf8') === KEY)
      chmodSync(ENCRYPTION_KEY_FILE, 0o644);
    expect(() => load({ ENCRYPTION_KEY_FILE })).toThrow(message);
  });
});
