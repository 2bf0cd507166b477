'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { listOptions } from '@/lib/browser/lists';
import type { AppResource } from '@/lib/browser/types';
import { appOfPath } from '@/lib/format/app-address';
import { APPS_QUERY } from './apps-query';

/** All apps by name, for the switcher and the breadcrumb. */
export function useApps(): readonly AppResource[] {
  const { data } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  return data?.pages.flatMap((page) => page.data) ?? [];
}

/** The app one is in; none under the address of an app that is not there, whose sections would lead nowhere. */
export function useAppHere(): ReturnType<typeof appOfPath> {
  const { data, hasNextPage } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  const here = appOfPath(usePathname());
  const isMissing =
    data !== undefined &&
    !hasNextPage &&
    !data.pages.some((page) => page.data.some(({ id }) => id === here?.appId));
  return isMissing ? null : here;
}
