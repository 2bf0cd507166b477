'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { GridPreferencesProvider } from '@/components/ui/data-table/preferences';
import { Toasts, toastError } from '@/components/ui/toast';
import { Tooltips } from '@/components/ui/tooltips';
import { makeQueryClient } from '@/lib/query/client';
import { isServerAway, subscribeToReach } from '@/lib/query/reach';
import type { StaleGraph } from '@/lib/query/types';
import { WaitingLine } from './waiting-line';

/** What every page needs in the browser. The stale graph comes from the server: the catalogue itself is heavy. */
export function Providers({
  staleGraph,
  gridPreferences,
  children,
}: {
  staleGraph: StaleGraph;
  gridPreferences: Readonly<Record<string, string>>;
  children: ReactNode;
}) {
  const [client] = useState(() => makeQueryClient(staleGraph, tellWarning));
  useEffect(
    // What happened while the server was away is not known: everything shown is asked for again.
    () => subscribeToReach(() => void (isServerAway() ? null : client.invalidateQueries())),
    [client],
  );
  return (
    <QueryClientProvider client={client}>
      <GridPreferencesProvider value={gridPreferences}>
        {children}
        <Toasts />
        <WaitingLine />
        <Tooltips />
      </GridPreferencesProvider>
    </QueryClientProvider>
  );
}

function tellWarning(words: string): void {
  void toastError('Not seen at App Store Connect', words);
}
