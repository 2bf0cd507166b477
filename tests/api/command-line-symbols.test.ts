import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';
import { zipOf } from '@/tests/factories/packed-files';
import { dispatch } from '@/tests/factories/routes';
import { type Served, served } from '@/tests/factories/served';
import { bundleEntry } from '@/tests/factories/worker-process';

const HARBOUR = readFileSync('tests/fixtures/symbols/Harbour');
const STRIPPED = readFileSync('tests/fixtures/symbols/Harbour.stripped');

let program: string;
let bench: ApiBench;
let far: Served;
let appId: string;
beforeAll(async () => {
  program = await bundleEntry('lib/cli/main.ts', 'flightdeck-symbols');
});
afterAll(() => rmSync(program, { force: true }));
beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  far = await served(dispatch);
  [{ id: appId = '' } = { id: '' }] = await bench.db.query<{ id: string }>(
    'SELECT id FROM apps ORDER BY id LIMIT 1',
  );
});
afterEach(async () => {
  await far.close();
  await bench.close();
});

async function token(permissions = ['symbols:write']): Promise<string> {
  const body = { name: 'CI', permissions, days: 3, app: { appId, accountId: ACCOUNT } };
  return (await bench.call('POST', '/api/tokens', { body })).body.data.token;
}

async function flightdeck(args: readonly string[], more: Record<string, string> = {}) {
  const { url: DATABASE_URL, folder: DATA_DIR } = bench.db;
  const ENCRYPTION_KEY = Buffer.from(bench.encryptionKey).toString('base64');
  const env = { PATH: process.env.PATH, NODE_ENV: 'test' as const, LOG_LEVEL: 'silent', ENCRYPTION_KEY };
  const child = spawn(process.execPath, [program, 'symbols', ...args], {
    env: { ...env, DATABASE_URL, DATA_DIR, ...more },
  });
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

/** Puts files into a folder of the test; gives its path. */
function folderOf(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = path.join(bench.db.folder, 'build', name);
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), bytes);
  }
  return folder;
}
const archive = () =>
  folderOf('App.xcarchive', {
    'Info.plist': '<plist/>',
    'dSYMs/Harbour.app.dSYM/Contents/Info.plist': '<plist/>',
    'dSYMs/Harbour.app.dSYM/Contents/Resources/DWARF/Harbour': HARBOUR,
    'Products/Applications/Harbour.app/Harbour': STRIPPED,
  });

/** Crash reports of a build that need symbols of these binaries. */
async function needing(uuids: readonly string[], buildId: string | null): Promise<void> {
  const { build } = bench.db;
  const id = `needing-${buildId}`;
  const key = { accountId: ACCOUNT, appId };
  await bench.db.write([
    build.insertInto('feedback').values({
      ...{ ...key, id, type: 'betaFeedbackCrashSubmissions', buildId },
      ...{ document: '{}', generation: 1, fetchedAt: 1 },
    }),
    build
      .insertInto('symbolNeeds')
      .values(
        uuids.map((uuid) => ({ ...key, feedbackId: id, uuid, name: 'Kit', arch: 'arm64', state: 'wanted' })),
      ),
  ]);
}
const uuidOf = (n: number) => `00000000-0000-3000-8000-${String(n).padStart(12, '0')}`;

describe.each(['this installation', 'a far one'])('symbols on %s', (where) => {
  const how = async () =>
    where === 'this installation' ? {} : { FLIGHTDECK_URL: far.url, FLIGHTDECK_TOKEN: await token() };

  it('of an Xcode archive are sent, once, and are missing no more', async () => {
    const there = await how();
    const folder = archive();
    const first = await flightdeck(['upload', folder, '--app', appId, '--json'], there);
    expect([first.code, first.err]).toEqual([0, '']);
    const told = JSON.parse(first.out);
    // What lies beside the dSYMs is not sent.
    expect(told).toMatchObject({ refused: [], passed: [] });
    const arm = told.symbols.find(({ arch }: { arch: string }) => arch === 'arm64');
    expect(arm).toMatchObject({ name: 'Harbour', outcome: 'stored' });
    await bench.call('DELETE', `/api/symbols/${arm.uuid}`);
    const [build] = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId = ? ORDER BY uploadedDate DESC LIMIT 1',
      [appId],
    );
    await needing([arm.uuid], build?.id ?? '');
    const before = await flightdeck(['status', '--app', appId], there);
    expect([before.code, before.err]).toEqual([1, '']);
    expect(before.out).toMatch(
      new RegExp(`^Symbols are missing:\n.+ \\(.+\\):\n  ${arm.uuid} Kit \\(arm64\\): one crash report\n`),
    );
    const again = await flightdeck(['upload', folder, '--app', appId], there);
    expect([again.code, again.err]).toEqual([0, '']);
    expect(again.out).toContain(`stored   Harbour (arm64) ${arm.uuid}: One crash report needs it.`);
    expect(again.out).toMatch(/here {5}Harbour \(x86_64\)/);
    const after = await flightdeck(['status', '--app', appId], there);
    expect([after.code, after.err]).toEqual([0, '']);
    expect(after.out).toMatch(/^No symbols are missing\.\n2 are here\./);
  });

  it('are refused in words, and what is no file or no symbols of this build is said', async () => {
    const there = await how();
    const folder = folderOf('odd', {
      'notes.zip': zipOf([{ name: 'notes.txt', bytes: Buffer.from('nothing') }]),
      'App/Harbour': STRIPPED,
      'empty/readme.txt': 'nothing',
    });
    for (const [given, code, words] of [
      ['notes.zip', 1, /^refused {2}notes\.zip: /],
      ['App', 1, /^refused {2}Harbour: .*debug information/],
      ['empty', 2, /There is no binary in .*empty\. A dSYM is a folder/],
    ] as const) {
      const said = await flightdeck(['upload', path.join(folder, given), '--app', appId], there);
      expect([given, said.code, said.out + said.err]).toEqual([given, code, expect.stringMatching(words)]);
    }
    const unknown = await flightdeck(['upload', archive(), '--app', '4711'], there);
    expect([unknown.code, unknown.out]).toEqual([2, '']);
    await needing([uuidOf(1)], null);
    const sent = await flightdeck(['upload', archive(), '--app', appId], there);
    expect([sent.code, sent.out]).toEqual([
      0,
      expect.stringContaining('No crash report that is here needs it'),
    ]);
    const status = await flightdeck(['status', '--app', appId], there);
    expect([status.code, status.out]).toEqual([
      1,
      expect.stringContaining(`A build that is not known here:\n  ${uuidOf(1)}`),
    ]);
  });

  it('that are missing are told to the last, page after page, of all builds or of one', async () => {
    const there = await how();
    const builds = await bench.db.query<{ id: string }>(
      'SELECT id FROM builds WHERE appId = ? ORDER BY uploadedDate DESC LIMIT 2',
      [appId],
    );
    for (const [at, id] of [builds[0]?.id ?? '', builds[1]?.id ?? '', null].entries())
      await needing(
        Array.from({ length: 230 }, (_, n) => uuidOf(at * 1000 + n)),
        id,
      );
    const missing = async (...more: string[]) => {
      const { code, out } = await flightdeck(['status', '--app', appId, '--json', ...more], there);
      expect(code).toBe(1);
      const { missing: told, nextCursor } = JSON.parse(out);
      expect(nextCursor).toBe(null);
      return told.map(({ buildId, images }: { buildId: string | null; images: { uuid: string }[] }) => [
        buildId,
        new Set(images.map(({ uuid }) => uuid)).size,
      ]);
    };
    expect(await missing()).toEqual([
      [builds[0]?.id, 230],
      [builds[1]?.id, 230],
      [null, 230],
    ]);
    expect(await missing('--build', builds[1]?.id ?? '')).toEqual([[builds[1]?.id, 230]]);
    const page = await bench.call('GET', `/api/symbols?app=${appId}`);
    expect(page.body.data.nextCursor).toEqual(expect.any(String));
    expect((await bench.call('GET', `/api/symbols?app=${appId}&cursor=nonsense`)).status).toBe(400);
  });
});

it('a far installation takes no token but one for symbols, and says so', async () => {
  const upload = ['upload', archive(), '--app', appId];
  const at = (FLIGHTDECK_TOKEN: string, FLIGHTDECK_URL = far.url) =>
    flightdeck(upload, { FLIGHTDECK_URL, FLIGHTDECK_TOKEN });
  const none = await at('fdk_nothing');
  expect([none.code, none.out]).toEqual([2, '']);
  const other = await at(await token(['feedback:read']));
  expect([other.code, other.out, other.err]).toEqual([2, '', expect.stringMatching(/\w+/)]);
  const { url } = far;
  await far.close();
  const gone = await at('fdk_nothing', url);
  expect([gone.code, gone.err]).toEqual([2, expect.stringMatching(/does not answer/)]);
  expect(await bench.db.query('SELECT uuid FROM symbolFiles')).toEqual([]);
});

it('an upload that breaks off leaves nothing behind', async () => {
  const secret = await token();
  const sending = request(`${far.url}/api/symbols?app=${appId}&name=Harbour`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-length': HARBOUR.length },
  });
  const ended = new Promise((resolve) => sending.once('close', resolve));
  sending.once('error', () => undefined);
  sending.write(HARBOUR.subarray(0, 1000));
  const incoming = path.join(bench.db.folder, 'incoming');
  await until(() => roomsIn(incoming) === 1);
  sending.destroy();
  await ended;
  await until(() => roomsIn(incoming) === 0);
  expect(await bench.db.query('SELECT uuid FROM symbolFiles')).toEqual([]);
});

const roomsIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
