import { describe, expect, it } from 'vitest';
import { comparePower } from '@/components/compare-builds/compare-power';
import { wordDiff } from '@/components/compare-builds/word-diff';
import type { PowerReport } from '@/lib/browser/diagnostics';

const marked = (left: string, right: string) =>
  wordDiff(left, right)
    .map(({ side, text }) => ({ both: text, left: `[-${text}-]`, right: `[+${text}+]` })[side])
    .join('');

describe('the difference of two texts', () => {
  it.each([
    ['', '', ''],
    ['same words', 'same words', 'same words'],
    ['', 'all new', '[+all new+]'],
    ['all gone', '', '[-all gone-]'],
    ['Try the dark mode now', 'Try the light mode now', 'Try the[- dark-][+ light+] mode now'],
    ['- one\n- two', '- one\n- two\n- three', '- one\n- two[+\n- three+]'],
    ['جرّب الوضع', 'جرّب الشاشة', 'جرّب[- الوضع-][+ الشاشة+]'],
  ])('of %j and %j', (left, right, expected) => expect(marked(left, right)).toBe(expected));

  it('holds each text whole, whatever is in it', () => {
    const left = '  a\r\n\tb  c\n\n<i>d</i> 👍🏽 e ';
    const right = 'a b\n c\n<i>f</i> e';
    const pieces = wordDiff(left, right);
    const of = (side: 'left' | 'right') =>
      pieces
        .filter((piece) => piece.side === 'both' || piece.side === side)
        .map(({ text }) => text)
        .join('');
    expect([of('left'), of('right')]).toEqual([left, right]);
  });
});

describe('power figures of two builds', () => {
  const report = (metric: string, points: Record<string, number>): PowerReport => ({
    productData: [
      {
        metricCategories: [
          {
            identifier: 'LAUNCH',
            metrics: [
              {
                identifier: metric,
                unit: { identifier: 'ms' },
                datasets: [
                  {
                    filterCriteria: { device: 'all_iphones', percentile: 'percentile.fifty' },
                    points: Object.entries(points).map(([version, value]) => ({ version, value })),
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });

  it('are those of each build’s version; what is not told is a dash, never nought', () => {
    const left = { report: report('launchTime', { '1.4': 700, '1.5': 0 }), version: '1.5' };
    const right = { report: report('peakMemory', { '1.6': 1250.5 }), version: '1.6' };
    expect(comparePower(left, right)).toEqual([
      { term: 'Launch time', left: '0 ms', right: '–' },
      { term: 'Peak memory', left: '–', right: '1,250.5 ms' },
    ]);
    expect(comparePower({ report: undefined, version: '1' }, { report: left.report, version: null })).toEqual(
      [],
    );
  });
});
