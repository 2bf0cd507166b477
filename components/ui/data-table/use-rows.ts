'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type ListSpec, listOptions, totalOf } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { groupKey } from './group-lines';
import { rowKey } from './memory';

/** The rows that a list has loaded, and how it gets more; those of a former search stay until the new ones are there. */
export function useRows<Row extends ResourceObject>(spec: ListSpec, query: string) {
  const result = useInfiniteQuery({
    ...listOptions<Row>(spec.type, query),
    placeholderData: keepPreviousData,
  });
  const { data, fetchNextPage, isFetchingNextPage } = result;
  const rows = useMemo(() => uniqueRows(data?.pages.flatMap((page) => page.data) ?? []), [data]);
  const groups = useMemo(
    () =>
      new Map(data?.pages.flatMap(({ meta }) => meta?.groups ?? []).map((group) => [groupKey(group), group])),
    [data],
  );
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return {
    rows,
    groups,
    total: totalOf(data?.pages[0]?.meta),
    hasMore: result.hasNextPage && !result.isFetchNextPageError,
    more,
    isWaiting: result.isPending,
    isRefreshing: result.isPlaceholderData,
    error: result.isFetchNextPageError ? null : result.error,
    moreError: result.isFetchNextPageError ? result.error : null,
    retry: () => void result.refetch(),
  };
}

export type LoadedRows<Row extends ResourceObject> = ReturnType<typeof useRows<Row>>;

// Rows shift between pages while data changes: the same row may come twice.
function uniqueRows<Row extends ResourceObject>(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}
