import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '@/lib/access/passwords';
import { actorOfSession, newSession } from '@/lib/access/sessions';
import { createUser } from '@/lib/access/users';
import { record } from '@/lib/audit/trail';
import { type AppContext, openContext } from '@/lib/context';
import { insertAccount } from '@/lib/services/accounts/accounts';
import { accountRow } from '@/lib/services/accounts/rows';
import { orderErasure } from '@/lib/services/person/erase';
import { whatIsKnown } from '@/lib/services/person/known';
import { readiness } from '@/lib/services/readiness';
import { signIn } from '@/lib/services/sign-in';
import { askable, ENGINE, type TestDatabase, testDatabase } from '@/tests/factories/database';
import { bundleEntry } from '@/tests/factories/worker-process';

let program: string;
let installation: TestDatabase;
let privateKey: string;
const env = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  NODE_ENV: 'test' as const,
  LOG_LEVEL: 'silent',
  DATABASE_URL: installation.url,
  DATA_DIR: installation.folder,
  ...more,
});
const keyFile = () => path.join(installation.folder, 'encryption.key');

beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck');
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(async () => {
  installation = await testDatabase();
});
afterEach(() => installation.close());

/** @param typed what is typed in, before nobody types any more */
async function flightdeck(args: string[], more: Record<string, string> = {}, typed = '') {
  const child = spawn(process.execPath, [program, ...args], { env: env(more) });
  child.stdin.end(typed);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

/** Opens the installation as a process would, and closes it again. */
async function within<Result>(
  work: (app: AppContext) => Result | Promise<Result>,
  more: Record<string, string> = {},
): Promise<Result> {
  const app = await openContext('worker', env(more));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const NEW = { name: 'A', kind: 'team', issuerId: 'i', keyId: 'KEY1234567' } as const;
/** Of another team. */
const OTHER = { id: 'b', issuerId: 'j', keyId: 'KEY7654321' };
const addAccount = (app: AppContext) => insertAccount(app, { ...NEW, id: 'a', privateKey });
const storedKey = async (app: AppContext) => app.keys.open(await accountRow(app.db, 'a'));

describe('key rotate', () => {
  it('puts the stored keys under a new key, whose file takes the old one’s place', async () => {
    await within(addAccount);
    const before = readFileSync(keyFile(), 'utf8');
    const { code, out } = await flightdeck(['key', 'rotate']);
    expect([code, out]).toEqual([0, expect.stringContaining('1 stored key is under a new encryption key')]);
    const after = readFileSync(keyFile(), 'utf8');
    expect(after).not.toBe(before);
    expect(out).not.toContain(after.trim());
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(await within(storedKey)).toBe(privateKey);
    await expect(within(storedKey, { ENCRYPTION_KEY: before.trim() })).rejects.toThrow(
      /not the encryption key/,
    );
  });

  it('is taken up by processes that run, which store what is added then under the new key', async () => {
    await within(addAccount);
    await within(async (running) => {
      expect((await flightdeck(['key', 'rotate'])).code).toBe(0);
      expect(await storedKey(running)).toBe(privateKey);
      await insertAccount(running, { ...NEW, ...OTHER, privateKey });
    });
    await within(async (app) => expect(await app.keys.open(await accountRow(app.db, 'b'))).toBe(privateKey));
  });

  it('of a key in the environment makes processes that run refuse to store keys, and say why', async () => {
    const ENCRYPTION_KEY = randomBytes(32).toString('base64');
    const NEW_ENCRYPTION_KEY = randomBytes(32).toString('base64');
    await within(
      async (running) => {
        await addAccount(running);
        const { code, out } = await flightdeck(['key', 'rotate'], { ENCRYPTION_KEY, NEW_ENCRYPTION_KEY });
        expect([code, out]).toEqual([0, expect.stringContaining('start Flightdeck again')]);
        await expect(insertAccount(running, { ...NEW, ...OTHER, privateKey })).rejects.toThrow(
          /Set ENCRYPTION_KEY to it and start Flightdeck again/,
        );
        expect((await readiness(running)).checks.encryptionKey).toMatchObject({
          ok: false,
          reason: 'encryption_key',
        });
        expect(await askable(running.db).query('SELECT id FROM Account')).toEqual([{ id: 'a' }]);
      },
      { ENCRYPTION_KEY },
    );
    expect(await within(storedKey, { ENCRYPTION_KEY: NEW_ENCRYPTION_KEY })).toBe(privateKey);
  });

  it.each(['before', 'after'])(
    'that was broken off %s the database was written is finished',
    async (when) => {
      await within(addAccount);
      const former = readFileSync(keyFile(), 'utf8');
      if (when === 'after') {
        await flightdeck(['key', 'rotate']);
        renameSync(keyFile(), `${keyFile()}.next`);
        writeFileSync(keyFile(), former, { mode: 0o600 });
      } else {
        writeFileSync(`${keyFile()}.next`, randomBytes(32).toString('base64'), { mode: 0o600 });
      }
      expect((await flightdeck(['key', 'rotate'])).code).toBe(0);
      expect(readFileSync(keyFile(), 'utf8')).not.toBe(former);
      expect(await within(storedKey)).toBe(privateKey);
    },
  );

  it('takes the new key from the environment when the old one stands there', async () => {
    const key = randomBytes(32).toString('base64');
    const next = randomBytes(32).toString('hex');
    await within(addAccount, { ENCRYPTION_KEY: key });
    const refused = await flightdeck(['key', 'rotate'], { ENCRYPTION_KEY: key });
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('NEW_ENCRYPTION_KEY is missing'),
    ]);
    const done = await flightdeck(['key', 'rotate'], { ENCRYPTION_KEY: key, NEW_ENCRYPTION_KEY: next });
    expect(done.code).toBe(0);
    expect(await within(storedKey, { ENCRYPTION_KEY: next })).toBe(privateKey);
    const wrong = await flightdeck(['audit', 'verify'], { ENCRYPTION_KEY: key });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('not the encryption key')]);
    expect(wrong.err).not.toContain('    at ');
  });
});

describe('user reset-password', () => {
  it('gives a password that works at once, ends sessions and forgives the wrong tries', async () => {
    const email = 'ana@example.com';
    const claims = await within(async ({ db }) => {
      const passwordHash = await hashPassword('four tepid walrus lamps');
      const user = await createUser(db, { email, name: null, role: 'admin', passwordHash }, Date.now());
      const session = newSession(user, Date.now(), null);
      await db.write(session.statements);
      return session.claims;
    });
    const attempt = (app: AppContext, password: string) =>
      signIn({ ...app, requestId: 'r' }, { email, password, address: null, userAgent: null, cookies: null });
    await within(async (app) => {
      for (let n = 0; n < 6; n += 1) await attempt(app, 'wrong');
    });
    const { code, out } = await flightdeck(['user', 'reset-password', 'Ana@Example.com']);
    expect(code).toBe(0);
    const password = /signs in with (\S+)/.exec(out)?.[1] ?? '';
    await within(async (app) => {
      expect(await actorOfSession(app.db, claims, Date.now())).toBeNull();
      expect((await attempt(app, password)).outcome).toBe('signedIn');
      expect((await attempt(app, 'four tepid walrus lamps')).outcome).toBe('refused');
      const trail = await askable(app.db).query(
        'SELECT actorEmail, label, status FROM auditEntries WHERE type = ?',
        ['users'],
      );
      expect(trail).toEqual([{ actorEmail: 'shell', label: email, status: 'succeeded' }]);
    });
  });

  it('says when there is nobody of this address', async () => {
    const { code, err } = await flightdeck(['user', 'reset-password', 'nobody@example.com']);
    expect([code, err]).toEqual([1, 'Nobody in the team has the address nobody@example.com.\n']);
  });
});

it('audit verify tells a whole trail from one that was changed', async () => {
  await within(addAccount);
  for (let n = 0; n < 2; n += 1) await flightdeck(['key', 'rotate']);
  const whole = await flightdeck(['audit', 'verify', '--json']);
  expect([whole.code, JSON.parse(whole.out)]).toEqual([0, { isWhole: true, checked: 2, redacted: 0 }]);
  // The database itself keeps the trail from being changed: whoever owns it can take that away.
  const guards =
    ENGINE === 'postgres'
      ? `SELECT tgname AS name FROM pg_trigger WHERE tgrelid = '"auditEntries"'::regclass AND NOT tgisinternal`
      : "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'auditEntries'";
  const triggers = await installation.query<{ name: string }>(guards);
  expect(triggers.length).toBeGreaterThan(0);
  const on = ENGINE === 'postgres' ? ' ON "auditEntries"' : '';
  await installation.write([
    ...triggers.map(({ name }) => ({ sql: `DROP TRIGGER "${name}"${on}`, params: [] })),
    {
      sql: "UPDATE auditEntries SET label = 'Something else' WHERE seq = (SELECT max(seq) FROM auditEntries)",
      params: [],
    },
  ]);
  const broken = await flightdeck(['audit', 'verify']);
  expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('The trail is broken at entry')]);
});

describe('person', () => {
  const ADDRESS = 'quokka.vexillum@example.com';
  const report = {
    ...{ accountId: 'a', id: 'r', type: 'betaFeedbackScreenshotSubmissions', appId: '1', email: ADDRESS },
    ...{
      comment: 'Beyond the marmalade bridge',
      document: JSON.stringify({ email: ADDRESS, osVersion: '26.0' }),
    },
    ...{ generation: 1, fetchedAt: 1 },
  };
  const known = () =>
    within(async (app) => {
      await addAccount(app);
      await app.db.write([app.db.build.insertInto('feedback').values(report)]);
      await record(
        app.db,
        { at: 1, actorId: null, actorEmail: 'shell', action: 'delete', type: 'betaTesters', label: ADDRESS },
        { status: 'succeeded' },
      );
    });
  const look = () =>
    within((app) => whatIsKnown(app.ctx({ kind: 'system', name: 'shell' }, 'test'), ADDRESS));
  const rows = () =>
    within((app) =>
      askable(app.db).query<{ email: string | null }>('SELECT email, comment, document FROM feedback'),
    );

  it('export writes a new file for nobody else, and never over one', async () => {
    await known();
    const file = path.join(installation.folder, 'person.zip');
    const said = await flightdeck(['person', 'export', ADDRESS, '--to', file]);
    expect(said).toMatchObject({ code: 0, err: '', out: expect.stringContaining(file) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(file);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('data/reports.json')).toBe(true);
    const again = await flightdeck(['person', 'export', ADDRESS, '--to', file]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect((await flightdeck(['person', 'export', ADDRESS])).code).toBe(2);
  });

  it('erase wants the address typed, tells what there is and what is gone', async () => {
    await known();
    for (const typed of ['', 'yes\n']) {
      const refused = await flightdeck(['person', 'erase', ADDRESS], {}, typed);
      expect([refused.code, refused.out]).toEqual([2, expect.stringContaining('reports: 1')]);
    }
    expect((await rows())[0]?.email).toBe(ADDRESS);
    const erased = await flightdeck(['person', 'erase', ADDRESS], {}, `${ADDRESS}\n`);
    expect([erased.code, erased.out]).toEqual([0, expect.stringContaining('Erased.')]);
    expect(await rows()).toEqual([{ email: null, comment: null, document: '{"osVersion":"26.0"}' }]);
    expect(await flightdeck(['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('A person was taken out of 1 of them'),
    });
    // It is told again by a key that a rotation takes along.
    expect((await flightdeck(['key', 'rotate'])).code).toBe(0);
    expect((await look()).erasures).toMatchObject([{ state: 'done', erased: { reports: 1, audit: 1 } }]);
    const gone = await flightdeck(['person', 'erase', ADDRESS, '--yes']);
    expect([gone.code, gone.err]).toEqual([2, 'Nothing of this person is here.\n']);
  });

  it('erase goes on after a rotation with what was ordered before, and answers in JSON', async () => {
    await known();
    await within((app) =>
      orderErasure(app.ctx({ kind: 'system', name: 'shell' }, 'test'), {
        address: ADDRESS,
        confirm: ADDRESS,
      }),
    );
    expect((await flightdeck(['key', 'rotate'])).code).toBe(0);
    const said = await flightdeck(['person', 'erase', ADDRESS, '--yes', '--json']);
    expect([said.code, JSON.parse(said.out).state]).toEqual([0, 'done']);
    expect((await rows())[0]?.email).toBeNull();
  });

  it('is for the installation itself, and for one address', async () => {
    const far = { FLIGHTDECK_URL: 'https://flightdeck.example.com', FLIGHTDECK_TOKEN: 'fdk_secret' };
    const refused = await flightdeck(['person', 'erase', ADDRESS, '--yes'], far);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('on the installation itself')]);
    const none = await flightdeck(['person', 'erase', 'nobody', '--yes']);
    expect([none.code, none.err]).toEqual([2, 'Enter one e-mail address.\n']);
  });
});

it('a wrong command line ends with 2 and says what there is', async () => {
  for (const args of [
    [],
    ['key'],
    ['key', 'rotate', 'now'],
    ['user', 'reset-password'],
    ['sync'],
    ['--what'],
  ]) {
    const { code, err } = await flightdeck(args);
    expect([args, code]).toEqual([args, 2]);
    expect(err).toContain('flightdeck user reset-password <email>');
  }
});

describe('feedback check', () => {
  const CHECK = {
    ...{ app: 'Trail Mate', build: 'iOS 1.4 (7)', buildId: 'b', verdict: 'clean', newIssues: [] },
    ...{ regressedIssues: [], knownCount: 2, unreadCount: 0, readAt: '2026-11-28T10:00:00.000Z' },
  };
  const issue = { id: 'i', title: 'Crash in parse()', status: 'new', reportCount: 3, path: '/issues/i' };

  /** A far Flightdeck that gives these answers, one after the other, and keeps what it was asked. */
  async function far(...answers: readonly { status?: number; body: unknown }[]) {
    const asked: { url: string; authorization: string | undefined }[] = [];
    const server = createServer((request, response) => {
      asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
      const { status = 200, body } = answers[Math.min(asked.length, answers.length) - 1] ?? { body: null };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { FLIGHTDECK_URL: `http://127.0.0.1:${port}/`, FLIGHTDECK_TOKEN: 'fdk_secret' };
    return { asked, env, close: () => new Promise((resolve) => server.close(resolve)) };
  }
  const args = ['feedback', 'check', '--app', '1', '--build', '1.4/7/IOS'];

  it('asks a far installation with its token and ends with what it found', async () => {
    const found = { ...CHECK, verdict: 'new', newIssues: [issue] };
    const cases = [
      [CHECK, 0, /no new crash issue\.\n2 crash issues of older builds are in it too\./],
      [found, 1, /1 new crash issue\.\n {2}Crash in parse\(\) \(3 reports\) {2}http:\/\/127.*\/issues\/i/],
      [
        { ...CHECK, verdict: 'unsure', unreadCount: 1 },
        3,
        /1 crash report of this build waits for the log\./,
      ],
    ] as const;
    for (const [data, code, words] of cases) {
      const there = await far({ body: { data } });
      const said = await flightdeck(args, there.env);
      expect([said.code, said.err]).toEqual([code, '']);
      expect(said.out).toMatch(words);
      expect(there.asked).toEqual([
        { url: '/api/feedback/check?app=1&build=1.4%2F7%2FIOS', authorization: 'Bearer fdk_secret' },
      ]);
      await there.close();
    }
  });

  it('waits for what is not read yet, and prints JSON', async () => {
    const there = await far({ body: { data: { ...CHECK, verdict: 'unsure' } } }, { body: { data: CHECK } });
    const said = await flightdeck([...args, '--wait', '1', '--json'], there.env);
    expect([said.code, JSON.parse(said.out), there.asked.length]).toEqual([0, CHECK, 2]);
    await there.close();
  });

  it('says what is refused, and never that a build is fine or bad then', async () => {
    const there = await far({ status: 401, body: { errors: [{ detail: 'The token has expired.' }] } });
    const refused = await flightdeck(args, there.env);
    expect(refused).toEqual({ code: 2, out: '', err: 'The token has expired.\n' });
    await there.close();
    const gone = await flightdeck(args, there.env);
    expect([gone.code, gone.out]).toEqual([2, '']);
    expect(gone.err).toMatch(/does not answer/);
    const plain = { FLIGHTDECK_URL: 'http://flightdeck.example.com', FLIGHTDECK_TOKEN: 'fdk_secret' };
    expect((await flightdeck(args, plain)).err).toMatch(/https/);
    expect((await flightdeck(args, { FLIGHTDECK_TOKEN: 'fdk_secret' })).err).toMatch(/FLIGHTDECK_URL/);
    expect((await flightdeck(args.slice(0, 4))).code).toBe(2);
  });

  it('asks the local installation where no other is named', async () => {
    const said = await flightdeck(args);
    expect([said.code, said.out]).toEqual([2, '']);
    expect(said.err).toMatch(/no such app/);
  });
});
