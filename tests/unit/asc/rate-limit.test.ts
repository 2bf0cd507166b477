import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRateLimit, readRetryAfter } from '@/lib/asc/transport/rate-limit';

const NOW = Date.parse('2026-02-03T04:05:06Z');

describe('X-Rate-Limit', () => {
  it.each([
    ['user-hour-lim:3500;user-hour-rem:500;', { hourLimit: 3500, hourRemaining: 500 }],
    ['user-minute-lim:150;user-minute-rem:149', { minuteLimit: 150, minuteRemaining: 149 }],
    [
      'user-hour-lim:3600;user-hour-rem:3599;user-minute-lim:250;user-minute-rem:0;',
      { hourLimit: 3600, hourRemaining: 3599, minuteLimit: 250, minuteRemaining: 0 },
    ],
    [' User-Hour-Rem : 7 ', { hourRemaining: 7 }],
    ['user-hour-rem:-3;', { hourRemaining: 0 }],
  ])('reads %s', (text, figures) => {
    expect(readRateLimit(new Headers({ 'x-rate-limit': text }))).toEqual(figures);
  });

  it('reads two header lines as one', () => {
    const headers = new Headers();
    headers.append('x-rate-limit', 'user-hour-lim:3500;user-hour-rem:12;');
    headers.append('x-rate-limit', 'user-minute-lim:150;user-minute-rem:3;');
    expect(readRateLimit(headers)).toEqual({
      hourLimit: 3500,
      hourRemaining: 12,
      minuteLimit: 150,
      minuteRemaining: 3,
    });
  });

  it('knows nothing where nothing stands', () => {
    expect(readRateLimit(new Headers())).toBeUndefined();
    expect(readRateLimit(new Headers({ 'x-rate-limit': 'none today' }))).toBeUndefined();
  });

  it('never throws and never gives a negative figure', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w:;=, -]*$/), (text) => {
        const figures = Object.values(readRateLimit(new Headers({ 'x-rate-limit': text })) ?? {});
        return figures.every((figure) => figure >= 0);
      }),
    );
  });
});

describe('Retry-After', () => {
  const wait = (text: string, date?: string) =>
    readRetryAfter(new Headers({ 'retry-after': text, ...(date ? { date } : {}) }), NOW);

  it('is read as seconds, an HTTP date, or an epoch in ms or s', () => {
    expect(wait('7')).toBe(7_000);
    expect(wait('Tue, 03 Feb 2026 04:05:36 GMT')).toBe(30_000);
    expect(wait(String(NOW + 9_000))).toBe(9_000);
    expect(wait(String(NOW / 1000 + 9))).toBe(9_000);
  });

  it('reads a date against the answer’s own clock', () => {
    expect(wait('Tue, 03 Feb 2026 05:00:30 GMT', 'Tue, 03 Feb 2026 05:00:00 GMT')).toBe(30_000);
  });

  it('is capped at an hour, never negative, and undefined when absent or unreadable', () => {
    expect(wait('86400')).toBe(3_600_000);
    expect(wait('Tue, 03 Feb 2026 04:05:00 GMT')).toBe(0);
    expect(wait('soon')).toBeUndefined();
    expect(readRetryAfter(new Headers(), NOW)).toBeUndefined();
  });
});
