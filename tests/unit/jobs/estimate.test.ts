import { describe, expect, it } from 'vitest';
import { type EstimateFacts, estimateEnd } from '@/lib/jobs/estimate';

const MINUTE = 60_000;
const NOW = Date.parse('2026-02-03T04:05:00.000Z');
const facts = (over: Partial<EstimateFacts>): EstimateFacts => ({
  left: 100,
  requestsPerItem: 1,
  pace: null,
  finished: new Map(),
  startedAt: null,
  waitUntil: null,
  now: NOW,
  lately: evenly(over.finished ?? new Map()),
  ...over,
});

/** The items of each minute spread over its seconds. */
function evenly(finished: ReadonlyMap<number, number>): Map<number, number> {
  const seconds = new Map<number, number>();
  for (const [minute, count] of finished) {
    for (let n = 0; n < count; n += 1) {
      const at = minute + Math.floor((n * 60) / count) * 1000;
      seconds.set(at, (seconds.get(at) ?? 0) + 1);
    }
  }
  return seconds;
}

/** What really happens: so many a minute, never more than 85 % of the limit in a rolling hour; in minutes. */
function simulate(
  items: number,
  perMinute: number,
  hourLimit: number,
): { end: number; sentAt: Map<number, number> } {
  const sent: number[] = [];
  let left = items;
  while (left > 0) {
    const used = sent.slice(-59).reduce((sum, n) => sum + n, 0);
    const now = Math.min(left, perMinute, Math.floor(hourLimit * 0.85) - used);
    sent.push(now);
    left -= now;
  }
  return { end: sent.length, sentAt: new Map(sent.map((n, minute) => [minute, n])) };
}

describe('the estimated end', () => {
  it('is unknown until something is known', () => {
    expect(estimateEnd(facts({}))).toEqual({ perMinute: null, leftMs: null, between: null });
  });

  it('is now when nothing is left', () => {
    expect(estimateEnd(facts({ left: 0 })).leftMs).toBe(0);
  });

  it('follows the rate of the last minutes', () => {
    const finished = new Map([
      [NOW - 2 * MINUTE, 60],
      [NOW - MINUTE, 60],
    ]);
    const { perMinute, leftMs } = estimateEnd(facts({ left: 120, finished, startedAt: NOW - 2 * MINUTE }));
    expect(perMinute).toBeCloseTo(60, 0);
    expect(leftMs).toBeCloseTo(2 * MINUTE, -3);
  });

  it('adds the wait for Apple', () => {
    const pace = { hourLimit: null, hourRemaining: null, perMinute: 100, observedAt: NOW };
    const { leftMs } = estimateEnd(facts({ left: 100, pace, waitUntil: NOW + 10 * MINUTE }));
    expect(leftMs).toBeCloseTo(11 * MINUTE, -3);
  });

  it('counts several requests per item', () => {
    const pace = { hourLimit: 3500, hourRemaining: 3500, perMinute: 200, observedAt: NOW };
    expect(estimateEnd(facts({ left: 200, requestsPerItem: 2, pace })).leftMs).toBeCloseTo(2 * MINUTE, -3);
  });

  it.each([0, 3, 10, 30, 65])(
    'is within 15 %% of a 6,000-item job at 3,500 an hour and 250 a minute, seen after %i minutes',
    (at) => {
      const { end, sentAt } = simulate(6000, 250, 3500);
      const begun = NOW - at * MINUTE;
      const past = [...sentAt].filter(([minute]) => minute < at);
      const sent = past.reduce((sum, [, n]) => sum + n, 0);
      const inHour = past.filter(([minute]) => minute >= at - 60).reduce((sum, [, n]) => sum + n, 0);
      const { leftMs } = estimateEnd(
        facts({
          left: 6000 - sent,
          pace: { hourLimit: 3500, hourRemaining: 3500 - inHour, perMinute: 250, observedAt: NOW },
          finished: new Map(past.map(([minute, n]) => [begun + minute * MINUTE, n])),
          startedAt: begun,
        }),
      );
      const really = (end - at) * MINUTE;
      expect(Math.abs((leftMs ?? 0) - really) / really).toBeLessThan(0.15);
    },
  );

  it('is not misled at the reserve, where one request now and then asks what remains', () => {
    const begun = NOW - 55 * MINUTE;
    const busy = Array.from({ length: 12 }, (_, minute) => [begun + minute * MINUTE, 248] as const);
    const asking = [20, 30, 40, 50, 53].map((minute) => [begun + minute * MINUTE, 1] as const);
    const pace = { hourLimit: 3500, hourRemaining: 524, perMinute: 250, observedAt: NOW };
    const { leftMs } = estimateEnd(
      facts({ left: 1488, pace, finished: new Map([...busy, ...asking]), startedAt: begun }),
    );
    // The first requests leave the hour in five minutes; six minutes of work follow.
    expect((leftMs ?? 0) / MINUTE).toBeGreaterThan(10);
    expect((leftMs ?? 0) / MINUTE).toBeLessThan(13);
  });

  it('leaves out the minutes in which it waited', () => {
    const finished = new Map([
      [NOW - 5 * MINUTE, 1],
      [NOW - 2 * MINUTE, 100],
      [NOW - MINUTE, 100],
    ]);
    const { leftMs } = estimateEnd(facts({ left: 300, finished, startedAt: NOW - 90 * MINUTE }));
    expect((leftMs ?? 0) / MINUTE).toBeCloseTo(3, 1);
  });

  it('takes what other work has used of the hour into account', () => {
    const pace = { hourLimit: 3500, hourRemaining: 525, perMinute: 250, observedAt: NOW };
    const { leftMs } = estimateEnd(facts({ left: 500, pace }));
    expect((leftMs ?? 0) / MINUTE).toBeGreaterThan(8);
    expect((leftMs ?? 0) / MINUTE).toBeLessThan(14);
  });

  it('tells what the end lies between while no limit per minute is known', () => {
    const pace = {
      hourLimit: 3500,
      hourRemaining: 3400,
      perMinute: null,
      perMinuteAtFirst: { now: 46, passed: 46 },
      atOnce: 13,
      observedAt: NOW,
    };
    const { leftMs, between } = estimateEnd(facts({ left: 300, pace, startedAt: NOW }));
    expect(leftMs).toBeNull();
    // Never refused: 46, 92, 162 … a minute. Refused at 50 at once: 43, and one minute of waiting.
    expect((between?.soonestMs ?? 0) / MINUTE).toBeCloseTo(3, 0);
    expect((between?.latestMs ?? 0) / MINUTE).toBeGreaterThan(300 / 43 + 1);
    expect((between?.latestMs ?? 0) / MINUTE).toBeLessThan(10);
    expect(estimateEnd(facts({ left: 10, pace, startedAt: NOW })).between).toBeNull();
  });

  it('admits that there is none when no quota is ever free', () => {
    const pace = { hourLimit: 0.5, hourRemaining: 0, perMinute: 1, observedAt: NOW };
    expect(estimateEnd(facts({ left: 1_000_000, pace })).leftMs).toBeNull();
  });
});
