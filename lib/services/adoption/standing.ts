import type { OnDevice } from '@/lib/mirror/devices';
import type { KnownBuild, Person, Reach } from './facts';

/**
 * How somebody stands to the newest build they can have: on it, behind it on every device, without any installation, or
 * not to be told, because a number stands for several builds or for none that is known.
 */
export const STANDINGS = ['current', 'behind', 'accepted', 'invited', 'unclear'] as const;
export type Standing = (typeof STANDINGS)[number];

/** A person against the newest build of one platform. */
export interface Stand {
  readonly build: KnownBuild;
  readonly standing: Standing;
}

/** Which builds a number on a device may be: none, one, or several of different versions. */
export function buildsBehind(
  builds: readonly KnownBuild[],
  { number, platform }: Pick<OnDevice, 'number' | 'platform'>,
): readonly KnownBuild[] {
  if (number === null) return [];
  return builds.filter(
    (build) =>
      build.version === number &&
      (platform === null || build.platform === null || build.platform === platform),
  );
}

/** The newest build somebody can have, by platform. */
export type Newest = ReadonlyMap<string | null, KnownBuild>;

/** What the groups of somebody and their own builds let them install now: of each platform the one uploaded last. */
export function newestFor(
  reach: Reach,
  { groupIds, buildIds }: Pick<Person, 'groupIds' | 'buildIds'>,
): Newest {
  const newest = new Map<string | null, KnownBuild>();
  const offer = (build: KnownBuild) => {
    const before = newest.get(build.platform);
    if (!before || build.uploadedAt > before.uploadedAt) newest.set(build.platform, build);
  };
  for (const groupId of groupIds) {
    const group = reach.groups.get(groupId);
    if (!group) continue;
    for (const build of reach.builds) {
      const isGiven = group.hasAllBuilds || group.buildIds.has(build.id);
      if (isGiven && (group.isInternal ? build.isTestedInternally : build.isTestedExternally)) offer(build);
    }
  }
  for (const build of reach.builds) if (buildIds.includes(build.id) && build.isTestedExternally) offer(build);
  return newest;
}

/** How a person stands to each newest build that concerns them: of the platforms of their devices, or else of one. */
export function standsOf(
  reach: Reach,
  newest: Newest,
  { state, devices }: { readonly state: string | null; readonly devices: readonly OnDevice[] },
): Stand[] {
  if (state === 'REVOKED') return [];
  if (devices.length === 0) {
    const [build] = [...newest.values()].sort((one, other) => other.uploadedAt - one.uploadedAt);
    return build ? [{ build, standing: withoutDevice(state) }] : [];
  }
  return [...new Set(devices.map(({ platform }) => platform))].flatMap((platform) => {
    const build = newest.get(platform);
    if (!build) return [];
    const own = devices.filter((device) => device.platform === platform);
    return [{ build, standing: onDevices(reach, build, own) }];
  });
}

function withoutDevice(state: string | null): Standing {
  if (state === 'ACCEPTED') return 'accepted';
  return state === 'INVITED' || state === 'NOT_INVITED' ? 'invited' : 'unclear';
}

/** Whoever has it on one device is on it; behind is only who surely has something older on each. */
function onDevices(reach: Reach, newest: KnownBuild, devices: readonly OnDevice[]): Standing {
  const all = devices.map((device) => buildsBehind(reach.builds, device));
  const isNew = (build: KnownBuild) => build.id === newest.id || build.uploadedAt >= newest.uploadedAt;
  if (all.some((builds) => builds.length > 0 && builds.every(isNew))) return 'current';
  const isOld = (builds: readonly KnownBuild[]) => builds.length > 0 && !builds.some(isNew);
  return all.every(isOld) ? 'behind' : 'unclear';
}
