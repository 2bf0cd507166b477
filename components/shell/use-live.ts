'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followStream, type LiveEvent } from '@/lib/browser/live';
import { staleAfter } from '@/lib/browser/live-stale';
import { makeStale } from '@/lib/browser/make-stale';
import type { StaleGraph } from '@/lib/browser/types';

/** Much in short time is asked for once, ms. */
const BREATH_MS = 400;
/** And what goes on, as thousands of crash logs do, no more often than this, ms. */
const PAUSE_MS = 2_000;
/** A change of one's own that takes so long is not waited for any more, ms. */
const PATIENCE_MS = 10_000;

/**
 * Has what is shown asked again as soon as the server says that it has changed, by whomever.
 * @param servedAt when the server made the first page, ms since 1970
 */
export function useLive(clients: () => Iterable<QueryClient>, graph: StaleGraph, servedAt: number): void {
  const [since] = useState(servedAt);
  useEffect(() => {
    const ending = new AbortController();
    const stale = new Map<string, readonly unknown[]>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitingSince = 0;
    let notBefore = 0;
    const flush = () => {
      const now = performance.now();
      // What is on its way shows at once: an answer from before it would flip the page back.
      if (now - waitingSince < PATIENCE_MS && [...clients()].some((client) => client.isMutating() > 0)) {
        timer = setTimeout(flush, BREATH_MS);
        return;
      }
      timer = undefined;
      notBefore = now + PAUSE_MS;
      // What asks App Store Connect itself is left out: it has just been asked.
      const predicate = ({ meta }: { readonly meta?: Record<string, unknown> | undefined }) =>
        meta?.asksApple !== true;
      for (const queryKey of stale.values())
        for (const client of clients()) makeStale(client, { queryKey, predicate });
      stale.clear();
    };
    const tell = (event: LiveEvent) => {
      for (const key of staleAfter(event, graph)) stale.set(JSON.stringify(key), key);
      if (timer !== undefined) return;
      waitingSince = performance.now();
      timer = setTimeout(flush, Math.max(BREATH_MS, notBefore - waitingSince));
    };
    followStream(tell, since, ending.signal);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [clients, graph, since]);
}
