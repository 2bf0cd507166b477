import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followStream, type LiveEvent } from '@/lib/browser/live';
import { subscribeToReturn } from '@/lib/browser/session-over';

/** A stream as a browser holds it, moved by the test. */
class FakeSource extends EventTarget {
  static readonly opened: FakeSource[] = [];
  isClosed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  say(name: string, data: object = {}) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
  close() {
    this.isClosed = true;
  }
}
const SERVED_AT = 1_000_000;
let going: AbortController;
let told: LiveEvent[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('navigator', {});
  FakeSource.opened.length = 0;
  going = new AbortController();
  told = [];
  followStream((event) => void told.push(event), SERVED_AT, going.signal);
});
afterEach(() => {
  going.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const newest = () => FakeSource.opened.at(-1) as FakeSource;
const since = () => Number(new URL(newest().url, 'http://x').searchParams.get('since'));

it('asks for what changed since its page was made, and passes on what it hears', () => {
  expect(since()).toBe(SERVED_AT);
  newest().say('ready', { at: SERVED_AT + 500 });
  newest().say('change', { topic: 'mirror', ids: ['builds'] });
  newest().say('gap');
  expect(told).toEqual([{ kind: 'change', topic: 'mirror', ids: ['builds'] }, { kind: 'gap' }]);
});

it('comes again after a break, and asks from where it had heard everything, by the server’s clock', async () => {
  newest().say('ready', { at: SERVED_AT + 500 });
  newest().say('error');
  expect(newest().isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSource.opened).toHaveLength(2);
  expect(since()).toBe(SERVED_AT + 500);
  newest().say('ready', { at: SERVED_AT + 6_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  newest().say('change', { topic: 'jobs', ids: ['j1'] });
  newest().say('error');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(since()).toBe(SERVED_AT + 66_000);
  expect(told).toHaveLength(1);
});

it('keeps asking from the page’s own time while no stream has come about', async () => {
  newest().say('error');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSource.opened).toHaveLength(2);
  expect(since()).toBe(SERVED_AT);
});

it('waits while the session is over, and has everything asked again once somebody is signed in', async () => {
  const returned = vi.fn();
  const stop = subscribeToReturn(returned);
  newest().say('ready', { at: SERVED_AT + 500 });
  newest().say('over');
  await vi.advanceTimersByTimeAsync(50_000);
  expect(FakeSource.opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(FakeSource.opened).toHaveLength(2);
  expect(since()).toBe(SERVED_AT + 500);
  // Still nobody.
  newest().say('error');
  expect(returned).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5_000);
  newest().say('ready', { at: SERVED_AT + 70_000 });
  expect(returned).toHaveBeenCalledOnce();
  newest().say('ready', { at: SERVED_AT + 70_001 });
  expect(returned).toHaveBeenCalledOnce();
  stop();
});
