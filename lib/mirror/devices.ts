import { shape } from '@/lib/store/shape';
import type { Store } from '@/lib/store/store';
import { isRecord } from './resource';
import { versionKey } from './text';

export interface Device {
  readonly model: string | null;
  readonly platform: string | null;
  readonly osVersion: string | null;
  readonly appBuildVersion: string | null;
}

/** Apple gives devices no dates: the newest is the one with the highest build of the app, then the highest OS. */
export function newestDevice(appDevices: readonly unknown[]): Device | undefined {
  let newest: Device | undefined;
  let highest = '';
  for (const entry of appDevices) {
    if (!isRecord(entry)) continue;
    const device: Device = {
      model: text(entry.model),
      platform: text(entry.platform),
      osVersion: text(entry.osVersion),
      appBuildVersion: text(entry.appBuildVersion),
    };
    if (appDevices.length === 1) return device;
    const rank = `${versionKey(device.appBuildVersion) ?? ''} ${versionKey(device.osVersion) ?? ''}`;
    if (newest && rank <= highest) continue;
    newest = device;
    highest = rank;
  }
  return newest;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A device as far as a tester's entry tells it: a number and a platform, never a build. */
export interface OnDevice {
  readonly model: string | null;
  readonly osVersion: string | null;
  readonly platform: string | null;
  readonly number: string | null;
}

/** Reads lists of devices; many testers have the same, which is read once. */
export function deviceReader(): (appDevices: string | null) => readonly OnDevice[] {
  const known = new Map<string, readonly OnDevice[]>();
  return (appDevices) => {
    if (appDevices === null) return [];
    const before = known.get(appDevices);
    if (before) return before;
    const all: unknown = JSON.parse(appDevices);
    const devices = (Array.isArray(all) ? all : []).filter(isRecord).map(onDevice);
    known.set(appDevices, devices);
    return devices;
  };
}

const onDevice = ({
  model,
  osVersion,
  platform,
  appBuildVersion,
}: Readonly<Record<string, unknown>>): OnDevice => ({
  ...{ model: text(model) || null, osVersion: text(osVersion) || null },
  ...{ platform: text(platform) || null, number: text(appBuildVersion) || null },
});

const alike = shape((build, given: { accountId: string; appId: string }) =>
  build
    .selectFrom('betaTesters')
    .select('appDevices')
    .select(({ fn }) => fn.countAll<number>().as('testers'))
    .where('accountId', '=', given.accountId)
    .where('appId', '=', given.appId)
    .where('appDevices', 'is not', null)
    .groupBy('appDevices'),
);

/** What devices an app's testers have: testers whose devices are alike are counted together by the database. */
export async function devicesInApp(
  db: Store,
  { accountId, appId }: { readonly accountId: string; readonly appId: string },
): Promise<readonly { readonly devices: readonly OnDevice[]; readonly testers: number }[]> {
  const devicesIn = deviceReader();
  const rows = await db.read(alike({ accountId, appId }));
  return rows.map(({ appDevices, testers }) => ({ devices: devicesIn(appDevices), testers }));
}
