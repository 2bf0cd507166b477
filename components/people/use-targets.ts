import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listOptions } from '@/lib/query/lists';
import type { BuildResource, GroupResource } from '@/lib/query/types';

/** All groups of an app by name. */
export function useGroups(appId: string): readonly GroupResource[] {
  const query = `filter[app]=${encodeURIComponent(appId)}&sort=name&limit=200`;
  const { data } = useInfiniteQuery({
    ...listOptions<GroupResource>('betaGroups', query),
    enabled: appId !== '',
  });
  return useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
}

/** The builds of an app that have not expired, newest first. */
export function useBuilds(appId: string): readonly BuildResource[] {
  const query = `filter[app]=${encodeURIComponent(appId)}&filter[expired]=false&sort=-uploadedDate&limit=200`;
  const { data } = useInfiniteQuery({
    ...listOptions<BuildResource>('builds', query),
    enabled: appId !== '',
  });
  return useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
}
