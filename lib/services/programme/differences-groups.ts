import { formatPlural } from '@/lib/format/numbers';
import { isSame } from '../resources/expectation';
import { admission } from './differences-admission';
import type { GroupInFile, ProgrammeFile } from './file';
import { changesOf, groupPage, KEPT, named, type Operation, operation } from './operation';
import type { LiveGroup, Programme } from './programme';
import { type ProgrammeStep, step } from './step';

type Values = ProgrammeStep['attributes'];
type Offered = Programme['offered'];

const keyOf = (name: string) => name.trim().normalize('NFC');
const kindOf = (isInternal: boolean) => (isInternal ? 'internal' : 'external');

/** What differs in groups. A group is found by its name, or by the one it had before. */
export function groupDifferences(
  { groups }: ProgrammeFile,
  programme: Programme,
  isPruned: boolean,
): Operation[] {
  if (!groups) return [];
  const found = foundIn(groups, programme.groups);
  const operations: Operation[] = [];
  // App Store Connect wants an internal group before the first external one.
  for (const group of groups.toSorted((a, b) => Number(b.isInternalGroup) - Number(a.isInternalGroup))) {
    const [live, ...others] = found.get(group) ?? [];
    if (!live) operations.push(...creation(group, programme.offered));
    else if (others.length > 0) operations.push(ambiguous(group, others.length + 1));
    else operations.push(...changes(group, live, programme.offered, isPruned));
  }
  const known = new Set([...found.values()].flat());
  const left = programme.groups.filter((group) => !known.has(group));
  return [...operations, ...left.map((group) => deletion(group, isPruned))];
}

/** The groups that those of a file are: one that was renamed is not the one that has its former name now. */
function foundIn(
  groups: readonly GroupInFile[],
  live: readonly LiveGroup[],
): ReadonlyMap<GroupInFile, readonly LiveGroup[]> {
  const found = new Map<GroupInFile, readonly LiveGroup[]>();
  for (const group of groups) {
    const { previousName } = group;
    if (previousName !== undefined && calledSo(live, group.name, group).length === 0)
      found.set(group, calledSo(live, previousName, group));
  }
  const taken = new Set([...found.values()].flat());
  const free = live.filter((one) => !taken.has(one));
  for (const group of groups) if (!found.has(group)) found.set(group, calledSo(free, group.name, group));
  return found;
}

/** Groups of a name; only the one of the same kind, where that tells them apart. */
function calledSo(
  live: readonly LiveGroup[],
  name: string,
  { isInternalGroup }: GroupInFile,
): readonly LiveGroup[] {
  const all = live.filter((one) => keyOf(one.name) === keyOf(name));
  const alike = all.filter((one) => one.isInternalGroup === isInternalGroup);
  return alike.length === 1 ? alike : all;
}

function ambiguous({ name }: GroupInFile, count: number): Operation {
  return operation('blocked', `${formatPlural(count, 'group')} are called ${named(name)}`, {
    reason:
      'Which of them is meant cannot be told. Give them different names first; none of them is touched.',
    next: { section: '/groups', label: 'Open the groups' },
  });
}

function creation(group: GroupInFile, offered: Offered): Operation[] {
  const { name, isInternalGroup, feedbackEnabled } = group;
  const link = isInternalGroup ? {} : limitOf(group.publicLinkLimit, null);
  const attributes: Values = {
    name,
    isInternalGroup,
    ...(feedbackEnabled === undefined ? {} : { feedbackEnabled }),
    ...(group.isInternalGroup && group.hasAccessToAllBuilds !== undefined
      ? { hasAccessToAllBuilds: group.hasAccessToAllBuilds }
      : {}),
    ...link,
  };
  const { name: _, isInternalGroup: __, ...shown } = attributes;
  const made = operation('create', `Create the ${kindOf(isInternalGroup)} group ${named(name)}`, {
    changes: changesOf({}, shown),
    step: step('create', 'betaGroups', { group: name, attributes }),
  });
  const rest = buildSettings(group);
  return [
    made,
    // Only a group that is there takes these.
    ...(Object.keys(rest).length > 0 ? [settings(name, null, rest, {})] : []),
    ...(group.isInternalGroup ? [] : admission(group, null, offered)),
  ];
}

function buildSettings({
  iosBuildsAvailableForAppleSiliconMac: mac,
  iosBuildsAvailableForAppleVision: vision,
}: GroupInFile): Values {
  return {
    ...(mac === undefined ? {} : { iosBuildsAvailableForAppleSiliconMac: mac }),
    ...(vision === undefined ? {} : { iosBuildsAvailableForAppleVision: vision }),
  };
}

/** A limit takes two members at App Store Connect: whether there is one, and how many. */
function limitOf(wanted: number | null | undefined, now: number | null): Values {
  if (wanted === undefined || wanted === now) return {};
  return wanted === null
    ? { publicLinkLimitEnabled: false }
    : { publicLinkLimitEnabled: true, publicLinkLimit: wanted };
}

/** A group's members as they are compared. */
export function groupValues(group: LiveGroup): Values {
  const { id: _, criteria: __, testers: ___, builds: ____, ...values } = group;
  return { ...values, publicLinkLimitEnabled: group.publicLinkLimit !== null };
}

function changes(group: GroupInFile, live: LiveGroup, offered: Offered, isPruned: boolean): Operation[] {
  const about = { next: groupPage(live.id) };
  if (group.isInternalGroup !== live.isInternalGroup)
    return [
      operation(
        'recreate',
        `${named(live.name)} is ${kindOf(live.isInternalGroup)}, not ${kindOf(group.isInternalGroup)}`,
        {
          ...about,
          reason: `App Store Connect does not change that. Delete the group${withTesters(live)} or give it another name, then apply the file again: it makes the group anew.`,
        },
      ),
    ];
  const now = groupValues(live);
  const wanted: Values = {
    name: group.name,
    ...(group.feedbackEnabled === undefined ? {} : { feedbackEnabled: group.feedbackEnabled }),
    ...buildSettings(group),
    ...(group.isInternalGroup ? {} : limitOf(group.publicLinkLimit, live.publicLinkLimit)),
  };
  const different = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) =>
      name === 'name' ? keyOf(live.name) !== keyOf(group.name) : !isSame(value, now[name]),
    ),
  );
  const { name, ...others } = different;
  const operations: Operation[] = [];
  if (name !== undefined) {
    const renamed = { attributes: { name }, expect: { name: live.name }, id: live.id, group: group.name };
    operations.push(
      operation('change', `Rename the group ${named(live.name)} to ${named(group.name)}`, {
        step: step('update', 'betaGroups', renamed),
      }),
    );
  }
  if (Object.keys(others).length > 0) operations.push(settings(group.name, live, others, now));
  if (group.isInternalGroup) {
    const { hasAccessToAllBuilds: all } = group;
    if (all !== undefined && all !== live.hasAccessToAllBuilds)
      operations.push(
        operation('recreate', `${named(group.name)} ${all ? 'does not have' : 'has'} access to all builds`, {
          ...about,
          reason: `The file wants it ${all ? 'to have it' : 'without'}, and App Store Connect does not change that. Delete the group${withTesters(live)} or give it another name, then apply the file again: it makes the group anew.`,
        }),
      );
    return operations;
  }
  return [...operations, ...admission(group, live, offered, isPruned)];
}

const withTesters = ({ testers }: LiveGroup) =>
  testers === 0
    ? ''
    : ` (its ${formatPlural(testers, 'tester')} ${testers === 1 ? 'loses' : 'lose'} what comes through it)`;

function settings(name: string, live: LiveGroup | null, attributes: Values, now: Values): Operation {
  const expect = Object.fromEntries(
    live ? Object.keys(attributes).map((member) => [member, now[member] ?? null]) : [],
  );
  return operation(live ? 'change' : 'create', `${live ? 'Change' : 'Set up'} the group ${named(name)}`, {
    changes: changesOf(expect, attributes),
    step: step('update', 'betaGroups', { id: live?.id ?? null, group: name, attributes, expect }),
  });
}

function deletion(live: LiveGroup, isPruned: boolean): Operation {
  const { id, name, testers } = live;
  const says = `Delete the ${kindOf(live.isInternalGroup)} group ${named(name)}${testers > 0 ? ` with ${formatPlural(testers, 'tester')}` : ''}`;
  if (!isPruned) return operation('delete', says, { reason: KEPT });
  const gone = { id, group: name, expect: { name } };
  return operation('delete', says, { step: step('delete', 'betaGroups', gone) });
}
