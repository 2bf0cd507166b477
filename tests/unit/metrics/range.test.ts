import { expect, it } from 'vitest';
import { rangeQuery } from '@/lib/browser/metrics';
import { mondayOf } from '@/lib/format/utc-days';
import { rangeBefore, rangeOf } from '@/lib/services/metrics/range';

const TODAY = '2026-03-02';
const of = (query: string) => rangeOf(new URLSearchParams(query), TODAY);

it('is the last days up to today, or from one day to another, and the period before is as long', () => {
  expect(of('')).toEqual({ from: '2026-02-01', to: TODAY });
  expect(of('days=7')).toEqual({ from: '2026-02-24', to: TODAY });
  expect(rangeBefore(of('days=7'))).toEqual({ from: '2026-02-17', to: '2026-02-23' });
  expect(of('from=2026-01-31&to=2026-02-01')).toEqual({ from: '2026-01-31', to: '2026-02-01' });
  expect(of('from=2026-03-02')).toEqual({ from: TODAY, to: TODAY });
  expect(of('from=2026-02-01&to=2027-01-01')).toEqual({ from: '2026-02-01', to: TODAY });
});

it.each([
  'days=8',
  'days=',
  'from=yesterday',
  'from=2026-02-30',
  'from=2026-02-01&to=2026-01-01',
  'from=2026-03-03',
  'from=2020-01-01',
])('is refused as %s', (query) => expect(() => of(query)).toThrow(expect.objectContaining({ status: 400 })));

it('is asked of the server only as an address that names days says it', () => {
  expect(rangeQuery({})).toBe('');
  expect(rangeQuery({ days: '30' })).toBe('');
  expect(rangeQuery({ days: '90' })).toBe('days=90');
  expect(rangeQuery({ days: 'many', to: '2026-01-01' })).toBe('');
  expect(rangeQuery({ days: '7', from: '2026-01-01', to: 'x' })).toBe('from=2026-01-01');
});

it('begins its weeks on Mondays', () => {
  expect(['2026-03-01', '2026-03-02', '2026-03-08'].map(mondayOf)).toEqual([
    '2026-02-23',
    '2026-03-02',
    '2026-03-02',
  ]);
});
