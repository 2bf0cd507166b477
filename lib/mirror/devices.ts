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
