import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES } from '@/lib/access/policy';
import { ACCOUNT, type ApiBench, apiBench } from '@/tests/factories/context';

const DAY_MS = 24 * 60 * 60_000;
let now = Date.now();
let bench: ApiBench;
let apps: string[];
let builds: { id: string; version: string; trainVersion: string; platform: string; uploadedDate: string }[];

beforeAll(async () => {
  now = Date.now();
  const clock = { now: () => now, sleep: async () => undefined };
  bench = await apiBench({ clock });
  apps = (await bench.db.query<{ id: string }>('SELECT id FROM apps ORDER BY id')).map(({ id }) => id);
  builds = await bench.db.query(
    "SELECT id, version, trainVersion, platform, uploadedDate FROM builds WHERE appId = ? AND platform = 'IOS' ORDER BY uploadedDate DESC",
    [apps[0] ?? ''],
  );
});
afterAll(() => bench.close());

const make = (more: object = {}) =>
  bench.call('POST', '/api/tokens', {
    body: { name: 'Pipeline', permissions: ['feedback:read'], days: 30, ...more },
  });
const check = (token: string | null, query: string, headers: Record<string, string> = {}) =>
  bench.call('GET', `/api/feedback/check?${query}`, {
    as: null,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });

describe('tokens of machines', () => {
  it('are made, listed and revoked by admins alone', async () => {
    for (const as of ROLES.filter((role) => role !== 'admin')) {
      const body = { name: 'Mine', permissions: ['feedback:read'], days: 1 };
      expect((await bench.call('POST', '/api/tokens', { as, body })).status).toBe(403);
      expect((await bench.call('GET', '/api/tokens', { as })).status).toBe(403);
      expect((await bench.call('DELETE', '/api/tokens/x', { as })).status).toBe(403);
    }
    expect((await bench.call('DELETE', '/api/tokens/nobody')).status).toBe(404);
  });

  it('are shown once, kept as a hash, and never told again: not in lists, the trail or the log', async () => {
    const made = await make({ name: 'Once' });
    const { id, token } = made.body.data;
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(token).toMatch(/^fdk_[\w-]{43}$/);
    const list = await bench.call('GET', '/api/tokens');
    expect(list.body.data.find((each: { id: string }) => each.id === id)).toMatchObject({
      ...{ name: 'Once', ending: token.slice(-4), state: 'valid', lastUsedAt: null, appName: null },
      createdBy: 'admin@example.com',
    });
    await check(token, `app=${apps[0]}&build=${builds[0]?.id}`);
    const rows = await bench.db.query('SELECT * FROM machineTokens');
    const trail = await bench.db.query('SELECT * FROM auditEntries');
    for (const kept of [JSON.stringify(rows), JSON.stringify(trail), list.text, bench.logged.join('')])
      expect(kept).not.toContain(token);
    const activity = await bench.call('GET', '/api/activity');
    expect(activity.text).toContain('machine token');
  });

  it('start and follow jobs of their app, where they were made for that', async () => {
    const app = { appId: apps[0] ?? '' };
    const tokenFor = async (more: object) => (await make(more)).body.data.token as string;
    const purpose = { permissions: ['jobs:run', 'jobs:read'] };
    const able = await tokenFor({ ...purpose, app });
    const elsewhere = await tokenFor({ ...purpose, app: { appId: apps[1] } });
    const reader = await tokenFor({});
    const input = { builds: [builds[0]?.id], texts: { ja: 'テスト' } };
    const ask = (token: string, method: string, address: string, body?: object) =>
      bench.call(method, address, {
        as: null,
        headers: { authorization: `Bearer ${token}` },
        ...(body ? { body } : {}),
      });
    const begin = (token: string) =>
      ask(token, 'POST', '/api/jobs', { kind: 'save-notes', ...app, input, dryRun: true });
    const begun = await begin(able);
    expect(begun.status).toBe(201);
    const { id } = begun.body.data;
    expect((await ask(able, 'GET', `/api/jobs/${id}`)).body.data.counts).toMatchObject({ total: 1 });
    for (const other of [elsewhere, reader]) {
      expect((await begin(other)).status).toBe(403);
      expect((await ask(other, 'GET', `/api/jobs/${id}`)).status).toBe(403);
    }
    expect((await ask(able, 'GET', `/api/jobs/${id}/items`)).status).toBe(401);
    expect((await ask(able, 'PATCH', `/api/jobs/${id}`, { action: 'cancel' })).status).toBe(401);
  });

  it('are refused with words for a wrong name, purpose, app or time', async () => {
    const wrong: readonly (readonly [object, number, string])[] = [
      [{ name: ' ' }, 400, '/name'],
      [{ name: 'x'.repeat(81) }, 400, '/name'],
      [{ permissions: [] }, 400, '/permissions'],
      [{ permissions: ['team:write'] }, 400, '/permissions/0'],
      [{ days: 0 }, 400, '/days'],
      [{ days: 367 }, 400, '/days'],
      [{ app: { appId: 'nowhere' } }, 404, ''],
    ];
    for (const [more, status, pointer] of wrong) {
      const answer = await make(more);
      expect([answer.status, answer.body.errors[0].source?.pointer ?? '']).toEqual([status, pointer]);
    }
  });

  it('open nothing but what they are for, and never beside a cookie', async () => {
    const { token } = (await make()).body.data;
    const authorization = `Bearer ${token}`;
    for (const path of ['/api/v1/apps', '/api/me', '/api/team', '/api/tokens', '/api/activity'])
      expect((await bench.call('GET', path, { as: null, headers: { authorization } })).status).toBe(401);
    const both = await bench.call('GET', `/api/feedback/check?app=${apps[0]}&build=1`, {
      headers: { authorization },
    });
    expect([both.status, both.body.errors[0].code]).toEqual([400, 'FLIGHTDECK.TOKEN_AND_COOKIE']);
    for (const bad of ['fdk_wrong', '', token.slice(0, -1), `${token}x`, token.toUpperCase()]) {
      const answer = await check(bad, `app=${apps[0]}&build=1`);
      expect([answer.status, answer.body.errors[0].code]).toEqual([401, 'FLIGHTDECK.TOKEN']);
    }
    expect((await check(null, `app=${apps[0]}&build=1`)).status).toBe(401);
  });

  it('end when they are revoked and when their time is over', async () => {
    const asked = `app=${apps[0]}&build=${builds[0]?.id}`;
    const { id, token } = (await make({ name: 'Ends' })).body.data;
    expect((await check(token, asked)).status).toBe(200);
    const used = (await bench.call('GET', '/api/tokens')).body.data.find(
      (each: { id: string }) => each.id === id,
    );
    expect(used.lastUsedAt).toBe(new Date(now).toISOString());
    expect((await bench.call('DELETE', `/api/tokens/${id}`)).status).toBe(204);
    expect((await check(token, asked)).status).toBe(401);
    expect((await bench.call('DELETE', `/api/tokens/${id}`)).status).toBe(409);
    const short = (await make({ days: 1 })).body.data.token;
    now += DAY_MS - 1;
    try {
      expect((await check(short, asked)).status).toBe(200);
      now += 1;
      expect((await check(short, asked)).status).toBe(401);
    } finally {
      now -= DAY_MS;
    }
  });

  it('for one app say so for another', async () => {
    const { token } = (await make({ app: { appId: apps[0], accountId: ACCOUNT } })).body.data;
    expect((await check(token, `app=${apps[0]}&build=${builds[0]?.id}`)).status).toBe(200);
    const other = await check(token, `app=${apps[1]}&build=1`);
    expect([other.status, other.body.errors[0].detail]).toEqual([403, 'This token is for another app.']);
  });
});

describe('the check of a build', () => {
  let token: string;
  const asked = async (build: string) =>
    (await check(token, `app=${apps[0]}&build=${encodeURIComponent(build)}`)).body;
  const [newest, older] = [() => builds[0], () => builds[1]];
  const at = now - 1_000;
  const issue = (id: string, more: object = {}) => ({
    ...{ id, accountId: ACCOUNT, appId: apps[0] ?? '', kind: 'crash', title: `Crash ${id}` },
    ...{ createdAt: at, updatedAt: at, ...more },
  });
  const report = (id: string, buildId: string | undefined, issueId: string | null, more: object = {}) => ({
    ...{ accountId: ACCOUNT, id, type: 'betaFeedbackCrashSubmissions', appId: apps[0] ?? '', document: '{}' },
    ...{
      buildId: buildId ?? null,
      issueId,
      logState: issueId ? 'stored' : 'wanted',
      generation: 1,
      fetchedAt: at,
    },
    ...{ createdDate: new Date(now).toISOString(), ...more },
  });
  const put = (issues: readonly object[], reports: readonly object[]) =>
    bench.db.write([
      ...issues.map((row) => bench.db.build.insertInto('issues').values(row as never)),
      ...reports.map((row) => bench.db.build.insertInto('feedback').values(row as never)),
    ]);
  const lookedAt = (completedAt: number) =>
    bench.db.write([
      bench.db.build
        .insertInto('syncScopes')
        .values({ accountId: ACCOUNT, scope: `betaFeedbackCrashSubmissions/${apps[0]}`, completedAt })
        .onConflict((conflict) => conflict.columns(['accountId', 'scope']).doUpdateSet({ completedAt })),
    ]);

  beforeAll(async () => {
    token = (await make()).body.data.token;
  });
  beforeEach(async () => {
    await bench.db.write([bench.db.build.deleteFrom('feedback'), bench.db.build.deleteFrom('issues')]);
    await lookedAt(now);
  });

  it('is clean without crashes, and with those of older builds', async () => {
    expect((await asked(newest()?.id ?? '')).data).toMatchObject({
      verdict: 'clean',
      unreadCount: 0,
      newIssues: [],
    });
    await put([issue('a')], [report('1', newest()?.id, 'a'), report('2', older()?.id, 'a')]);
    expect((await asked(newest()?.id ?? '')).data).toMatchObject({ verdict: 'clean', knownCount: 1 });
    // For the older build the same crash is new: a newer one does not make it old.
    expect((await asked(older()?.id ?? '')).data).toMatchObject({
      verdict: 'new',
      newIssues: [{ id: 'a', title: 'Crash a', reportCount: 1, path: '/issues/a' }],
    });
  });

  it('tells new ones, most reported first, and those that came back', async () => {
    await put(
      [
        issue('a'),
        issue('b'),
        issue('c', { regressedBuildId: newest()?.id }),
        issue('d', { kind: 'report' }),
      ],
      [
        ...[report('1', newest()?.id, 'a'), report('2', newest()?.id, 'b'), report('3', newest()?.id, 'b')],
        ...[report('4', newest()?.id, 'c'), report('5', older()?.id, 'c'), report('6', newest()?.id, 'd')],
      ],
    );
    const { data } = await asked(newest()?.id ?? '');
    expect(data.newIssues.map(({ id }: { id: string }) => id)).toEqual(['b', 'a']);
    expect([data.regressedIssues[0].id, data.knownCount]).toEqual(['c', 1]);
  });

  it('takes a report from before the upload for an older build, though that is not here any more', async () => {
    const before = new Date(Date.parse(newest()?.uploadedDate ?? '') - 1).toISOString();
    await put(
      [issue('a')],
      [report('1', newest()?.id, 'a'), report('2', 'forgotten', 'a', { createdDate: before })],
    );
    expect((await asked(newest()?.id ?? '')).data.verdict).toBe('clean');
  });

  it('does not call clean what is not read', async () => {
    await put([], [report('1', newest()?.id, null)]);
    expect((await asked(newest()?.id ?? '')).data).toMatchObject({ verdict: 'unsure', unreadCount: 1 });
    await bench.db.write([bench.db.build.deleteFrom('feedback')]);
    await lookedAt(now - 2 * 60 * 60_000);
    expect((await asked(newest()?.id ?? '')).data.verdict).toBe('unsure');
  });

  it('knows a build by its id or its version, number and platform, and says when several fit or none', async () => {
    const { trainVersion, version, id } = newest() ?? {};
    expect((await asked(`${trainVersion}/${version}/ios`)).data.buildId).toBe(id);
    expect((await asked('9.9/1/IOS')).errors[0].detail).toContain('no such build');
    expect((await check(token, `app=${apps[0]}`)).status).toBe(400);
    expect((await check(token, 'build=1')).status).toBe(400);
    await bench.db.write([
      bench.db.build
        .insertInto('builds')
        .columns([
          'accountId',
          'id',
          'appId',
          'version',
          'trainVersion',
          'platform',
          'document',
          'generation',
          'fetchedAt',
        ])
        .expression(
          bench.db.build
            .selectFrom('builds')
            .select(({ val }) => [
              'accountId' as const,
              val('twin').as('id'),
              'appId' as const,
              'version' as const,
              'trainVersion' as const,
              val('MAC_OS').as('platform'),
              'document' as const,
              'generation' as const,
              'fetchedAt' as const,
            ])
            .where('id', '=', id ?? ''),
        ),
    ]);
    const several = await check(token, `app=${apps[0]}&build=${trainVersion}/${version}`);
    expect([several.status, several.body.errors[0].code]).toEqual([409, 'FLIGHTDECK.SEVERAL_BUILDS']);
    expect((await asked(`${trainVersion}/${version}/IOS`)).data.buildId).toBe(id);
  });
});
