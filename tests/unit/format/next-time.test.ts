import { describe, expect, it } from 'vitest';
import { nextTime } from '@/lib/format/next-time';

const at = (words: string, from: string) => {
  const time = nextTime(words, Date.parse(from));
  return time === null ? null : new Date(time).toISOString();
};

describe('a time to tell testers', () => {
  it.each([
    ['2026-12-01T09:00+01:00', '2030-01-01T00:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00:00Z', '2026-01-01T00:00:00Z', '2026-12-01T09:00:00.000Z'],
    // In winter and in summer at the same time of the clock on the wall, and over the night that it is set.
    ['Tuesday 09:00 Europe/Berlin', '2026-11-29T20:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['Tuesday 09:00 Europe/Berlin', '2026-07-01T00:00:00Z', '2026-07-07T07:00:00.000Z'],
    ['Monday 09:00 Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['sunday 23:30 America/New_York', '2026-11-29T20:00:00Z', '2026-11-30T04:30:00.000Z'],
    // What comes after, not what is this moment.
    ['Tuesday 09:00 UTC', '2026-12-01T09:00:00Z', '2026-12-08T09:00:00.000Z'],
  ])('%s is, from %s, %s', (words, from, then) => {
    expect(at(words, from)).toBe(then);
  });

  it.each([
    'now',
    'tomorrow',
    '2026-12-01',
    '2026-12-01T09:00',
    'Tuesday',
    'Tuesday 25:00 UTC',
    'Tuesday 9 UTC',
    'Someday 09:00 UTC',
    'Tuesday 09:00 Moon/Sea',
    '2026-13-01T09:00Z',
  ])('%s is none', (words) => {
    expect(at(words, '2026-11-29T20:00:00Z')).toBeNull();
  });
});
