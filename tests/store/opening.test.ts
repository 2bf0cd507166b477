import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { appContext, openContext, reasonNotToStart, setAppContext } from '@/lib/context';
import { postgresApplied } from '@/lib/store/copy/postgres';
import { openDatabase } from '@/lib/store/database';
import { shownAddress, whyClosed } from '@/lib/store/postgres-trouble';
import { asAdmin, emptyPostgres, MIGRATIONS } from '@/tests/factories/stores';

const SECRET = 'hunter2-of-the-address';
let folder: string;
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'flightdeck-opening-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  for (const server of servers) server.close();
});

const opening = (url: string) =>
  openContext('worker', { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: folder, DATABASE_URL: url });

/** The address of the tests' server with some parts changed. */
function server(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

/** A role of its own with a secret password, and a database in which it may do only what is granted. */
async function guest(grants: (role: string) => readonly string[] = () => []): Promise<string> {
  const url = new URL(await emptyPostgres());
  const role = url.pathname.slice(1);
  await asAdmin(async (admin) => {
    await admin.query(`CREATE ROLE "${role}" LOGIN PASSWORD '${SECRET}'`);
    for (const grant of grants(role)) await admin.query(grant);
  }, url.href);
  url.username = role;
  url.password = SECRET;
  return url.href;
}

/** A server that lets everybody in and gives one row to every question. */
async function pretended(row: readonly string[]): Promise<string> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
  const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value & 0xffff)]);
  const ready = message('Z', Buffer.from('I'));
  const columns = ['version', 'number', 'encoding'].map((name) =>
    Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  const values = row.map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
  const answer = Buffer.concat([
    message('T', Buffer.concat([int16(columns.length), ...columns])),
    message('D', Buffer.concat([int16(values.length), ...values])),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ]);
  const made = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), ready]));
      socket.on('data', (asked) => void (asked[0] === 'Q'.charCodeAt(0) && socket.write(answer)));
    });
  });
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as { port: number };
  return `postgresql://fd:${SECRET}@127.0.0.1:${port}/fd`;
}

describe('a PostgreSQL that cannot be opened', () => {
  const CASES: readonly [string, () => Promise<string> | string, RegExp][] = [
    [
      'with a wrong password',
      () => server((url) => Object.assign(url, { password: SECRET })),
      /has a user or password that the server at 127\.0\.0\.1:\d+ refuses \(user flightdeck\)/,
    ],
    [
      'without a password',
      () => server((url) => Object.assign(url, { password: '' })),
      /has a user or password that the server/,
    ],
    [
      'where nobody listens',
      () => `postgresql://fd:${SECRET}@127.0.0.1:1/fd`,
      /names a place where no PostgreSQL answers: 127\.0\.0\.1:1\. Start the server/,
    ],
    [
      'with a database that is not there',
      () => server((url) => Object.assign(url, { pathname: '/nowhere' })),
      /names a database that does not exist: nowhere\. Make it: CREATE DATABASE "nowhere" OWNER "flightdeck"/,
    ],
    [
      'as a user who may make no tables',
      () => guest(),
      /names a database in which this user may not make what Flightdeck needs .*GRANT CREATE ON SCHEMA public TO "test_/,
    ],
    [
      'as a user who may only read',
      () =>
        guest((role) => [
          'GRANT CREATE ON SCHEMA public TO PUBLIC',
          `ALTER ROLE "${role}" SET default_transaction_read_only = on`,
        ]),
      /names a server that cannot be written/,
    ],
    [
      'that asks for encryption where there is none',
      () => server((url) => url.searchParams.set('sslmode', 'require')),
      /asks for an encrypted connection that 127\.0\.0\.1:\d+ does not give/,
    ],
    [
      'that is too old',
      () => pretended(['13.20', '130020', 'UTF8']),
      /names a PostgreSQL 13\.20\. Version 14 or newer is needed\./,
    ],
    [
      'in another encoding',
      () => pretended(['16.1', '160001', 'LATIN1']),
      /encoded in LATIN1\. It must be UTF8/,
    ],
  ];

  it.each(CASES)('is refused %s, with what to do and no secret', async (_, address, words) => {
    const error = await opening(await address()).then(
      () => new Error('It was opened.'),
      (refusal: unknown) => refusal,
    );
    const told = reasonNotToStart(error) ?? String(error);
    expect(told).toMatch(/^DATABASE_URL /);
    expect(told).toMatch(words);
    expect(told).not.toContain(SECRET);
  });

  it('leaves no connection behind that waits for a password', async () => {
    const address = server((url) => Object.assign(url, { password: '' }));
    await expect(opening(address)).rejects.toThrow();
    await expect(postgresApplied(address)).rejects.toThrow();
    const waiting = `SELECT pid FROM pg_stat_activity WHERE state = 'starting' AND wait_event = 'ClientRead'`;
    await expect
      .poll(() => asAdmin(async (admin) => (await admin.query(waiting)).rowCount), { timeout: 20_000 })
      .toBe(0);
  });
});

it.each([
  [{ code: 'ENOTFOUND' }, /names a host that cannot be found: db\.example\.com/],
  [{ code: 'ETIMEDOUT' }, /names a server that does not answer: db\.example\.com:5433/],
  [{ message: 'timeout exceeded when trying to connect' }, /does not answer/],
  [{ code: '57P03', message: 'the database system is starting up' }, /just starting or stopping/],
  [{ code: '53300' }, /no connection free/],
  [{ code: '28000', message: 'no pg_hba.conf entry for host "10.0.0.1"' }, /no pg_hba\.conf entry/],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate' }, /sslrootcert/],
  [{ code: '08P01', message: 'unsupported startup parameter: statement_timeout' }, /a pooler/],
])('says what %o means', (facts, words) => {
  const url = `postgresql://fd:${SECRET}@db.example.com:5433/fd?password=${SECRET}`;
  const told = whyClosed(Object.assign(new Error('Connection refused.'), facts), url)?.message ?? '';
  expect(told).toMatch(words);
  expect(told).not.toContain(SECRET);
  expect(shownAddress(url)).toBe('postgresql://db.example.com:5433/fd');
});

it('opens a PostgreSQL as one who may just do what is needed, and a password of any letters', async () => {
  const url = new URL(await guest((role) => [`GRANT CREATE ON SCHEMA public TO "${role}"`]));
  const password = 'p@ss:w/o#r%d ü';
  await asAdmin((admin) => admin.query(`ALTER ROLE "${url.username}" PASSWORD '${password}'`));
  url.password = encodeURIComponent(password);
  const db = await openDatabase({ url: url.href, migrationsDir: MIGRATIONS });
  expect(await db.prisma.setting.count()).toBe(0);
  await db.close();
});

it('opens nothing while a build tries its pages, so that the version that still runs keeps its database', async () => {
  const data = mkdtempSync(path.join(folder, 'built-'));
  for (const [name, value] of Object.entries({
    DATA_DIR: data,
    DATABASE_URL: '',
    NEXTAUTH_SECRET: SECRET.repeat(2),
  }))
    vi.stubEnv(name, value);
  vi.stubEnv('NEXT_PHASE', 'phase-production-build');
  setAppContext(undefined);
  await expect(appContext()).rejects.toThrow('A build opens no database.');
  expect(readdirSync(data)).toEqual([]);
  vi.stubEnv('NEXT_PHASE', 'phase-production-server');
  await (await appContext()).close();
  expect(readdirSync(data)).toContain('flightdeck.db');
  setAppContext(undefined);
  vi.unstubAllEnvs();
});
