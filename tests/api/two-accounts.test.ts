import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Answer, type ApiBench, apiBench } from '@/tests/factories/context';
import { addSecondAccount, SECOND } from '@/tests/factories/second-account';

let bench: ApiBench;
let firstKey: string;
let secondKey: string;
let appId: string;
let groupId: string;
let buildId: string;
let testerId: string;
let email: string;

beforeAll(async () => {
  bench = await apiBench({ seed: 11 });
  firstKey = bench.sandbox.keyId;
  secondKey = await addSecondAccount(bench);
  const [member] = await bench.db.query<
    Record<'appId' | 'groupId' | 'buildId' | 'testerId' | 'email', string>
  >(
    `SELECT m.appId, m.groupId, b.buildId, m.testerId, t.email FROM betaGroupTesters AS m
     JOIN betaGroups AS g ON g.accountId = m.accountId AND g.id = m.groupId AND g.isInternalGroup = 0
     JOIN buildGroups AS b ON b.accountId = m.accountId AND b.groupId = m.groupId
     JOIN betaTesters AS t ON t.accountId = m.accountId AND t.appId = m.appId AND t.id = m.testerId
     WHERE m.accountId = ? AND t.email IS NOT NULL ORDER BY m.groupId, m.testerId LIMIT 1`,
    [ACCOUNT],
  );
  if (!member) throw new Error('The programme has a group with testers and builds.');
  ({ appId, groupId, buildId, testerId, email } = member);
  await bench.db.write([
    {
      sql: `UPDATE betaTesters SET state = CASE accountId WHEN ? THEN 'REVOKED' ELSE 'INSTALLED' END WHERE id = ?`,
      params: [SECOND, testerId],
    },
  ]);
});
afterAll(() => bench.close());

beforeEach(() => setStatus('ok'));

async function setStatus(status: string, id = ACCOUNT): Promise<void> {
  await bench.db.write([{ sql: 'UPDATE Account SET status = ? WHERE id = ?', params: [status, id] }]);
}

/** The key that the last requests at Apple were signed with. */
function keysUsed(): (string | null)[] {
  const log = bench.sandbox.parts().requests;
  const keys = [...new Set(log.entries().map(({ keyId }) => keyId))];
  log.reset();
  return keys;
}

/** `first` or `second`, by what an answer holds. */
type Tell = (answer: Answer) => string | Promise<string>;

const byMeta: Tell = ({ body }) => (body.meta.accountId === SECOND ? 'second' : 'first');
const byRows: Tell = ({ body }) => {
  const ids: string[] = body.data.map((row: { meta: { accountId: string } }) => row.meta.accountId);
  return [...new Set(ids)].map((id) => (id === SECOND ? 'second' : 'first')).join(' and ');
};
const byKey: Tell = () =>
  keysUsed()
    .map((key) => (key === secondKey ? 'second' : key === firstKey ? 'first' : String(key)))
    .join(' and ');
const byText: Tell = ({ text }) => (text.includes('of Studio') ? 'second' : 'first');

interface Kind {
  readonly name: string;
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly path: () => string;
  readonly body?: () => unknown;
  readonly tell: Tell;
  readonly status?: number;
}

const rules = { invitedBeforeDays: 1, unknownInvitation: 'prune' };

/** One route of each kind that is about something two accounts have. */
const KINDS: readonly Kind[] = [
  { name: 'an app', path: () => `/api/v1/apps/${appId}`, tell: byMeta },
  { name: 'a group', path: () => `/api/v1/betaGroups/${groupId}`, tell: byMeta },
  { name: 'a group’s name', path: () => `/api/v1/betaGroups/${groupId}`, tell: byText },
  { name: 'a build', path: () => `/api/v1/builds/${buildId}`, tell: byText },
  { name: 'a tester', path: () => `/api/v1/betaTesters/${testerId}`, tell: byText },
  { name: 'a tester in the app', path: () => `/api/v1/betaTesters/${testerId}?inApp=${appId}`, tell: byText },
  { name: 'a related list', path: () => `/api/v1/betaGroups/${groupId}/betaTesters`, tell: byRows },
  { name: 'a related resource', path: () => `/api/v1/builds/${buildId}/app`, tell: byKey },
  {
    name: 'a linkage',
    path: () => `/api/v1/betaGroups/${groupId}/relationships/betaTesters?limit=1&refresh=1`,
    tell: byKey,
  },
  {
    name: 'figures',
    path: () =>
      `/api/v1/betaGroups/${groupId}/metrics/betaTesterUsages?period=P7D&groupBy=betaTesters&refresh=1`,
    tell: byKey,
  },
  {
    name: 'a live list',
    path: () => `/api/v1/betaAppLocalizations?filter[app]=${appId}&refresh=1`,
    tell: byKey,
  },
  { name: 'a tester’s page', path: () => `/api/people/apps/${appId}/testers/${testerId}`, tell: byPerson },
  {
    name: 'a tester’s use',
    path: () => `/api/people/apps/${appId}/testers/${testerId}/usage`,
    tell: byKey,
  },
  { name: 'what a deletion takes', path: () => `/api/people/groups/${groupId}/deletion`, tell: byText },
  { name: 'a public link', path: () => `/api/programme/links/${groupId}?days=30`, tell: byKey },
  {
    name: 'a preview of an operation',
    method: 'POST',
    path: () => '/api/people/bulk/preview',
    body: () => ({ kind: 'add-to-group', appId, groupId, testers: { ids: [testerId] } }),
    tell: byText,
  },
  {
    name: 'a selection',
    method: 'POST',
    path: () => '/api/people/bulk/summary',
    body: () => ({ appId, testers: { ids: [testerId] } }),
    tell: ({ body }) => (body.data.byState.REVOKED === 1 ? 'second' : 'first'),
  },
  {
    name: 'a preview of an invitation',
    method: 'POST',
    path: () => '/api/people/invite/preview',
    body: () => ({ appId, email, firstName: '', lastName: '', groupIds: [groupId], buildIds: [] }),
    tell: byText,
  },
  {
    name: 'a preview of pruning',
    method: 'POST',
    path: () => '/api/people/prune/preview',
    body: () => ({ appId, rules }),
    tell: byText,
  },
  {
    name: 'a change',
    method: 'PATCH',
    path: () => `/api/v1/betaGroups/${groupId}`,
    body: () => ({ data: { type: 'betaGroups', id: groupId, attributes: { feedbackEnabled: true } } }),
    tell: byKey,
  },
  {
    name: 'a membership',
    method: 'POST',
    path: () => `/api/v1/betaGroups/${groupId}/relationships/builds`,
    body: () => ({ data: [{ type: 'builds', id: buildId }] }),
    tell: byKey,
  },
  {
    name: 'something new',
    method: 'POST',
    path: () => '/api/v1/betaGroups',
    body: () => ({
      data: {
        type: 'betaGroups',
        attributes: { name: `New ${Math.random()}` },
        relationships: { app: { data: { type: 'apps', id: appId } } },
      },
    }),
    tell: byKey,
    status: 201,
  },
  {
    name: 'a look at Apple',
    method: 'POST',
    path: () => '/api/freshness',
    body: () => ({ type: 'builds', id: buildId, isAsked: true }),
    tell: byKey,
  },
  {
    name: 'a job',
    method: 'POST',
    path: () => '/api/people/bulk',
    body: () => ({ kind: 'add-to-group', appId, groupId, testers: { ids: [testerId] } }),
    tell: ({ body }) => accountOfJob(body.data.jobId),
    status: 201,
  },
  {
    name: 'a clone',
    method: 'POST',
    path: () => `/api/people/groups/${groupId}/clone`,
    body: () => ({ name: 'Twin' }),
    tell: ({ body }) => accountOfJob(body.data.jobId),
    status: 201,
  },
];

/** The page of a tester lists the same person in the other account. */
function byPerson({ body }: Answer): string {
  const others: { accountId: string; appId: string }[] = body.data.elsewhere;
  return others.some((one) => one.appId === appId && one.accountId === ACCOUNT) ? 'second' : 'first';
}

async function accountOfJob(jobId: string): Promise<string> {
  const [job] = await bench.db.query<{ accountId: string }>('SELECT accountId FROM jobs WHERE id = ?', [
    jobId,
  ]);
  return job?.accountId === SECOND ? 'second' : 'first';
}

async function told(
  { method = 'GET', path, body, tell, status = 200 }: Kind,
  named?: string,
): Promise<string> {
  // Nothing that was read a moment ago answers in the place of Apple.
  await bench.db.write([
    { sql: 'DELETE FROM documents', params: [] },
    { sql: 'UPDATE builds SET fetchedAt = fetchedAt - 600000 WHERE id = ?', params: [buildId] },
  ]);
  await bench.restart();
  bench.sandbox.parts().requests.reset();
  const headers = named === undefined ? {} : { headers: { 'flightdeck-account': named } };
  const answer = await bench.call(method, path(), { ...headers, ...(body ? { body: body() } : {}) });
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, expect.anything()]);
  return tell(answer);
}

describe.each(KINDS)('$name of an app that two accounts have', (kind) => {
  it('is of the one that is named, else of the older whose key works', async () => {
    expect(await told(kind), 'none named').toBe('first');
    expect(await told(kind, ACCOUNT), 'the first named').toBe('first');
    expect(await told(kind, SECOND), 'the second named').toBe('second');
    for (const status of ['unauthorized', 'forbidden', 'agreement_missing']) {
      await setStatus(status);
      expect(await told(kind), status).toBe('second');
    }
    // What passes by itself turns nothing over.
    for (const status of ['unreachable', 'clock_skew']) {
      await setStatus(status);
      expect(await told(kind), status).toBe('first');
    }
    await setStatus('unauthorized');
    expect(await told(kind, ACCOUNT), 'the refused one named').toBe('first');
  });
});

it('names the account in an address as in a header', async () => {
  const one = await bench.call('GET', `/api/v1/betaGroups/${groupId}?account=${SECOND}`);
  expect([one.status, one.body.meta.accountId, one.body.data.meta.accountName]).toEqual([
    200,
    SECOND,
    'Studio',
  ]);
  const list = await bench.call('GET', `/api/v1/betaGroups?filter[app]=${appId}&account=${SECOND}`);
  expect(byRows(list)).toBe('second');
  const facet = `/api/lists/betaTesters/facets/state?filter[apps]=${appId}`;
  const sum = ({ body }: Answer) =>
    body.data.values.reduce((all: number, { count }: { count: number }) => all + count, 0);
  const [both, second] = [
    await bench.call('GET', facet),
    await bench.call('GET', `${facet}&account=${SECOND}`),
  ];
  expect(sum(both)).toBe(2 * sum(second));
  const near = await bench.call(
    'GET',
    `/api/lists/betaTesters/neighbours/${testerId}?filter[apps]=${appId}&sort=name&inApp=${appId}&account=${SECOND}`,
  );
  const around = [near.body.data.previous, near.body.data.next].filter(Boolean);
  expect(around.map(({ accountId }) => accountId)).toEqual(around.map(() => SECOND));
  const capacity = await bench.call('GET', `/api/people/apps/${appId}/capacity?account=${SECOND}`);
  expect(capacity.status).toBe(200);
  const unknown = await bench.call('GET', `/api/v1/apps/${appId}?account=nobody`);
  expect(unknown.status).toBe(404);
});

it('says in rows, search, overview and files which account they are of', async () => {
  const list = await bench.call('GET', `/api/v1/builds?filter[app]=${appId}&limit=200`);
  const names = list.body.data.map(({ meta }: { meta: { accountName: string } }) => meta.accountName);
  expect([...new Set(names)].sort()).toEqual(['Sandbox', 'Studio']);
  const overview = await bench.call('GET', '/api/overview');
  const same = overview.body.data.apps.filter((app: { appId: string }) => app.appId === appId);
  expect(same.map((app: { accountName: string }) => app.accountName).sort()).toEqual(['Sandbox', 'Studio']);
  const found = await bench.call('GET', `/api/search?q=${encodeURIComponent(email)}`);
  const hits: { id: string; accountName: string }[] = found.body.data.testers;
  expect(
    hits
      .filter(({ id }) => id === testerId)
      .map(({ accountName }) => accountName)
      .sort(),
  ).toEqual(['Sandbox', 'Studio']);
  const { total } = (await bench.call('GET', `/api/v1/betaTesters?filter[apps]=${appId}&limit=1`)).body.meta;
  const file = await bench.call(
    'GET',
    `/api/people/export?type=betaTesters&filter[apps]=${appId}&confirm=${total}`,
  );
  expect([file.status, file.text.includes('Studio'), file.text.includes('Sandbox')]).toEqual([
    200,
    true,
    true,
  ]);
  const only = await bench.call(
    'GET',
    `/api/people/export?type=betaTesters&filter[apps]=${appId}&confirm=${total / 2}&account=${SECOND}`,
  );
  expect([only.status, only.text.includes('Studio'), only.text.includes('Sandbox')]).toEqual([
    200,
    true,
    false,
  ]);
});

it('shows somebody of one id in several apps as the app that is named has them', async () => {
  const [other] = await bench.db.query<{ id: string }>(
    'SELECT id FROM apps WHERE accountId = ? AND id <> ?',
    [ACCOUNT, appId],
  );
  const otherId = other?.id ?? '';
  await bench.db.write([
    {
      sql: `INSERT INTO betaTesters (accountId, appId, id, state, document, fetchedAt, generation)
            SELECT accountId, ?, id, 'ACCEPTED', document, fetchedAt, generation FROM betaTesters
            WHERE accountId = ? AND appId = ? AND id = ?`,
      params: [otherId, ACCOUNT, appId, testerId],
    },
  ]);
  const stateIn = async (id: string) =>
    (await bench.call('GET', `/api/v1/betaTesters/${testerId}?inApp=${id}&account=${ACCOUNT}`)).body.data;
  expect((await stateIn(appId)).meta.appId).toBe(appId);
  expect(await stateIn(otherId)).toMatchObject({
    attributes: { state: 'ACCEPTED' },
    meta: { appId: otherId },
  });
  await bench.db.write([
    { sql: 'DELETE FROM betaTesters WHERE appId = ? AND id = ?', params: [otherId, testerId] },
  ]);
});

it('leaves one account’s row out of a list, of its figures and of a file, and its twin in', async () => {
  const row = `${SECOND}~${appId}~${testerId}`;
  const inApp = `filter[apps]=${appId}`;
  const totalOf = async (query: string) =>
    (await bench.call('GET', `/api/v1/betaTesters?${query}&limit=1`)).body.meta.total;
  const total = await totalOf(inApp);
  expect(await totalOf(`${inApp}&filter[not.row]=${row}`)).toBe(total - 1);
  // By id alone both are out.
  expect(await totalOf(`${inApp}&filter[not.id]=${testerId}`)).toBe(total - 2);
  const only = await bench.call('GET', `/api/v1/betaTesters?filter[row]=${row}`);
  expect([byRows(only), only.body.data.length]).toEqual(['second', 1]);
  const file = `/api/people/export?type=betaTesters&format=json&${inApp}&filter[not.row]=${row}&confirm=${total - 1}`;
  const rows: { 'Tester Id': string; 'Account Id': string }[] = (await bench.call('GET', file)).body;
  const twin = rows.filter((one) => one['Tester Id'] === testerId);
  expect(twin.map((one) => one['Account Id'])).toEqual([ACCOUNT]);
  const groups = await bench.call('GET', `/api/v1/betaGroups?filter[row]=${SECOND}~${appId}~${groupId}`);
  const builds = await bench.call('GET', `/api/v1/builds?filter[row]=${SECOND}~${appId}~${buildId}`);
  expect([byRows(groups), byRows(builds)]).toEqual(['second', 'second']);
  const refused = await bench.call('GET', `/api/v1/betaTesters?filter[row]=${testerId}`);
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('account')]);
});

it('names the account in what it tells of a job, and leads to its pages', async () => {
  const body = { kind: 'resend-invitations', appId, accountId: SECOND, testers: { ids: [testerId] } };
  const preview = await bench.call('POST', '/api/people/bulk/preview', { body });
  const started = await bench.call('POST', '/api/people/bulk', { body });
  const job = await bench.call('GET', `/api/jobs/${started.body.data.jobId}`);
  expect(preview.body.data.title).toMatch(/\(Studio\)$/);
  expect([job.body.data.title, JSON.stringify(job.body.data.sentence)]).toEqual([
    preview.body.data.title,
    expect.stringMatching(/\(Studio\)".*~account-2/),
  ]);
});

it('shows the icon of the account that is meant', async () => {
  const icon = (accountId: string, byte: string) => ({
    sql: `INSERT INTO appIcons (accountId, appId, templateUrl, contentType, bytes, fetchedAt)
          VALUES (?, ?, 'x', 'image/png', ?, 1)
          ON CONFLICT (accountId, appId) DO UPDATE SET bytes = excluded.bytes`,
    params: [accountId, appId, Buffer.from(byte)],
  });
  await bench.db.write([icon(SECOND, 'second'), icon(ACCOUNT, 'first')]);
  const shown = async (query = '') => (await bench.call('GET', `/api/apps/${appId}/icon${query}`)).text;
  expect([await shown(), await shown(`?account=${SECOND}`), await shown(`?account=${ACCOUNT}`)]).toEqual([
    'first',
    'second',
    'first',
  ]);
  await setStatus('forbidden');
  expect(await shown()).toBe('second');
});

describe('an app that one of two accounts has no more', () => {
  it('is the other’s, whole, once it moved or the first account’s key was removed', async () => {
    const counts = async () =>
      await Promise.all(
        ['apps', 'betaGroups', 'betaTesters', 'betaGroupTesters', 'builds', 'buildGroups'].map(
          async (table) =>
            (
              await bench.db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE accountId = ?`, [
                SECOND,
              ])
            )[0]?.n,
        ),
      );
    const before = await counts();
    // Moved: the first account's sync has taken the app out, and what was below it follows.
    const gone = (table: string, column: string) => ({
      sql: `DELETE FROM ${table} WHERE accountId = ? AND ${column} = ?`,
      params: [ACCOUNT, appId],
    });
    await bench.db.write([gone('apps', 'id')]);
    const kinds = KINDS.filter(({ method = 'GET', tell }) => method === 'GET' && tell !== byPerson);
    for (const kind of kinds) expect(await told(kind), kind.name).toBe('second');
    await bench.db.write(
      ['betaGroups', 'betaTesters', 'betaGroupTesters', 'builds', 'buildGroups'].map((table) =>
        gone(table, 'appId'),
      ),
    );
    for (const kind of kinds) expect(await told(kind), kind.name).toBe('second');
    const named = await bench.call('GET', `/api/v1/apps/${appId}?account=${ACCOUNT}`);
    expect(named.status).toBe(404);
    const [row] = (await bench.call('GET', `/api/v1/builds?filter[app]=${appId}&limit=1`)).body.data;
    expect(row.meta.accountName).toBeUndefined();

    const removed = await bench.call('DELETE', `/api/accounts/${ACCOUNT}`, { body: { confirm: 'Sandbox' } });
    expect([removed.status, removed.text]).toEqual([200, expect.anything()]);
    for (const kind of kinds) expect(await told(kind), kind.name).toBe('second');
    expect(await counts()).toEqual(before);
  });
});
