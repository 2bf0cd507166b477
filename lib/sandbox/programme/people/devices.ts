import { cycle, type Random } from '../prng';

export type Platform = 'IOS' | 'MAC_OS' | 'TV_OS' | 'VISION_OS';
export type DeviceFamily = 'IPHONE' | 'IPAD' | 'APPLE_TV' | 'MAC' | 'VISION';

/** One hardware model: Apple's identifier, screen in points and its scale, chip generation. */
export interface DeviceModel {
  identifier: string;
  family: DeviceFamily;
  platform: Platform;
  widthPoints: number;
  heightPoints: number;
  scale: number;
  architecture: 'arm64' | 'arm64e';
  diskBytes: number;
}

type Row = readonly [identifier: string, width: number, height: number, scale: number, diskGb: number];

const PHONES: readonly Row[] = [
  ['iPhone12,1', 414, 896, 2, 64],
  ['iPhone12,8', 375, 667, 2, 64],
  ['iPhone13,1', 375, 812, 3, 128],
  ['iPhone13,2', 390, 844, 3, 128],
  ['iPhone14,5', 390, 844, 3, 128],
  ['iPhone14,6', 375, 667, 2, 64],
  ['iPhone14,7', 390, 844, 3, 128],
  ['iPhone15,2', 393, 852, 3, 256],
  ['iPhone15,3', 430, 932, 3, 512],
  ['iPhone15,4', 393, 852, 3, 128],
  ['iPhone16,1', 393, 852, 3, 256],
  ['iPhone16,2', 430, 932, 3, 512],
  ['iPhone17,1', 402, 874, 3, 256],
  ['iPhone17,2', 440, 956, 3, 512],
  ['iPhone17,3', 393, 852, 3, 128],
  ['iPhone17,4', 430, 932, 3, 256],
  ['iPhone17,5', 390, 844, 3, 128],
  ['iPhone18,1', 402, 874, 3, 256],
  ['iPhone18,2', 440, 956, 3, 1024],
  ['iPhone18,3', 402, 874, 3, 256],
  ['iPhone18,4', 420, 912, 3, 256],
];
const PADS: readonly Row[] = [
  ['iPad7,12', 810, 1080, 2, 32],
  ['iPad13,1', 820, 1180, 2, 64],
  ['iPad13,18', 820, 1180, 2, 64],
  ['iPad14,1', 744, 1133, 2, 64],
  ['iPad14,3', 834, 1194, 2, 256],
  ['iPad14,8', 820, 1180, 2, 128],
  ['iPad15,3', 820, 1180, 2, 128],
  ['iPad16,1', 744, 1133, 2, 128],
  ['iPad16,3', 834, 1210, 2, 256],
  ['iPad16,5', 1032, 1376, 2, 1024],
];
const MACS: readonly Row[] = [
  ['Mac13,1', 1920, 1080, 2, 1000],
  ['Mac14,2', 1470, 956, 2, 512],
  ['Mac15,12', 1470, 956, 2, 512],
  ['Mac16,1', 1512, 982, 2, 1000],
  ['Mac16,10', 1920, 1080, 1, 256],
  ['Mac16,12', 1470, 956, 2, 512],
  ['MacBookPro18,3', 1512, 982, 2, 512],
];
const TELEVISIONS: readonly Row[] = [
  ['AppleTV6,2', 1920, 1080, 1, 32],
  ['AppleTV11,1', 1920, 1080, 1, 64],
  ['AppleTV14,1', 1920, 1080, 1, 128],
];
const HEADSETS: readonly Row[] = [
  ['RealityDevice14,1', 1280, 720, 2, 256],
  ['RealityDevice17,1', 1280, 720, 2, 512],
];

/** What has an A10 still runs plain arm64; all else here runs arm64e. */
const PLAIN_ARM64 = new Set(['iPad7,12', 'AppleTV6,2']);

function models(rows: readonly Row[], family: DeviceFamily, platform: Platform): readonly DeviceModel[] {
  return rows.map(([identifier, widthPoints, heightPoints, scale, diskGb]) => ({
    identifier,
    family,
    platform,
    widthPoints,
    heightPoints,
    scale,
    architecture: PLAIN_ARM64.has(identifier) ? 'arm64' : 'arm64e',
    diskBytes: diskGb * 1_000_000_000,
  }));
}

const BY_FAMILY: Record<DeviceFamily, readonly DeviceModel[]> = {
  IPHONE: models(PHONES, 'IPHONE', 'IOS'),
  IPAD: models(PADS, 'IPAD', 'IOS'),
  MAC: models(MACS, 'MAC', 'MAC_OS'),
  APPLE_TV: models(TELEVISIONS, 'APPLE_TV', 'TV_OS'),
  VISION: models(HEADSETS, 'VISION', 'VISION_OS'),
};

/** Released systems per platform, oldest first, each with Apple's build number. */
export const OS_RELEASES: Record<Platform, readonly (readonly [version: string, build: string])[]> = {
  IOS: [
    ['17.6.1', '21G93'],
    ['17.7.2', '21H221'],
    ['18.3.2', '22D82'],
    ['18.5', '22F76'],
    ['18.6.2', '22G100'],
    ['18.7.1', '22H31'],
    ['26.0', '23A341'],
    ['26.0.1', '23A355'],
    ['26.1', '23B85'],
    ['26.2', '23C55'],
    ['26.3', '23D127'],
    ['26.3.1', '23D8133'],
  ],
  MAC_OS: [
    ['14.7.1', '23H222'],
    ['15.5', '24F74'],
    ['15.6.1', '24G90'],
    ['15.7.1', '24G231'],
    ['26.0.1', '25A362'],
    ['26.1', '25B78'],
    ['26.2', '25C56'],
  ],
  TV_OS: [
    ['18.5', '22L572'],
    ['18.6', '22M84'],
    ['26.0', '23J353'],
    ['26.1', '23J579'],
    ['26.2', '23K51'],
  ],
  VISION_OS: [
    ['2.5', '22O473'],
    ['2.6', '22O785'],
    ['26.0', '23M336'],
    ['26.1', '23N47'],
    ['26.2', '23N301'],
  ],
};

const FAMILIES: Record<Platform, readonly (readonly [DeviceFamily, number])[]> = {
  IOS: [
    ['IPHONE', 84],
    ['IPAD', 16],
  ],
  MAC_OS: [['MAC', 1]],
  TV_OS: [['APPLE_TV', 1]],
  VISION_OS: [['VISION', 1]],
};

/** Compares dotted versions by number (`2.9.0` before `2.10.0`): negative, zero or positive. */
export function compareVersions(left: string, right: string): number {
  const a = left.split('.').map(Number);
  const b = right.split('.').map(Number);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What a device runs, and on which model. */
export interface Device {
  model: DeviceModel;
  osVersion: string;
}

const ableReleases = new Map<string, readonly (readonly [version: string, build: string])[]>();

/** Released systems from a minimum on; remembered, since every tester's device asks. */
function releasesFrom(
  platform: Platform,
  minimumOs: string,
): readonly (readonly [version: string, build: string])[] {
  const key = `${platform} ${minimumOs}`;
  const known = ableReleases.get(key);
  if (known) return known;
  const able = OS_RELEASES[platform].filter(([version]) => compareVersions(version, minimumOs) >= 0);
  ableReleases.set(key, able);
  return able;
}

/** A device that can run a build: the family if one is asked for, and at least the given system. */
export function drawDevice(
  random: Random,
  platform: Platform,
  minimumOs: string,
  family?: DeviceFamily,
): Device {
  const model = random.pick(BY_FAMILY[family ?? random.weighted(FAMILIES[platform])]);
  const able = releasesFrom(platform, minimumOs);
  // Most people run one of the newest four systems.
  const first = random.chance(0.78) ? Math.max(0, able.length - 4) : 0;
  const [osVersion] = cycle(able, random.between(first, able.length - 1));
  return { model, osVersion };
}

/** The model of an identifier in either spelling (`iPhone17,1`, `iPhone17_1`), or a common phone. */
export function modelOf(identifier: string): DeviceModel {
  const wanted = identifier.replace('_', ',');
  for (const family of Object.values(BY_FAMILY)) {
    const found = family.find((model) => model.identifier === wanted);
    if (found) return found;
  }
  return cycle(BY_FAMILY.IPHONE, 10);
}

/** Apple's build number of a released system, or a plausible one for a system not listed. */
export function osBuild(platform: Platform, version: string): string {
  return OS_RELEASES[platform].find(([listed]) => listed === version)?.[1] ?? '23E220';
}
