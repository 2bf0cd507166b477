import { expect, it } from 'vitest';
import { byDevice } from '@/lib/services/feedback/issue';

it('a device that is written in two ways is one row, with its first and last report of both', () => {
  const share = (value: string | null, count: number, firstDate: string, lastDate = firstDate) => ({
    ...{ value, count, firstDate, lastDate },
  });
  expect(
    byDevice([
      share('iPhone15,2', 3, '2026-11-02'),
      share('iPhone13,2', 2, '2026-11-05', '2026-11-07'),
      share(null, 2, '2026-11-01'),
      share('iPhone13_2', 2, '2026-11-03', '2026-11-06'),
    ]),
  ).toEqual([
    share('iPhone13,2', 4, '2026-11-03', '2026-11-07'),
    share('iPhone15,2', 3, '2026-11-02'),
    share(null, 2, '2026-11-01'),
  ]);
});
