'use client';

import { useMemo } from 'react';
import { State } from '@/components/programme/state';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, ListWords } from '@/components/ui/data-table/types';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time';
import { label } from '@/lib/format/labels';
import type { ListScope } from '@/lib/query/lists';
import type { BuildResource } from '@/lib/query/types';
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
    width: '10.5rem',
    isCorner: true,
    cell: (build) => <State value={stateOf(build, 'externalBuildState')} />,
  },
  {
    id: 'internal',
    header: 'Internal testing',
    width: '10.5rem',
    room: 'lg',
    wideOnly: true,
    cell: (build) => <State value={stateOf(build, 'internalBuildState')} />,
  },
  {
    id: 'groups',
    header: 'Groups',
    width: '20%',
    room: 'lg',
    wideOnly: true,
    cell: (build) => <GroupNames build={build} />,
  },
  {
    id: 'platform',
    header: 'Platform',
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
  { id: 'expiry', header: 'Expires', width: '9rem', cell: (build) => <Expiry build={build} /> },
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

const words = (values: readonly string[]) => values.map((value) => ({ value, label: label(value) }));
const FILTERS = [
  { param: 'externalBuildState', label: 'State', options: words(BUILDS.filters[0]?.values ?? []) },
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
  const list: ListWords<BuildResource> = useMemo(
    () => ({
      name: 'builds',
      one: 'build',
      many: 'builds',
      columns: COLUMNS,
      filters: FILTERS,
      searchLabel: 'Search by version or build number',
      href: (build) => `/apps/${encodeURIComponent(appId)}/builds/${encodeURIComponent(build.id)}`,
      rowLabel: (build) => buildName(build),
      empty: (
        <EmptyState title="No builds yet">
          Builds uploaded from Xcode appear here once App Store Connect has taken them in.
        </EmptyState>
      ),
    }),
    [appId],
  );
  return <DataTable spec={BUILDS} scope={scope} words={list} />;
}
