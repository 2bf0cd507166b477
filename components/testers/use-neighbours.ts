'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useMemo } from 'react';
import { isTyping } from '@/components/ui/typing';
import { listOptions, listQuery, listState } from '@/lib/query/lists';
import type { TesterResource } from '@/lib/query/types';
import { testerHref } from './tester-href';
import { TESTERS } from './testers-spec';

/** So many pages of the list are looked through for the person. */
const MOST_PAGES = 20;

/** Who stands before and after a tester in the list one came from, by the filters that stand in the address. */
export function useNeighbours(appId: string, testerId: string) {
  const params = useSearchParams();
  const chosen = params.toString();
  const isAcrossApps = params.get('list') === 'all';
  const query = useMemo(() => {
    const state = listState(TESTERS, Object.fromEntries(new URLSearchParams(chosen)));
    return listQuery(TESTERS, state, isAcrossApps ? {} : { apps: appId });
  }, [chosen, isAcrossApps, appId]);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    listOptions<TesterResource>('betaTesters', query),
  );
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const at = rows.findIndex((row) => row.id === testerId && row.meta?.appId === appId);
  const isAtEdge = at === -1 || at === rows.length - 1;
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (isAtEdge && hasNextPage && !isFetchingNextPage && pages < MOST_PAGES) void fetchNextPage();
  }, [isAtEdge, hasNextPage, isFetchingNextPage, pages, fetchNextPage]);

  const to = (row: TesterResource | undefined) =>
    row && at >= 0 ? testerHref(row, chosen, isAcrossApps) : undefined;
  const listParams = new URLSearchParams(chosen);
  listParams.delete('list');
  const rest = listParams.toString();
  const list = `${isAcrossApps ? '' : `/apps/${encodeURIComponent(appId)}`}/testers${rest ? `?${rest}` : ''}`;
  return {
    previous: to(rows[at - 1]),
    next: to(rows[at + 1]),
    list,
    place: at >= 0 ? at + 1 : null,
    total: data?.pages[0]?.meta?.total ?? null,
  };
}

/** `j` next, `k` previous, `esc` back to the list; ignored while typing. */
export function useNeighbourKeys({
  previous,
  next,
  list,
}: {
  previous?: string | undefined;
  next?: string | undefined;
  list: string;
}): void {
  const router = useRouter();
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey || isTyping(event)) return;
      const href = { j: next, k: previous, Escape: list }[event.key];
      if (href === undefined) return;
      event.preventDefault();
      router.push(href);
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [router, previous, next, list]);
}
