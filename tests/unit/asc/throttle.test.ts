import { describe, expect, it } from 'vitest';
import { createThrottle } from '@/lib/asc/transport/throttle';
import type { Lane } from '@/lib/asc/transport/types';
import { manualClock } from '../../factories/clock';
import { errorOf } from './fake-apple';

function setUp() {
  const clock = manualClock();
  const throttle = createThrottle({
    clock: clock.now,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    random: () => 0.5,
  });
  const sent: { lane: Lane; at: number }[] = [];
  const state = { inFlight: 0, most: 0 };
  /** One request that takes `ms` and is answered well. */
  const request = async (lane: Lane, ms = 100, maxWaitMs = Number.POSITIVE_INFINITY) => {
    const release = await throttle.acquire({ lane, maxWaitMs });
    sent.push({ lane, at: clock.now() });
    state.most = Math.max(state.most, ++state.inFlight);
    await clock.sleep(ms);
    state.inFlight--;
    throttle.accept();
    release();
  };
  const many = (count: number, lane: Lane, ms?: number) =>
    Promise.all(Array.from({ length: count }, () => request(lane, ms)));
  return { clock, throttle, sent, state, request, many, start: clock.now() };
}

describe('the queue', () => {
  it('sends at most six sync requests at a time and one write', async () => {
    const { clock, many, state, sent } = setUp();
    const reads = many(20, 'sync');
    await clock.advance(0);
    expect(state.most).toBe(6);
    await clock.advance(1_000);
    await reads;
    const writes = many(5, 'write', 100);
    await clock.advance(1_000);
    await writes;
    const times = sent.filter(({ lane }) => lane === 'write').map(({ at }) => at);
    expect(new Set(times).size).toBe(5);
  });

  it('lets people go first, then writes, then sync', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.refuse(start + 5_000);
    const all = [many(3, 'sync'), many(2, 'write'), many(3, 'interactive')];
    await clock.advance(20_000);
    await Promise.all(all);
    const lanes = sent.map(({ lane }) => lane);
    expect(lanes.slice(0, 3)).toEqual(['interactive', 'interactive', 'interactive']);
    expect(lanes.indexOf('write')).toBeLessThan(lanes.indexOf('sync'));
  });

  it('does not let 30 who waited out a 429 burst: one goes, and more only as answers come', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.refuse(start + 7_000);
    const all = many(30, 'sync');
    await clock.advance(6_999);
    expect(sent).toHaveLength(0);
    await clock.advance(1);
    expect(sent).toHaveLength(1);
    await clock.advance(100);
    expect(sent.length).toBeLessThanOrEqual(3);
    await clock.advance(60_000);
    await all;
    expect(sent).toHaveLength(30);
  });

  it('re-checks after waking: a second 429 meanwhile keeps everybody waiting', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.refuse(start + 5_000);
    const all = many(3, 'sync');
    await clock.advance(4_000);
    throttle.refuse(start + 20_000);
    await clock.advance(15_999);
    expect(sent).toHaveLength(0);
    await clock.advance(10_000);
    await all;
    expect(sent[0]?.at).toBe(start + 20_000);
  });

  it('halves the sync concurrency on a 429 and wins it back slowly', async () => {
    const { clock, throttle, state, many, start } = setUp();
    throttle.refuse(start + 1_000);
    const first = many(8, 'sync');
    await clock.advance(10_000);
    await first;
    expect(state.most).toBeLessThanOrEqual(4);
    state.most = 0;
    const later = many(60, 'sync');
    await clock.advance(60_000);
    await later;
    expect(state.most).toBe(6);
  });

  it('rejects at once who would wait longer than allowed, saying when to return', async () => {
    const { clock, throttle, start } = setUp();
    throttle.refuse(start + 60_000);
    const error = await errorOf(throttle.acquire({ lane: 'interactive', maxWaitMs: 5_000 }));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAt: start + 60_000, isUnsent: true });
    expect(error.message).toMatch(/^App Store Connect allows no more/);
    const patient = throttle.acquire({ lane: 'interactive', maxWaitMs: 60_000 });
    await clock.advance(60_000);
    (await patient)();
  });

  it('lets a caller give up while waiting', async () => {
    const { throttle, start } = setUp();
    throttle.refuse(start + 60_000);
    const stop = new AbortController();
    const waiting = throttle.acquire({ lane: 'sync', maxWaitMs: 1e9, signal: stop.signal });
    stop.abort();
    expect(await errorOf(waiting)).toMatchObject({ kind: 'aborted' });
    expect(throttle.snapshot().waiting.sync).toBe(0);
  });
});

describe('the quota', () => {
  it('says that it is we who space our requests where nothing was refused', async () => {
    const { throttle } = setUp();
    throttle.observe({ hourLimit: 3500, hourRemaining: 100 });
    const error = await errorOf(throttle.acquire({ lane: 'sync', maxWaitMs: 1_000 }));
    expect(error.message).toMatch(/^Flightdeck spaces its requests/);
  });

  it('keeps 15 % of the hour for people', async () => {
    const { clock, throttle, sent, many, request } = setUp();
    throttle.observe({ hourLimit: 3500, hourRemaining: 525 });
    const sync = many(2, 'sync');
    const write = request('write');
    const person = request('interactive');
    await clock.advance(1_000);
    await person;
    expect(sent.map(({ lane }) => lane)).toEqual(['interactive']);
    // After five minutes it looks again, and what Apple then says counts.
    throttle.observe({ hourLimit: 3500, hourRemaining: 3000 });
    await clock.advance(300_000);
    await Promise.all([sync, write]);
    expect(sent).toHaveLength(4);
  });

  it('counts requests in flight against what remains', async () => {
    const { clock, throttle, sent, many } = setUp();
    throttle.observe({ hourLimit: 100, hourRemaining: 18 });
    many(6, 'sync', 1_000_000).catch(() => undefined);
    await clock.advance(1_000);
    expect(sent).toHaveLength(3);
  });

  it('stays within an announced limit per minute', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.observe({ minuteLimit: 150 });
    const all = many(200, 'sync', 10);
    await clock.advance(59_000);
    expect(sent.length).toBeLessThanOrEqual(150);
    await clock.advance(62_000);
    await all;
    for (const { at } of sent) {
      const within = sent.filter((other) => other.at > at - 60_000 && other.at <= at).length;
      expect(within).toBeLessThanOrEqual(150);
    }
    expect(clock.now()).toBeGreaterThan(start);
  });

  it('learns a limit per minute that is not announced, and leaves room for a person', async () => {
    const { clock, throttle, sent, many, request } = setUp();
    throttle.observe({ hourLimit: 3500, hourRemaining: 3000 });
    const first = many(250, 'sync', 10);
    await clock.advance(20_000);
    await first;
    throttle.refuse(clock.now() + 60_000);
    expect(throttle.snapshot().perMinute).toBe(232);
    const before = sent.length;
    many(400, 'sync', 10).catch(() => undefined);
    await clock.advance(60_000 + 55_000);
    expect(sent.length - before).toBeLessThanOrEqual(232);
    const askedAt = clock.now();
    const person = request('interactive');
    await clock.advance(2_000);
    await person;
    const answered = sent.filter(({ lane }) => lane === 'interactive')[0]?.at ?? 0;
    expect(answered - askedAt).toBeLessThan(2_000);
  });

  it('finds the pace of a hidden 250 per minute with few refusals and little loss (R5)', async () => {
    const { clock, throttle, start } = setUp();
    const accepted: number[] = [];
    let refused = 0;
    // Apple's side: a rolling minute of 250, a refusal for 5 s beyond it, 200 ms for an answer.
    const ask = async () => {
      const release = await throttle.acquire({ lane: 'sync', maxWaitMs: Number.POSITIVE_INFINITY });
      const within = accepted.filter((at) => at > clock.now() - 60_000).length;
      const isAccepted = within < 250;
      if (isAccepted) accepted.push(clock.now());
      await clock.sleep(200);
      if (isAccepted) throttle.accept();
      else throttle.refuse(clock.now() + 5_000);
      if (!isAccepted) refused++;
      release();
      return isAccepted;
    };
    const work = Array.from({ length: 2_000 }, async () => {
      while (!(await ask()));
    });
    const all = Promise.all(work);
    while (accepted.length < 2_000) await clock.advance(10_000);
    await all;
    expect(refused / 2_000).toBeLessThanOrEqual(0.02);
    const ideal = ((2_000 - 250) / 250) * 60_000;
    const last = accepted[accepted.length - 1] ?? 0;
    expect((last - start) / ideal).toBeLessThanOrEqual(1.25);
  });

  it('begins jobs gently while no limit per minute is known, and doubles what has passed (R30)', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.observe({ hourLimit: 3500, hourRemaining: 3500 });
    many(400, 'write', 10).catch(() => undefined);
    const until = (ms: number) => sent.filter(({ at }) => at <= start + ms).length;
    await clock.advance(60_000);
    // 3,500 an hour, less the reserve, are 49 a minute; people have a part of that.
    expect(until(45_000)).toBeLessThan(47);
    expect(sent.length).toBeLessThan(60);
    await clock.advance(60_000);
    expect(sent.length - until(60_000)).toBeGreaterThan(70);
    await clock.advance(120_000);
    expect(sent).toHaveLength(400);
  });

  it('begins jobs at what a sync has shown to pass, and holds back no sync', async () => {
    const { clock, throttle, sent, many, start } = setUp();
    throttle.observe({ hourLimit: 3500, hourRemaining: 3500 });
    const sync = many(125, 'sync', 350);
    await clock.advance(9_000);
    await sync;
    expect(sent).toHaveLength(125);
    await clock.advance(300_000);
    many(300, 'write', 10).catch(() => undefined);
    const from = clock.now();
    await clock.advance(60_000);
    const minute = sent.filter(({ at }) => at > from).length;
    expect(minute).toBeGreaterThan(100);
    expect(from).toBeGreaterThan(start);
  });

  it('holds jobs back by no pace where Apple tells no limit at all', async () => {
    const { clock, sent, many } = setUp();
    const writes = many(300, 'write', 10);
    await clock.advance(4_000);
    await writes;
    expect(sent).toHaveLength(300);
  });

  it('does not take a single early 429 for a limit per minute', () => {
    const { throttle, start } = setUp();
    throttle.refuse(start + 1_000);
    expect(throttle.snapshot().perMinute).toBeUndefined();
  });

  it('tells what it knows', async () => {
    const { clock, throttle, start, request } = setUp();
    const done = request('sync', 10);
    throttle.observe({ hourLimit: 3500, hourRemaining: 3499 });
    throttle.refuse(start + 9_000);
    await clock.advance(10);
    await done;
    expect(throttle.snapshot()).toMatchObject({
      limit: 3500,
      remaining: 3499,
      observedAt: start,
      blockedUntil: start + 9_000,
      resetHint: start + 3_600_000,
    });
    await clock.advance(10_000);
    expect(throttle.snapshot().blockedUntil).toBeUndefined();
  });
});
