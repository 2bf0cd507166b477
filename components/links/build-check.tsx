'use client';

import { useQuery } from '@tanstack/react-query';
import { buildName } from '@/components/builds/build-words';
import { Status } from '@/components/ui/status';
import { api } from '@/lib/browser/api';
import { keys } from '@/lib/browser/keys';
import { compatibleBuildOptions } from '@/lib/browser/links';
import type { BuildResource, DeviceFamilyFilter, GroupResource, ListDocument } from '@/lib/browser/types';
import { ourTone } from '@/lib/format/tones';
import { compatibleBuilds } from './criteria-draft';

/**
 * Whether a build of the group runs on what is being chosen. Apple checks only what is saved, so the draft is checked
 * here by platform and lowest system, and Apple's answer about what is saved stands beside it.
 */
export function BuildCheck({
  group,
  filters,
}: {
  group: GroupResource;
  filters: readonly DeviceFamilyFilter[];
}) {
  const query = new URLSearchParams({
    'filter[betaGroups]': group.id,
    'filter[expired]': 'false',
    sort: '-uploadedDate',
    limit: '200',
  }).toString();
  const builds = useQuery({
    queryKey: [...keys.list('builds', query), 'check'],
    queryFn: ({ signal }) => api<ListDocument<BuildResource>>(`/api/v1/builds?${query}`, { signal }),
  });
  const saved = useQuery({ ...compatibleBuildOptions(group.id), enabled: Boolean(group.meta?.criteria) });
  return (
    <>
      {builds.data ? <Verdict builds={builds.data.data} filters={filters} /> : null}
      {typeof saved.data === 'boolean' ? (
        <p className="text-ink-soft">
          App Store Connect on what is saved now:{' '}
          {saved.data ? 'a build of the group runs there.' : 'no build of the group runs there.'}
        </p>
      ) : null}
    </>
  );
}

function Verdict({
  builds,
  filters,
}: {
  builds: readonly BuildResource[];
  filters: readonly DeviceFamilyFilter[];
}) {
  const [first, ...others] = compatibleBuilds(builds, filters);
  if (builds.length === 0)
    return <Status tone={ourTone('fit.unknown')}>The group has no build that can be tested.</Status>;
  if (!first) return <Status tone={ourTone('fit.none')}>No build of the group runs on these.</Status>;
  const more = others.length > 0 ? ` and ${others.length} more run` : ' runs';
  return <Status tone={ourTone('fit.some')}>{`${buildName(first)}${more} on these.`}</Status>;
}
