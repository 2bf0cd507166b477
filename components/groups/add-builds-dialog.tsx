'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { buildName, Expiry } from '@/components/builds/build-words';
import { State } from '@/components/programme/state';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorWords } from '@/components/ui/error-state';
import { formatCount, formatPlural } from '@/lib/format/numbers';
import { api } from '@/lib/query/api';
import { keys } from '@/lib/query/keys';
import { liveIds } from '@/lib/query/live-group';
import type { BuildResource, GroupResource, ListDocument } from '@/lib/query/types';
import { Picker } from './picker';
import { useMembership } from './use-membership';

const SHOWN = 100;

/** Gives builds to a group. Which it has already is asked of App Store Connect, not only of our copy. */
export default function AddBuildsDialog({
  group,
  appId,
  onClose,
}: {
  group: GroupResource;
  appId: string;
  onClose: () => void;
}) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const found = useBuildsOf(appId, useDeferredValue(search));
  const held = useQuery({
    queryKey: keys.related('betaGroups', group.id, 'ids builds'),
    queryFn: () => liveIds(group.id, 'builds'),
  });
  const { change, isPending, error } = useMembership(group.id, 'builds');
  const name = group.attributes?.name ?? 'the group';
  const add = async () => {
    try {
      await change('add', [...chosen], `${formatPlural(chosen.size, 'build')} given to ${name}`);
      onClose();
    } catch {
      // The reason stands in the dialog.
    }
  };
  const rows = found.data?.data ?? [];
  const total = found.data?.meta?.total;
  const isInternal = group.attributes?.isInternalGroup === true;
  const state = isInternal ? 'internalBuildState' : 'externalBuildState';
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Add builds"
      description="The testers of the group get these builds, and a mail where a build notifies by itself."
    >
      <div className="grid gap-4">
        <Picker
          label="Search by version or build number"
          search={search}
          onSearch={setSearch}
          chosen={chosen}
          onChange={setChosen}
          isPending={found.isPending}
          nothing="No build of the app that can still be tested matches."
          note={
            total !== undefined && total > rows.length
              ? `${formatCount(rows.length)} of ${formatCount(total)} are shown. Search to find the others.`
              : null
          }
          choices={rows.map((build) => ({
            id: build.id,
            label: buildName(build),
            unable: whyNot(build, group, held.data?.ids),
            content: (
              <span className="flex items-center gap-3">
                <span className="min-w-0 flex-1 truncate font-medium">{buildName(build)}</span>
                <span className="w-36 shrink-0 text-ink-soft max-sm:hidden">
                  <State value={build.meta?.[state]} />
                </span>
                <span className="w-24 shrink-0 text-ink-soft max-sm:hidden">
                  <Expiry build={build} />
                </span>
              </span>
            ),
          }))}
        />
        {error ? (
          <div role="alert">
            <ErrorWords error={error} />
          </div>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={isPending} disabled={chosen.size === 0} onClick={() => void add()}>
            {chosen.size === 0 ? 'Add builds' : `Add ${formatPlural(chosen.size, 'build')}`}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function whyNot(
  build: BuildResource,
  group: GroupResource,
  held: readonly string[] | undefined,
): string | undefined {
  const isHeld = held
    ? held.includes(build.id)
    : (build.meta?.groups ?? []).some(({ id }) => id === group.id);
  if (isHeld) return 'In the group';
  if (!group.attributes?.isInternalGroup && build.attributes?.buildAudienceType === 'INTERNAL_ONLY')
    return 'Internal testing only';
  const side = group.attributes?.isInternalGroup ? 'internalBuildState' : 'externalBuildState';
  return UNREADY[build.meta?.[side] ?? ''];
}

/** States in which App Store Connect gives a build to no group. */
const UNREADY: Readonly<Record<string, string>> = {
  PROCESSING: 'Still processing',
  PROCESSING_EXCEPTION: 'Processing failed',
  MISSING_EXPORT_COMPLIANCE: 'Compliance missing',
};

function useBuildsOf(appId: string, search: string) {
  const query = new URLSearchParams({
    'filter[app]': appId,
    'filter[expired]': 'false',
    'filter[processingState]': 'VALID',
    sort: '-uploadedDate',
    limit: String(SHOWN),
  });
  if (search.trim()) query.set('search', search.trim());
  return useQuery({
    queryKey: [...keys.list('builds', query.toString()), 'pick'],
    queryFn: ({ signal }) => api<ListDocument<BuildResource>>(`/api/v1/builds?${query}`, { signal }),
  });
}
