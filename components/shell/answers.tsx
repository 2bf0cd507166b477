'use client';

import { type DehydratedState, HydrationBoundary, hashKey } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { unpack } from '@/lib/browser/packed';

type Came = Omit<DehydratedState['queries'][number], 'queryHash'>;

/**
 * Answers that came with the page. They come as one packed text: as objects React would walk through each value of
 * theirs three times, on writing, on reading and in the browser.
 */
export function Answers({ text, children }: { text: string; children: ReactNode }) {
  const state = useMemo((): DehydratedState => {
    const queries = unpack(text) as Came[];
    return {
      mutations: [],
      queries: queries.map((query) => ({ ...query, queryHash: hashKey(query.queryKey) })),
    };
  }, [text]);
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
