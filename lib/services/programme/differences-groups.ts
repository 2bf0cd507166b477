import { formatPlural } from '@/lib/format/numbers';
import { isSame } from '../resources/expectation';
import { admission } from './differences-admission';
import type { GroupInFile, ProgrammeFile } from './file';
import { keyOf } from './group-names';
import { type Match, matchGroups } from './match-groups';
import { changesOf, groupPage, KEPT, named, type Operation, operation } from './operation';
import type { LiveGroup, Programme } from './programme';
import { type ProgrammeStep, step } from './step';

type Values = ProgrammeStep['attributes'];
type Offered = Programme['offered'];

const kindOf = (isInternal: boolean) => (isInternal ? 'internal' : 'external');

/** What differs in groups. A group is found by its name, or by the one it had before. */
export function groupDifferences(
  { groups }: ProgrammeFile,
  programme: Programme,
  isPruned: boolean,
): Operation[] {
  if (!groups) return [];
  const matches = matchGroups(groups, programme.groups);
  const operations = matches.flatMap((match): Operation[] => {
    const [live, ...others] = match.found;
    if (!live) return creation(match, programme.offered);
    if (others.length > 0) return [ambiguous(live, others.length + 1)];
    return changes(match, live, programme.offered, isPruned);
  });
  const known = new Set(matches.flatMap(({ found }) => found));
  const left = programme.groups.filter((group) => !known.has(group));
  return [...operations, ...left.map((group) => deletion(group, isPruned))];
}

function ambiguous({ name }: LiveGroup, count: number): Operation {
  return operation('blocked', `${formatPlural(count, 'group')} are called ${named(name)}`, {
    reason:
      'Which of them is meant cannot be told. Give them different names first; none of them is touched.',
    next: { section: '/groups', label: 'Open the groups' },
  });
}

/** What becomes of a name that another group has. */
function held(says: string, holder: LiveGroup): Operation {
  return operation('blocked', says, {
    reason:
      'Another group has this name and keeps it. Give that one another name, then apply the file again.',
    next: groupPage(holder.id),
  });
}

function creation({ group, holder }: Match, offered: Offered): Operation[] {
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
  const says = `Create the ${kindOf(isInternalGroup)} group ${named(name)}`;
  if (holder) return [held(says, holder)];
  const made = operation('create', says, {
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

function changes(
  { group, holder }: Match,
  live: LiveGroup,
  offered: Offered,
  isPruned: boolean,
): Operation[] {
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
    const says = `Rename the group ${named(live.name)} to ${named(group.name)}`;
    operations.push(
      holder
        ? held(says, holder)
        : operation('change', says, { step: step('update', 'betaGroups', renamed) }),
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
