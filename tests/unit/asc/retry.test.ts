import { describe, expect, it, vi } from 'vitest';
import { isAscError } from '@/lib/asc/errors';
import type { Lane } from '@/lib/asc/transport/types';
import { appleError, emptyList, errorOf, json, settle, withApple } from './fake-apple';

/** Also on a machine that has others to serve. */
const SOON = { timeout: 15_000 };

const created = () => json({ data: { type: 'betaGroups', id: '1' } }, 201);
const dropped = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }));
const refusedConnection = () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  return Promise.reject(new TypeError('fetch failed', { cause }));
};
const GROUP = {
  attributes: { name: 'A' },
  relationships: { app: { data: { type: 'apps', id: '1' } } },
} as const;

describe('429 (R4)', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['absent, hour remainder high', { 'x-rate-limit': 'user-hour-lim:3500;user-hour-rem:3000;' }, 60_000],
    [
      'an HTTP date',
      { 'retry-after': 'Tue, 03 Feb 2026 04:05:36 GMT', date: 'Tue, 03 Feb 2026 04:05:06 GMT' },
      30_000,
    ],
  ])('with Retry-After %s: nothing before the deadline, then it goes on', async (_name, headers, wait) => {
    const { client, clock, requests } = withApple(
      (_request, nth) => (nth === 1 ? json({ errors: [] }, 429, headers) : emptyList()),
      { lane: 'sync' },
    );
    const start = clock.now();
    const list = client.list('apps');
    await vi.waitFor(() => expect(requests).toHaveLength(1), SOON);
    await clock.advance(wait - 1);
    expect(requests).toHaveLength(1);
    await clock.advance(251);
    expect(requests).toHaveLength(2);
    expect((requests[1]?.at ?? 0) - start).toBeGreaterThanOrEqual(wait);
    expect((await list).attempts).toBe(2);
  });

  const past = { date: 'Tue, 03 Feb 2026 04:05:06 GMT', 'retry-after': 'Tue, 03 Feb 2026 04:05:00 GMT' };
  it.each([
    ['of no seconds', { 'retry-after': '0' }],
    ['in the past', past],
  ])('with a Retry-After %s: waits a second, and twice as long for each that follows', async (_, headers) => {
    const { client, clock, requests } = withApple(
      (_request, nth) => (nth % 5 === 0 ? emptyList() : json({}, 429, headers)),
      { lane: 'sync' },
    );
    for (const from of [0, 5]) {
      expect(await settle(client.list('apps'), clock, 60_000)).toMatchObject({ status: 'fulfilled' });
      const times = requests.slice(from, from + 5).map(({ at }) => at);
      const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    }
  });

  it('tells whoever does not wait until when nothing leaves', async () => {
    const { client, clock } = withApple(() => json({}, 429, { 'retry-after': '0' }));
    expect(await errorOf(client.list('apps', {}, { maxWaitMs: 500 }))).toMatchObject({
      retryAt: clock.now() + 1_000,
    });
  });

  it('repeats a POST too, since a refused request was not carried out', async () => {
    const { client, clock, requests } = withApple(
      (_request, nth) => (nth === 1 ? json({}, 429, { 'retry-after': '2' }) : created()),
      { lane: 'write' },
    );
    const result = await settle(client.create('betaGroups', GROUP), clock, 3_000);
    expect(result.status).toBe('fulfilled');
    expect(requests).toHaveLength(2);
  });

  it('does not keep a person waiting: it says when to return', async () => {
    const { client, clock } = withApple(() => appleError(429, 'RATE_LIMIT_EXCEEDED', 'Slow down.'));
    const error = await errorOf(client.list('apps'));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAt: clock.now() + 60_000 });
  });

  it('keeps all callers of the key waiting, and sends one at a time afterwards', async () => {
    const { client, clock, requests } = withApple(
      (_request, nth) => (nth <= 6 ? json({}, 429, { 'retry-after': '7' }) : emptyList()),
      { lane: 'sync' },
    );
    const all = Promise.all(Array.from({ length: 30 }, () => client.list('apps')));
    await vi.waitFor(() => expect(requests).toHaveLength(6), SOON);
    await clock.advance(6_999);
    const early = requests.length;
    expect(early).toBe(6);
    await clock.advance(60_000);
    await all;
    expect(requests).toHaveLength(36);
  });
});

describe('failures of the servers or the connection', () => {
  it.each([
    ['500', () => appleError(500, 'UNEXPECTED_ERROR')],
    ['an HTML 502', () => new Response('<html>Bad gateway</html>', { status: 502 })],
    ['a dropped connection', dropped],
  ])('repeat a read after %s', async (_name, fail) => {
    const { client, clock, requests } = withApple((_request, nth) => (nth === 1 ? fail() : emptyList()));
    const result = await settle(client.list('apps'), clock, 5_000);
    expect(result).toMatchObject({ status: 'fulfilled', value: { attempts: 2 } });
    expect(requests).toHaveLength(2);
  });

  it('give up after three attempts and say where', async () => {
    const { client, clock, requests } = withApple(() => appleError(502, 'UNEXPECTED_ERROR'));
    const result = await settle(client.list('apps'), clock, 60_000);
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { kind: 'server', status: 502, method: 'GET', path: '/v1/apps', attempts: 3 },
    });
    expect(requests).toHaveLength(3);
  });

  it.each([
    ['500', () => appleError(500, 'UNEXPECTED_ERROR'), 500],
    ['504', () => new Response('', { status: 504 }), 504],
    ['a dropped connection', dropped, undefined],
  ])('never repeat a POST after %s: its outcome is unknown', async (_name, fail, status) => {
    const { client, clock, requests } = withApple(fail);
    const result = await settle(client.create('betaGroups', GROUP), clock, 120_000);
    expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'outcome_unknown', status } });
    expect(requests).toHaveLength(1);
  });

  it('never repeat adding a linkage, which is a POST as well', async () => {
    const { client, clock, requests } = withApple(dropped);
    const result = await settle(client.addLinkage('betaGroups', '1', 'betaTesters', ['2']), clock, 9_000);
    expect(result).toMatchObject({ reason: { kind: 'outcome_unknown' } });
    expect(requests).toHaveLength(1);
  });

  it('do not call the outcome of a POST unknown when no connection was made', async () => {
    const { client, clock } = withApple(refusedConnection);
    const result = await settle(client.create('betaGroups', GROUP), clock, 9_000);
    expect(result).toMatchObject({ reason: { kind: 'network', isUnsent: true } });
  });

  it('repeat PATCH and DELETE where the catalogue says idempotent', async () => {
    const { client, clock, requests } = withApple((_request, nth) =>
      nth === 1 ? new Response('', { status: 503 }) : json({ data: { type: 'betaGroups', id: '1' } }),
    );
    const result = await settle(
      client.update('betaGroups', '1', { attributes: { name: 'B' } }),
      clock,
      9_000,
    );
    expect(result).toMatchObject({ status: 'fulfilled', value: { attempts: 2 } });
    expect(requests[1]?.body).toBe('{"data":{"type":"betaGroups","id":"1","attributes":{"name":"B"}}}');
  });

  it('do not repeat a PATCH that is not', async () => {
    const { client, clock, requests } = withApple(() => new Response('', { status: 503 }));
    const commit = client.update('appEncryptionDeclarationDocuments', '1', {
      attributes: { uploaded: true },
    });
    const result = await settle(commit, clock, 9_000);
    expect(result).toMatchObject({ reason: { kind: 'outcome_unknown' } });
    expect(requests).toHaveLength(1);
  });

  it('call the outcome of a DELETE unknown when repeats run out, or find gone what a lost attempt may have deleted', async () => {
    const lost = withApple(dropped);
    const result = await settle(lost.client.delete('betaGroups', '1'), lost.clock, 60_000);
    expect(result).toMatchObject({ reason: { kind: 'outcome_unknown', attempts: 3 } });
    const gone = withApple((_request, nth) => (nth === 1 ? dropped() : appleError(404, 'NOT_FOUND')));
    const second = await settle(gone.client.delete('betaGroups', '1'), gone.clock, 60_000);
    expect(second).toMatchObject({ reason: { kind: 'outcome_unknown', status: 404, attempts: 2 } });
    const never = withApple(() => appleError(404, 'NOT_FOUND'));
    const third = await settle(never.client.delete('betaGroups', '1'), never.clock, 60_000);
    expect(third).toMatchObject({ reason: { kind: 'not_found', attempts: 1 } });
  });

  it('do not repeat what Apple understood and refused', async () => {
    const { client, requests } = withApple(() =>
      appleError(409, 'STATE_ERROR', 'Auto-notify already enabled'),
    );
    const error = await errorOf(
      client.create('buildBetaNotifications', {
        relationships: { build: { data: { type: 'builds', id: '1' } } },
      }),
    );
    expect(error).toMatchObject({ kind: 'conflict', message: 'No. Auto-notify already enabled' });
    expect(isAscError(error) && error.hasCode('STATE_ERROR')).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('count a write that was answered 2xx but unreadably as unknown, not as failed', async () => {
    const { client } = withApple(() => new Response('{"data":', { status: 201 }));
    expect(await errorOf(client.create('betaGroups', GROUP))).toMatchObject({
      kind: 'outcome_unknown',
      status: 201,
    });
  });
});

describe('an outage (R6)', () => {
  it('costs at most 1.2 requests per intent, and is over within a minute of its end', async () => {
    let isDown = true;
    const { client, clock, requests } = withApple(() =>
      isDown ? appleError(500, 'UNEXPECTED_ERROR') : emptyList(),
    );
    let intents = 0;
    const kinds = new Set<string>();
    for (let second = 0; second < 300; second += 5) {
      intents++;
      const result = await settle(client.list('apps'), clock, 5_000);
      if (result.status === 'rejected' && isAscError(result.reason)) kinds.add(result.reason.kind);
    }
    expect(requests.length / intents).toBeLessThanOrEqual(1.2);
    expect([...kinds].sort()).toEqual(['breaker_open', 'server']);
    isDown = false;
    const end = clock.now();
    for (;;) {
      const result = await settle(client.list('apps'), clock, 1_000);
      if (result.status === 'fulfilled') break;
      expect(clock.now() - end).toBeLessThanOrEqual(60_000);
    }
  });

  it('says when to try again while the breaker is open, and lets one request try', async () => {
    const { client, clock, requests } = withApple(() => appleError(500, 'UNEXPECTED_ERROR'));
    for (let i = 0; i < 6; i++) await settle(client.list('apps'), clock, 2_000);
    const before = requests.length;
    const shut = await errorOf(client.list('apps'));
    expect(shut).toMatchObject({ kind: 'breaker_open' });
    expect(requests).toHaveLength(before);
    await clock.advance(30_000);
    const results = await settle(Promise.allSettled([client.list('apps'), client.list('apps')]), clock, 10);
    expect(results.status).toBe('fulfilled');
    expect(requests).toHaveLength(before + 1);
  });
});

describe('while one request tries whether it is over', () => {
  /** The breaker is open, its pause is over, and one request is under way; gives what answers that one. */
  async function trying(lane: Lane) {
    let answer = (_: Response | Promise<never>) => {};
    let next: 'failure' | 'nothing' | 'list' = 'failure';
    const bench = withApple(
      () => {
        if (next === 'failure') return appleError(500, 'UNEXPECTED_ERROR');
        if (next === 'list') return emptyList();
        next = 'list';
        return new Promise<Response>((done) => {
          answer = done;
        });
      },
      { lane },
    );
    const { client, clock, requests } = bench;
    for (let i = 0; i < 6; i++) await settle(client.list('apps'), clock, 2_000);
    await clock.advance(30_000);
    next = 'nothing';
    const before = requests.length;
    const stop = new AbortController();
    const first = client.list('apps', {}, { signal: stop.signal });
    await vi.waitFor(() => expect(requests).toHaveLength(before + 1), SOON);
    return {
      ...{ client, clock, first, stop },
      sent: () => requests.length - before,
      answer: (it: Response | Promise<never>) => answer(it),
    };
  }

  it('a sync waits for what becomes of it, and goes on when it is well', async () => {
    const { client, clock, first, sent, answer } = await trying('sync');
    const others = Promise.all([client.list('apps'), client.list('builds')]);
    await clock.advance(20_000);
    expect(sent()).toBe(1);
    answer(emptyList());
    await first;
    expect(await others).toHaveLength(2);
    expect(sent()).toBe(3);
  });

  it('and is refused when it is not', async () => {
    const { client, clock, first, sent, answer } = await trying('sync');
    const other = errorOf(client.list('builds'));
    await clock.advance(20_000);
    answer(appleError(500, 'UNEXPECTED_ERROR'));
    expect(await errorOf(first)).toMatchObject({ kind: 'server' });
    expect(await other).toMatchObject({ kind: 'breaker_open', after: 'server' });
    expect(sent()).toBe(1);
  });

  it('tries itself when that one is given up', async () => {
    const { client, first, stop, sent, answer } = await trying('sync');
    const gone = errorOf(first);
    const other = client.list('builds');
    stop.abort();
    answer(Promise.reject(new Error('aborted')));
    expect(await gone).toMatchObject({ kind: 'aborted' });
    await other;
    expect(sent()).toBe(2);
  });

  it('a person waits for a moment only', async () => {
    const { client, clock, first, answer } = await trying('interactive');
    const other = errorOf(client.list('builds'));
    await clock.advance(1_600);
    expect(await other).toMatchObject({ kind: 'breaker_open' });
    answer(emptyList());
    await first;
  });
});
