'use client';

import { PackageMinus, PackagePlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { buildName, Expiry } from '@/components/builds/build-words';
import { BUILDS } from '@/components/builds/builds-spec';
import { State } from '@/components/programme/state';
import { useLinkage } from '@/components/programme/use-linkage';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { DataTable } from '@/components/ui/data-table/data-table';
import type { Column, ListWords } from '@/components/ui/data-table/types';
import { EmptyState } from '@/components/ui/empty-state';
import { onDemand } from '@/components/ui/on-demand';
import { Time } from '@/components/ui/time';
import { everyRow } from '@/lib/browser/lookups';
import { whenReachable } from '@/lib/browser/reach';
import type { BuildResource, GroupResource } from '@/lib/browser/types';
import { homeOf } from '@/lib/format/app-address';
import { isolated } from '@/lib/format/isolated';
import { formatPlural } from '@/lib/format/numbers';

const loadAdd = whenReachable(() => import('./add-builds-dialog'));
const AddBuildsDialog = onDemand(loadAdd);

/** Which builds a group gets; a group with access to all says why none is assigned. */
export function GroupBuilds({ group, appId }: { group: GroupResource; appId: string }) {
  if (group.attributes?.hasAccessToAllBuilds) {
    return (
      <EmptyState
        title="This group gets every build"
        action={
          <ButtonLink href={`${homeOf(appId, group.meta)}/builds`} prefetch={false}>
            Show all builds
          </ButtonLink>
        }
      >
        It was created with access to all builds, so App Store Connect takes no build for it one by one: each
        new build is there by itself. A group that gets chosen builds needs to be created without that access.
      </EmptyState>
    );
  }
  return <AssignedBuilds group={group} appId={appId} />;
}

function AssignedBuilds({ group, appId }: { group: GroupResource; appId: string }) {
  const mayWrite = useMay('programme:write');
  const [isAdding, setAdding] = useState(false);
  const { change } = useLinkage({ type: 'betaGroups', id: group.id, name: 'builds', target: 'builds' });
  const name = isolated(group.attributes?.name ?? 'the group');
  const isInternal = group.attributes?.isInternalGroup === true;
  const words: ListWords<BuildResource> = useMemo(
    () => ({
      name: 'group-builds',
      one: 'build',
      many: 'builds',
      columns: columnsOf(isInternal),
      filters: FILTERS,
      searchLabel: 'Search by version or build number',
      href: (build) => `${homeOf(appId, build.meta)}/builds/${encodeURIComponent(build.id)}`,
      rowLabel: (build) => buildName(build),
      actions: mayWrite
        ? [
            {
              id: 'remove',
              label: (count) => `Remove ${formatPlural(count, 'build')} from the group`,
              icon: <PackageMinus size={14} aria-hidden />,
              run: async (selection) => {
                const ids = selection.isEverything
                  ? (await everyRow<BuildResource>('builds', selection.query)).map(({ id }) => id)
                  : selection.ids;
                await change('remove', ids, `${formatPlural(ids.length, 'build')} taken from ${name}`);
              },
            },
          ]
        : [],
      empty: (
        <EmptyState title="The group has no build yet">
          Add a build, and the testers of the group can install it
          {isInternal ? '.' : ' as soon as beta review has approved it.'}
        </EmptyState>
      ),
    }),
    [appId, isInternal, mayWrite, name, change],
  );
  return (
    <section aria-label="Builds of the group" className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold text-base">What the group gets</h2>
        {mayWrite ? (
          <Button
            variant="primary"
            icon={<PackagePlus size={14} aria-hidden />}
            onPointerEnter={loadAdd}
            onFocus={loadAdd}
            onClick={() => setAdding(true)}
          >
            Add builds
          </Button>
        ) : null}
      </div>
      <DataTable spec={BUILDS} scope={{ app: appId, betaGroups: group.id }} words={words} />
      {isAdding ? <AddBuildsDialog group={group} appId={appId} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

const FILTERS = [
  {
    param: 'expired',
    label: 'Expiry',
    options: [
      { value: 'false', label: 'Not expired' },
      { value: 'true', label: 'Expired' },
    ],
  },
];

function columnsOf(isInternal: boolean): readonly Column<BuildResource>[] {
  const side = isInternal ? 'internalBuildState' : 'externalBuildState';
  return [
    { id: 'version', header: 'Build', sort: 'version', cell: (build) => buildName(build) },
    {
      id: 'state',
      header: isInternal ? 'Internal testing' : 'External testing',
      width: '12rem',
      isCorner: true,
      cell: (build) => <State value={build.attributes?.expired ? 'EXPIRED' : build.meta?.[side]} />,
    },
    {
      id: 'minOs',
      header: 'Needs OS',
      width: '7rem',
      room: 'lg',
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
}
