import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimLog, storeLog } from '@/lib/feedback/logs';
import { verifyArchive } from '@/lib/services/feedback/archive';
import { regroupLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { inRoom } from '@/lib/services/symbols/room';
import { lookForTool, symbolicate, tidySymbols } from '@/lib/services/symbols/symbolicate';
import { takeInSymbols } from '@/lib/services/symbols/upload';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { ipsFile } from '@/tests/factories/crash-files';
import { zipOf } from '@/tests/factories/packed-files';
import { dispatch } from '@/tests/factories/routes';
import { strictBucket } from '@/tests/factories/strict-bucket';

const HARBOUR = readFileSync('tests/fixtures/symbols/Harbour');
const STRIPPED = readFileSync('tests/fixtures/symbols/Harbour.stripped');
const ZIP = zipOf([{ name: 'Harbour.app.dSYM/Contents/Resources/DWARF/Harbour', bytes: HARBOUR }]);
const never = new AbortController().signal;
/** Calls return here: persist, enqueue, Tide::level, main. */
const [PERSIST, ENQUEUE, LEVEL, MAIN] = [0x4010, 0x4034, 0x4060, 0x40a4];

let bench: ApiBench;
let uuid: string;
let appId: string;
beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  [{ id: appId = '' } = { id: '' }] = await bench.db.query<{ id: string }>(
    'SELECT id FROM apps ORDER BY id LIMIT 1',
  );
  uuid = '';
  const { body } = await send(ZIP, { as: 'manager' });
  uuid = body.data.symbols.find(({ arch }: { arch: string }) => arch === 'arm64').uuid;
  for (const one of body.data.symbols) await bench.call('DELETE', `/api/symbols/${one.uuid}`);
});
afterEach(() => bench.close());

const worker = () => bench.app.ctx({ kind: 'system', name: 'worker' }, 'symbols');

async function send(
  bytes: Uint8Array,
  {
    as = 'admin',
    token,
    app,
    name = 'Harbour.dSYM.zip',
  }: { as?: 'viewer' | 'triager' | 'manager' | 'admin'; token?: string; app?: string; name?: string } = {},
) {
  const query = new URLSearchParams({ name, ...(app ? { app } : {}) });
  const request = new Request(`${ORIGIN}/api/symbols?${query}`, {
    method: 'POST',
    headers: token
      ? { authorization: `Bearer ${token}` }
      : { cookie: bench.cookies[as], origin: ORIGIN, 'sec-fetch-site': 'same-origin' },
    body: new Uint8Array(bytes),
  });
  const response = await dispatch(request);
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
}

/** Crashes whose logs have no names: the stack of each as offsets in Harbour. */
async function crashes(logs: Readonly<Record<string, readonly number[]>>, of = uuid): Promise<void> {
  const [build] = await bench.db.query<{ id: string }>(
    'SELECT id FROM builds WHERE appId = ? ORDER BY uploadedDate DESC LIMIT 1',
    [appId],
  );
  const ids = Object.keys(logs);
  await bench.db.write([
    bench.db.build.insertInto('feedback').values(
      ids.map((id) => ({
        ...{
          accountId: ACCOUNT,
          appId,
          id,
          type: 'betaFeedbackCrashSubmissions',
          buildId: build?.id ?? null,
        },
        ...{ createdDate: '2026-01-01T00:00:00.000Z', document: '{}', generation: 1, fetchedAt: 1 },
      })),
    ),
  ]);
  await takeInFeedback(worker(), ACCOUNT, never);
  for (const [id, offsets] of Object.entries(logs)) {
    const claim = await claimLog(bench.db, { accountId: ACCOUNT, id }, bench.app.clock.now());
    if (!claim) throw new Error(`${id} is not wanted.`);
    const text = ipsFile({
      stack: [
        ...offsets.map((offset) => ['Harbour', null, offset] as const),
        ['UIKitCore', 'UIApplicationMain', 64],
      ],
      uuids: { Harbour: of },
      slide: id.length,
    });
    await storeLog(bench.db, claim, text, { now: bench.app.clock.now(), team: {} });
  }
}
const issueOf = async (id: string) =>
  (
    await bench.db.query<{ id: string; topFrame: string | null; status: string; reportCount: number }>(
      'SELECT i.id, i.topFrame, i.status, i.reportCount FROM issues i JOIN feedback f ON f.issueId = i.id WHERE f.id = ?',
      [id],
    )
  )[0];
const read = async () => {
  expect(await symbolicate(worker(), ACCOUNT, never)).toBe(null);
  await regroupLogs(worker(), ACCOUNT, never);
};
const missing = async () => (await bench.call('GET', `/api/symbols?app=${appId}`)).body.data.missing;

describe('symbols that come', () => {
  it('turn a group without names into a named one and keep what was said of it', async () => {
    await crashes({
      one: [PERSIST, ENQUEUE, MAIN],
      two: [PERSIST, ENQUEUE, LEVEL, MAIN],
      other: [LEVEL, MAIN],
    });
    const before = await issueOf('one');
    expect([before?.topFrame, before?.reportCount, (await issueOf('two'))?.id]).toEqual([
      null,
      2,
      before?.id,
    ]);
    const decided = await bench.call('POST', '/api/feedback/triage', {
      body: { target: { issues: [before?.id] }, change: { status: 'inProgress' } },
    });
    expect(decided.status).toBe(200);
    expect(await missing()).toMatchObject([
      { images: [{ uuid, name: 'Harbour', arch: 'arm64', reports: 3 }] },
    ]);
    const answer = await send(ZIP, { app: appId });
    expect(answer.status).toBe(201);
    expect(answer.body.data.symbols).toContainEqual(
      expect.objectContaining({
        uuid,
        arch: 'arm64',
        outcome: 'stored',
        reports: 3,
        words: '3 crash reports need it.',
      }),
    );
    expect(await missing()).toEqual([]);
    await read();
    const after = await issueOf('one');
    expect(after).toEqual({
      id: before?.id,
      topFrame: 'BerthStore.persist',
      status: 'inProgress',
      reportCount: 2,
    });
    expect((await issueOf('two'))?.id).toBe(before?.id);
    expect((await issueOf('other'))?.topFrame).toBe('harbour::Tide::level');
    const shown = (await bench.call('GET', `/api/feedback/one/log?account=${ACCOUNT}`)).body.data;
    expect(shown.symbols).toEqual({ missing: [], waiting: 0, trouble: null });
    expect(
      shown.report.stack.map(
        ({
          name,
          isInlined,
          file,
          line,
        }: {
          name: string;
          isInlined: boolean;
          file: string;
          line: number;
        }) => [name, isInlined, file, line],
      ),
    ).toEqual([
      ['unwrapped', true, 'Optional+Berth.swift', 31],
      ['BerthStore.persist', false, 'BerthStore.swift', 119],
      ['BerthStore.enqueue', false, 'BerthStore.swift', 141],
      ['main', false, 'main.swift', 7],
      ['UIApplicationMain', false, null, null],
    ]);
    // Nothing is left to do, and a log that comes later is named too.
    expect(await symbolicate(worker(), ACCOUNT, never)).toBe(null);
    await crashes({ later: [PERSIST, ENQUEUE, MAIN] });
    await read();
    expect((await issueOf('later'))?.id).toBe(before?.id);
  });

  it('of another build change nothing and say that no crash needs them', async () => {
    await crashes({ one: [PERSIST, MAIN] }, '99999999-89AB-3CDE-8F01-23456789ABCD');
    const before = await issueOf('one');
    const answer = await send(ZIP, { app: appId });
    expect(answer.body.data.symbols.map(({ words }: { words: string }) => words)).toEqual(
      [
        'No crash report that is here needs it so far.',
        'No crash report that is here needs it so far.',
      ].slice(0, answer.body.data.symbols.length),
    );
    await read();
    expect(await issueOf('one')).toEqual(before);
    expect(await missing()).toMatchObject([{ images: [{ uuid: '99999999-89AB-3CDE-8F01-23456789ABCD' }] }]);
  });

  it('in place of others are read for the logs that those named', async () => {
    const wrong = zipOf([{ name: 'Harbour', bytes: renamed(HARBOUR) }]);
    const top = async () => (await issueOf('one'))?.topFrame;
    await crashes({ one: [PERSIST, MAIN] });
    await send(wrong, { app: appId });
    await read();
    expect(await top()).toBe('BerthStore.persisT');
    const first = (await bench.call('GET', `/api/symbols?app=${appId}`)).body.data.stored;
    for (const one of first) await bench.call('DELETE', `/api/symbols/${one.uuid}`);
    await send(ZIP, { app: appId });
    await read();
    expect(await top()).toBe('BerthStore.persist');
  });

  it('replace what one app’s token sent, once they lie in their place', async () => {
    const wrong = zipOf([{ name: 'Harbour', bytes: renamed(HARBOUR) }]);
    const { body: made } = await bench.call('POST', '/api/tokens', {
      body: { name: 'CI', permissions: ['symbols:write'], days: 3, app: { appId, accountId: ACCOUNT } },
    });
    await crashes({ one: [PERSIST, MAIN] });
    expect((await send(wrong, { token: made.data.token })).status).toBe(201);
    await read();
    const rows = () =>
      bench.db.query<{ hash: string; state: string }>('SELECT hash, state FROM symbolFiles ORDER BY uuid');
    const before = await rows();
    expect([(await issueOf('one'))?.topFrame, before.length]).toEqual(['BerthStore.persisT', 2]);
    // A place that takes nothing more leaves what was there.
    const folder = path.join(bench.db.folder, 'archive');
    const blocked = Array.from({ length: 256 }, (_, at) =>
      path.join(folder, at.toString(16).padStart(2, '0')),
    );
    for (const one of blocked) if (existsSync(one) && readdirSync(one).length === 0) rmdirSync(one);
    const files = blocked.filter((one) => !existsSync(one));
    for (const one of files) writeFileSync(one, '');
    const refused = (await send(ZIP)).body;
    expect(JSON.stringify(refused)).toContain('refused');
    for (const one of files) rmSync(one);
    expect(await rows()).toEqual(before);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
    expect((await send(ZIP)).body.data.symbols).toContainEqual(
      expect.objectContaining({ uuid, outcome: 'stored', reports: 1 }),
    );
    expect((await rows()).map(({ state }) => state)).toEqual(['stored', 'stored']);
    expect((await bench.call('GET', '/api/archive')).body.data.symbols.files).toBe(2);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
    for (const { hash } of before)
      expect(existsSync(path.join(folder, hash.slice(0, 2), hash.slice(2)))).toBe(false);
    await read();
    expect((await issueOf('one'))?.topFrame).toBe('BerthStore.persist');
  });

  it('that cannot be read leave the log as it is, say why, and are tried again', async () => {
    await crashes({ one: [PERSIST, MAIN] });
    await send(ZIP, { app: appId });
    expect(await symbolicate(worker(), ACCOUNT, never, { limits: { patienceMs: 1 } })).toBe(null);
    const [row] = await bench.db.query<{ trouble: string; tries: number }>(
      'SELECT trouble, tries FROM symbolFiles WHERE uuid = ?',
      [uuid],
    );
    expect(row).toMatchObject({ trouble: expect.stringContaining('did not end within'), tries: 1 });
    const { body } = await bench.call('GET', `/api/feedback/one/log?account=${ACCOUNT}`);
    expect(body.data.symbols).toMatchObject({ waiting: 1, trouble: expect.stringContaining('did not end') });
    expect((await issueOf('one'))?.topFrame).toBe(null);
    // Not before its time.
    await read();
    expect((await issueOf('one'))?.topFrame).toBe(null);
    await bench.db.write([{ sql: 'UPDATE symbolFiles SET tryAfter = 0', params: [] }]);
    await read();
    expect((await issueOf('one'))?.topFrame).toBe('BerthStore.persist');
    expect(
      (
        await bench.db.query<{ trouble: string | null }>('SELECT trouble FROM symbolFiles WHERE uuid = ?', [
          uuid,
        ])
      )[0]?.trouble,
    ).toBe(null);
  });

  it('go on after a process that was ended in the middle, with nothing half said', async () => {
    await crashes({ one: [PERSIST, MAIN], two: [LEVEL, MAIN] });
    await send(ZIP, { app: appId });
    const stop = new AbortController();
    const ended = symbolicate(worker(), ACCOUNT, stop.signal).catch(() => 'ended');
    stop.abort();
    await ended;
    const half = await bench.db.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM crashLogs l JOIN symbolNeeds s ON s.feedbackId = l.feedbackId
       WHERE (l.symbols IS NULL) <> (s.state = 'wanted')`,
    );
    expect(Number(half[0]?.n)).toBe(0);
    await read();
    expect([(await issueOf('one'))?.topFrame, (await issueOf('two'))?.topFrame]).toEqual([
      'BerthStore.persist',
      'harbour::Tide::level',
    ]);
  });
});

describe('sending', () => {
  it('is for triagers and for tokens made for it, each for its app', async () => {
    expect((await send(ZIP, { as: 'viewer' })).status).toBe(403);
    expect((await send(ZIP, { as: 'triager' })).status).toBe(201);
    const make = async (permissions: string[], app?: string) =>
      (
        await bench.call('POST', '/api/tokens', {
          body: {
            name: 'CI',
            permissions,
            days: 3,
            ...(app ? { app: { appId: app, accountId: ACCOUNT } } : {}),
          },
        })
      ).body.data.token as string;
    expect((await send(ZIP, { token: await make(['feedback:read']) })).status).toBe(403);
    expect((await send(ZIP, { token: 'fdk_nothing' })).status).toBe(401);
    const [, other] = await bench.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id LIMIT 2');
    const token = await make(['symbols:write'], appId);
    expect((await send(ZIP, { token, app: other?.id ?? '' })).status).toBe(403);
    await bench.call('DELETE', `/api/symbols/${uuid}`);
    expect((await send(ZIP, { token })).status).toBe(201);
    const state = async (app: string) => {
      const request = new Request(`${ORIGIN}/api/symbols/state?app=${app}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return (await dispatch(request)).status;
    };
    expect([await state(appId), await state(other?.id ?? '')]).toEqual([200, 403]);
    // What a token of one app sends tells nothing of another's crashes, until somebody who may sends the same.
    const kept = appId;
    appId = other?.id ?? '';
    await crashes({ elsewhere: [PERSIST, MAIN] });
    await read();
    expect((await issueOf('elsewhere'))?.topFrame).toBe(null);
    expect((await send(ZIP, { app: appId })).body.data.symbols).toContainEqual(
      expect.objectContaining({ uuid, outcome: 'known' }),
    );
    await read();
    expect((await issueOf('elsewhere'))?.topFrame).toBe('BerthStore.persist');
    appId = kept;
  });

  it('stores once for each UUID, in the archive, within its quota', async () => {
    const first = await send(ZIP, { app: appId });
    const again = await send(HARBOUR, { app: appId, name: 'Harbour' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.data.symbols.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'known',
      'known',
    ]);
    const status = (await bench.call('GET', '/api/archive')).body.data;
    expect(status.symbols.files).toBe(2);
    expect(status.symbols.bytes).toBeGreaterThan(10_000);
    expect(await verifyArchive(worker())).toMatchObject({ missing: [], damaged: [], orphans: [] });
    const { hash } = (
      await bench.db.query<{ hash: string }>('SELECT hash FROM symbolFiles WHERE uuid = ?', [uuid])
    )[0] ?? { hash: '' };
    const file = path.join(bench.db.folder, 'archive', hash.slice(0, 2), hash.slice(2));
    expect(existsSync(file)).toBe(true);
    expect((await bench.call('DELETE', `/api/symbols/${uuid}`, { as: 'viewer' })).status).toBe(403);
    expect((await bench.call('DELETE', `/api/symbols/${uuid}`)).status).toBe(204);
    expect([existsSync(file), (await bench.call('DELETE', `/api/symbols/${uuid}`)).status]).toEqual([
      false,
      404,
    ]);
    const trail = await bench.db.query<{ action: string; status: string; label: string }>(
      `SELECT action, status, label FROM auditEntries WHERE type = 'symbolFiles' AND resourceId = ? ORDER BY seq DESC LIMIT 2`,
      [uuid],
    );
    expect(trail).toEqual([
      { action: 'delete', status: 'succeeded', label: 'Harbour' },
      { action: 'create', status: 'succeeded', label: 'Harbour' },
    ]);
    await bench.call('PATCH', '/api/archive', { body: { quotaBytes: 1_000_000, keepDays: null } });
    await bench.db.write([{ sql: 'UPDATE archivedFiles SET size = 1000000', params: [] }]);
    const full = await send(ZIP, { app: appId });
    expect(full.body.data.symbols).toContainEqual(
      expect.objectContaining({ uuid, outcome: 'refused', words: expect.stringContaining('quota') }),
    );
  });

  it('refuses in words what is no dSYM, and leaves nothing behind', async () => {
    for (const [bytes, words] of [
      [Buffer.from('not at all'), /neither a Mach-O file nor/],
      [STRIPPED, /without debug information/],
      [zipOf([{ name: '../../x', bytes: HARBOUR }]), /leads out of the archive/],
      [new Uint8Array(), /empty|no file in the request/],
    ] as const) {
      const { status, body } = await send(bytes);
      expect([400, 422]).toContain(status);
      expect(body.errors[0].detail).toMatch(words);
    }
    expect((await bench.call('GET', '/api/symbols')).status).toBe(400);
    expect((await bench.call('GET', '/api/symbols?app=nothing')).status).toBe(404);
    expect((await send(ZIP, { app: 'nothing' })).status).toBe(404);
    expect(readdirSync(path.join(bench.db.folder, 'incoming'))).toEqual([]);
    const other = zipOf([{ name: 'Harbour', bytes: changed(HARBOUR) }]);
    await send(ZIP);
    expect((await send(other)).body.data.symbols).toContainEqual(
      expect.objectContaining({
        uuid,
        outcome: 'refused',
        words: expect.stringContaining('Other symbols are here'),
      }),
    );
  });

  it('takes away what a process that was ended left behind', async () => {
    const left = path.join(bench.db.folder, 'incoming', 'symbols-left');
    mkdirSync(left, { recursive: true });
    writeFileSync(path.join(left, 'sent'), 'half');
    const old = new Date(Date.now() - 3 * 86_400_000);
    utimesSync(left, old, old);
    await send(ZIP);
    await bench.db.write([
      { sql: `UPDATE symbolFiles SET state = 'coming', createdAt = 0 WHERE uuid = ?`, params: [uuid] },
    ]);
    expect(
      (await bench.call('GET', `/api/symbols?app=${appId}`)).body.data.stored.map(
        (one: { uuid: string }) => one.uuid,
      ),
    ).not.toContain(uuid);
    // An earlier version left the file of symbols that were replaced.
    const stray = 'ab'.repeat(32);
    const [like] = await bench.db.query<{ type: string }>('SELECT type FROM archivedFiles LIMIT 1');
    const lost = { hash: stray, type: like?.type ?? '', size: 9, place: 'folder', thumbHash: '' };
    await bench.db.write([
      bench.db.build.insertInto('archivedFiles').values({ ...lost, storedAt: 0 }),
      bench.db.build
        .insertInto('archivedFiles')
        .values({ ...lost, hash: 'cd'.repeat(32), storedAt: Date.now() }),
    ]);
    const bytes = path.join(bench.db.folder, 'archive', stray.slice(0, 2), stray.slice(2));
    mkdirSync(path.dirname(bytes), { recursive: true });
    writeFileSync(bytes, 'of others');
    await tidySymbols(worker());
    expect([existsSync(left), existsSync(bytes)]).toEqual([false, false]);
    expect(await bench.db.query(`SELECT hash FROM archivedFiles WHERE size = 9`)).toEqual([
      { hash: 'cd'.repeat(32) },
    ]);
    await bench.db.write([{ sql: 'DELETE FROM archivedFiles WHERE size = 9', params: [] }]);
    expect((await send(ZIP)).body.data.symbols).toContainEqual(
      expect.objectContaining({ uuid, outcome: 'stored' }),
    );
    expect((await verifyArchive(worker())).missing).toEqual([]);
  });
});

it('lie in a bucket where one is configured, and are read from there', async () => {
  const bucket = await strictBucket();
  try {
    const env = {
      ...bench.app.env,
      ...{ ARCHIVE_S3_ENDPOINT: bucket.url, ARCHIVE_S3_BUCKET: 'pictures', ARCHIVE_S3_REGION: 'eu-test-1' },
      ...{ ARCHIVE_S3_ACCESS_KEY_ID: 'KEY', ARCHIVE_S3_SECRET_ACCESS_KEY: 'SECRET' },
    };
    const ctx = { ...worker(), env };
    const sent = path.join(bench.db.folder, 'Harbour.zip');
    writeFileSync(sent, ZIP);
    await inRoom(env, (folder) => takeInSymbols(ctx, { file: sent, name: 'Harbour.zip', folder, appId }));
    expect(bucket.objects.size).toBe(2);
    await crashes({ one: [PERSIST, MAIN] });
    const reading = async () => {
      expect(await symbolicate(ctx, ACCOUNT, never)).toBe(null);
      await regroupLogs(ctx, ACCOUNT, never);
      return (await issueOf('one'))?.topFrame;
    };
    bucket.isCut = true;
    expect(await reading()).toBe(null);
    const [row] = await bench.db.query<{ trouble: string }>(
      'SELECT trouble FROM symbolFiles WHERE uuid = ?',
      [uuid],
    );
    expect(row?.trouble).toContain('broke off');
    bucket.isCut = false;
    await bench.db.write([{ sql: 'UPDATE symbolFiles SET tryAfter = 0', params: [] }]);
    expect(await reading()).toBe('BerthStore.persist');
    expect(await verifyArchive(ctx)).toMatchObject({ missing: [], damaged: [], orphans: [] });
  } finally {
    await bucket.close();
  }
});

it('says what reads symbols here, or what to install', async () => {
  const tool = async () => (await bench.call('GET', `/api/symbols?app=${appId}`)).body.data.tool;
  expect(await tool()).toBe(null);
  await lookForTool(worker());
  expect(await tool()).toMatchObject({ isThere: true, version: expect.stringMatching(/^\d+/), why: null });
  const without = {
    ...worker(),
    env: { ...bench.app.env, FLIGHTDECK_SYMBOLIZER: '/nonexistent/llvm-symbolizer' },
  };
  await crashes({ one: [PERSIST, MAIN] });
  await send(ZIP, { app: appId });
  expect(await symbolicate(without, ACCOUNT, never)).toBeGreaterThan(0);
  expect(await tool()).toMatchObject({ isThere: false, why: expect.stringContaining('not there') });
  expect((await bench.call('GET', `/api/feedback/one/log?account=${ACCOUNT}`)).body.data).toMatchObject({
    symbols: { waiting: 1 },
    report: { exception: { type: 'EXC_BAD_ACCESS' } },
  });
});

it('names nothing by a list that cannot be read, and is shown without', async () => {
  await crashes({ one: [PERSIST, MAIN] });
  await bench.db.write([
    bench.db.build.updateTable('crashLogs').set({ symbols: gzipSync('[]').subarray(0, 9), symbolsAt: 1 }),
  ]);
  expect((await bench.call('GET', `/api/feedback/one/log?account=${ACCOUNT}`)).status).toBe(200);
});

/** The same UUIDs with another byte at the end. */
function changed(bytes: Uint8Array): Buffer {
  const other = Buffer.from(bytes);
  other[other.length - 2] = (other[other.length - 2] ?? 0) ^ 1;
  other[5000] = (other[5000] ?? 0) ^ 1;
  return other;
}

/** The same binary with another name for one of its functions. */
function renamed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('persist', 'persisT'), 'latin1');
}
