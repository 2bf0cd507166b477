import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { RULE } from '@/lib/crash/signature';
import { verifyArchive } from '@/lib/services/feedback/archive';
import { takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';
import { ipsFile } from '@/tests/factories/crash-files';
import { pictureHost } from '@/tests/factories/picture-host';
import { dispatch } from '@/tests/factories/routes';
import { bundleEntry, startJobWorker, type WorkerProcess } from '@/tests/factories/worker-process';
import { fakeTracker, SECRET } from '@/tests/fakes/trackers';

let worker: string;
let web: string;
let bench: ApiBench;
let appId: string;
const processes: WorkerProcess[] = [];
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [worker, web] = await Promise.all([
    bundleEntry('tests/factories/collect-worker.ts', 'feedback-kill-worker'),
    bundleEntry('tests/factories/second-web.ts', 'feedback-kill-web'),
  ]);
});
afterAll(() => {
  for (const file of [worker, web]) rmSync(file, { force: true });
});
beforeEach(async () => {
  bench = await apiBench({ seed: 5 });
  [{ id: appId = '' } = { id: '' }] = await bench.db.query<{ id: string }>(
    'SELECT id FROM apps ORDER BY id LIMIT 1',
  );
  await bench.db.write([
    { sql: 'DELETE FROM feedback', params: [] },
    { sql: 'DELETE FROM feedbackWords', params: [] },
  ]);
});
afterEach(async () => {
  for (const child of processes.splice(0)) await child.end('SIGKILL');
  for (const close of closing.splice(0)) await close();
  await bench.close();
});

function start(program: string, more: Readonly<Record<string, string>>): WorkerProcess {
  const child = startJobWorker(program, bench, more);
  processes.push(child);
  return child;
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
const count = async (sql: string) =>
  Number((await bench.db.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.n);

/** Kills workers each time when something more was done, until little is left; the last one ends it. */
async function killed(lanes: string, { done, all }: { done: () => Promise<number>; all: number }) {
  let kills = 0;
  for (let before = await done(); before < all * 0.6; before = await done()) {
    const child = start(worker, { LANES: lanes });
    const goal = before + Math.ceil(all / 4);
    await until(async () => (await done()) >= goal);
    await child.end('SIGKILL');
    kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  const last = start(worker, { LANES: lanes });
  await until(async () => (await done()) >= all);
  expect(await last.end('SIGTERM')).toBe(0);
}

async function reports(
  type: 'Crash' | 'Screenshot',
  rows: readonly { id: string; document?: string; logState?: string }[],
): Promise<void> {
  const { build } = bench.db;
  const facts = { accountId: ACCOUNT, appId, type: `betaFeedback${type}Submissions`, document: '{}' };
  const at = { createdDate: '2026-01-01T00:00:00.000Z', generation: 1, fetchedAt: 1 };
  await bench.db.write([
    build.insertInto('feedback').values(rows.map((row) => ({ ...facts, ...at, ...row }))),
  ]);
  await takeInFeedback(bench.app.ctx({ kind: 'system', name: 'worker' }, 'test'), ACCOUNT);
}

/** Crash reports whose logs are here and were never read by the rule of today. */
async function unread(logs: Readonly<Record<string, string>>): Promise<void> {
  await reports(
    'Crash',
    Object.keys(logs).map((id) => ({ id, logState: 'stored' })),
  );
  await bench.db.write([
    bench.db.build.insertInto('crashLogs').values(
      Object.entries(logs).map(([feedbackId, text]) => ({
        ...{ accountId: ACCOUNT, feedbackId, bytes: gzipSync(text), size: text.length, storedAt: 1 },
      })),
    ),
    bench.db.build.updateTable('feedback').set({ rule: 0 }),
  ]);
}

/** What is counted of issues is what is there, and no issue stands without a report. */
async function expectRightCounts(): Promise<void> {
  const wrong = await bench.db.query(
    `SELECT i.id FROM issues i WHERE i.mergedInto IS NULL AND (i.reportCount = 0 OR i.reportCount <>
       (SELECT COUNT(*) FROM feedback f WHERE f.issueId = i.id))`,
  );
  expect(wrong).toEqual([]);
}

it('a worker killed while it archives leaves nothing half-written, and the next goes on', async () => {
  const host = await pictureHost();
  closing.push(() => host.close());
  const ids = Array.from({ length: 48 }, (_, n) => `shot-${n}`);
  for (const [n, id] of ids.entries()) {
    const png = await sharp({
      create: { width: 9 + n, height: 9, channels: 3, background: '#123' },
    })
      .png()
      .toBuffer();
    host.answer(`/${id}`, (response) => {
      setTimeout(() => response.writeHead(200, { 'content-type': 'image/png' }).end(png), 25);
    });
  }
  await reports(
    'Screenshot',
    ids.map((id) => ({ id, document: JSON.stringify({ screenshots: [{ url: `${host.url}/${id}?s=1` }] }) })),
  );
  await killed('pictures', {
    all: ids.length,
    done: () => count("feedbackPictures WHERE state = 'stored'"),
  });
  expect(await count('feedbackPictures')).toBe(ids.length);
  expect(await verifyArchive(bench.app.ctx({ kind: 'system', name: 'worker' }, 'test'))).toMatchObject({
    ...{ missing: [], damaged: [], orphans: [] },
  });
  const begun = path.join(bench.db.folder, 'archive', 'begun');
  expect(existsSync(begun) ? readdirSync(begun) : []).toEqual([]);
}, 300_000);

it('a worker killed while it regroups has each report in one group, rightly counted', async () => {
  const nameOf = (n: number) => `screen${n % 12}`;
  const log = (n: number) =>
    ipsFile({
      stack: [
        ['Harbour', `Harbour.${nameOf(n)}()`, 40],
        ['Harbour', 'Harbour.run()', 80],
      ],
    });
  const all = 480;
  await unread(Object.fromEntries(Array.from({ length: all }, (_, n) => [`crash-${n}`, log(n)])));
  await killed('collect', { all, done: () => count(`feedback WHERE rule = ${RULE}`) });
  const groups = await bench.db.query<{ topFrame: string; n: number; m: number }>(
    `SELECT f.topFrame, COUNT(DISTINCT f.issueId) AS n, COUNT(*) AS m FROM feedback f GROUP BY f.topFrame`,
  );
  expect(groups.map(({ n, m }) => [Number(n), Number(m)])).toEqual(Array.from({ length: 12 }, () => [1, 40]));
  await expectRightCounts();
}, 300_000);

it('a worker killed while it puts names to calls says nothing half, and names all in the end', async () => {
  const sent = await dispatch(
    new Request(`${ORIGIN}/api/symbols?name=Harbour`, {
      method: 'POST',
      headers: { cookie: bench.cookies.admin, origin: ORIGIN, 'sec-fetch-site': 'same-origin' },
      body: new Uint8Array(readFileSync('tests/fixtures/symbols/Harbour')),
    }),
  );
  const { symbols } = (await sent.json()).data;
  const { uuid } = symbols.find(({ arch }: { arch: string }) => arch === 'arm64');
  const log = ipsFile({
    stack: [
      ['Harbour', null, 0x4010],
      ['Harbour', null, 0x40a4],
    ],
    uuids: { Harbour: uuid },
  });
  const all = 160;
  await unread(Object.fromEntries(Array.from({ length: all }, (_, n) => [`crash-${n}`, log])));
  await killed('collect', { all, done: () => count("symbolNeeds WHERE state = 'found'") });
  expect(
    await count(
      `crashLogs l JOIN symbolNeeds s ON s.feedbackId = l.feedbackId
       WHERE (l.symbols IS NULL) <> (s.state = 'wanted')`,
    ),
  ).toBe(0);
  const last = start(worker, { LANES: 'collect' });
  await until(async () => (await count("feedback WHERE topFrame = 'BerthStore.persist'")) === all);
  await last.end('SIGTERM');
  expect(await count('issues WHERE mergedInto IS NULL')).toBe(1);
  await expectRightCounts();
}, 300_000);

it('whoever is killed while handing over, web or worker, has made exactly one issue', async () => {
  const fake = await fakeTracker('github');
  closing.push(() => fake.close());
  const made = await bench.call('POST', '/api/connectors', {
    body: {
      ...{ kind: 'github', name: 'Ours', isInternal: true, project: 'octo/app', baseUrl: fake.url },
      ...{ secret: SECRET, login: '', title: '{{title}}', body: '{{link}}' },
    },
  });
  await reports('Crash', [{ id: 'one' }, { id: 'two' }]);
  const rows = () =>
    bench.db.query<{ id: string; state: string; sends: number }>('SELECT id, state, sends FROM handovers');
  /** As if the time of whoever held it were over, and it had been looked for long enough. */
  const later = () =>
    bench.db.write([
      bench.db.build
        .updateTable('handovers')
        .set({ turnUntil: 0, sentAt: 0, looks: 5 })
        .where('state', '<>', 'sent'),
    ]);
  const { NEXTAUTH_SECRET = '', NEXTAUTH_URL = '' } = bench.app.env;
  const handedOver = async (reportId: string) => {
    const child = start(web, { NEXTAUTH_SECRET, NEXTAUTH_URL });
    const url = await child.ready;
    const asked = fetch(`${url}/api/hand-over`, {
      method: 'POST',
      headers: {
        ...{ cookie: bench.cookies.triager, 'content-type': 'application/json' },
        ...{ origin: NEXTAUTH_URL, 'sec-fetch-site': 'same-origin' },
      },
      body: JSON.stringify({
        ...{ connectorId: made.body.data.id, kind: 'report', id: reportId, accountId: ACCOUNT },
        ...{ attempt: randomUUID(), title: 'It stops', body: 'words' },
      }),
    }).catch(() => undefined);
    return { child, asked };
  };
  const settled = async () => {
    const child = start(worker, { LANES: 'handovers' });
    await until(async () => (await rows()).every(({ state }) => state === 'sent'));
    expect(await child.end('SIGTERM')).toBe(0);
  };
  // The web process dies when it was made and before anybody said so.
  fake.faults.push('madeThenHangs');
  const first = await handedOver('one');
  await until(() => fake.issues.length === 1);
  await first.child.end('SIGKILL');
  await first.asked;
  await later();
  await settled();
  expect([fake.issues.length, await rows()]).toMatchObject([1, [{ state: 'sent', sends: 1 }]]);
  // It dies before anything was made, and the worker that sends it again dies when that was done.
  fake.faults.push('hangs', 'madeThenHangs');
  const second = await handedOver('two');
  await until(() => fake.writes.length === 2);
  await second.child.end('SIGKILL');
  await second.asked;
  expect(fake.issues).toHaveLength(1);
  await later();
  const sender = start(worker, { LANES: 'handovers' });
  await until(() => fake.issues.length === 2);
  await sender.end('SIGKILL');
  await later();
  await settled();
  expect([fake.issues.length, fake.writes.length]).toEqual([2, 3]);
}, 300_000);
