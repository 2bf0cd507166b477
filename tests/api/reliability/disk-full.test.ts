import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyChain } from '@/lib/audit/verify';
import { runJobs } from '@/lib/jobs/loop';
import { countItems, readItems, readJob } from '@/lib/jobs/rows';
import { importOptions } from '@/lib/services/imports/prepare';
import { startImport } from '@/lib/services/imports/service';
import { jobRunner } from '@/lib/services/jobs/runner';
import { recoverOutcomes } from '@/lib/services/resources/recover';
import { DatabaseUnavailableError, openDatabase } from '@/lib/store/database';
import { type ApiBench, apiBench, PASSWORD } from '@/tests/factories/context';
import { type AskableDatabase, askable, type TestDatabase, testDatabase } from '@/tests/factories/database';
import { virtualTime } from '@/tests/factories/virtual-time';

let bench: ApiBench;
let roomy: TestDatabase;
/** What the app works with at this moment: the roomy database, or the same file as one that may not grow. */
let current: AskableDatabase;
const opened: AskableDatabase[] = [];
/** Called before each write. */
let onWrite: () => Promise<void> | void;
let time: ReturnType<typeof virtualTime>;

beforeEach(async () => {
  roomy = await testDatabase();
  current = roomy;
  onWrite = () => undefined;
  time = virtualTime();
  const db: TestDatabase = {
    ...roomy,
    get prisma() {
      return current.prisma;
    },
    read: (query) => current.read(query),
    async write(writes, options) {
      await onWrite();
      return current.write(writes, options);
    },
    change: (query, options) => current.change(query, options),
    query: (sql, params) => current.query(sql, params),
  };
  bench = await apiBench({ db, clock: time.clock, fetch: time.fetch });
});
afterEach(async () => {
  // Not before: what was begun on a full database may still be under way when there is room again.
  for (const one of opened.splice(0)) await one.close();
  await bench.close();
});

const group = async () => {
  const [row] = await bench.db.query<{ id: string }>('SELECT id FROM betaGroups ORDER BY id LIMIT 1');
  return row?.id ?? '';
};
const nameAtApple = (id: string) => bench.sandbox.parts().world.store.get('betaGroups', id)?.attributes.name;
const rename = (id: string, name: string) =>
  bench.call('PATCH', `/api/v1/betaGroups/${id}`, {
    body: { data: { type: 'betaGroups', id, attributes: { name } } },
  });

/** From now on the file may not grow, and what is free in it is used up. */
async function fillUp(): Promise<void> {
  const pages = (await roomy.query<{ page_count: number }>('PRAGMA page_count'))[0]?.page_count ?? 0;
  current = askable(await openDatabase({ url: roomy.url, migrationsDir: null, maxPages: pages }));
  opened.push(current);
  for (let size = 64 * 1024, n = 0; size >= 1024; n += 1) {
    const statement = {
      sql: 'INSERT INTO settings (key, value, updatedAt) VALUES (?, ?, 0)',
      params: [`filler ${n}`, 'x'.repeat(size)],
    };
    await current.write([statement]).catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      size /= 2;
    });
  }
}

function makeRoom(): void {
  current = roomy;
}

it('R14: a full disk refuses changes before Apple is called, keeps reads going, says so, and heals', async () => {
  const id = await group();
  await fillUp();
  // A few small changes still fit into pages that are begun; each is either done or not sent.
  let refused: Awaited<ReturnType<typeof rename>> | undefined;
  let last = nameAtApple(id);
  let carriedOut = 0;
  for (let n = 0; n < 200 && !refused; n += 1) {
    bench.upstream();
    const answer = await rename(id, `Name ${n}`);
    if (answer.status === 200) {
      last = `Name ${n}`;
      carriedOut += 1;
    } else refused = answer;
    expect(nameAtApple(id)).toBe(last);
  }
  expect(refused?.status).toBe(503);
  expect(refused?.body.errors[0]).toMatchObject({
    code: 'FLIGHTDECK.DATABASE_FULL',
    detail: 'The disk is full. Nothing was sent to App Store Connect; make room and try again.',
  });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(bench.upstream()).toBe(0);

  for (const address of [
    '/api/overview',
    '/api/v1/betaGroups',
    `/api/v1/betaGroups/${id}`,
    '/api/v1/betaTesters?limit=10',
    '/api/activity',
    `/api/v1/betaGroups/${id}?refresh=1`,
  ]) {
    expect([address, (await bench.call('GET', address)).status]).toEqual([address, 200]);
  }
  const ready = await bench.call('GET', '/api/health/ready');
  expect(ready.status).toBe(503);
  expect(ready.body.checks.database).toMatchObject({ ok: false, reason: 'full' });

  makeRoom();
  expect(await bench.db.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect((await bench.call('GET', '/api/health/ready')).body.checks.database).toMatchObject({ ok: true });
  // Where the intent still had room and the outcome had none, the outcome is looked up.
  const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'recover');
  const later = { ...ctx.clock, now: () => ctx.clock.now() + 3 * 60_000 };
  await recoverOutcomes({ ...ctx, clock: later });
  const trail = await bench.db.query<{ status: string }>(
    "SELECT status FROM auditEntries WHERE type = 'betaGroups'",
  );
  expect(new Set(trail.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(trail).toHaveLength(carriedOut);
  const [here] = await bench.db.query<{ name: string }>('SELECT name FROM betaGroups WHERE id = ?', [id]);
  expect(here?.name).toBe(last);
  expect((await rename(id, 'There is room again')).status).toBe(200);
  expect(nameAtApple(id)).toBe('There is room again');
  expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
});

it('R14: a job that does not fit is refused, and no worker finds a part of it', async () => {
  await fillUp();
  const [place] = await bench.db.query<{ id: string; appId: string }>(
    'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 ORDER BY id LIMIT 1',
  );
  const body = {
    kind: 'resend-invitations',
    appId: place?.appId,
    testers: { matching: { filter: { betaGroups: [place?.id] } } },
  };
  bench.upstream();
  let taken = 0;
  let answer = await bench.call('POST', '/api/people/bulk', { body });
  for (; answer.status < 300 && taken < 200; taken += 1) {
    answer = await bench.call('POST', '/api/people/bulk', { body });
  }
  expect([answer.status, answer.body.errors[0].code]).toEqual([503, 'FLIGHTDECK.DATABASE_FULL']);
  expect(bench.upstream()).toBe(0);
  makeRoom();
  const jobs = await bench.db.query<{ total: number; items: number }>(
    `SELECT total, (SELECT count(*) FROM jobItems WHERE jobId = jobs.id) AS items FROM jobs
     WHERE status <> 'draft'`,
  );
  expect(jobs).toHaveLength(taken);
  expect(jobs.filter(({ total, items }) => total !== items)).toEqual([]);
});

/** Not the smallest write fits any more. */
function refuseAll(): void {
  current = { ...roomy, write: () => Promise.reject(new DatabaseUnavailableError('full', null)) };
}

it.each([
  ['no further row fits', fillUp],
  ['not the smallest write fits', refuseAll],
])(
  'R28: a job that stands because %s goes on within 30 s after there is room again, and does nothing twice',
  { timeout: 60_000 },
  async (_words, fill) => {
    const rows = 60;
    const [place] = await bench.db.query<{ id: string; appId: string }>(
      'SELECT id, appId FROM betaGroups WHERE isInternalGroup = 0 ORDER BY id LIMIT 1',
    );
    const emails = Array.from({ length: rows }, (_, n) => `row${n}@example.com`);
    const options = importOptions.parse({ appId: place?.appId, groupIds: [place?.id] });
    const ctx = bench.app.ctx({ kind: 'system', name: 'worker' }, 'queue');
    const text = new TextEncoder().encode(`Email\n${emails.join('\n')}`);
    const { jobId } = await startImport(ctx, text, options);
    const job = () => readJob(bench.db, jobId);
    let isFilled = false;
    onWrite = async () => {
      if (isFilled || ((await job())?.done ?? 0) < 3) return;
      isFilled = true;
      await fill();
    };
    const stop = new AbortController();
    const loop = runJobs(jobRunner(bench.app), stop.signal, { owner: 'worker/1/x' });
    const pass = (ms: number) => time.drive(time.clock.sleep(ms));
    await pass(120_000);
    const stood = await countItems(bench.db, jobId);
    bench.upstream();
    // Long enough for every lease to end.
    await pass(300_000);
    expect(bench.upstream()).toBe(0);
    expect((await job())?.status).toBe('running');
    expect(stood.done).toBeGreaterThanOrEqual(3);
    expect(await countItems(bench.db, jobId)).toEqual(stood);
    expect([stood.failed, stood.pending > 10]).toEqual([0, true]);

    makeRoom();
    const roomAt = time.clock.now();
    await pass(30_000);
    const since = (await readItems(bench.db, jobId, { status: ['done'], limit: rows })).filter(
      ({ finishedAt }) => (finishedAt ?? 0) > roomAt,
    );
    expect(since.length).toBeGreaterThan(0);
    await pass(240_000);
    stop.abort();
    await time.drive(loop);
    expect(await job()).toMatchObject({ status: 'done', done: rows, failed: 0, crashes: 0, noEffect: 0 });
    const items = await readItems(bench.db, jobId, { limit: rows });
    expect(new Set(items.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    const trail = await bench.db.query<{ status: string }>(
      'SELECT status FROM auditEntries WHERE jobId = ?',
      [jobId],
    );
    expect([trail.length, new Set(trail.map(({ status }) => status))]).toEqual([
      rows,
      new Set(['succeeded']),
    ]);
    expect(await verifyChain(bench.db)).toMatchObject({ isWhole: true });
    const created = bench.sandbox
      .parts()
      .requests.entries()
      .filter(({ method, status }) => method === 'POST' && status === 201);
    expect(created).toHaveLength(rows);
  },
);

it('R28: a full disk keeps nobody from signing in, to read; signing out holds, and the session is kept once there is room', async () => {
  refuseAll();
  const cookies = (answer: { headers: Headers }) =>
    answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0] ?? '')
      .join('; ');
  const post = async (path: string, fields: Record<string, string>, cookie = '') => {
    const csrf = await bench.call('GET', '/api/auth/csrf', { as: null });
    return bench.call('POST', path, {
      as: null,
      body: new URLSearchParams({ ...fields, csrfToken: csrf.body.csrfToken, json: 'true' }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: [cookie, cookies(csrf)].filter(Boolean).join('; '),
      },
    });
  };
  const signIn = (password: string) =>
    post('/api/auth/callback/credentials', { email: 'manager@example.com', password });
  const me = (cookie: string) => bench.call('GET', '/api/me', { as: null, headers: { cookie } });
  const before = await sessions();
  const first = await signIn(PASSWORD);
  expect(first.status).toBe(200);
  expect(bench.logged.join('')).toContain('could not be written down');
  const cookie = cookies(first);
  expect((await me(cookie)).status).toBe(200);
  expect((await signIn('wrong password here')).status).toBe(401);

  const second = cookies(await signIn(PASSWORD));
  expect((await me(second)).status).toBe(200);
  await post('/api/auth/signout', {}, second);
  expect((await me(second)).status).toBe(401);

  current = roomy;
  expect((await me(second)).status).toBe(401);
  expect((await me(cookie)).status).toBe(200);
  expect(await sessions()).toBeGreaterThanOrEqual(before);
});

const sessions = async () =>
  (await roomy.query<{ n: number }>('SELECT count(*) AS n FROM sessions'))[0]?.n ?? 0;
