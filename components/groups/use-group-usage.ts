'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useUrlChoice } from '@/components/ui/use-url-state';
import {
  groupUsageOptions,
  type TesterUsage,
  USAGE_PERIODS,
  type UsagePeriod,
  usagesOf,
} from '@/lib/browser/links';

/** Pages of 200 read by themselves; what is beyond waits until somebody asks. */
const PAGES_BY_ITSELF = 10;

export interface Usage {
  readonly period: UsagePeriod;
  readonly setPeriod: (period: UsagePeriod) => void;
  readonly byTester: ReadonlyMap<string, TesterUsage>;
  /** Whether everybody who did anything has been read. */
  readonly isComplete: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly fetchedAt: string | null | undefined;
  /** App Store Connect could not be asked: these are the last figures that are known. */
  readonly isLastKnown: boolean;
  readonly retry: () => void;
  readonly more: (() => void) | undefined;
}

/** What the testers of a group did in the period of the address bar. */
export function useGroupUsage(groupId: string): Usage {
  const [period, setPeriod] = useUrlChoice('period', USAGE_PERIODS, 'P30D');
  const query = useInfiniteQuery(groupUsageOptions(groupId, period));
  const { data, hasNextPage, isFetching, fetchNextPage, isPending, error, refetch } = query;
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && error === null && pages < PAGES_BY_ITSELF) void fetchNextPage();
  }, [hasNextPage, isFetching, error, pages, fetchNextPage]);
  return useMemo(
    () => ({
      period,
      setPeriod,
      byTester: new Map(
        usagesOf(data?.pages.flatMap((page) => page.data) ?? []).map((usage) => [usage.testerId, usage]),
      ),
      isComplete: data !== undefined && !hasNextPage,
      isPending,
      error,
      fetchedAt: data?.pages[0]?.meta?.fetchedAt,
      isLastKnown: data?.pages.some((page) => page.meta?.stale === true) ?? false,
      retry: () => void refetch(),
      more: hasNextPage && pages >= PAGES_BY_ITSELF ? () => void fetchNextPage() : undefined,
    }),
    [period, setPeriod, data, hasNextPage, isPending, error, pages, refetch, fetchNextPage],
  );
}
