import { compareOsVersions } from '@/lib/format/os-versions';
import {
  criteriaSentence,
  type DeviceFilter,
  deviceName,
  familyOnSystem,
  impossibleFilters,
} from '@/lib/format/recruitment';
import { isSame } from '../resources/expectation';
import type { GroupInFile } from './file';
import { changesOf, groupPage, KEPT, named, type Operation, operation } from './operation';
import { type Filters, filtersOf, type LiveGroup, type Programme } from './programme';
import { step } from './step';

type ExternalInFile = Extract<GroupInFile, { isInternalGroup: false }>;

/** Who may join an external group: its criteria, and then its link, which lets in whom they admit. */
export function admission(
  group: ExternalInFile,
  live: LiveGroup | null,
  offered: Programme['offered'],
  isPruned = false,
): Operation[] {
  const ofCriteria = criteria(group, live, offered, isPruned);
  const isOpen = ofCriteria.some(({ kind }) => kind === 'blocked');
  return [...ofCriteria, ...linkSwitch(group, live, isOpen)];
}

/** What App Store Connect does not take of criteria, each as a sentence; where it told nothing, nothing is judged. */
function strangeIn(wanted: Filters, offered: Programme['offered']): string[] {
  const impossible = impossibleFilters(wanted).map(
    (filter) => `The oldest system is newer than the newest: no device is ${criteriaSentence([filter])}.`,
  );
  const families = wanted.map(({ deviceFamily }) => deviceFamily);
  const twice = wanted
    .filter(({ deviceFamily }, at) => families.indexOf(deviceFamily) < at)
    .map(({ deviceFamily }) => `Two entries are of ${deviceName(deviceFamily)}: say it in one.`);
  const unoffered = wanted.flatMap((filter) => {
    if (!offered || offered.length === 0) return [];
    const of = offered.find(({ deviceFamily }) => deviceFamily === filter.deviceFamily);
    if (!of) return [`App Store Connect does not offer ${deviceName(filter.deviceFamily)}.`];
    return of.osVersions.length === 0 ? [] : unofferedIn(filter, of.osVersions);
  });
  return [...impossible, ...twice, ...unoffered];
}

function unofferedIn(
  { deviceFamily, minimumOsInclusive, maximumOsInclusive }: DeviceFilter,
  versions: readonly string[],
): string[] {
  const missing = [minimumOsInclusive, maximumOsInclusive].filter(
    (version): version is string =>
      typeof version === 'string' && !versions.some((one) => compareOsVersions(one, version) === 0),
  );
  return [...new Set(missing)].map(
    (version) =>
      `App Store Connect does not offer ${familyOnSystem(deviceFamily ?? '', version)}, but ${versions.join(', ')}.`,
  );
}

/** What a link needs of the criteria of a file, where it has some. */
function keptOut(devices: Filters) {
  return devices.length === 0 ? {} : { deviceFamilyOsVersionFilters: filtersOf(devices) };
}

function criteria(
  group: ExternalInFile,
  live: LiveGroup | null,
  offered: Programme['offered'],
  isPruned: boolean,
): Operation[] {
  if (group.criteria === undefined) return [];
  const wanted = filtersOf(group.criteria);
  const now = live?.criteria ?? null;
  if (isSame(wanted, now?.filters ?? [])) return [];
  const attributes = { deviceFamilyOsVersionFilters: wanted };
  const expect = now ? { deviceFamilyOsVersionFilters: now.filters } : {};
  const about = { changes: changesOf(expect, attributes) };
  const target = { owner: live?.id ?? null, group: group.name, id: now?.id ?? null };
  const of = `the recruitment criteria of ${named(group.name)}`;
  const strange = strangeIn(wanted, offered);
  if (strange.length > 0)
    return [
      operation('blocked', `${now ? 'Change' : 'Set'} ${of}`, {
        ...about,
        reason: `${strange.join(' ')} Correct the file, then apply it again.`,
        next: live && groupPage(live.id),
      }),
    ];
  if (!now)
    return [
      operation('create', `Set ${of}`, {
        ...about,
        step: step('create', 'betaRecruitmentCriteria', { ...target, attributes }),
      }),
    ];
  if (wanted.length > 0)
    return [
      operation('change', `Change ${of}`, {
        ...about,
        step: step('update', 'betaRecruitmentCriteria', { ...target, attributes, expect }),
      }),
    ];
  const says = `Delete ${of}: everybody who has its public link can join`;
  if (!isPruned) return [operation('delete', says, { ...about, reason: KEPT })];
  return [
    operation('delete', says, {
      ...about,
      step: step('delete', 'betaRecruitmentCriteria', { ...target, expect }),
    }),
  ];
}

function linkSwitch(
  { name, publicLinkEnabled: wanted, publicLinkLimit: limit, criteria: devices = [] }: ExternalInFile,
  live: LiveGroup | null,
  isOpen: boolean,
): Operation[] {
  if (wanted === undefined || wanted === (live?.publicLinkEnabled ?? false)) return [];
  if (wanted && isOpen)
    return [
      operation('blocked', `Switch on the public link of ${named(name)}`, {
        next: live && groupPage(live.id),
        reason:
          'Without the recruitment criteria of the file, people could join whom it keeps out. Correct them in the file, then apply it again.',
      }),
    ];
  if (wanted && (live?.builds ?? 0) === 0)
    return [
      operation('later', `Switch on the public link of ${named(name)}`, {
        next: live && { ...groupPage(live.id), label: 'Give it a build' },
        reason:
          'App Store Connect takes that only once the group has a build that beta review has approved. Give it one, then apply the file again.',
      }),
    ];
  return [
    operation('change', `Switch ${wanted ? 'on' : 'off'} the public link of ${named(name)}`, {
      step: step('update', 'betaGroups', {
        ...{ id: live?.id ?? null, group: name },
        ...{ attributes: { publicLinkEnabled: wanted }, expect: { publicLinkEnabled: !wanted } },
        needs: wanted
          ? { ...keptOut(devices), ...(typeof limit === 'number' ? { publicLinkLimit: limit } : {}) }
          : {},
      }),
    }),
  ];
}
