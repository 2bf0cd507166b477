import { type APIRequestContext, type APIResponse, expect, request, test } from '@playwright/test';
import pg from 'pg';
import { chooseGroup } from '@/tests/factories/notifying-group';
import { type Cluster, cluster, type Part, SIGN_IN, type Web } from './setup/cluster';
import { inDatabase } from './setup/database';

// Each test goes on with what the one before has left.
test.describe.configure({ mode: 'serial' });

let all: Cluster;
let webs: [Web, Web];
let workers: [Part, Part];
/** Somebody who is signed in at the first web process, asking either. */
let asking: [APIRequestContext, APIRequestContext];

test.beforeAll(async () => {
  test.setTimeout(180_000);
  all = await cluster({ connections: 60 });
});
test.afterAll(() => all.stop());

const database = <Row>(sql: string, ...params: (string | number)[]) =>
  inDatabase({ databaseUrl: all.server.url }, (ask) => ask<Row>(sql, ...params));
const count = async (sql: string) => Number((await database<{ n: string }>(sql))[0]?.n);

const client = (web: Web, storageState?: Awaited<ReturnType<APIRequestContext['storageState']>>) =>
  request.newContext({
    baseURL: web.url,
    // A connection each: one at rest is closed after five seconds, perhaps just when the next request is on its way.
    extraHTTPHeaders: { origin: web.url, connection: 'close' },
    ...(storageState && { storageState }),
  });

async function signIn(api: APIRequestContext, form: { email: string; password: string } = SIGN_IN) {
  const { csrfToken } = await (await api.get('/api/auth/csrf')).json();
  return api.post('/api/auth/callback/credentials', { form: { ...form, csrfToken, json: 'true' } });
}

const syncOf = async (api: APIRequestContext) => (await (await api.get('/api/sync')).json()).data[0];

interface Group {
  readonly id: string;
  readonly attributes: { readonly name: string };
}
const groupsOf = async (api: APIRequestContext): Promise<Group[]> =>
  (await (await api.get('/api/v1/betaGroups?limit=200')).json()).data;
const rename = (api: APIRequestContext, id: string, name: string) =>
  api.patch(`/api/v1/betaGroups/${id}`, { data: { data: { type: 'betaGroups', id, attributes: { name } } } });

/** An import of so many people; gives the job and their addresses. */
async function startImport(api: APIRequestContext, rows: number, word: string) {
  const { appId, groupId } = chooseGroup(all.sandbox);
  const options = JSON.stringify({ appId, groupIds: [groupId] });
  const addresses = Array.from({ length: rows }, (_one, i) => `${word}-${i}@example.com`);
  const queued = await api.post(`/api/people/import?options=${encodeURIComponent(options)}`, {
    headers: { 'content-type': 'text/csv' },
    data: `Email\n${addresses.join('\n')}`,
  });
  expect(queued.status(), await queued.text()).toBe(201);
  return { jobId: (await queued.json()).data.jobId as string, addresses };
}

const doneOf = (jobId: string) =>
  count(`SELECT COUNT(*) AS n FROM jobItems WHERE jobId = '${jobId}' AND status = 'done'`);

/** The job has ended, and Apple has sent each of them one invitation and no more. */
async function expectOnce({ jobId, addresses }: Awaited<ReturnType<typeof startImport>>) {
  const job = async () =>
    (await database<{ status: string }>('SELECT status, done, failed FROM jobs WHERE id = ?', jobId))[0];
  await expect.poll(job, { timeout: 120_000 }).toMatchObject({ status: 'done' });
  const others =
    'SELECT label, status, errorCode, errorDetail, attempts FROM jobItems WHERE jobId = ? AND status <> ?';
  expect(await database(others, jobId, 'done')).toEqual([]);
  expect(await job()).toMatchObject({ done: addresses.length, failed: 0 });
  const invitations = all.sandbox.parts().world.mail.invitations();
  expect(addresses.filter((address) => invitations[address] !== 1)).toEqual([]);
}

/** What an answer says that could not be given: 503, when to come again, and why in words. */
async function expectRefused(answer: APIResponse, code: RegExp) {
  expect(answer.status()).toBe(503);
  expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
  const [{ code: told, detail }] = (await answer.json()).errors;
  expect(told).toMatch(code);
  expect(detail).toMatch(/^[A-Z].*\.$/);
}

const isUp = async (api: APIRequestContext) => (await api.get('/api/overview')).status();

test('two web processes and two workers begin together on an empty database: one account, one sync', async () => {
  test.setTimeout(180_000);
  webs = await Promise.all([all.web(), all.web()]);
  workers = [all.worker(), all.worker()];
  for (const { said } of webs)
    await expect.poll(said, { timeout: 90_000 }).toContain('Flightdeck answers on');
  const first = await client(webs[0]);
  expect((await signIn(first)).ok()).toBe(true);
  asking = [first, await client(webs[1], await first.storageState())];
  await expect
    .poll(async () => (await syncOf(asking[1]))?.lastSucceededAt ?? null, { timeout: 90_000 })
    .not.toBeNull();
  // What comes after a sync is no part of it.
  const sent = all.sandbox
    .parts()
    .requests.entries()
    .filter(
      ({ template }) =>
        !/\/metrics\/|\/buildUploads$|\/builds\/\{id\}$|\/buildBundleFileSizes$/.test(template ?? ''),
    );
  const logs = sent.filter(({ template }) => template?.endsWith('/crashLog'));

  expect(await count('SELECT COUNT(*) AS n FROM "Account"')).toBe(1);
  expect(await count('SELECT COUNT(*) AS n FROM users')).toBe(1);
  expect(await database('SELECT mode, status FROM syncRuns')).toEqual([
    { mode: 'full', status: 'succeeded' },
  ]);
  const [{ requests: asked = 0 } = {}] = await database<{ requests: number }>(
    'SELECT requests FROM syncRuns',
  );
  expect(sent.length - logs.length).toBeLessThan(2 * asked);
  // Each log is asked for by one of the two.
  expect(new Set(logs.map(({ url }) => url)).size).toBe(logs.length);
});

test('who is signed in at one is at the other; tries are counted together; a change is seen at once', async () => {
  const [here, there] = asking;
  const [group] = await groupsOf(here);
  expect((await rename(here, group?.id ?? '', 'Seen at once')).status()).toBe(200);
  const seen = await (await there.get(`/api/v1/betaGroups/${group?.id}`)).json();
  expect(seen.data.attributes.name).toBe('Seen at once');

  const other = await client(webs[0], await here.storageState());
  expect((await signIn(other)).ok()).toBe(true);
  const elsewhere = await client(webs[1], await other.storageState());
  expect((await elsewhere.get('/api/overview')).status()).toBe(200);
  const { csrfToken } = await (await other.get('/api/auth/csrf')).json();
  await other.post('/api/auth/signout', { form: { csrfToken, json: 'true' } });
  expect((await elsewhere.get('/api/overview')).status()).toBe(401);
  expect((await there.get('/api/overview')).status()).toBe(200);

  const strangers = await Promise.all(webs.map((web) => client(web)));
  const statuses: number[][] = [[], []];
  for (let round = 0; round < 8; round += 1) {
    for (const [at, stranger] of strangers.entries())
      statuses[at]?.push((await signIn(stranger, { ...SIGN_IN, password: `wrong ${round}` })).status());
  }
  for (const each of statuses) expect(each).toContain(429);
});

test('R20: a web process and a worker are killed: the others go on, and every row is done once', async () => {
  test.setTimeout(180_000);
  all.sandbox.parts().world.settings.latencyMs = 100;
  const job = await startImport(asking[0], 150, 'r20');
  await expect.poll(() => doneOf(job.jobId), { timeout: 60_000 }).toBeGreaterThan(20);
  const [lease] = await database<{ owner: string }>(
    'SELECT owner FROM leases WHERE name = ?',
    `jobs/${job.jobId}`,
  );
  const owner = workers.findIndex((worker) => Number(lease?.owner.split('/')[1]) === worker.pid());
  expect(owner).toBeGreaterThanOrEqual(0);
  await Promise.all([workers[owner]?.kill(), webs[0].kill()]);
  const before = await doneOf(job.jobId);
  const killedAt = Date.now();
  expect(await isUp(asking[1])).toBe(200);
  await expect.poll(() => doneOf(job.jobId), { timeout: 60_000 }).toBeGreaterThan(before + 10);
  expect(Date.now() - killedAt).toBeLessThan(45_000);
  await expectOnce(job);
  expect(await count("SELECT COUNT(*) AS n FROM jobItems WHERE status IN ('sending', 'ambiguous')")).toBe(0);
  // Another in the place of each.
  workers = owner === 0 ? [all.worker(), workers[1]] : [workers[0], all.worker()];
  webs = [await all.web(), webs[1]];
  await expect.poll(webs[0].said, { timeout: 90_000 }).toContain('Flightdeck answers on');
  asking = [await client(webs[0], await asking[1].storageState()), asking[1]];
  expect(await isUp(asking[0])).toBe(200);
});

test('R34: PostgreSQL breaks and comes back: answers say so, nobody ends, and the work goes on', async () => {
  test.setTimeout(240_000);
  const pids = [...webs, ...workers].map(({ pid }) => pid());
  const job = await startImport(asking[0], 200, 'r34');
  await expect.poll(() => doneOf(job.jobId), { timeout: 60_000 }).toBeGreaterThan(20);
  const [group] = await groupsOf(asking[0]);
  let isBack = false;
  const back = all.server.restart({ isCrash: true, downMs: 6_000 }).then(() => {
    isBack = true;
  });
  // Refused for as long as it is away, by both, each in no time.
  const refused = [0, 0];
  const written = rename(asking[0], group?.id ?? '', 'Through the break');
  while (!isBack) {
    for (const [at, api] of asking.entries()) {
      const answer = await api.get('/api/overview');
      if (answer.status() === 200) continue;
      await expectRefused(answer, /^FLIGHTDECK\.DATABASE_UNREACHABLE$/);
      refused[at] = (refused[at] ?? 0) + 1;
    }
    const page = await asking[1].get('/');
    expect([200, 503]).toContain(page.status());
    if (page.status() === 503) expect(await page.text()).toContain('The database cannot be reached');
    expect((await asking[1].get('/api/health/live')).status()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await back;
  for (const times of refused) expect(times).toBeGreaterThan(0);
  for (const api of asking) await expect.poll(() => isUp(api), { timeout: 20_000 }).toBe(200);
  expect([200, 503]).toContain((await written).status());

  await expectOnce(job);
  expect([...webs, ...workers].map(({ pid }) => pid())).toEqual(pids);
  for (const { said } of [...webs, ...workers]) {
    expect(said()).not.toContain('starting it again');
    expect(said()).not.toMatch(/unhandled/i);
  }
  // Workers hear again what is asked for.
  const asked = Date.now();
  expect((await asking[1].post('/api/sync', { data: { mode: 'incremental' } })).ok()).toBe(true);
  await expect
    .poll(async () => Date.parse((await syncOf(asking[0])).lastSucceededAt ?? ''), { timeout: 60_000 })
    .toBeGreaterThan(asked);
});

test('R34: others hold every connection: answers say so, and go on when there is one again', async () => {
  test.setTimeout(120_000);
  const pids = [...webs, ...workers].map(({ pid }) => pid());
  const hogs: pg.Client[] = [];
  const hog = async () => {
    const one = new pg.Client({ connectionString: all.server.url });
    one.on('error', () => undefined);
    await one.connect();
    hogs.push(one);
  };
  await hog();
  // Takes each connection that gets free, until Flightdeck has none.
  const theirs = `SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
    WHERE application_name LIKE 'flightdeck%' AND pid <> pg_backend_pid()`;
  for (let left = 1; left > 0; ) {
    left = Number((await hogs[0]?.query(theirs))?.rows[0]?.n);
    for (let isFull = false; !isFull; )
      isFull = await hog().then(
        () => false,
        () => true,
      );
  }
  for (const api of asking)
    await expectRefused(await api.get('/api/overview'), /^FLIGHTDECK\.DATABASE_EXHAUSTED$/);
  const late = asking.map((api) => api.get('/api/health/ready'));
  for (const answer of await Promise.all(late)) expect(answer.status()).toBe(503);
  await Promise.all(hogs.map((one) => one.end()));
  for (const api of asking) await expect.poll(() => isUp(api), { timeout: 20_000 }).toBe(200);
  const job = await startImport(asking[0], 20, 'after');
  await expectOnce(job);
  expect([...webs, ...workers].map(({ pid }) => pid())).toEqual(pids);
});

test('a start waits for a server that is started too; what waiting cannot mend is said at once', async () => {
  test.setTimeout(120_000);
  const started: Web[] = [];
  await all.server.restart({
    // It comes back once it was missed, however long a process takes to begin.
    whileDown: async () => {
      const early = await all.web();
      started.push(early);
      await expect
        .poll(early.said, { timeout: 60_000 })
        .toMatch(/no PostgreSQL answers: 127\.0\.0\.1:\d+\..* Waiting for it, 30 s at most/);
    },
  });
  for (const early of started) {
    await expect.poll(early.said, { timeout: 60_000 }).toContain('Flightdeck answers on');
    await early.kill();
  }

  const other = (change: (url: URL) => void) => {
    const url = new URL(all.server.url);
    change(url);
    return { DATABASE_URL: url.href };
  };
  for (const [env, words] of [
    [
      other((url) => Object.assign(url, { password: 'wrong' })),
      /has a user or password that the server at .* refuses/,
    ],
    [
      other((url) => Object.assign(url, { pathname: '/nowhere' })),
      /names a database that does not exist: nowhere/,
    ],
  ] as const) {
    const { supervisor, said } = await all.web(env);
    await expect.poll(() => supervisor.exitCode, { timeout: 60_000 }).toBe(1);
    expect(said()).toMatch(words);
    expect(said()).not.toContain('Waiting for it');
    expect(said()).not.toMatch(/ {4}at |wrong/);
  }
});
