'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useBuilds, useGroups } from '@/components/people/use-targets';
import type { FilterWords } from '@/components/ui/data-table/types';
import { deviceName } from '@/lib/format/devices';
import { label } from '@/lib/format/labels';
import { formatCount } from '@/lib/format/numbers';
import { type Facet, facetsOptions } from '@/lib/query/people';
import type { GroupResource } from '@/lib/query/types';

const words = (values: readonly string[]) => values.map((value) => ({ value, label: label(value) }));
const STATE: FilterWords = {
  param: 'state',
  label: 'State',
  options: words(['INSTALLED', 'ACCEPTED', 'INVITED', 'NOT_INVITED', 'REVOKED']),
};
const CAME_BY: FilterWords = {
  param: 'inviteType',
  label: 'Came by',
  isRare: true,
  options: words(['EMAIL', 'PUBLIC_LINK']),
};
const ACTIVITY: FilterWords = {
  param: 'activity',
  label: 'Activity',
  options: [
    ...[7, 30, 90].map((days) => ({ value: `active${days}`, label: `Used in the last ${days} days` })),
    ...[7, 30, 90, 365].map((days) => ({ value: `quiet${days}`, label: `Not used for ${days} days` })),
  ],
};

const counted = (facets: readonly Facet[] | undefined, name: (value: string) => string) =>
  (facets ?? []).map(({ value, count }) => ({
    // A comma would end the value in the address bar and in the API; Apple itself writes both spellings.
    value: value.replaceAll(',', '_'),
    label: `${name(value)} (${formatCount(count)})`,
  }));

/** The filters of a list of testers, with the values that occur in the app, or in all apps. */
export function useTesterFilters(appId: string | undefined): readonly FilterWords[] {
  const groups = useGroups(appId ?? '');
  const builds = useBuilds(appId ?? '');
  const { data } = useQuery(facetsOptions(appId));
  const facets = data?.data;
  return useMemo(() => {
    const byGroup = {
      param: 'betaGroups',
      label: 'Group',
      options: groups.map((group: GroupResource) => ({
        value: group.id,
        label: group.attributes?.name ?? 'Unnamed',
      })),
    };
    const byBuild = {
      param: 'builds',
      label: 'Individual build',
      isRare: true,
      options: builds.map((build) => ({
        value: build.id,
        label: `${build.meta?.trainVersion ?? '?'} (${build.attributes?.version ?? '?'})`,
      })),
    };
    const asIs = (value: string) => value;
    return [
      STATE,
      ...(appId === undefined ? [] : [byGroup]),
      ACTIVITY,
      { param: 'device', label: 'Device', isRare: true, options: counted(facets?.devices, deviceName) },
      { param: 'os', label: 'System', isRare: true, options: counted(facets?.systems, asIs) },
      {
        param: 'installedBuild',
        label: 'Installed build',
        isRare: true,
        options: counted(facets?.installedBuilds, asIs),
      },
      ...(appId === undefined ? [] : [byBuild]),
      CAME_BY,
      { param: 'tag', label: 'Tag', isRare: true, options: counted(facets?.tags, asIs) },
    ];
  }, [appId, groups, builds, facets]);
}
