import { attributeRefusal, relationshipRefusal } from '../checks/refusal';
import type { Resource } from '../engine/resource';
import type { TypeRules, World } from '../engine/world';
import { isInternal } from './access';
import { isExternallyTestable } from './build-state';

interface OsRange {
  deviceFamily?: string;
  minimumOsInclusive?: string | null;
  maximumOsInclusive?: string | null;
}

const ATTRIBUTE = 'deviceFamilyOsVersionFilters';

/** Which trains can run on a device family. */
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  IPHONE: ['IOS'],
  IPAD: ['IOS'],
  APPLE_WATCH: ['IOS'],
  APPLE_TV: ['TV_OS'],
  MAC: ['MAC_OS', 'IOS'],
  VISION: ['VISION_OS', 'IOS'],
};

/** Negative, zero or positive as version `a` comes before, with or after `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function offered(world: World): Map<string, readonly string[]> {
  const families = new Map<string, readonly string[]>();
  for (const option of world.store.all('betaRecruitmentCriterionOptions').values()) {
    const list = option.attributes.deviceFamilyOsVersions as { deviceFamily: string; osVersions: string[] }[];
    for (const { deviceFamily, osVersions } of list) families.set(deviceFamily, osVersions);
  }
  return families;
}

function refuse(detail: string): never {
  throw attributeRefusal(ATTRIBUTE, 'INVALID', detail);
}

function checkFilters(world: World, filters: unknown): void {
  const ranges = filters as OsRange[];
  if (!Array.isArray(ranges) || ranges.length === 0) refuse('At least one device family is needed');
  const families = offered(world);
  const seen = new Set<string>();
  for (const { deviceFamily, minimumOsInclusive: low, maximumOsInclusive: high } of ranges) {
    const versions = families.get(deviceFamily ?? '');
    if (deviceFamily === undefined || !versions)
      refuse(`'${String(deviceFamily)}' is not an offered device family`);
    if (seen.has(deviceFamily)) refuse(`${deviceFamily} is named twice`);
    seen.add(deviceFamily);
    for (const version of [low, high])
      if (typeof version === 'string' && !versions.includes(version))
        refuse(`'${version}' is not an offered version for ${deviceFamily}`);
    if (typeof low === 'string' && typeof high === 'string' && compareVersions(low, high) > 0)
      refuse('The minimum version must not be above the maximum');
  }
}

/** One set of criteria per external group, made of what the options offer. */
export const criteriaRules: TypeRules = {
  create(world, draft) {
    const group = world.store.get('betaGroups', draft.relationships.betaGroup?.[0] ?? '');
    if (!group || isInternal(group))
      throw relationshipRefusal('betaGroup', 'INVALID', 'Recruitment criteria belong to external groups');
    if (world.store.relatedId(group, 'betaRecruitmentCriteria') !== null)
      throw relationshipRefusal('betaGroup', 'INVALID', 'The group has recruitment criteria already');
    checkFilters(world, draft.attributes[ATTRIBUTE]);
    draft.attributes = { ...draft.attributes, lastModifiedDate: world.clock.iso() };
    return undefined;
  },
  update(world, _criteria, changes) {
    if (changes[ATTRIBUTE] === undefined || changes[ATTRIBUTE] === null) return {};
    checkFilters(world, changes[ATTRIBUTE]);
    return { ...changes, lastModifiedDate: world.clock.iso() };
  },
};

/** Whether a device and its system meet a group's criteria; a group without criteria takes everybody. */
export function meetsCriteria(
  world: World,
  group: Resource,
  deviceFamily: string,
  osVersion: string,
): boolean {
  const criteria = world.store.relatedOne(group, 'betaRecruitmentCriteria');
  if (!criteria) return true;
  const ranges = criteria.attributes[ATTRIBUTE] as OsRange[];
  return ranges.some(
    ({ deviceFamily: family, minimumOsInclusive: low, maximumOsInclusive: high }) =>
      family === deviceFamily &&
      (typeof low !== 'string' || compareVersions(osVersion, low) >= 0) &&
      (typeof high !== 'string' || compareVersions(osVersion, high) <= 0),
  );
}

/** Whether any build that the group can install now runs on a device that the criteria admit. */
export function hasCompatibleBuild(world: World, group: Resource): boolean {
  const criteria = world.store.relatedOne(group, 'betaRecruitmentCriteria');
  const ranges = (criteria?.attributes[ATTRIBUTE] ?? []) as OsRange[];
  return world.store.related(group, 'builds').some((build) => {
    if (!isExternallyTestable(world, build)) return false;
    if (ranges.length === 0) return true;
    const platform = String(world.store.relatedOne(build, 'preReleaseVersion')?.attributes.platform);
    const minimum = String(build.attributes.minOsVersion ?? '0');
    return ranges.some(
      ({ deviceFamily, maximumOsInclusive }) =>
        PLATFORMS[deviceFamily ?? '']?.includes(platform) &&
        (typeof maximumOsInclusive !== 'string' || compareVersions(minimum, maximumOsInclusive) <= 0),
    );
  });
}
