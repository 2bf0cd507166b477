'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { AppName } from '@/components/shell/app-name';
import { NothingYet } from '@/components/shell/nothing-yet';
import { appFilter } from '@/components/testers/tester-filters';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, ListWords } from '@/components/ui/data-table/types';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { Time } from '@/components/ui/time';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { ListScope } from '@/lib/browser/lists';
import type { GroupResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { formatCount } from '@/lib/format/numbers';
import { criteriaSentence } from '@/lib/format/recruitment';
import { GROUPS } from './groups-spec';
import { LastActivity } from './last-activity';
import { LinkState } from './link-state';

const NAME: Column<GroupResource> = {
  id: 'name',
  header: 'Name',
  sort: 'name',
  cell: (group) => (
    <span className="inline-flex max-w-full items-center gap-2">
      <Name className="truncate">{group.attributes?.name}</Name>
      {group.attributes?.isInternalGroup ? <Badge>Internal</Badge> : null}
    </span>
  ),
};
const APP: Column<GroupResource> = {
  id: 'app',
  header: 'App',
  width: '12%',
  cell: (group) => <AppName appId={group.meta?.appId} accountName={group.meta?.accountName} />,
};
const REST: readonly Column<GroupResource>[] = [
  {
    id: 'testers',
    header: 'Testers',
    sort: 'testerCount',
    width: '6.5rem',
    align: 'end',
    cell: (group) => (
      <>
        {formatCount(group.meta?.testerCount)}
        <span className="sm:hidden">{group.meta?.testerCount === 1 ? ' tester' : ' testers'}</span>
      </>
    ),
  },
  {
    id: 'builds',
    header: 'Builds',
    sort: 'buildCount',
    width: '6.5rem',
    align: 'end',
    room: 'md',
    cell: (group) =>
      group.attributes?.hasAccessToAllBuilds ? (
        'All builds'
      ) : (
        <>
          {formatCount(group.meta?.buildCount)}
          <span className="sm:hidden">{group.meta?.buildCount === 1 ? ' build' : ' builds'}</span>
        </>
      ),
  },
  {
    id: 'link',
    header: 'Public link',
    sort: 'publicLinkEnabled',
    width: '12rem',
    cell: (group) => <LinkState group={group} />,
  },
  {
    id: 'criteria',
    header: 'Criteria',
    width: '15%',
    room: 'xl',
    wideOnly: true,
    cell: (group) => <Criteria group={group} />,
  },
  {
    id: 'activity',
    header: 'Last activity',
    sort: 'lastActivity',
    width: '9rem',
    room: 'lg',
    wideOnly: true,
    cell: (group) => <LastActivity group={group} />,
  },
  {
    id: 'limit',
    header: 'Link limit',
    sort: 'publicLinkLimit',
    width: '7rem',
    align: 'end',
    optional: true,
    wideOnly: true,
    cell: (group) =>
      group.attributes?.publicLinkLimitEnabled ? formatCount(group.attributes.publicLinkLimit) : '–',
  },
  {
    id: 'feedback',
    header: 'Feedback',
    width: '7rem',
    optional: true,
    wideOnly: true,
    cell: (group) => (group.attributes?.feedbackEnabled ? 'On' : 'Off'),
  },
  {
    id: 'created',
    header: 'Created',
    sort: 'createdDate',
    width: '9rem',
    optional: true,
    wideOnly: true,
    cell: (group) => <Time at={group.attributes?.createdDate} />,
  },
];

function Criteria({ group }: { group: GroupResource }) {
  if (group.attributes?.isInternalGroup) return <span className="text-ink-faint">–</span>;
  const sentence = criteriaSentence(group.meta?.criteria?.deviceFamilyOsVersionFilters);
  return sentence ? (
    <span data-tip={sentence}>{sentence}</span>
  ) : (
    <span className="text-ink-faint">Anybody</span>
  );
}

const yesNo = (param: string, label: string, yes: string, no: string) => ({
  param,
  label,
  options: [
    { value: 'true', label: yes },
    { value: 'false', label: no },
  ],
});

const FILTERS = [
  yesNo('isInternalGroup', 'Kind', 'Internal', 'External'),
  yesNo('publicLinkEnabled', 'Public link', 'On', 'Off'),
  { ...yesNo('publicLinkLimitEnabled', 'Link limit', 'With a limit', 'Without a limit'), isRare: true },
  { ...yesNo('feedbackEnabled', 'Feedback', 'On', 'Off'), isRare: true },
];

/** The address of a group's page. */
export function groupHref(group: GroupResource, appId: string | undefined): string {
  return `${homeOf(appId ?? group.meta?.appId ?? '', group.meta)}/groups/${encodeURIComponent(group.id)}`;
}

/** The groups of an app, or of all apps. */
export function GroupsList({ scope, appId }: { scope: ListScope; appId?: string }) {
  const chosen = useSearchParams().toString();
  const words: ListWords<GroupResource> = useMemo(
    () => ({
      name: appId === undefined ? 'all-groups' : 'groups',
      one: 'group',
      many: 'groups',
      columns: appId === undefined ? [NAME, APP, ...REST] : [NAME, ...REST],
      filters: appId === undefined ? [appFilter('app'), ...FILTERS] : FILTERS,
      searchLabel: 'Search groups by name',
      href: (group) => withList(groupHref(group, appId), chosen, appId === undefined),
      rowLabel: (group) => group.attributes?.name ?? 'group',
      empty: (
        <NothingYet title="No groups yet">
          A group is a set of testers who get the same builds. Make the first one with “New group”, or in App
          Store Connect: it appears here with the next sync.
        </NothingYet>
      ),
    }),
    [appId, chosen],
  );
  return (
    <>
      <ViewTabs list="groups" appId={appId} />
      <DataTable spec={GROUPS} scope={scope} words={words} />
    </>
  );
}
