import { label } from './labels';
import { isOsWithin } from './os-versions';

/** One entry of Apple's `deviceFamilyOsVersionFilters`. */
export interface DeviceFilter {
  readonly deviceFamily?: string | null;
  readonly minimumOsInclusive?: string | null;
  readonly maximumOsInclusive?: string | null;
}

const FAMILIES: Readonly<Record<string, { device: string; os: string }>> = {
  IPHONE: { device: 'iPhone', os: 'iOS' },
  IPAD: { device: 'iPad', os: 'iPadOS' },
  APPLE_TV: { device: 'Apple TV', os: 'tvOS' },
  APPLE_WATCH: { device: 'Apple Watch', os: 'watchOS' },
  MAC: { device: 'Mac', os: 'macOS' },
  VISION: { device: 'Apple Vision', os: 'visionOS' },
};

/** The criteria as people say them: “iPhone on iOS 26.0 or later; iPad on any iPadOS version”. Empty text when there are none. */
export function criteriaSentence(filters: readonly DeviceFilter[] | null | undefined): string {
  return (filters ?? []).map(phrase).join('; ');
}

/** A family on one system: “iPad with iPadOS 26.1”. */
export function familyOnSystem(family: string, os: string): string {
  const known = FAMILIES[family];
  return known ? `${known.device} with ${known.os} ${os}` : `${label(family)} with system ${os}`;
}

/** What a device of a family is called. */
export function deviceName(family: string | null | undefined): string {
  return FAMILIES[family ?? '']?.device ?? (family ? label(family) : 'Any device');
}

/** What the system of a family is called; '' when it is not known. */
export function systemName(family: string): string {
  return FAMILIES[family]?.os ?? '';
}

function phrase({ deviceFamily, minimumOsInclusive, maximumOsInclusive }: DeviceFilter): string {
  const device = deviceName(deviceFamily);
  const system = systemName(deviceFamily ?? '');
  const os = system === '' ? '' : `${system} `;
  const from = minimumOsInclusive || null;
  const to = maximumOsInclusive || null;
  if (!from && !to) return `${device} on any ${os}version`;
  if (from && to) {
    return from === to ? `${device} on ${os}${from} only` : `${device} on ${os}${from} to ${to}`;
  }
  return from ? `${device} on ${os}${from} or later` : `${device} on ${os}${to} or earlier`;
}

/** Whether somebody with this device would be let in. */
export function admitsDevice(
  filters: readonly DeviceFilter[] | null | undefined,
  device: { readonly deviceFamily: string; readonly osVersion: string },
): boolean {
  if (!filters || filters.length === 0) return true;
  return filters.some(
    (filter) =>
      (!filter.deviceFamily || filter.deviceFamily === device.deviceFamily) &&
      isOsWithin(device.osVersion, filter.minimumOsInclusive, filter.maximumOsInclusive),
  );
}

/** Filters that no device can meet because their minimum is newer than their maximum. */
export function impossibleFilters(filters: readonly DeviceFilter[] | null | undefined): DeviceFilter[] {
  return (filters ?? []).filter(
    ({ minimumOsInclusive: from, maximumOsInclusive: to }) => from && to && !isOsWithin(from, null, to),
  );
}
