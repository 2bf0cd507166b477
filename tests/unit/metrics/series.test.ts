import { describe, expect, it } from 'vitest';
import { shareReach, toldOf } from '@/components/metrics/figures';
import type { Metrics } from '@/lib/browser/metrics';
import { crashFree } from '@/lib/format/crash-free';
import { dayAfter } from '@/lib/format/utc-days';
import { partOf } from '@/lib/services/metrics/growth';
import { type BuildUse, doneWith } from '@/lib/services/metrics/use';

const day = (at: number) => dayAfter('2026-02-01', at);
const PERIODS = { range: { from: day(0), to: day(5) }, before: { from: day(-6), to: day(-1) } };

/** What was done with a build that counted so much on each day. */
function done(sessions: Readonly<Record<number, number>>, crashes: Readonly<Record<number, number>>) {
  const part = (counts: Readonly<Record<number, number>>) =>
    partOf({
      readings: Object.entries(counts).map(([at, count]) => ({ day: day(Number(at)), count })),
      ...{ bornOn: null, isOpen: true },
    });
  const figures = { sessionCount: part(sessions), crashCount: part(crashes) };
  return doneWith(
    [{ figures: { ...figures, feedbackCount: null, installCount: null } } as BuildUse],
    PERIODS,
  );
}

describe('crash-free sessions of several days', () => {
  it('are of the days that have both', () => {
    const { crashFree: uses } = done({ 0: 0, 1: 100, 2: 200 }, { 0: 0, 1: 10, 2: 30 });
    expect(uses.total).toEqual({ sessionCount: 200, crashCount: 30, days: 2 });
    expect(uses.totalBefore).toEqual({ sessionCount: null, crashCount: null, days: 0 });
  });

  it('leave out a day on which one of the two began anew, though both tell of as many', () => {
    const { sums, crashFree: uses } = done({ 0: 1_000, 1: 0, 2: 100, 3: 300 }, { 0: 10, 1: 20, 2: 0, 3: 30 });
    expect([sums.sessionCount.total, sums.crashCount.total]).toEqual([
      { value: 300, days: 2 },
      { value: 40, days: 2 },
    ]);
    expect(uses.total).toEqual({ sessionCount: 200, crashCount: 30, days: 1 });
  });

  it('leave out a stretch that only one of the two tells', () => {
    const told = done({ 0: 0, 3: 90, 4: 190 }, { 0: 50, 3: 0, 4: 10 });
    expect(told.sums.sessionCount.total).toEqual({ value: 190, days: 4 });
    expect(told.crashFree.total).toEqual({ sessionCount: 100, crashCount: 10, days: 1 });
    const both = done({ 0: 0, 3: 90 }, { 0: 0, 3: 9 });
    expect(both.crashFree.total).toEqual({ sessionCount: 90, crashCount: 9, days: 3 });
  });

  it('are said with what they are made of, and of how many days, by tiles and tables alike', () => {
    const { sums, crashFree: uses } = done({ 0: 0, 1: 100, 2: 200 }, { 0: 9, 1: 0, 2: 10 });
    const [sessions, days] = [sums.sessionCount.total, 6];
    expect(crashFree(uses.total)).toBe('90%');
    const words = '1 − 10 crashes ÷ 100 sessions, 1 of 6 days';
    expect(shareReach(uses.total, sessions, days)).toBe(words);
    const metrics = { range: PERIODS.range, figures: sums, crashFree: uses } as unknown as Metrics;
    expect(toldOf(metrics, 'crashFree')).toMatchObject({ value: '90%', reach: words });
    expect(shareReach(uses.totalBefore, sessions, days)).toBe('No day has both sessions and crashes');
    expect(shareReach(uses.totalBefore, { value: null, days: 0 }, days)).toBe('No figures yet');
    expect(shareReach(uses.total, { value: 100, days: 1 }, days)).toBe('1 − 10 crashes ÷ 100 sessions');
  });
});
