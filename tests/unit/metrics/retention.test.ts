import { expect, it } from 'vitest';
import { cohortsOf, toldWeeks, weeksBetween } from '@/lib/services/metrics/retention';

const WEEKS = ['2026-02-02', '2026-02-09', '2026-02-16'];

it('shows weeks that are over: the Monday after them is there', () => {
  expect(weeksBetween('2026-02-02', '2026-02-23')).toEqual(WEEKS);
  expect(weeksBetween('2026-02-02', '2026-02-22')).toEqual(WEEKS.slice(0, 2));
});

it('tells a week only where every app that was read by then has the reading of its Monday', () => {
  const read = (id: string, day: string) => ({ accountId: 'a', id, day, knownAs: id });
  const one = [read('1', '2026-02-09'), read('1', '2026-02-23')];
  expect([...toldWeeks(WEEKS, one)]).toEqual(['2026-02-02', '2026-02-16']);
  // The second app was first read in between: from then on it belongs to what is told.
  expect([...toldWeeks(WEEKS, [...one, read('2', '2026-02-12')])]).toEqual(['2026-02-02']);
  expect([...toldWeeks(WEEKS, [])]).toEqual([]);
  // One that is gone from App Store Connect ends with its last reading.
  const gone = { ...read('2', '2026-02-09'), knownAs: null };
  expect([...toldWeeks(WEEKS, [...one, gone])]).toEqual(['2026-02-02', '2026-02-16']);
});

it('counts those who came in a week in it and in each later one, with gaps, and the rest as before', () => {
  const told = new Set(['2026-02-02', '2026-02-16']);
  const { cohorts, before } = cohortsOf({
    ...{ weeks: WEEKS, told, before: 50 },
    joined: new Map([
      ['2026-02-02', 10],
      ['2026-02-16', 4],
      ['2025-12-29', 3],
    ]),
    active: [
      { of: '2026-02-02', week: '2026-02-02', n: 8 },
      { of: '2026-02-02', week: '2026-02-16', n: 5 },
      { of: '2025-12-29', week: '2026-02-16', n: 2 },
    ],
    all: new Map([
      ['2026-02-02', 28],
      ['2026-02-16', 30],
    ]),
  });
  expect(cohorts).toEqual([
    { week: '2026-02-02', joined: 10, active: [8, null, 5] },
    { week: '2026-02-16', joined: 4, active: [0] },
  ]);
  expect(before).toEqual({
    testers: 50,
    active: [
      { week: '2026-02-02', active: 20 },
      { week: '2026-02-09', active: null },
      { week: '2026-02-16', active: 23 },
    ],
  });
});
