import { describe, expect, it } from 'vitest';
import { gapsOf, type Matrix, matricesOf } from '@/components/adoption/matrix';
import { type DraftRow, withGap } from '@/components/links/criteria-draft';
import type { Coverage, Covered } from '@/lib/browser/adoption';
import { deviceFamily } from '@/lib/format/device-families';

const covered = (family: string, os: string, testers: number, model: string | null = null): Covered => ({
  ...{ family, os, testers, model, devices: testers, versions: [os] },
});
const COVERAGE: Coverage = {
  covered: [
    covered('IPHONE', '26.1', 3),
    covered('IPHONE', '26.1', 1, 'iPhone16,1'),
    covered('IPHONE', '26.1', 2, 'iPhone17,1'),
    covered('IPAD', '26.0', 1),
    covered('MAC', '15.7', 1),
  ],
  untold: 0,
  platforms: [{ platform: 'IOS', minOs: '18.2' }],
};
const OPTIONS = [
  { deviceFamily: 'IPHONE', osVersions: ['26', '26.1', '18.2', '17.6'] },
  { deviceFamily: 'IPAD', osVersions: ['26', '26.1'] },
  { deviceFamily: 'MAC', osVersions: ['15.7', '26.1'] },
];
const cells = (matrix: Matrix | undefined) =>
  Object.fromEntries(
    (matrix?.families ?? []).map(({ whole }) => [
      whole.family,
      whole.cells.map(({ os, testers, isGap }) => `${os} ${isGap ? 'gap' : testers}`),
    ]),
  );

describe('devices against systems', () => {
  it('shows what testers have, and as gaps what Apple offers and a build runs on', () => {
    const [phones, macs, ...others] = matricesOf(COVERAGE, OPTIONS);
    expect(others).toEqual([]);
    expect(phones?.name).toBe('iOS and iPadOS');
    // The build needs 18.2, so that 17.6 is no gap; 18.2 is none of a family that Apple does not offer it for.
    expect(cells(phones)).toEqual({
      IPHONE: ['26.1 3', '26.0 gap', '18.2 gap'],
      IPAD: ['26.1 gap', '26.0 1', '18.2 0'],
    });
    // The list of testers is asked for one device with both, so that nobody is shown who has them on two.
    expect(phones?.families[0]?.whole.cells[0]?.filter).toEqual({
      device: 'iPhone16_1,iPhone17_1',
      os: '26.1',
    });
    expect(macs?.families[0]?.whole.cells[0]?.filter).toEqual({ device: 'none-MAC_OS', os: '15.7' });
    expect(phones?.families[0]?.models.map(({ model }) => model)).toEqual(['iPhone17,1', 'iPhone16,1']);
    // No build for Macs: somebody runs the iOS one there, and nothing is missing.
    expect(cells(macs)).toEqual({ MAC: ['15.7 1'] });
    const gaps = phones ? gapsOf(phones) : [];
    expect(gaps.map(({ family, cell }) => `${family} ${cell.offered}`)).toEqual([
      'IPAD 26.1',
      'IPHONE 26',
      'IPHONE 18.2',
    ]);
  });

  it('takes the systems of other testers where it is not known what Apple offers, and offers no recruiting', () => {
    const [phones] = matricesOf(COVERAGE, undefined);
    expect(cells(phones)).toEqual({ IPHONE: ['26.1 3', '26.0 gap'], IPAD: ['26.1 gap', '26.0 1'] });
    expect(phones && gapsOf(phones).some(({ cell }) => cell.offered !== undefined)).toBe(false);
  });

  it('has nothing where nothing is built and nobody has installed anything', () => {
    expect(matricesOf({ covered: [], untold: 0, platforms: [] }, OPTIONS)).toEqual([]);
  });
});

describe('criteria with a gap filled in', () => {
  const row = (isChosen: boolean, minimum = '', maximum = ''): DraftRow => ({
    ...{ deviceFamily: 'IPAD', isChosen, minimum, maximum },
  });
  it.each<[string, DraftRow, DraftRow]>([
    ['a family that is not admitted', row(false), row(true, '26.1', '26.1')],
    ['a family that is admitted whatever its system', row(true), row(true)],
    ['a range that begins later', row(true, '26.2'), row(true, '26.1')],
    ['a range that ends earlier', row(true, '18.0', '26.0'), row(true, '18.0', '26.1')],
    ['a range that ends with all of 26', row(true, '18.0', '26'), row(true, '18.0', '26')],
  ])('%s', (_, before, after) => {
    const other: DraftRow = { deviceFamily: 'IPHONE', isChosen: true, minimum: '26.0', maximum: '' };
    expect(withGap([other, before], { deviceFamily: 'IPAD', osVersion: '26.1' })).toEqual([other, after]);
  });
});

it.each([
  ['iPhone17,1', 'IOS', 'IPHONE'],
  ['iPad16_3', 'IOS', 'IPAD'],
  ['Macmini9,1', 'MAC_OS', 'MAC'],
  ['Mac14,2', 'IOS', 'MAC'],
  ['iMac21,1', null, 'MAC'],
  ['RealityDevice14,1', 'VISION_OS', 'VISION'],
  ['AppleTV14,1', 'TV_OS', 'APPLE_TV'],
  ['Watch7,8', null, 'APPLE_WATCH'],
  ['VirtualMac2,1', 'MAC_OS', 'MAC'],
  [null, 'TV_OS', 'APPLE_TV'],
  [null, 'IOS', null],
  ['toString', 'toString', null],
])('tells the family of %s on %s', (model, platform, family) =>
  expect(deviceFamily({ model, platform })).toBe(family),
);
