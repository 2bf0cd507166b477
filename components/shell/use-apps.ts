'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { listOptions } from '@/lib/query/lists';
import type { AppResource } from '@/lib/query/types';
import { APPS_QUERY } from './apps-query';

/** All apps by name, for the switcher and the breadcrumb. */
export function useApps(): readonly AppResource[] {
  const { data } = useInfiniteQuery(listOptions<AppResource>('apps', APPS_QUERY));
  return data?.pages.flatMap((page) => page.data) ?? [];
}
