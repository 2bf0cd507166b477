'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { State } from '@/components/programme/state';
import { NothingYet } from '@/components/shell/nothing-yet';
import { GROUP_FILTER } from '@/components/testers/tester-filters';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, FilterWords, ListWords } from '@/components/ui/data-table/types';
import { Time } from '@/components/ui/time';
import { withList } from '@/components/views/from-list';
import { ViewTabs } from '@/components/views/view-tabs';
import type { ListScope } from '@/lib/browser/lists';
import type { BuildResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { label } from '@/lib/format/labels';
import { toneOf } from '@/lib/format/state-tones';
import { buildName, Expiry } from './build-words';
import { BUILDS } from './builds-spec';

const COLUMNS: readonly Column<BuildResource>[] = [
  {
    id: 'version',
    header: 'Build',
    sort: 'version',
    cell: (build) => buildName(build),
  },
  {
    id: 'external',
    header: 'External testing',
    sort: 'externalBuildState',
    width: '10.5rem',
    isCorner: true,
    cell: (build) => <State value={stateOf(build, 'externalBuildState')} />,
  },
  {
    id: 'internal',
    header: 'Internal testing',
    sort: 'internalBuildState',
    width: '10.5rem',
    room: 'lg',
    wideOnly: true,
    cell: (build) => <State value={stateOf(build, 'internalBuildState')} />,
  },
  {
    id: 'groups',
    header: 'Groups',
    sort: 'groups',
    width: '20%',
    room: 'lg',
    wideOnly: true,
    cell: (build) => <GroupNames build={build} />,
  },
  {
    id: 'platform',
    header: 'Platform',
    sort: 'platform',
    width: '7rem',
    optional: true,
    wideOnly: true,
    cell: (build) => (build.meta?.platform ? label(build.meta.platform) : '–'),
  },
  {
    id: 'minOs',
    header: 'Needs OS',
    width: '7rem',
    optional: true,
    wideOnly: true,
    cell: (build) => build.attributes?.minOsVersion ?? '–',
  },
  {
    id: 'uploaded',
    header: 'Uploaded',
    sort: 'uploadedDate',
    width: '9rem',
    room: 'md',
    wideOnly: true,
    cell: (build) => <Time at={build.attributes?.uploadedDate} />,
  },
  {
    id: 'expiry',
    header: 'Expires',
    sort: 'expirationDate',
    width: '9rem',
    cell: (build) => <Expiry build={build} />,
  },
];

function stateOf(
  build: BuildResource,
  side: 'externalBuildState' | 'internalBuildState',
): string | null | undefined {
  if (build.attributes?.expired) return 'EXPIRED';
  return (
    build.meta?.[side] ??
    (build.attributes?.processingState === 'VALID' ? null : build.attributes?.processingState)
  );
}

function GroupNames({ build }: { build: BuildResource }) {
  const groups = build.meta?.groups ?? [];
  if (groups.length === 0) return <span className="text-ink-faint">None</span>;
  return (
    <span data-tip={groups.map((group) => group.name).join(', ')}>
      {groups.map((group, index) => (
        <span key={group.id}>
          {index > 0 ? ', ' : ''}
          <bdi>{group.name ?? 'Unnamed'}</bdi>
        </span>
      ))}
    </span>
  );
}

const words = (values: readonly string[]) =>
  values.map((value) => ({ value, label: label(value), tone: toneOf(value) }));
/** What somebody has to do first, then what waits, then what runs. */
const STATES = [
  'BETA_REJECTED',
  'MISSING_EXPORT_COMPLIANCE',
  'READY_FOR_BETA_SUBMISSION',
  'WAITING_FOR_BETA_REVIEW',
  'IN_BETA_REVIEW',
  'PROCESSING',
  'BETA_APPROVED',
  'READY_FOR_BETA_TESTING',
  'IN_BETA_TESTING',
  'EXPIRED',
];
const FILTERS: readonly FilterWords[] = [
  { param: 'externalBuildState', label: 'State', options: words(STATES) },
  { ...GROUP_FILTER, hintLabel: () => '' },
  { param: 'internalBuildState', label: 'Internal state', options: words(STATES), isRare: true },
  { param: 'preReleaseVersion.version', label: 'Version', isRare: true },
  { param: 'preReleaseVersion.platform', label: 'Platform', valueLabel: label, isRare: true },
  {
    param: 'expired',
    label: 'Expiry',
    options: [
      { value: 'false', label: 'Not expired' },
      { value: 'true', label: 'Expired' },
    ],
  },
];

/** The builds of an app or of a group, newest first. */
export function BuildsList({ scope, appId }: { scope: ListScope; appId: string }) {
  const chosen = useSearchParams().toString();
  const list: ListWords<BuildResource> = useMemo(
    () => ({
      name: 'builds',
      one: 'build',
      many: 'builds',
      columns: COLUMNS,
      filters: FILTERS,
      searchLabel: 'Search by version or build number',
      href: (build) =>
        withList(`${homeOf(appId, build.meta)}/builds/${encodeURIComponent(build.id)}`, chosen),
      rowLabel: (build) => buildName(build),
      empty: (
        <NothingYet title="No builds yet">
          Builds uploaded from Xcode appear here once App Store Connect has taken them in.
        </NothingYet>
      ),
    }),
    [appId, chosen],
  );
  return (
    <>
      <ViewTabs list="builds" appId={appId} />
      <DataTable spec={BUILDS} scope={scope} words={list} />
    </>
  );
}
