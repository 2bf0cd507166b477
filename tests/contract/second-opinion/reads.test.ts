import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allOperations,
  isPaged,
  isWrite,
  methodOf,
  type OperationAddress,
  pathOf,
} from '@/lib/asc/operations';
import { isMirrorType } from '@/lib/mirror/query/facts';
import { type Bench, lenientBench } from './bench';

let bench: Bench;
beforeAll(async () => {
  bench = await lenientBench({ cursorName: 'page[after]', pageCap: 100, empty: 'unstated', isGzipped: true });
  await bench.sync();
});
afterAll(() => bench.close());

const IDS: Readonly<Record<string, string>> = {
  apps: '1001',
  betaGroups: 'press',
  betaTesters: 'tester-20',
  builds: 'build-2',
  preReleaseVersions: 'train-1',
  buildBetaDetails: 'build-2',
  betaAppReviewSubmissions: 'build-2',
  betaBuildLocalizations: 'text-2',
  betaRecruitmentCriteria: 'criteria-1',
  betaFeedbackCrashSubmissions: 'crash-1',
  betaFeedbackScreenshotSubmissions: 'shot-1',
};

/** What some reads insist on. */
function neededQuery({ type, operation, name = '' }: OperationAddress): string {
  if (operation === 'list' && type === 'betaAppReviewDetails') return '?filter[app]=1001';
  if (operation === 'metrics' && type === 'betaTesters') return '?filter[apps]=1001';
  if (operation === 'metrics' && name === 'betaTesterUsages') return '?groupBy=betaTesters&period=P30D';
  return '';
}

const READS = allOperations()
  .filter(({ operation }) => !isWrite(operation))
  .map((address) => ({ address, name: `${methodOf(address.operation)} ${pathOf(address, '{id}')}` }));

describe('reads through the product', () => {
  it.each(READS)('$name is answered', async ({ address }) => {
    const path = pathOf(address, IDS[address.type] ?? 'some-id');
    const answer = await bench.call('GET', `/api${path}${neededQuery(address)}`);
    expect([path, answer.status, answer.body.errors]).toEqual([path, 200, undefined]);
    if (address.operation === 'report') expect(answer.body.meta.report).toEqual({ version: '1.0' });
    else if (isPaged(address)) expect(Array.isArray(answer.body.data)).toBe(true);
    else if (isMirrorType(address.type) && address.operation === 'get') {
      expect(answer.body.data).toMatchObject({ type: address.type, id: IDS[address.type] });
    }
  });

  it('asks Apple for nothing that is not published', () => {
    expect(bench.apple.problems()).toEqual([]);
    expect(bench.apple.requests.length).toBeGreaterThan(READS.length / 2);
  });
});

describe('pages whose cursor has another name', () => {
  const pages = async (address: string) => {
    const seen: string[] = [];
    let next: string | undefined = address;
    for (let page = 0; next !== undefined && page < 20; page += 1) {
      const { body } = await bench.call('GET', next);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      next = body.links.next;
    }
    return seen;
  };

  it('are followed to their end', async () => {
    const seen = await pages('/api/v1/betaGroups/press/relationships/betaTesters?limit=25');
    expect([seen.length, new Set(seen).size]).toEqual([60, 60]);
  });

  it('take nothing along that was not checked', async () => {
    const cursor = `p~${Buffer.from('include=betaGroups&filter[id]=x&page[after]=MjU=').toString('base64url')}`;
    await bench.call('GET', `/api/v1/betaGroups/press/relationships/betaTesters?limit=25&cursor=${cursor}`);
    expect(decodeURIComponent(bench.apple.requests.at(-1)?.url ?? '')).toBe(
      '/v1/betaGroups/press/relationships/betaTesters?limit=25&page[after]=MjU=',
    );
  });
});

it('shows what it does not know and stands what is missing', async () => {
  const overview = await bench.call('GET', '/api/overview');
  expect(overview.status).toBe(200);
  const builds = await bench.call('GET', '/api/v1/builds?filter[app]=1001&sort=-uploadedDate');
  expect(builds.body.data.map(({ id }: { id: string }) => id)).toEqual(
    [6, 5, 4, 3, 2, 1].map((n) => `build-${n}`),
  );
  // 09:30 in California: dates are ordered by the instant, and shown as Apple wrote them.
  expect(builds.body.data[0].attributes.uploadedDate).toBe('2026-01-06T09:30:00-08:00');
  const links = await bench.call('GET', '/api/programme/links/press');
  expect([links.status, JSON.stringify(links.body)]).toEqual([
    200,
    expect.stringContaining('"viewCount":40'),
  ]);
  const found = await bench.call('GET', '/api/search?q=person20');
  expect(JSON.stringify(found.body)).toContain('tester-20');
});
