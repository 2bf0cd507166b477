import { describe, expect, test } from 'vitest';
import { Faults, seededRandom } from '@/lib/sandbox/http/faults';
import { RateLimiter } from '@/lib/sandbox/http/rate-limit';
import { Clock } from '@/lib/sandbox/time/clock';
import { Timers } from '@/lib/sandbox/time/timers';

describe('the clock', () => {
  test('runs at its speed, jumps when stepped and keeps the server on real time', () => {
    let real = 1_000;
    const clock = new Clock({ epochMs: 5_000, speed: 60, realNow: () => real });
    real += 10;
    expect(clock.now()).toBe(5_600);
    clock.step(1_000);
    clock.setSpeed(0);
    real += 10;
    expect([clock.now(), clock.server(), clock.quota()]).toEqual([6_600, 1_020, 2_020]);
    clock.setSkew(-7);
    expect([clock.now(), clock.server()]).toEqual([6_600, 1_013]);
  });

  test('stands at the instant of what it catches up with, also when that fails', () => {
    const clock = new Clock({ epochMs: 100, speed: 0, nowMs: 900 });
    const seen: number[] = [];
    clock.during(250, () => seen.push(clock.now(), clock.running()));
    expect(seen).toEqual([250, 900]);
    expect(() =>
      clock.during(300, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(clock.now()).toBe(900);
  });
});

describe('timers', () => {
  test('come in order of time, then of arrival, and not before they are due', () => {
    const timers = new Timers();
    const order: string[] = [];
    for (const [at, name] of [
      [30, 'c'],
      [10, 'a'],
      [30, 'd'],
      [20, 'b'],
      [99, 'later'],
    ] as const)
      timers.add(at, () => order.push(name));
    for (let task = timers.take(30); task; task = timers.take(30)) task.run();
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the rate limit', () => {
  test('rolls: a place is free again an hour after its request', () => {
    let now = 0;
    const limiter = new RateLimiter({ hour: 2, minute: null }, () => now);
    const allowed = (at: number): boolean => {
      now = at;
      return limiter.take('K').allowed;
    };
    expect([allowed(0), allowed(1_800_000), allowed(1_800_001)]).toEqual([true, true, false]);
    expect([allowed(3_599_999), allowed(3_600_000), allowed(3_600_001)]).toEqual([false, true, false]);
    expect(limiter.take('other').allowed).toBe(true);
  });

  test('shows both limits, one or none', () => {
    const header = (hour: number | null, minute: number | null) =>
      new RateLimiter({ hour, minute }, () => 0).take('K').header;
    expect(header(9, 3)).toBe('user-hour-lim:9;user-hour-rem:8;user-minute-lim:3;user-minute-rem:2;');
    expect(header(9, null)).toBe('user-hour-lim:9;user-hour-rem:8;');
    expect(header(null, null)).toBeNull();
  });

  test('forgets nothing it still needs over many thousand requests', () => {
    let now = 0;
    const limiter = new RateLimiter({ hour: 6_000, minute: null }, () => now);
    let refused = 0;
    for (let n = 0; n < 20_000; n += 1) {
      now += 500;
      if (!limiter.take('K').allowed) refused += 1;
    }
    expect(refused).toBeGreaterThan(20_000 - 3 * 6_000 - 1);
    expect(refused).toBeLessThan(20_000 - 2 * 6_000 + 1);
  });
});

describe('faults', () => {
  const take = (faults: Faults, method = 'GET', template = '/v1/apps/{id}', path = '/v1/apps/7') =>
    faults.take(method, template, path, 'KEY');

  test('match method, template, path with stars and key', () => {
    const faults = new Faults(seededRandom(1));
    faults.add({ kind: 'status', method: 'POST' });
    faults.add({ kind: 'status', route: '/v1/builds/*' });
    faults.add({ kind: 'status', route: '/v1/apps.{id}' });
    faults.add({ kind: 'status', keyId: 'OTHER' });
    expect(take(faults)).toBeNull();
    expect(take(faults, 'POST')?.id).toBe(1);
    expect(take(faults, 'GET', '/v1/builds/{id}/app', '/v1/builds/3/app')?.id).toBe(2);
    faults.add({ kind: 'drop', route: '/v1/apps/{id}' });
    expect(take(faults)?.kind).toBe('drop');
  });

  test('strike the given share, repeatably', () => {
    const run = (): number => {
      const faults = new Faults(seededRandom(7));
      faults.add({ kind: 'drop', probability: 0.2 });
      return Array.from({ length: 1000 }, () => take(faults)).filter((fault) => fault !== null).length;
    };
    expect(run()).toBeGreaterThan(160);
    expect(run()).toBeLessThan(240);
    expect(run()).toBe(run());
  });

  test('are spent after their count and pass over the skipped', () => {
    const faults = new Faults(seededRandom(1));
    faults.add({ kind: 'slow', skip: 1, count: 1 });
    expect([take(faults), take(faults)?.kind, take(faults)]).toEqual([null, 'slow', null]);
    faults.remove(1);
    expect(faults.list()).toEqual([]);
  });
});
