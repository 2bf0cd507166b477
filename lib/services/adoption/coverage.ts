import { authorise } from '@/lib/access/policy';
import { deviceFamily } from '@/lib/format/device-families';
import { hardwareIdentifier } from '@/lib/format/devices';
import { compareOsVersions } from '@/lib/format/os-versions';
import { devicesInApp, type OnDevice } from '@/lib/mirror/devices';
import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { appOf } from '../app-facts';
import type { Ctx } from '../ctx';

/** How many have a device, or any of a family, on a system. */
export interface Covered {
  /** Apple's word: IPHONE, IPAD, … */
  readonly family: string;
  /** The model's identifier; null for all of the family. */
  readonly model: string | null;
  /** The system's first two numbers, as recruitment criteria name it. */
  readonly os: string;
  /** The systems it stands for as devices tell them. */
  readonly versions: readonly string[];
  readonly testers: number;
  readonly devices: number;
}

export interface Coverage {
  readonly covered: readonly Covered[];
  /** Devices of which a model or a system is not told. */
  readonly untold: number;
  /** What testers can install now: of each platform the lowest system that any build needs. */
  readonly platforms: readonly { readonly platform: string; readonly minOs: string | null }[];
}

const tested = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('builds')
    .select(['platform', 'minOsVersion'])
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('expired', 'is distinct from', 1)
    .where('processingState', '=', 'VALID')
    .where('platform', 'is not', null)
    .distinct(),
);

/** On which devices and systems an app is tested. @throws RefusedError 404 */
export async function appCoverage(
  ctx: Ctx,
  { appId, accountId }: { readonly appId: string; readonly accountId?: string | undefined },
): Promise<Coverage> {
  authorise(ctx.actor, 'testers:read');
  return readCoverage(ctx.db, await appOf(ctx, appId, accountId));
}

/** The same without asking who wants it. Testers whose devices are alike are counted together by the database. */
export async function readCoverage(
  db: Store,
  { accountId, appId }: { readonly accountId: string; readonly appId: string },
): Promise<Coverage> {
  const place = { accountId, appId };
  const found = new Map<string, Mutable>();
  const cellsOf = cellReader();
  let untold = 0;
  for (const { devices, testers } of await devicesInApp(db, place)) {
    const met = new Set<string>();
    for (const device of devices) {
      const cells = cellsOf(device);
      if (cells === null) untold += testers;
      for (const { key, ...cell } of cells ?? []) {
        const entry = found.get(key) ?? { ...cell, versions: new Set(), testers: 0, devices: 0 };
        entry.versions.add(device.osVersion ?? '');
        entry.devices += testers;
        if (!met.has(key)) entry.testers += testers;
        met.add(key);
        found.set(key, entry);
      }
    }
  }
  return {
    covered: [...found.values()].map(({ versions, ...entry }) => ({
      ...entry,
      versions: [...versions].sort(),
    })),
    untold,
    platforms: lowest(await db.read(tested(place))),
  };
}

interface Cell {
  readonly key: string;
  readonly family: string;
  readonly model: string | null;
  readonly os: string;
}

type Mutable = Omit<Cell, 'key'> & { versions: Set<string>; testers: number; devices: number };

/** The two cells a device stands in, its model's and its family's; null when it tells too little. */
function cellReader(): (device: OnDevice) => readonly Cell[] | null {
  const known = new Map<string, readonly Cell[] | null>();
  return (device) => {
    const key = `${device.model} ${device.platform} ${device.osVersion}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const cells = cellsOf(device);
    known.set(key, cells);
    return cells;
  };
}

function cellsOf({ model: told, platform, osVersion }: OnDevice): readonly Cell[] | null {
  const model = told === null ? null : hardwareIdentifier(told);
  const family = deviceFamily({ model, platform });
  const os = osVersion === null ? undefined : /^\d+(\.\d+)?/.exec(osVersion)?.[0];
  if (family === null || os === undefined) return null;
  // Devices write 26 for 26.0, criteria name both numbers.
  const system = os.includes('.') ? os : `${os}.0`;
  const whole = { key: `${family} ${system}`, family, model: null, os: system };
  return model === null ? [whole] : [whole, { ...whole, key: `${family} ${system} ${model}`, model }];
}

function lowest(
  rows: readonly { readonly platform: string | null; readonly minOsVersion: string | null }[],
): Coverage['platforms'] {
  const found = new Map<string, string | null>();
  for (const { platform, minOsVersion } of rows) {
    if (platform === null) continue;
    const before = found.get(platform);
    const isLower =
      before === undefined ||
      (before !== null && (minOsVersion === null || compareOsVersions(minOsVersion, before) < 0));
    if (isLower) found.set(platform, minOsVersion);
  }
  return [...found].map(([platform, minOs]) => ({ platform, minOs }));
}
