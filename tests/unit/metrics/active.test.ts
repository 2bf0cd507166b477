import { expect, it } from 'vitest';
import { dayAfter } from '@/lib/format/utc-days';
import { activeOf } from '@/lib/services/metrics/active';
import type { WindowRow } from '@/lib/services/metrics/readings';

const PERIODS = {
  range: { from: '2026-02-04', to: '2026-02-07' },
  before: { from: '2026-01-31', to: '2026-02-03' },
};
/** A week up to a day, in which so many testers were active. */
const week = (id: string, end: string, activeTesters: number, knownAs: string | null = id) =>
  ({
    ...{ accountId: 'a', appId: id, id, metric: 'betaTesterUsages', type: 'apps', activeTesters, knownAs },
    ...{ start: dayAfter(end, -7), end, day: end },
  }) as WindowRow;
const days = ['2026-02-04', '2026-02-05', '2026-02-06', '2026-02-07'];

it('adds up what was active of apps that are there, of one that is gone up to its last reading', () => {
  const stays = days.map((day) => week('1', day, 10));
  const [first = '', second = ''] = days;
  const ended = (knownAs: string | null) => [first, second].map((day) => week('2', day, 5, knownAs));
  const gone = activeOf([...stays, ...ended(null)], PERIODS);
  expect(gone.days).toEqual([15, 15, 10, 10]);
  expect(gone.last).toMatchObject({ end: '2026-02-07', value: 10 });
  // One that is there and was not read is a gap.
  const missed = activeOf([...stays, ...ended('2')], PERIODS);
  expect(missed.days).toEqual([15, 15, null, null]);
  expect(missed.gaps.map(({ day, parts, unread }) => [day, parts, unread])).toEqual([
    ['2026-02-06', 2, 1],
    ['2026-02-07', 2, 1],
  ]);
});
