import { describe, expect, it } from 'vitest';
import { devicesOf, percentilesOf, powerRows, versionsOf } from '@/components/diagnostics/power-rows';
import { stackLines } from '@/components/diagnostics/stack-lines';
import type { CallNode, PowerReport } from '@/lib/browser/diagnostics';
import { powerName } from '@/lib/format/power';

const metric = (identifier: string, values: readonly (number | undefined)[], device = 'all_iphones') => ({
  identifier,
  unit: { identifier: 'ms' },
  datasets: [
    {
      filterCriteria: { percentile: 'percentile.fifty', device, deviceMarketingName: 'All iPhones' },
      points: values.flatMap((value, at) =>
        value === undefined ? [] : [{ version: `1.${at}`, value, goal: 'good' }],
      ),
      recommendedMetricGoal: { value: 400 },
    },
  ],
});
const REPORT: PowerReport = {
  productData: [
    {
      platform: 'IOS',
      metricCategories: [
        { identifier: 'BATTERY', metrics: [metric('energyUse', [3])] },
        { identifier: 'DISK', metrics: [metric('diskWrites', [0, undefined, 7])] },
        {
          identifier: 'LAUNCH',
          metrics: [metric('launchTime', [500, 600]), metric('other', [1], 'iPad16,3')],
        },
      ],
    },
  ],
};

describe('power figures', () => {
  it('are those of one device, launch first, and what is not told is not nought', () => {
    const rows = powerRows(REPORT, { device: 'all_iphones', percentile: 'percentile.fifty' });
    expect(
      rows.map(({ metric: name, points, goal }) => [name, points.map((point) => point?.value), goal]),
    ).toEqual([
      ['launchTime', [500, 600, undefined], 400],
      ['diskWrites', [0, undefined, 7], 400],
      ['energyUse', [3, undefined, undefined], 400],
    ]);
    expect(versionsOf(REPORT)).toEqual(['1.0', '1.1', '1.2']);
    expect(devicesOf(REPORT).map(({ value }) => value)).toEqual(['all_iphones', 'iPad16,3']);
    expect(percentilesOf(REPORT)).toEqual([{ value: 'percentile.fifty', label: 'The typical device' }]);
  });

  it('are none where App Store Connect says nothing', () => {
    for (const report of [
      {},
      { productData: [] },
      { productData: [{ metricCategories: [{ metrics: [{}] }] }] },
    ])
      expect(powerRows(report, { device: '', percentile: '' })).toEqual([]);
  });

  it('of a name Apple has added are taken apart', () => {
    expect(powerName({ metric: 'launchTime' })).toBe('Launch time');
    expect(powerName({ metric: 'gpuTimeOnScreen' })).toBe('Gpu time on screen');
    expect(powerName({ metric: 'constructor' })).toBe('Constructor');
    expect(powerName({ metric: '' })).toBe('Unnamed figure');
  });
});

describe('the calls of a log', () => {
  const logOf = (callStackRootFrames: readonly CallNode[]) => ({
    callStackTree: [{ callStacks: [{ callStackRootFrames }] }],
  });

  it('stand as lines, the outermost first, the one to blame marked', () => {
    const { lines, hidden } = stackLines(
      logOf([
        {
          symbolName: 'main',
          subFrames: [{ rawFrame: 'raw', isBlameFrame: true, sampleCount: 3 }, { symbolName: 'b' }],
        },
        { binaryName: 'Lib', fileName: 'A.swift', lineNumber: '12' },
      ]),
    );
    expect(hidden).toBe(0);
    expect(lines.map(({ depth, name, place, isBlame }) => [depth, name, place, isBlame])).toEqual([
      [0, 'main', '', false],
      [1, 'raw', '', true],
      [1, 'b', '', false],
      [0, 'A call without a name', 'Lib A.swift:12', false],
    ]);
  });

  it('may be deeper than the stack, and then the rest is counted', () => {
    let node: CallNode = { symbolName: 'deepest' };
    for (let depth = 0; depth < 50_000; depth += 1) node = { symbolName: 'f', subFrames: [node] };
    const { lines, hidden } = stackLines(logOf([node]));
    expect([lines.length, hidden]).toEqual([300, 49_701]);
    expect(stackLines({})).toEqual({ lines: [], hidden: 0 });
  });
});
