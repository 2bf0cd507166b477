import type { CriterionOption } from '@/lib/browser/links';
import type { BuildResource, DeviceFamilyFilter } from '@/lib/browser/types';
import { compareOsVersions, isOsWithin } from '@/lib/format/os-versions';

/** One device family in the builder; an empty version stands for “any”. */
export interface DraftRow {
  readonly deviceFamily: string;
  readonly isChosen: boolean;
  readonly minimum: string;
  readonly maximum: string;
}

/** A row for each family Apple offers, filled with what the group has; families no longer offered stay. */
export function draftOf(
  options: readonly CriterionOption[],
  filters: readonly DeviceFamilyFilter[] | null | undefined,
): DraftRow[] {
  const families = new Set([
    ...options.map(({ deviceFamily }) => deviceFamily),
    ...(filters ?? []).flatMap(({ deviceFamily }) => deviceFamily ?? []),
  ]);
  return [...families].map((deviceFamily) => {
    const filter = filters?.find((one) => one.deviceFamily === deviceFamily);
    return {
      deviceFamily,
      isChosen: filter !== undefined,
      minimum: filter?.minimumOsInclusive ?? '',
      maximum: filter?.maximumOsInclusive ?? '',
    };
  });
}

/** A device that criteria are to admit as well. */
export interface Gap {
  readonly deviceFamily: string;
  readonly osVersion: string;
}

/** The draft with one device more: a family that is not chosen is, with this system alone, and a range grows up to it. */
export function withGap(draft: readonly DraftRow[], { deviceFamily, osVersion }: Gap): DraftRow[] {
  return draft.map((row) => {
    if (row.deviceFamily !== deviceFamily) return row;
    if (!row.isChosen) return { ...row, isChosen: true, minimum: osVersion, maximum: osVersion };
    const isBelow = row.minimum !== '' && compareOsVersions(osVersion, row.minimum) < 0;
    const isAbove = row.maximum !== '' && !isOsWithin(osVersion, null, row.maximum);
    return {
      ...row,
      minimum: isBelow ? osVersion : row.minimum,
      maximum: isAbove ? osVersion : row.maximum,
    };
  });
}

/** Rows kept from before, laid over those of now; null when nothing of them fits. */
export function readDraftRows(kept: unknown, now: readonly DraftRow[]): DraftRow[] | null {
  if (!Array.isArray(kept)) return null;
  const rows = new Map(
    (kept as readonly Partial<DraftRow>[]).map((row) => [String(row?.deviceFamily), row] as const),
  );
  if (!now.some(({ deviceFamily }) => rows.has(deviceFamily))) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return now.map((row) => {
    const found = rows.get(row.deviceFamily);
    if (!found) return row;
    const { isChosen, minimum, maximum } = found;
    return { ...row, isChosen: isChosen === true, minimum: text(minimum), maximum: text(maximum) };
  });
}

/** The draft as Apple takes it. */
export function filtersOf(draft: readonly DraftRow[]): DeviceFamilyFilter[] {
  return draft
    .filter(({ isChosen }) => isChosen)
    .map(({ deviceFamily, minimum, maximum }) => ({
      deviceFamily,
      ...(minimum ? { minimumOsInclusive: minimum } : {}),
      ...(maximum ? { maximumOsInclusive: maximum } : {}),
    }));
}

/** What is wrong with a row, in words. */
export function rowProblem({ isChosen, minimum, maximum }: DraftRow): string | undefined {
  if (!isChosen || !minimum || !maximum || isOsWithin(minimum, null, maximum)) return undefined;
  return 'The minimum is newer than the maximum.';
}

/** Which trains run on a device family; iOS apps also run on Mac and Apple Vision. */
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  IPHONE: ['IOS'],
  IPAD: ['IOS'],
  APPLE_WATCH: ['IOS'],
  APPLE_TV: ['TV_OS'],
  MAC: ['MAC_OS', 'IOS'],
  VISION: ['VISION_OS', 'IOS'],
};

/** Families whose versions can be compared with a build's own minimum, because it runs on them as it is. */
const NATIVE: Readonly<Record<string, string>> = {
  IPHONE: 'IOS',
  IPAD: 'IOS',
  APPLE_TV: 'TV_OS',
  MAC: 'MAC_OS',
  VISION: 'VISION_OS',
};

/** The builds that run on any device the filters admit, by platform and lowest system; no filters admit everything. */
export function compatibleBuilds(
  builds: readonly BuildResource[],
  filters: readonly DeviceFamilyFilter[],
): BuildResource[] {
  if (filters.length === 0) return [...builds];
  return builds.filter((build) => filters.some((filter) => runsOn(build, filter)));
}

function runsOn(
  { attributes, meta }: BuildResource,
  { deviceFamily, maximumOsInclusive }: DeviceFamilyFilter,
): boolean {
  const family = deviceFamily ?? '';
  const platform = meta?.platform;
  // What is not known accuses nobody.
  if (!platform || !Object.hasOwn(PLATFORMS, family)) return true;
  if (!PLATFORMS[family]?.includes(platform)) return false;
  const lowest = attributes?.minOsVersion;
  if (!lowest || !maximumOsInclusive || NATIVE[family] !== platform) return true;
  return isOsWithin(lowest, null, maximumOsInclusive);
}
