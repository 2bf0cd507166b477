import { describe, expect, it } from 'vitest';
import { daysLeft, daysLeftWords, daysOf, endingTone } from '@/lib/format/endings';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('how long something lasts', () => {
  it.each([
    ['2026-11-20T11:59:59Z', 'Over', 'bad'],
    ['2026-11-20T23:00:00Z', 'Less than a day left', 'bad'],
    ['2026-11-21T12:00:00Z', '1 day left', 'bad'],
    ['2026-11-27T12:00:00Z', '7 days left', 'attention'],
    ['2026-12-04T12:00:00Z', '14 days left', 'quiet'],
  ])('until %s: %s', (at, words, tone) => {
    const days = daysLeft(at, NOW);
    expect([daysLeftWords(days), endingTone(days)]).toEqual([words, tone]);
  });
});

it('gathers what ends by the days of UTC, in order', () => {
  const entries = ['2026-11-28T23:30:00Z', '2026-11-28T23:59:00-08:00', '2026-11-29T10:00:00Z'].map((at) => ({
    at,
  }));
  expect(daysOf(entries).map(({ day, words, entries: all }) => [day, words, all.length])).toEqual([
    ['2026-11-28', 'Saturday, 28 Nov 2026', 1],
    ['2026-11-29', 'Sunday, 29 Nov 2026', 2],
  ]);
});
