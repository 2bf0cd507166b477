import { describe, expect, it } from 'vitest';
import {
  groupKey,
  isClosed,
  isGroupLine,
  lineKey,
  linesOf,
  toggled,
} from '@/components/ui/data-table/group-lines';
import type { ResourceObject, RowGroup } from '@/lib/browser/types';

interface Meta {
  readonly accountId: string;
  readonly appId: string;
  readonly train: string;
}
type Row = ResourceObject<Record<string, unknown>, Meta>;

const row = (id: string, train: string, accountId = 'one'): Row => ({
  ...{ type: 'builds', id },
  meta: { accountId, appId: '1', train },
});
const group = (id: string, accountId = 'one'): RowGroup => ({
  ...{ id, accountId, appId: '1', trainVersion: id, platform: 'IOS', count: 9 },
  ...{ sessionCount: null, crashCount: null },
  newest: {
    ...{ id: 'x', version: '1', externalBuildState: null, processingState: null },
    isExpired: false,
  },
});
const GROUPING = {
  label: 'Group',
  of: ({ meta }: Row) => ({
    id: meta?.train ?? '',
    accountId: meta?.accountId ?? '',
    appId: meta?.appId ?? '',
  }),
  head: () => null,
};
const groupsOf = (...groups: readonly RowGroup[]) => new Map(groups.map((one) => [groupKey(one), one]));
const words = (rows: readonly Row[], groups: ReadonlyMap<string, RowGroup>, closed: readonly string[]) =>
  linesOf(rows, { groups, closed }, GROUPING).map((line) =>
    isGroupLine(line) ? `${line.isClosed ? '+' : '-'}${line.group.id}` : line.id,
  );

describe('rows under the heads of their groups', () => {
  const rows = [row('a', '2.0'), row('b', '2.0'), row('c', '1.0'), row('d', '1.0')];
  const groups = groupsOf(group('2.0'), group('1.0'));

  it('follow the head of their group', () => {
    expect(words(rows, groups, [])).toEqual(['-2.0', 'a', 'b', '-1.0', 'c', 'd']);
  });

  it('are not shown when it is closed, not even the one that holds its place', () => {
    expect(words(rows, groups, ['2.0'])).toEqual(['+2.0', '-1.0', 'c', 'd']);
    expect(words(rows, groups, ['all', '1.0'])).toEqual(['+2.0', '-1.0', 'c', 'd']);
    expect(words(rows, groups, ['all'])).toEqual(['+2.0', '+1.0']);
  });

  it('tell the same version of an app in two accounts apart', () => {
    const twins = [row('a', '2.0'), row('b', '2.0', 'two')];
    const lines = linesOf(
      twins,
      { groups: groupsOf(group('2.0'), group('2.0', 'two')), closed: [] },
      GROUPING,
    );
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map(lineKey)).size).toBe(4);
  });

  it('are lost under no head that is missing', () => {
    expect(words(rows, new Map(), [])).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('what is closed', () => {
  it.each([
    [[], ['x']],
    [['x', 'y'], ['y']],
    [['all'], ['all', 'x']],
    [
      ['all', 'x', 'y'],
      ['all', 'y'],
    ],
  ])('of %j becomes %j by one press', (before, after) => {
    expect(toggled(before, 'x')).toEqual(after);
    expect(isClosed(after, 'x')).toBe(!isClosed(before, 'x'));
    expect(isClosed(after, 'z')).toBe(isClosed(before, 'z'));
  });
});
