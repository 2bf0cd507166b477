import { afterEach, describe, expect, it } from 'vitest';
import type { LenientOptions } from '@/tests/factories/lenient-apple';
import { problemsOf } from '@/tests/factories/lenient-apple-judge';
import { CROWD, SHARED, TESTERS } from '@/tests/factories/lenient-apple-programme';
import { type Bench, lenientBench } from './bench';

let bench: Bench;
const open = async (options?: LenientOptions) => {
  bench = await lenientBench(options);
};
afterEach(() => bench.close());

const GROUPS = 4 + CROWD;
const ids = async (sql: string) => (await bench.db.query<{ id: string }>(sql)).map(({ id }) => id);
const membersOf = async (group: string) =>
  (
    await bench.db.query<{ n: number }>('SELECT COUNT(*) AS n FROM betaGroupTesters WHERE groupId = ?', [
      group,
    ])
  )[0]?.n;
const countOf = async (group: string) =>
  (await bench.call('GET', `/api/v1/betaGroups/${group}`)).body.data.meta.testerCount;

const VARIANTS: [string, LenientOptions][] = [
  ['without totals, and unset values left out', {}],
  ['without totals, with empty relationships unstated', { empty: 'unstated', unset: 'null' }],
  ['in pages of 100, with a cursor of another name', { pageCap: 100, cursorName: 'page[after]' }],
  ['with totals and minute figures', { totals: true, rateLimit: 'user-minute-lim:300;user-minute-rem:299;' }],
  [
    'that repeats rows on the next page, and ends on an empty one',
    { pageCap: 40, overlap: 3, endsEmpty: true },
  ],
  ['whose next page is a path', { pageCap: 40, next: 'path', totals: true }],
  ['whose next page is a mere query', { pageCap: 40, next: 'query' }],
  ['whose next page bears the name of Apple', { pageCap: 40, next: 'apple' }],
  ['that includes apps but not whose they are', { mute: ['betaGroups.app', 'builds.app'] }],
  ['packed, in pieces, on connections that close', { isGzipped: true, closes: true, trickles: true }],
];

describe.each(VARIANTS)('an App Store Connect %s', (_name, options) => {
  it('is mirrored whole, twice, with requests that Apple publishes', async () => {
    await open(options);
    for (const mode of ['full', 'full', 'incremental'] as const) {
      const result = await bench.sync(mode);
      expect(result).toMatchObject({ status: 'succeeded', mode, error: null });
      expect({
        apps: await bench.count('apps'),
        groups: await bench.count('betaGroups'),
        builds: await bench.count('builds'),
        trains: await bench.count('preReleaseVersions'),
        texts: await bench.count('betaBuildLocalizations'),
        reviews: await bench.count('builds', 'betaReviewState IS NOT NULL'),
        first: await bench.count('betaTesters', `appId = '1001'`),
        second: await bench.count('betaTesters', `appId = '1002'`),
        feedback: await bench.count('feedback'),
        events: await bench.count('testerEvents'),
      }).toEqual({
        apps: 2,
        groups: GROUPS,
        builds: 8,
        trains: 2,
        texts: 8,
        reviews: 4,
        first: TESTERS,
        second: 30,
        feedback: 5,
        events: 0,
      });
      expect([
        await membersOf('team'),
        await membersOf('friends'),
        await membersOf('press'),
        await membersOf('readers'),
      ]).toEqual([10, 190, 60, 30]);
      // One tester is in more groups than an answer inlines.
      expect(await bench.count('betaGroupTesters', `testerId = 'tester-260'`)).toBe(CROWD + 1);
      expect(await bench.count('buildTesters')).toBe(1);
      expect(await bench.count('buildGroups')).toBe(5);
      expect(await bench.count('betaGroups', 'criteria IS NOT NULL')).toBe(1);
    }
    expect(await countOf('friends')).toBe(190);
    expect(await countOf('crowd-3')).toBe(1);
    expect(bench.apple.problems()).toEqual([]);
  });
});

it('finds states it does not know, devices, and testers who have one id in two apps', async () => {
  await open();
  await bench.sync();
  const shared = await ids(`SELECT id FROM betaTesters WHERE appId = '1002' AND id LIKE 'tester-%'`);
  expect(shared).toHaveLength(SHARED);
  const odd = await bench.call('GET', '/api/v1/betaTesters?filter[apps]=1001&filter[state]=PAUSED');
  expect(odd.body.data).toMatchObject([{ id: 'tester-30', attributes: { state: 'PAUSED' } }]);
  const build = await bench.call('GET', '/api/v1/builds/build-2?include=buildBetaDetail');
  expect(build.body.data.meta.externalBuildState).toBe('IN_SECOND_REVIEW');
  expect(build.body.data.attributes).toMatchObject({ qcState: 'PASSED', unheardOf: { of: ['nobody'] } });
  const nobody = await bench.call('GET', '/api/v1/betaFeedbackScreenshotSubmissions?filter[app]=1001');
  expect(nobody.body.data).toHaveLength(3);
});

it('removes what is gone, and only that, although nothing is counted', async () => {
  await open({ pageCap: 100 });
  await bench.sync();
  const { apple } = bench.apple;
  apple.remove('betaTesters', 'tester-11');
  const left = apple.get('betaTesters', 'tester-12');
  if (left) apple.unlink(left, 'betaGroups', ['friends']);
  apple.remove('builds', 'build-3');
  apple.remove('betaGroups', 'crowd-1');
  apple.remove('betaRecruitmentCriteria', 'criteria-1');
  await bench.sync();
  expect(await ids(`SELECT id FROM betaTesters WHERE id IN ('tester-11', 'tester-12')`)).not.toContain(
    'tester-11',
  );
  expect(await bench.count('betaTesters', `appId = '1001'`)).toBe(TESTERS - 1);
  expect(await membersOf('friends')).toBe(188);
  expect(await countOf('friends')).toBe(188);
  expect(await bench.count('builds')).toBe(7);
  expect(await bench.count('betaGroups')).toBe(GROUPS - 1);
  expect(await bench.count('betaGroups', 'criteria IS NOT NULL')).toBe(0);
  expect(await bench.db.query('SELECT testerId, kind FROM testerEvents')).toEqual(
    expect.arrayContaining([{ testerId: 'tester-11', kind: 'left' }]),
  );
});

it('removes emptied relationships even where they are left unstated', async () => {
  await open({ empty: 'unstated' });
  await bench.sync();
  const { apple } = bench.apple;
  apple.remove('betaRecruitmentCriteria', 'criteria-1');
  const tester = apple.get('betaTesters', 'tester-20');
  if (tester) apple.unlink(tester, 'betaGroups', ['friends']);
  await bench.sync();
  expect(await bench.count('betaGroups', 'criteria IS NOT NULL')).toBe(0);
  expect(await bench.count('betaGroupTesters', `testerId = 'tester-20'`)).toBe(0);
});

it('notices new members in an incremental sync although groups tell no sizes', async () => {
  await open();
  await bench.sync();
  const { apple } = bench.apple;
  apple.make(
    'betaTesters',
    { email: 'late@example.com', state: 'INVITED' },
    { apps: ['1002'], betaGroups: ['readers'] },
  );
  // The testers of an app are not read again and again: half an hour later they are.
  await bench.db.write([
    {
      sql: 'UPDATE syncScopes SET completedAt = completedAt - 1900000, startedAt = startedAt - 1900000',
      params: [],
    },
  ]);
  await bench.sync('incremental');
  expect(await bench.count('betaTesters', `appId = '1002'`)).toBe(31);
  expect(await countOf('readers')).toBe(31);
});

it('gets past a proxy that answers in HTML', async () => {
  await open();
  let refused = 0;
  bench.apple.fault = ({ url }) => {
    if (!url.startsWith('/v1/betaTesters') || refused >= 2) return undefined;
    refused += 1;
    return 'html';
  };
  expect(await bench.sync()).toMatchObject({ status: 'succeeded' });
  expect(refused).toBe(2);
  expect(await bench.count('betaTesters')).toBe(TESTERS + 30);
});

it('is judged by somebody who can say no', async () => {
  await open();
  expect(
    problemsOf({ method: 'GET', url: '/v1/betaGroups?filter[nick]=x&limit=500&sort=state&limit=1' }),
  ).toHaveLength(4);
  expect(problemsOf({ method: 'GET', url: '/v1/nothing' })).toHaveLength(1);
  expect(problemsOf({ method: 'PUT', url: '/v1/betaGroups/g' })).toHaveLength(1);
  expect(problemsOf({ method: 'DELETE', url: '/v1/betaGroups/g', body: {} })).toHaveLength(1);
  expect(problemsOf({ method: 'POST', url: '/v1/betaGroups' })).toHaveLength(1);
  const data = { type: 'betaGroups', id: 'other', attributes: { isInternalGroup: true } };
  expect(problemsOf({ method: 'PATCH', url: '/v1/betaGroups/g', body: { data } })).toHaveLength(2);
});
