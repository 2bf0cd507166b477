import { describe, expect, it } from 'vitest';
import { compatibleBuilds, draftOf, filtersOf, rowProblem } from '@/components/links/criteria-draft';
import { limitProblem, raisedLimit } from '@/components/links/limit-rules';
import { changesOf, sideBySide } from '@/components/links/link-trend';
import { qrCells, qrPath, qrSvg } from '@/components/links/qr-drawing';
import type { LinkDay } from '@/lib/browser/links';
import type { BuildResource } from '@/lib/browser/types';

const day = (name: string, viewCount: number | null, acceptedCount: number | null): LinkDay => ({
  day: name,
  viewCount,
  acceptedCount,
  didNotAcceptCount: null,
  didNotMeetCriteriaCount: 0,
  notRelevantRatio: null,
  notClearRatio: null,
  notInterestingRatio: null,
});

describe('the trend of a link', () => {
  it('is the difference between kept days, and nothing where a sum shrank or is not known', () => {
    const changes = changesOf([
      day('2026-01-01', 100, 10),
      day('2026-01-02', 130, 12),
      day('2026-01-05', 90, null),
      day('2026-01-06', 95, 20),
    ]);
    expect(
      changes.map(({ views, accepted, didNotMeetCriteria }) => [views, accepted, didNotMeetCriteria]),
    ).toEqual([
      [30, 2, 0],
      [null, null, 0],
      [5, null, 0],
    ]);
    expect(changesOf([day('2026-01-01', 1, 1)])).toEqual([]);
  });

  it('stands beside another by day', () => {
    const mine = changesOf([day('2026-01-01', 0, 0), day('2026-01-02', 5, 1)]);
    const other = changesOf([day('2026-01-02', 0, 0), day('2026-01-03', 9, 4)]);
    expect(sideBySide(mine, other, 'accepted')).toEqual([
      { day: '2026-01-02', mine: 1, other: null },
      { day: '2026-01-03', mine: null, other: 4 },
    ]);
  });
});

describe('a limit', () => {
  it.each(['1', '10000', ' 42 '])('of “%s” can be sent', (typed) => {
    expect(limitProblem(typed)).toBeUndefined();
  });
  it.each(['', '0', '10001', '-1', '1.5', '1e3', 'ten'])('of “%s” is refused', (typed) => {
    expect(limitProblem(typed)).toContain('from 1 to 10,000');
  });
  it('is raised so that there is room, and never beyond Apple’s', () => {
    expect(raisedLimit(100, 100)).toBe(200);
    expect(raisedLimit(5, 12)).toBe(17);
    expect(raisedLimit(9_000, 9_000)).toBe(10_000);
  });
});

describe('criteria in the making', () => {
  const options = [
    { deviceFamily: 'IPHONE', osVersions: ['26.0', '18.0'] },
    { deviceFamily: 'IPAD', osVersions: ['26.0'] },
  ];
  it('keep what the group has, families no longer offered included', () => {
    const filters = [{ deviceFamily: 'APPLE_WATCH' }, { deviceFamily: 'IPHONE', minimumOsInclusive: '18.0' }];
    const draft = draftOf(options, filters);
    expect(draft.map(({ deviceFamily, isChosen }) => [deviceFamily, isChosen])).toEqual([
      ['IPHONE', true],
      ['IPAD', false],
      ['APPLE_WATCH', true],
    ]);
    expect(filtersOf(draft)).toEqual([
      { deviceFamily: 'IPHONE', minimumOsInclusive: '18.0' },
      { deviceFamily: 'APPLE_WATCH' },
    ]);
  });

  it('say when a minimum is newer than its maximum', () => {
    const row = { deviceFamily: 'IPHONE', isChosen: true, minimum: '26.1', maximum: '26.0' };
    expect(rowProblem(row)).toContain('newer');
    expect(rowProblem({ ...row, maximum: '26.1' })).toBeUndefined();
    expect(rowProblem({ ...row, isChosen: false })).toBeUndefined();
  });

  const build = (platform: string | null, minOsVersion: string): BuildResource => ({
    type: 'builds',
    id: `${platform} ${minOsVersion}`,
    attributes: { minOsVersion },
    meta: { platform },
  });
  it.each([
    ['an iOS build on iPhone', build('IOS', '17.0'), { deviceFamily: 'IPHONE' }, true],
    [
      'an iOS build on a Mac',
      build('IOS', '17.0'),
      { deviceFamily: 'MAC', maximumOsInclusive: '15.0' },
      true,
    ],
    ['an iOS build on Apple TV', build('IOS', '17.0'), { deviceFamily: 'APPLE_TV' }, false],
    ['a macOS build on iPhone', build('MAC_OS', '14.0'), { deviceFamily: 'IPHONE' }, false],
    [
      'a build that needs more',
      build('IOS', '26.0'),
      { deviceFamily: 'IPHONE', maximumOsInclusive: '18.5' },
      false,
    ],
    [
      'a build of the same system',
      build('IOS', '18.4'),
      { deviceFamily: 'IPHONE', maximumOsInclusive: '18.5' },
      true,
    ],
    [
      'a build of unknown platform',
      build(null, '26.0'),
      { deviceFamily: 'IPHONE', maximumOsInclusive: '9.0' },
      true,
    ],
    ['a family Apple has added since', build('IOS', '26.0'), { deviceFamily: 'CAR' }, true],
  ])('judge %s', (_what, one, filter, isFit) => {
    expect(compatibleBuilds([one], [filter])).toHaveLength(isFit ? 1 : 0);
  });
  it('without filters fit everything', () => {
    expect(compatibleBuilds([build('TV_OS', '18.0')], [])).toHaveLength(1);
  });
});

describe('the QR code of a link', () => {
  const link = 'https://testflight.apple.com/join/9E8xwFrt';
  it('is square, has a quiet zone and its three finder patterns', () => {
    const { size, data } = qrCells(link);
    expect(data).toHaveLength(size);
    expect(data.slice(0, 4).flat().some(Boolean)).toBe(false);
    const finder = (x: number, y: number) => [data[y]?.[x], data[y + 1]?.[x + 1], data[y + 3]?.[x + 3]];
    for (const [x, y] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const)
      expect(finder(x, y)).toEqual([true, false, true]);
    expect(qrPath(data).match(/M/g)).toHaveLength(data.flat().filter(Boolean).length);
  });
  it('differs for another link', () => {
    expect(qrSvg(link)).not.toBe(qrSvg(`${link}x`));
    expect(qrSvg(link)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1"/);
  });
});
