import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api } from '@/lib/browser/api';
import { changesInLine } from '@/lib/browser/line';

const answers: Response[] = [];
let asked = 0;
beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  vi.stubGlobal('fetch', async () => {
    asked += 1;
    return answers.shift();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  answers.length = 0;
});

const refusal = (kind: string, seconds: number) =>
  new Response(JSON.stringify({ errors: [{ status: '429', detail: 'Later.', meta: { kind } }] }), {
    status: 429,
    headers: { 'retry-after': String(seconds) },
  });
const done = () => new Response('{"data":1}', { status: 200 });

it('a change that App Store Connect’s limit holds back stands in line and is sent at its time', async () => {
  answers.push(refusal('rate_limited', 40), done());
  const change = api('/api/v1/betaGroups/1', { method: 'PATCH', body: {} });
  await vi.advanceTimersByTimeAsync(39_000);
  expect([asked, changesInLine().length]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await change).toEqual({ data: 1 });
  expect([asked, changesInLine().length]).toEqual([2, 0]);
});

it.each([
  ['one of our own limits', 'PATCH', 'ours', 40],
  ['a wait of an hour', 'PATCH', 'rate_limited', 3600],
  ['a read', 'GET', 'rate_limited', 40],
] as const)('%s is told at once', async (_what, method, kind, seconds) => {
  answers.push(refusal(kind, seconds));
  await expect(api('/api/x', { method })).rejects.toMatchObject({ status: 429 });
  expect([asked, changesInLine().length]).toEqual([1, 0]);
});
