import { QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/lib/browser/api';
import { makeQueryClient } from '@/lib/browser/client';
import { isServerAway, noteAnswer, subscribeToReach } from '@/lib/browser/reach';
import { subscribeToReturn } from '@/lib/browser/session-over';

const nothing = async () => {
  throw new TypeError('Failed to fetch');
};
const gateway = async () => new Response('<html>Bad gateway</html>', { status: 502 });
const ours = async (path: string) =>
  Response.json(path === '/api/health/live' ? { status: 'live' } : { data: 1 });
const refusing = async (path: string) =>
  path === '/api/health/live' ? ours(path) : Response.json({ errors: [{ code: 'X' }] }, { status: 503 });

beforeEach(() => {
  // Other files of the same process may have met silence last.
  noteAnswer();
  vi.useFakeTimers();
});
afterEach(() => {
  noteAnswer();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

describe('whether the server answers', () => {
  it.each([
    ['no answer', nothing],
    ["a proxy's answer", gateway],
  ])('%s twice is an absence, and the next answer ends it by itself', async (_name, silent) => {
    const seen: boolean[] = [];
    const stop = subscribeToReach(() => seen.push(isServerAway()));
    vi.stubGlobal('fetch', silent);
    await expect(api('/api/x')).rejects.toThrow();
    await settle();
    expect(isServerAway()).toBe(true);
    vi.stubGlobal('fetch', ours);
    await settle(3_000);
    expect(seen).toEqual([true, false]);
    stop();
  });

  it('one request that broke, or a refusal, is none', async () => {
    vi.stubGlobal('fetch', (path: string) => (path === '/api/x' ? nothing() : ours(path)));
    await expect(api('/api/x')).rejects.toThrow();
    await settle();
    expect(isServerAway()).toBe(false);
    vi.stubGlobal('fetch', refusing);
    await expect(api('/api/x')).rejects.toThrow();
    await settle();
    expect(isServerAway()).toBe(false);
  });

  it('a line that swallows everything is one, although no request ever fails', async () => {
    vi.stubGlobal(
      'fetch',
      (_path: string, { signal }: { signal?: AbortSignal } = {}) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    vi.stubGlobal('AbortSignal', { timeout: timeoutByTheFakeClock });
    void api('/api/x').catch(() => undefined);
    await settle(9_000);
    expect(isServerAway()).toBe(false);
    await settle(12_000);
    expect(isServerAway()).toBe(true);
  });

  it('never claims of a change that it was not made', async () => {
    vi.stubGlobal('fetch', nothing);
    await expect(api('/api/x')).rejects.toThrow('Nothing was changed');
    await expect(api('/api/x', { method: 'POST', body: {} })).rejects.toThrow('is not known');
    vi.stubGlobal('navigator', { onLine: false });
    await expect(api('/api/x', { method: 'POST', body: {} })).rejects.toThrow('Nothing was changed');
  });
});

describe('what is shown', () => {
  it('stays while the server is away, and is asked for until there is an answer', async () => {
    const client = makeQueryClient({});
    vi.stubGlobal('fetch', ours);
    const observer = new QueryObserver(client, {
      queryKey: ['own', 'me', ''],
      queryFn: () => api<{ data: number }>('/api/x'),
    });
    const stop = observer.subscribe(() => undefined);
    await settle();
    expect(observer.getCurrentResult().data).toEqual({ data: 1 });
    vi.stubGlobal('fetch', nothing);
    void client.invalidateQueries();
    await settle(60_000);
    expect(observer.getCurrentResult()).toMatchObject({ isError: false, data: { data: 1 } });
    vi.stubGlobal('fetch', async () => Response.json({ data: 2 }));
    await settle(2_000);
    expect(observer.getCurrentResult().data).toEqual({ data: 2 });
    stop();
  });
});

function timeoutByTheFakeClock(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('timed out')), ms);
  return controller.signal;
}

it('a refusal for want of a session, and then an answer: somebody is signed in again', async () => {
  const returned = vi.fn();
  const stop = subscribeToReturn(returned);
  const over = { errors: [{ code: 'FLIGHTDECK.SIGNED_OUT' }] };
  vi.stubGlobal('fetch', async () => Response.json(over, { status: 401 }));
  await expect(api('/api/x')).rejects.toThrow();
  await expect(api('/api/x')).rejects.toThrow();
  expect(returned).not.toHaveBeenCalled();
  vi.stubGlobal('fetch', ours);
  await api('/api/x');
  await api('/api/x');
  expect(returned).toHaveBeenCalledOnce();
  stop();
});
