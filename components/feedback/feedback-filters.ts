import { appFilter } from '@/components/testers/tester-filters';
import type { FilterWords, Shortcuts } from '@/components/ui/data-table/types';
import { whenReachable } from '@/lib/browser/reach';
import type { BuildResource, GroupResource, ResourceObject, TesterResource } from '@/lib/browser/types';
import { buildWords, numberOf } from '@/lib/format/builds';
import {
  ISSUE_STATUSES,
  localeWord,
  PRIORITIES,
  priorityWord,
  statusTone,
  statusWord,
} from '@/lib/format/feedback';
import { label } from '@/lib/format/labels';
import { personName } from '@/lib/format/people';

const rare = (param: string, name: string, options: Readonly<Record<string, string>>): FilterWords => ({
  param,
  label: name,
  isRare: true,
  options: Object.entries(options).map(([value, words]) => ({ value, label: words })),
});
const yesNo = (param: string, name: string, yes: string, no: string) => rare(param, name, { yes, no });
const enough = (param: string, name: string, low: string, is: string) =>
  rare(param, name, { low, enough: is, none: 'Not said' });

const KIND: FilterWords = {
  param: 'kind',
  label: 'Kind',
  options: [
    { value: 'crash', label: 'Crash' },
    { value: 'screenshot', label: 'Screenshot' },
  ],
};
const STATUS: FilterWords = {
  param: 'status',
  label: 'Status',
  options: ISSUE_STATUSES.map((value) => ({ value, label: statusWord(value), tone: statusTone(value) })),
};
/** Values are ids of colleagues; the server says their names. */
const assignee = (names: ReadonlyMap<string, string>): FilterWords => ({
  param: 'assignee',
  label: 'Assignee',
  words: ['assigned'],
  valueLabel: (value) =>
    value === 'nobody' ? 'Nobody' : value === 'me' ? 'Me' : (names.get(value) ?? 'somebody who is gone'),
});
const PRIORITY: FilterWords = {
  param: 'priority',
  label: 'Priority',
  isRare: true,
  options: PRIORITIES.toReversed().map((value) => ({ value: String(value), label: priorityWord(value) })),
};
const LABEL: FilterWords = { param: 'label', label: 'Label', isRare: true };
const VERSION: FilterWords = {
  param: 'version',
  label: 'Version',
  isRare: true,
  valueLabel: (value) => (value === 'none' ? 'Not known' : value),
};
const COMPARISONS = [
  ['>=', 'or later'],
  ['<=', 'or earlier'],
] as const;
/** `build:>=412`, written into the search. */
const BUILD_NUMBER: FilterWords = {
  param: 'buildNumber',
  label: 'Build number',
  words: ['build'],
  isRare: true,
  isTyped: true,
  valueLabel(value) {
    const [sign, word] = COMPARISONS.find(([each]) => value.startsWith(each)) ?? [];
    if (sign && word) return `${value.slice(sign.length)} ${word}`;
    return value.replace(/^>/, 'later than ').replace(/^</, 'earlier than ');
  },
};
const BUILD: FilterWords = {
  param: 'build',
  label: 'Build',
  hintLabel: label,
  named: {
    type: 'builds',
    name: (row: ResourceObject) => buildWords(numberOf(row as BuildResource)),
  },
};
const loadDeviceName = whenReachable(() =>
  import('@/lib/format/devices').then(
    (module) => (value: string) => (value === 'none' ? 'Not said' : module.deviceName(value)),
  ),
);
const SAID = (value: string) => (value === 'none' ? 'Not said' : label(value));
const GROUP: FilterWords = {
  param: 'group',
  label: 'Group of the tester',
  isRare: true,
  named: {
    type: 'betaGroups',
    name: (row: ResourceObject) => (row as GroupResource).attributes?.name ?? 'Unnamed',
  },
};
const TESTER: FilterWords = {
  param: 'tester',
  label: 'Tester',
  isRare: true,
  named: {
    type: 'betaTesters',
    name: (row: ResourceObject) => personName((row as TesterResource).attributes ?? {}),
  },
};

const SNOOZED = yesNo('snoozed', 'Snoozed', 'Snoozed', 'Not snoozed');
const REGRESSED = yesNo('regressed', 'Regressed', 'Regressed', 'Not regressed');

/** The filters of the inbox; `names` are those of colleagues by id. */
export function feedbackFilters(isAcrossApps: boolean, names: ReadonlyMap<string, string>): FilterWords[] {
  return [
    KIND,
    STATUS,
    ...(isAcrossApps ? [appFilter('app')] : []),
    BUILD,
    BUILD_NUMBER,
    assignee(names),
    PRIORITY,
    LABEL,
    VERSION,
    { param: 'device', label: 'Device', isRare: true, lateLabel: loadDeviceName },
    { param: 'os', label: 'System', words: ['os'], isRare: true, valueLabel: SAID },
    { param: 'platform', label: 'Platform', isRare: true, valueLabel: SAID },
    {
      param: 'locale',
      label: 'Language',
      isRare: true,
      valueLabel: (value) => (value === 'none' ? 'Not said' : localeWord(value)),
    },
    GROUP,
    TESTER,
    yesNo('hasComment', 'Comment', 'With a comment', 'Without a comment'),
    yesNo('hasPicture', 'Screenshot', 'With a screenshot', 'Without a screenshot'),
    yesNo('hasLog', 'Crash log', 'Crash log is here', 'Crash log is not here'),
    enough('disk', 'Free disk', 'Under 1 GB', '1 GB and more'),
    enough('battery', 'Battery', '20% and less', 'Over 20%'),
    { param: 'connection', label: 'Connection', isRare: true, valueLabel: SAID },
    REGRESSED,
    SNOOZED,
    yesNo('gone', 'At Apple', 'Gone at Apple', 'Still at Apple'),
    {
      param: 'issue',
      label: 'Crash issue',
      isRare: true,
      valueLabel: () => 'one crash issue',
    },
  ];
}

/** The filters of the crash issues. */
export function issueFilters(isAcrossApps: boolean, names: ReadonlyMap<string, string>): FilterWords[] {
  return [
    STATUS,
    ...(isAcrossApps ? [appFilter('app')] : []),
    BUILD,
    BUILD_NUMBER,
    assignee(names),
    PRIORITY,
    LABEL,
    VERSION,
    { param: 'crashKind', label: 'Kind of crash', isRare: true, valueLabel: SAID },
    REGRESSED,
    SNOOZED,
  ];
}

const to = (param: string, value: string) => ({ param, value });
const OF_BOTH: Shortcuts = {
  'is:open': to('view', 'open'),
  'is:review': to('view', 'review'),
  'is:mine': to('view', 'mine'),
  'is:resolved': to('view', 'resolved'),
  'is:all': to('view', 'all'),
  'is:new': to('status', 'new'),
  'is:triaged': to('status', 'triaged'),
  'is:snoozed': to('snoozed', 'yes'),
  'is:regressed': to('regressed', 'yes'),
  'assigned:me': to('assignee', 'me'),
  'assigned:nobody': to('assignee', 'nobody'),
};
/** Words of a search that stand for a filter of crash issues. */
export const ISSUE_SHORTCUTS: Shortcuts = OF_BOTH;
/** The same of reports. */
export const FEEDBACK_SHORTCUTS: Shortcuts = {
  ...OF_BOTH,
  'is:crash': to('kind', 'crash'),
  'is:screenshot': to('kind', 'screenshot'),
  'is:gone': to('gone', 'yes'),
  'has:screenshot': to('hasPicture', 'yes'),
  'has:comment': to('hasComment', 'yes'),
  'has:log': to('hasLog', 'yes'),
  'low-disk': to('disk', 'low'),
  'low-battery': to('battery', 'low'),
};
