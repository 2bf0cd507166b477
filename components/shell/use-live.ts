'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys, type Noun } from '@/lib/browser/keys';
import { followStream, type LiveEvent } from '@/lib/browser/live';
import { makeStale } from '@/lib/browser/make-stale';

/** What is asked again when something of a topic has changed. */
const NOUNS: Readonly<Record<string, readonly Noun[]>> = {
  feedback: ['feedback', 'issues', 'notices'],
  presence: ['presence'],
  notices: ['notices'],
  mirror: ['overview', 'sync'],
};
/** Types of resources that a topic names. */
const TYPES = ['builds'] as const;
type LiveType = (typeof TYPES)[number];

/** Much in short time is asked for once, ms. */
const BREATH_MS = 400;
/** And what goes on, as thousands of crash logs do, no more often than this, ms. */
const PAUSE_MS = 2_000;

/** Has what is shown asked again as soon as the server says that it has changed. */
export function useLive(clients: () => Iterable<QueryClient>): void {
  useEffect(() => {
    const ending = new AbortController();
    const stale = new Set<Noun>();
    const types = new Set<LiveType>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let notBefore = 0;
    const flush = () => {
      timer = undefined;
      notBefore = performance.now() + PAUSE_MS;
      for (const noun of stale)
        for (const client of clients()) makeStale(client, { queryKey: keys.noun(noun) });
      // What asks App Store Connect itself is left out: it has just been asked.
      for (const type of types)
        for (const client of clients())
          makeStale(client, {
            queryKey: keys.type(type),
            predicate: ({ meta }) => meta?.asksApple !== true,
          });
      stale.clear();
      types.clear();
    };
    const tell = (event: LiveEvent) => {
      const topics = event.kind === 'gap' ? Object.keys(NOUNS) : [event.topic];
      for (const topic of topics) for (const noun of NOUNS[topic] ?? []) stale.add(noun);
      if (topics.includes('mirror')) for (const type of TYPES) types.add(type);
      timer ??= setTimeout(flush, Math.max(BREATH_MS, notBefore - performance.now()));
    };
    followStream(tell, ending.signal);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [clients]);
}
