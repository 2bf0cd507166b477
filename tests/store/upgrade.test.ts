import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isKeyOf } from '@/lib/access/key-store';
import { actorOfSession } from '@/lib/access/sessions';
import { listUsers } from '@/lib/access/users';
import { verifyChain } from '@/lib/audit/verify';
import { type AppContext, openContext } from '@/lib/context';
import { accountRows } from '@/lib/services/accounts/rows';
import { listActivity } from '@/lib/services/activity';
import { getJob } from '@/lib/services/jobs/views';
import { signIn } from '@/lib/services/sign-in';
import { listViews } from '@/lib/services/views';
import { verifyBackup } from '@/lib/store/backup';
import { copyDatabase } from '@/lib/store/copy/move';
import { testDatabase } from '@/tests/factories/database';
import { emptyPostgres, MIGRATIONS } from '@/tests/factories/stores';

/** Installations as former versions left them; how they were made stands beside them. */
const FOLDER = 'tests/fixtures/installations';

const VERSIONS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => path.basename(name, '.json'));

interface Told {
  readonly encryptionKey: string;
  readonly people: Readonly<Record<string, Person>>;
  /** By whom, the names of those that they see. */
  readonly views: Readonly<Record<string, readonly string[]>>;
  readonly drafts: readonly { readonly of: string; readonly key: string; readonly value: unknown }[];
  /** Entries of the trail, and those that an admin may take back, newest first. */
  readonly audited: number;
  readonly undoable: readonly string[];
  /** A job that was paused before the upgrade. */
  readonly halfDone: { readonly job: string; readonly items: Readonly<Record<string, number>> };
}
interface Person {
  readonly role: string;
  readonly password: string;
  readonly state?: 'temporary' | 'disabled';
}

let data: string;
let app: AppContext | undefined;

beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'flightdeck-upgrade-'));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(data, { recursive: true });
});

const file = () => path.join(data, 'flightdeck.db');
const env = () => ({ NODE_ENV: 'test' as const, LOG_LEVEL: 'silent', DATA_DIR: data });

/** The data folder of a stopped installation of that version. */
function installed(version: string): Told {
  const told = JSON.parse(readFileSync(path.join(FOLDER, `${version}.json`), 'utf8')) as Told;
  mkdirSync(data, { recursive: true });
  writeFileSync(file(), brotliDecompressSync(readFileSync(path.join(FOLDER, `${version}.db.br`))));
  writeFileSync(path.join(data, 'encryption.key'), `${told.encryptionKey}\n`, { mode: 0o600 });
  return told;
}

type Tables = Record<string, { columns: string[]; rows: unknown[][] }>;

/** Every row of every table, by the columns that are given or all of them. */
function tablesOf(database: string, of: Tables = {}): Tables {
  const sqlite = new Sqlite(database, { readonly: true });
  const names = sqlite
    .prepare<[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%Search%'",
    )
    .pluck()
    .all();
  const read = (name: string) => {
    const all = sqlite.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(name);
    const columns = of[name]?.columns ?? all;
    const list = columns.map((column) => `"${column}"`).join(', ');
    const rows = sqlite.prepare<[], unknown[]>(`SELECT ${list} FROM "${name}" ORDER BY ${list}`).raw().all();
    return { columns, rows };
  };
  const tables = Object.fromEntries(names.map((name) => [name, read(name)]));
  sqlite.close();
  return tables;
}

/** What of a database is more than its rows. */
function schemaOf(database: string): unknown[] {
  const sqlite = new Sqlite(database, { readonly: true });
  const parts = sqlite.prepare('SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2').all();
  const columns = sqlite
    .prepare(
      "SELECT t.name AS of, c.name, c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1, 2",
    )
    .all();
  sqlite.close();
  return [...parts, ...columns];
}

async function opened(more: Record<string, string> = {}): Promise<AppContext> {
  await app?.close();
  app = await openContext('worker', { ...env(), ...more });
  return app;
}

/** Everybody with their password, and what the keys of App Store Connect are. */
async function opens({ db, keys, ctx }: AppContext, { people, audited }: Told): Promise<void> {
  expect(await verifyChain(db)).toMatchObject({ isWhole: true, checked: audited });
  for (const account of await accountRows(db))
    expect(await keys.open(account)).toMatch(/^-----BEGIN PRIVATE KEY/);
  const shell = ctx({ kind: 'system', name: 'shell' }, 'upgrade');
  for (const [email, { password, role, state }] of Object.entries(people)) {
    const attempt = { email, password, address: null, userAgent: null, cookies: null };
    const result = await signIn(shell, attempt);
    const expected = state === 'disabled' ? { outcome: 'refused' } : { outcome: 'signedIn', user: { role } };
    expect(result).toMatchObject(expected);
    if (result.outcome !== 'signedIn') continue;
    expect((await actorOfSession(db, result.claims, Date.now()))?.mustChangePassword ?? false).toBe(
      state === 'temporary',
    );
  }
}

describe.each(VERSIONS)('an installation of %s', (version) => {
  it('keeps every row of every table, backed up before, and gets the schema of a new one', async () => {
    installed(version);
    const before = tablesOf(file());
    expect(Object.values(before).flatMap(({ rows }) => rows).length).toBeGreaterThan(500);
    await opened();
    const { _prisma_migrations: history, ...kept } = tablesOf(file(), before);
    const { _prisma_migrations: former, ...had } = before;
    expect(kept).toMatchObject(had);
    expect(history?.rows).toEqual(expect.arrayContaining(former?.rows ?? []));

    const [backup = '', ...others] = readdirSync(path.join(data, 'backups'));
    expect(others).toEqual([]);
    expect((await verifyBackup(path.join(data, 'backups', backup))).problems).toEqual([]);
    expect(tablesOf(path.join(data, 'backups', backup))).toMatchObject(before);

    const anew = await testDatabase();
    expect(schemaOf(file())).toEqual(schemaOf(anew.file));
    await anew.close();
  });

  it('lets everybody in, opens the keys, and goes on with the trail, here and moved to PostgreSQL', async () => {
    const told = installed(version);
    await opens(await opened(), told);
    const signedIn = Object.values(told.people).filter(({ state }) => state !== 'disabled').length;
    expect(await verifyChain((await opened()).db)).toMatchObject({
      isWhole: true,
      checked: told.audited + signedIn,
    });

    await app?.close();
    app = undefined;
    const postgres = await emptyPostgres();
    const key = Buffer.from(told.encryptionKey, 'base64');
    await copyDatabase({
      ...{ from: `file:${file()}`, to: postgres, migrationsDir: MIGRATIONS, now: Date.now() },
      inspect: async (read) => expect(await isKeyOf(read, key)).toBe(true),
    });
    await opens(await opened({ DATABASE_URL: postgres }), { ...told, audited: told.audited + signedIn });
  });

  it('shows views, drafts, what was done in sentences, and jobs as far as they came', async () => {
    const told = installed(version);
    const { db, ctx } = await opened();
    const users = await listUsers(db);
    const userOf = (email: string) => {
      const user = users.find((one) => one.email === email);
      if (!user) throw new Error(`${email} is gone.`);
      return user;
    };
    const as = (email: string) => ctx({ kind: 'user', ...userOf(email), sessionId: 'upgrade' }, 'upgrade');
    for (const [email, names] of Object.entries(told.views)) {
      expect((await listViews(as(email))).map(({ name }) => name)).toEqual(names);
    }
    for (const { of, key, value } of told.drafts) {
      const stored = await db.prisma.draft.findUnique({
        where: { userId_key: { userId: userOf(of).id, key } },
      });
      expect(JSON.parse(stored?.value ?? 'null')).toEqual(value);
    }
    const admin = as('ada@example.com');
    const { data: entries } = await listActivity(admin, new URLSearchParams({ limit: '200' }));
    expect(entries).toHaveLength(told.audited);
    expect(entries.filter(({ sentence }) => sentence.length === 0)).toEqual([]);
    expect(entries.filter(({ canUndo }) => canUndo).map(({ action, type }) => `${action} ${type}`)).toEqual(
      told.undoable,
    );
    const { job, items } = told.halfDone;
    expect(await getJob(admin, job)).toMatchObject({
      status: 'paused',
      actions: ['resume', 'cancel'],
      counts: items,
    });
  });
});
