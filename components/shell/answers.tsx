'use client';

import { type DehydratedState, HydrationBoundary } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';

/**
 * Answers that came with the page. They come as one text: as objects React would walk through each value of theirs
 * three times, on writing, on reading and in the browser.
 */
export function Answers({ text, children }: { text: string; children: ReactNode }) {
  const state = useMemo(() => JSON.parse(text) as DehydratedState, [text]);
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
