import type { FilterWords } from '@/components/ui/data-table/types';
import { TESTER_WAY } from '@/lib/asc/catalogue/values';
import { whenReachable } from '@/lib/browser/reach';
import type { BuildResource, GroupResource, ResourceObject } from '@/lib/browser/types';
import { buildWords, numberOf } from '@/lib/format/builds';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';
import { ourTone } from '@/lib/format/tones';

export const STATE_FILTER: FilterWords = {
  param: 'state',
  label: 'State',
  options: [
    ...['REVOKED', ...TESTER_WAY].map((value) => ({
      value,
      label: label(value),
      tone: toneOf(value),
    })),
    { value: 'none', label: 'Unknown', tone: ourTone('tester.unknown') },
  ],
};

export const CAME_BY_FILTER: FilterWords = {
  param: 'inviteType',
  label: 'Came by',
  isRare: true,
  options: ['EMAIL', 'PUBLIC_LINK'].map((value) => ({ value, label: label(value) })),
};

const ACTIVITY: FilterWords = {
  param: 'activity',
  label: 'Activity',
  options: [
    ...[7, 30, 90, 365].map((days) => ({ value: `quiet${days}`, label: `Not used for ${days} days` })),
    ...[7, 30, 90].map((days) => ({ value: `active${days}`, label: `Used in the last ${days} days` })),
  ],
};

export const GROUP_FILTER: FilterWords = {
  param: 'betaGroups',
  label: 'Group',
  named: {
    type: 'betaGroups',
    name: (row: ResourceObject) => (row as GroupResource).attributes?.name ?? 'Unnamed',
  },
};

const BUILD: FilterWords = {
  param: 'builds',
  label: 'Individual build',
  isRare: true,
  hintLabel: label,
  named: {
    type: 'builds',
    name: (row: ResourceObject) => buildWords(numberOf(row as BuildResource)),
  },
};

/** Which app: `apps` of testers, `app` of everything else. */
export function appFilter(param: 'app' | 'apps'): FilterWords {
  return {
    param,
    label: 'App',
    named: {
      type: 'apps',
      name: (row) => (row as ResourceObject<{ name?: string | null }>).attributes?.name ?? 'Unnamed',
    },
  };
}

/** The platforms of a build’s number. */
const platformWords = (hint: string) => hint.split(',').map(label).join(', ');

const loadDeviceName = whenReachable(() =>
  import('@/lib/format/devices').then(
    ({ deviceName }) =>
      (model: string) =>
        model.startsWith('none-') ? 'Model not told' : deviceName(model),
  ),
);

const REST: readonly FilterWords[] = [
  ACTIVITY,
  { param: 'device', label: 'Device', isRare: true, lateLabel: loadDeviceName },
  { param: 'os', label: 'System', isRare: true },
  { param: 'installedBuild', label: 'Installed build', isRare: true, hintLabel: platformWords },
  { param: 'devicePlatform', label: 'App’s platform', isRare: true, valueLabel: label },
  BUILD,
  CAME_BY_FILTER,
  { param: 'tag', label: 'Tag', isRare: true },
];

/** In one app its name tells nothing apart. */
const IN_APP = { ...GROUP_FILTER, hintLabel: () => '' };

export const TESTER_FILTERS: readonly FilterWords[] = [STATE_FILTER, IN_APP, ...REST];
export const TESTER_FILTERS_ACROSS_APPS: readonly FilterWords[] = [
  STATE_FILTER,
  appFilter('apps'),
  GROUP_FILTER,
  ...REST,
];
