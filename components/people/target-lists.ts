import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { listOptions, totalOf } from '@/lib/browser/lists';
import type {
  AppResource,
  BuildResource,
  GroupResource,
  ResourceObject,
  TesterResource,
} from '@/lib/browser/types';
import type { Total } from '@/lib/format/numbers';

const PAGE = 50;

/** Something to choose from, searched on the server and reached to the end page by page. */
export interface Targets<Row> {
  readonly rows: readonly Row[];
  readonly search: string;
  readonly onSearch: (words: string) => void;
  readonly isPending: boolean;
  readonly total: Total | undefined;
  readonly onMore: (() => void) | undefined;
}

/** Of which account; by default of the page's. */
interface Of {
  readonly accountId?: string | undefined;
}

/** The groups of an app by name. */
export const useGroupTargets = (
  appId: string,
  { isExternalOnly = false, accountId }: Of & { readonly isExternalOnly?: boolean } = {},
): Targets<GroupResource> =>
  useTargets(
    'betaGroups',
    {
      'filter[app]': appId,
      ...(isExternalOnly ? { 'filter[isInternalGroup]': 'false' } : {}),
      sort: 'name',
    },
    accountId,
  );

/**
 * The builds of an app that have not expired, newest first; `isReady`: only those that are processed, `isExpiredToo`:
 * also those that can be tested no more.
 */
export const useBuildTargets = (
  appId: string,
  {
    isReady = false,
    isExpiredToo = false,
    accountId,
  }: Of & { readonly isReady?: boolean; readonly isExpiredToo?: boolean } = {},
): Targets<BuildResource> =>
  useTargets(
    'builds',
    {
      'filter[app]': appId,
      ...(isExpiredToo ? {} : { 'filter[expired]': 'false' }),
      ...(isReady ? { 'filter[processingState]': 'VALID' } : {}),
      sort: '-uploadedDate',
    },
    accountId,
  );

/** The apps by name, of whichever account. */
export const useAppTargets = (): Targets<AppResource> => useTargets('apps', { sort: 'name' }, '');

/** The testers of an app by name. */
export const useTesterTargets = (appId: string): Targets<TesterResource> =>
  useTargets('betaTesters', { 'filter[apps]': appId, sort: 'lastName' });

function useTargets<Row extends ResourceObject>(
  type: 'apps' | 'betaGroups' | 'builds' | 'betaTesters',
  query: Readonly<Record<string, string>>,
  accountId?: string | undefined,
): Targets<Row> {
  const [search, onSearch] = useState('');
  const words = useDeferredValue(search.trim());
  const params = new URLSearchParams({ ...query, limit: String(PAGE) });
  if (words) params.set('search', words);
  const found = useInfiniteQuery({
    ...listOptions<Row>(type, params.toString(), accountId),
    // The rows found before stay in sight until the next are there.
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.data) ?? [], [found.data]);
  return {
    rows,
    search,
    onSearch,
    isPending: found.isFetching,
    total: totalOf(found.data?.pages[0]?.meta),
    onMore: found.hasNextPage && !found.isPlaceholderData ? () => void found.fetchNextPage() : undefined,
  };
}
