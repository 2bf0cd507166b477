import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ROLES } from '@/lib/access/policy';
import { systemClock } from '@/lib/clock';
import { readShared, readSharedPicture } from '@/lib/http/routes/share-routes';
import { archivePictures } from '@/lib/services/feedback/archive-lane';
import { collectLogs, takeInFeedback } from '@/lib/services/feedback/collect';
import { ACCOUNT, type ApiBench, apiBench, ORIGIN } from '@/tests/factories/context';

const ADDRESS = 'quokka.vexillum@example.com';
const DAY_MS = 24 * 60 * 60_000;
let bench: ApiBench;
let ahead = 0;
let crash: string;
let shot: string;
let issueId: string;

beforeAll(async () => {
  bench = await apiBench({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'test');
  await takeInFeedback(ctx, ACCOUNT);
  await collectLogs(ctx, ACCOUNT, new AbortController().signal);
  await archivePictures(ctx, new AbortController().signal);
  await bench.db.write([
    {
      sql: 'UPDATE feedback SET comment = ?, email = ?',
      params: [`<script>alert(1)</script> write to\n${ADDRESS}`, ADDRESS],
    },
    { sql: 'UPDATE betaTesters SET email = ?, firstName = ?', params: [ADDRESS, ADDRESS] },
  ]);
  const one = async (sql: string) => (await bench.db.query<{ id: string }>(sql))[0]?.id ?? '';
  crash = await one("SELECT id FROM feedback WHERE logState = 'stored' ORDER BY id LIMIT 1");
  shot = await one(
    "SELECT feedbackId AS id FROM feedbackPictures WHERE state = 'stored' ORDER BY feedbackId LIMIT 1",
  );
  issueId = await one("SELECT id FROM issues WHERE kind = 'crash' ORDER BY reportCount DESC, id LIMIT 1");
});
afterEach(() => {
  ahead = 0;
});
afterAll(() => bench.close());

const make = (more: object = {}, as: (typeof ROLES)[number] = 'manager') =>
  bench.call('POST', '/api/shares', { as, body: { kind: 'report', id: crash, days: 7, ...more } });
const tokenOf = (url: string) => new URL(url).pathname.slice('/share/'.length);
const open = async (token: string) => {
  const response = await readShared(new Request(`${ORIGIN}/share/${token}`), {
    params: Promise.resolve({ token }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const picture = async (token: string, position: string) =>
  readSharedPicture(new Request(`${ORIGIN}/share/${token}/pictures/${position}`), {
    params: Promise.resolve({ token, position }),
  });

it('is made by managers, shown once, kept as a hash, and told in the trail', async () => {
  for (const as of ['viewer', 'triager'] as const) {
    expect((await make({}, as)).status).toBe(403);
    expect((await bench.call('GET', '/api/shares', { as })).status).toBe(403);
  }
  const { status, body } = await make();
  expect([status, body.data.url]).toEqual([201, expect.stringMatching(/^http.*\/share\/fds_[\w-]{43}$/)]);
  const token = tokenOf(body.data.url);
  const list = await bench.call('GET', `/api/shares?kind=report&id=${crash}`, { as: 'manager' });
  expect(list.body.data[0]).toMatchObject({
    state: 'valid',
    opened: 0,
    openedAt: null,
    createdBy: 'manager',
  });
  const kept = await bench.db.query('SELECT * FROM shareLinks');
  const trail = await bench.db.query('SELECT * FROM auditEntries');
  for (const text of [list.text, JSON.stringify(kept), JSON.stringify(trail), bench.logged.join('')])
    expect(text).not.toContain(token);
  expect((await bench.call('GET', '/api/activity')).text).toContain('made a share link of ');
  for (const more of [{ days: 2 }, { days: 400 }, { kind: 'app' }, { hasPictures: true }])
    expect((await make(more)).status).toBe(400);
  expect((await make({ id: 'nobody' })).status).toBe(404);
});

it('opens without an account, without a script and without an address, and counts', async () => {
  const { id, url } = (await make()).body.data;
  const { status, headers, text } = await open(tokenOf(url));
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect([headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual([
    'no-store',
    expect.stringContaining('noindex'),
  ]);
  expect(text).not.toMatch(/<script|vexillum|\son\w+=/i);
  expect(text).toContain('&lt;script&gt;');
  expect(text).toContain('•••@example.com');
  expect(text).toContain('Exception');
  expect(text).not.toContain('<img');
  await open(tokenOf(url));
  const list = await bench.call('GET', '/api/shares');
  expect(list.body.data.find((one: { id: string }) => one.id === id)).toMatchObject({
    opened: 2,
    openedAt: expect.any(String),
  });
});

it('of an issue tells what it is, and masks logs', async () => {
  const { url } = (await make({ kind: 'issue', id: issueId })).body.data;
  const { status, text } = await open(tokenOf(url));
  expect(status).toBe(200);
  expect(text).toContain('Crash issue');
  expect(text).not.toContain('vexillum');
});

it('shows pictures only where that was wanted, and only of its report', async () => {
  const without = tokenOf((await make({ id: shot })).body.data.url);
  expect((await picture(without, '0')).status).toBe(404);
  const token = tokenOf((await make({ id: shot, hasPictures: true })).body.data.url);
  expect((await open(token)).text).toContain(`/share/${token}/pictures/0`);
  const shown = await picture(token, '0');
  expect([shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')]).toEqual([
    ...[200, 'image/png', 'no-store'],
  ]);
  for (const position of ['99', '-1', '../0', 'x']) expect((await picture(token, position)).status).toBe(404);
});

it('ends when it is revoked and when its time is over, and says no more than that', async () => {
  const { id, url } = (await make({ days: 1 })).body.data;
  const token = tokenOf(url);
  ahead = DAY_MS - 60_000;
  expect((await open(token)).status).toBe(200);
  ahead = DAY_MS + 60_000;
  const over = await open(token);
  ahead = 0;
  expect((await bench.call('DELETE', `/api/shares/${id}`, { as: 'triager' })).status).toBe(403);
  expect((await bench.call('DELETE', `/api/shares/${id}`, { as: 'manager' })).status).toBe(204);
  expect((await bench.call('DELETE', `/api/shares/${id}`, { as: 'manager' })).status).toBe(409);
  const revoked = await open(token);
  const unknown = await open(`${token.slice(0, -1)}x`);
  for (const answer of [over, revoked, unknown]) {
    expect([answer.status, answer.text]).toEqual([404, unknown.text]);
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
  }
  expect((await bench.call('GET', '/api/activity')).text).toContain('revoked a share link of ');
});

it('is not opened without an end', async () => {
  const token = tokenOf((await make()).body.data.url);
  const statuses = new Set<number>();
  for (let at = 0; at < 125; at += 1) statuses.add((await open(token)).status);
  expect([...statuses]).toEqual([200, 429]);
  ahead = 61_000;
  expect((await open(token)).status).toBe(200);
});

it('of an account that was removed opens nothing', async () => {
  const token = tokenOf((await make()).body.data.url);
  await bench.db.write([{ sql: 'UPDATE Account SET removedAt = 1', params: [] }]);
  try {
    expect((await open(token)).status).toBe(404);
  } finally {
    await bench.db.write([{ sql: 'UPDATE Account SET removedAt = NULL', params: [] }]);
  }
});
