import { describe, expect, it } from 'vitest';
import { type GateReading, judgeGate, keptReadings } from '@/lib/services/ship/gate-judge';

const HOUR = 3_600_000;
const rule = { crashFree: 99, hours: 4, sessions: 100 };
/** Readings an hour apart, each as [sessions, crashes]. */
const hourly = (...figures: (readonly [sessions: number, crashes: number])[]): GateReading[] =>
  figures.map(([sessions, crashes], index) => ({ at: index * HOUR, sessions, crashes }));
const judged = (
  readings: readonly GateReading[],
  now = readings.at(-1)?.at ?? 0,
  trouble: string | null = null,
) => {
  const verdict = judgeGate(rule, { since: 0, readings, trouble }, now);
  return verdict.is === 'hold' ? verdict.why : verdict.is;
};
const good = hourly([500, 40], [540, 40], [580, 40], [600, 41], [700, 41]);

describe('a second stage', () => {
  it('begins when the new sessions have been good for long enough, whatever came before', () => {
    expect(judged(good)).toBe('open');
    expect(judgeGate(rule, { since: 0, readings: good, trouble: null }, 4 * HOUR).words).toBe(
      'Crash-free new sessions: 1 − 1 crash ÷ 200 sessions = 99.5%. At least 99% for 4 h.',
    );
    expect(judged(good.slice(0, 4))).toBe('wait');
  });

  it('takes exactly the share that is wanted, and nothing below it', () => {
    expect(judged(hourly([0, 0], [100, 1], [100, 1], [100, 1], [100, 1]))).toBe('open');
    expect(judged(hourly([0, 0], [200, 2], [200, 2], [200, 2], [200, 3]))).toBe('below');
    const fine = { crashFree: 99.9, hours: 1, sessions: 1_000 };
    const readings = hourly([0, 0], [1_000, 1]);
    expect(judgeGate(fine, { since: 0, readings, trouble: null }, HOUR).is).toBe('open');
  });

  it('begins anew after each reading that was below, and goes on by itself afterwards', () => {
    const fallen = hourly([0, 0], [100, 0], [150, 3]);
    expect(judged(fallen)).toBe('below');
    const back = [...fallen, ...[3, 4, 5].map((n) => ({ at: n * HOUR, sessions: 400, crashes: 3 }))];
    expect(judged(back)).toBe('wait');
    expect(judged([...back, { at: 6 * HOUR, sessions: 410, crashes: 3 }])).toBe('open');
  });

  it('is below as soon as not even the wanted sessions would mend it, and not for one early crash', () => {
    expect(judged(hourly([0, 0], [3, 2]))).toBe('below');
    expect(judged(hourly([0, 0], [3, 1]))).toBe('wait');
    expect(judged(hourly([0, 0], [0, 2]))).toBe('below');
  });

  it('is held when there are too few sessions after its hours, and counts no time without any', () => {
    expect(judged(hourly([7, 0], [7, 0], [8, 0], [9, 0]))).toBe('wait');
    expect(judged(hourly([7, 0], [7, 0], [8, 0], [9, 0], [9, 0]))).toBe('few');
    expect(judged(hourly([7, 0], [7, 0], [7, 0], [7, 0], [307, 0]))).toBe('wait');
  });

  it('is held without new readings: none at all, none for long, or always the same', () => {
    expect(judged([], HOUR)).toBe('wait');
    expect(judged([], 4 * HOUR)).toBe('stale');
    expect(judged(good.slice(0, 4), 5 * HOUR)).toBe('wait');
    expect(judged(good, 8 * HOUR)).toBe('stale');
    const words = judgeGate(
      rule,
      { since: 0, readings: good, trouble: 'The last one failed.' },
      8 * HOUR,
    ).words;
    expect(words).toMatch(/^There has been no new reading for 4 h\. The last one failed\. Crash-free/);
    const same = hourly(...Array.from({ length: 27 }, () => [200, 0] as const));
    expect(judged([{ at: -HOUR, sessions: 0, crashes: 0 }, ...same])).toBe('stale');
  });

  it('does not know how it went between readings that are far apart', () => {
    const gap = [...hourly([0, 0], [200, 0]), { at: 6 * HOUR, sessions: 300, crashes: 0 }];
    expect(judged(gap)).toBe('wait');
    const on = [7, 8, 9].map((n) => ({ at: n * HOUR, sessions: 300 + n, crashes: 0 }));
    expect(judged([...gap, ...on])).toBe('wait');
    expect(judged([...gap, ...on, { at: 10 * HOUR, sessions: 400, crashes: 0 }])).toBe('open');
  });

  it('counts anew from a count that dropped, of sessions or of crashes', () => {
    expect(judged([...good.slice(0, 4), { at: 4 * HOUR, sessions: 590, crashes: 41 }])).toBe('wait');
    const fewerCrashes = [...good, { at: 5 * HOUR, sessions: 800, crashes: 30 }];
    expect(judged(fewerCrashes)).toBe('wait');
    const after = [6, 7, 8, 9].map((n) => ({ at: n * HOUR, sessions: 800 + n * 30, crashes: 30 }));
    expect(judged([...fewerCrashes, ...after])).toBe('open');
  });

  it('forgets what was read in the future when the clock is set back, and keeps where it counts from', () => {
    expect(keptReadings(rule, good, 2 * HOUR)).toEqual(good.slice(0, 3));
    const long = Array.from({ length: 100 }, (_, n) => ({ at: n * HOUR, sessions: n, crashes: 0 }));
    const kept = keptReadings(rule, long, 99 * HOUR);
    expect(kept[0]).toEqual(long[0]);
    expect(kept.length).toBeLessThan(40);
    expect(judgeGate(rule, { since: 0, readings: kept, trouble: null }, 99 * HOUR)).toEqual(
      judgeGate(rule, { since: 0, readings: long, trouble: null }, 99 * HOUR),
    );
  });
});
