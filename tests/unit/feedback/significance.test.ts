import { describe, expect, it } from 'vitest';
import type { Circumstances } from '@/lib/feedback/issue-figures';
import { chanceOf, significant } from '@/lib/feedback/significance';
import { commonAmong } from '@/lib/services/feedback/common';

describe('Fisher’s exact test', () => {
  it('gives the values that are known of it', () => {
    // The lady tasting tea, and a table by hand: (3 of 4, 1 of 4) and (8 of 10, 1 of 10).
    expect(chanceOf({ some: 3, ofSome: 4, others: 1, ofOthers: 4 })).toBeCloseTo(17 / 70, 10);
    expect(chanceOf({ some: 4, ofSome: 4, others: 0, ofOthers: 4 })).toBeCloseTo(1 / 70, 10);
    expect(chanceOf({ some: 8, ofSome: 10, others: 1, ofOthers: 10 })).toBeCloseTo(0.002739, 5);
    expect(chanceOf({ some: 0, ofSome: 5, others: 3, ofOthers: 5 })).toBeCloseTo(1, 10);
  });

  it('holds for many', () => {
    expect(chanceOf({ some: 30, ofSome: 40, others: 400, ofOthers: 20_000 })).toBeLessThan(1e-30);
    const even = chanceOf({ some: 500, ofSome: 1_000, others: 9_500, ofOthers: 19_000 });
    expect(even).toBeGreaterThan(0.4);
    expect(even).toBeLessThan(0.6);
  });

  it('tells less the more was compared', () => {
    const fact = { some: 5, ofSome: 8, others: 10, ofOthers: 100 };
    const noise = { some: 1, ofSome: 8, others: 12, ofOthers: 100 };
    expect(significant([fact])).toHaveLength(1);
    expect(significant([fact, ...Array.from({ length: 60 }, () => noise)])).toEqual([]);
  });
});

describe('what crashes have in common', () => {
  const report = (issueId: string, more: Partial<Circumstances> = {}): Circumstances => ({
    ...{ issueId, batteryPercentage: 70, diskBytesAvailable: 8e9, appUptimeInMilliseconds: 60_000 },
    ...{ osVersion: '26.1', deviceFamily: 'IPHONE', deviceModel: 'iPhone17,1', locale: 'en-US' },
    ...{ connectionType: 'WIFI', ...more },
  });
  const others = Array.from({ length: 90 }, (_, at) =>
    report('other', { osVersion: at % 3 === 0 ? '26.0' : '26.1', diskBytesAvailable: at < 6 ? 5e8 : 8e9 }),
  );

  it('is told with its numbers when it is no chance', () => {
    const mine = Array.from({ length: 14 }, (_, at) =>
      report('one', { diskBytesAvailable: at < 12 ? 3e8 : 9e9, osVersion: at % 3 === 0 ? '26.0' : '26.1' }),
    );
    expect(commonAmong([...mine, ...others], 'one')).toMatchObject([
      { what: 'disk', value: '1000000000', some: 12, ofSome: 14, others: 6, ofOthers: 90 },
    ]);
  });

  it('is not told of few, of what all have, of what is not known, or without others', () => {
    const low = { diskBytesAvailable: 3e8 };
    expect(commonAmong([report('one', low), report('one', low), ...others], 'one')).toEqual([]);
    const unknown = Array.from({ length: 14 }, () => report('one', { diskBytesAvailable: null }));
    expect(commonAmong([...unknown, ...others], 'one')).toEqual([]);
    expect(commonAmong(unknown, 'one')).toEqual([]);
    expect(commonAmong([], 'one')).toEqual([]);
  });
});
