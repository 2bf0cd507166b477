import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import BulkBar from '@/components/ui/data-table/bulk-bar';
import type { Selection } from '@/components/ui/data-table/types';
import { totalOf } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { formatCount, formatPlural, type Total } from '@/lib/format/numbers';

const CUT: Total = { count: 5_000, isLowerBound: true };

describe('a total that was cut', () => {
  it('is told as at least so many', () => {
    expect(totalOf({ total: 5_000, isTotalLowerBound: true })).toEqual(CUT);
    expect(totalOf({ total: 12 })).toEqual({ count: 12, isLowerBound: false });
    expect(totalOf({ paging: { total: 3 } })).toEqual({ count: 3, isLowerBound: false });
    expect(totalOf(undefined)).toBeUndefined();
    expect(formatCount(CUT)).toBe('5,000+');
    expect(formatPlural(CUT, 'tester')).toBe('5,000+ testers');
    expect(formatPlural({ count: 1, isLowerBound: false }, 'tester')).toBe('1 tester');
    expect(formatPlural({ count: 1, isLowerBound: true }, 'tester')).toBe('1+ testers');
  });

  it.each([
    ['everything', { isEverything: true, size: CUT }, ['5,000+ testers selected', 'Remove 5,000+ testers']],
    ['a page', { ids: ['1', '2'] }, ['2 testers selected', 'Select all 5,000+ matching', 'Remove 2 testers']],
    [
      'everything but one',
      { isEverything: true, size: { ...CUT, count: 4_999 }, except: [{ id: '1' }] },
      ['4,999+ of 5,000+ testers selected', 'Select all 5,000+ matching', 'Remove 4,999+ testers'],
    ],
  ] as const)('reads so in the bar of a selection of %s', (_name, over, told) => {
    const selection: Selection<ResourceObject> = {
      ...{ rows: [], picked: [], ids: [], isEverything: false, except: [], query: '' },
      size: { count: 2, isLowerBound: false },
      ...over,
    };
    const html = renderToStaticMarkup(
      <BulkBar
        words={{
          ...{
            name: 'x',
            one: 'tester',
            many: 'testers',
            columns: [],
            filters: [],
            searchLabel: '',
            empty: null,
          },
          rowLabel: () => '',
          actions: [
            { id: 'remove', label: (size) => `Remove ${formatPlural(size, 'tester')}`, run: () => undefined },
          ],
        }}
        selection={selection}
        hidden={0}
        isElsewhere={false}
        total={CUT}
        onEverything={() => undefined}
        onClear={() => undefined}
      />,
    );
    const text = html.replace(/<[^>]*>/g, '');
    for (const words of told) expect(text).toContain(words);
  });
});
