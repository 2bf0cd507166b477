'use client';

import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { GridPreferencesProvider } from '@/components/ui/data-table/preferences';
import { Toasts, toastError } from '@/components/ui/toast';
import { Tooltips } from '@/components/ui/tooltips';
import { makeQueryClient } from '@/lib/browser/client';
import { setProgrammeShift } from '@/lib/browser/programme-now';
import { isServerAway, subscribeToReach } from '@/lib/browser/reach';
import { subscribeToReturn } from '@/lib/browser/session-over';
import type { StaleGraph } from '@/lib/browser/types';
import { appOfPath } from '@/lib/format/app-address';
import { useLive } from './use-live';
import { WaitingLine } from './waiting-line';

/** What every page needs in the browser. The stale graph comes from the server: the catalogue itself is heavy. */
export function Providers({
  staleGraph: words,
  gridPreferences,
  programmeShiftMs,
  servedAt,
  children,
}: {
  /** The stale graph as one text: as an object it would be walked through with every page. */
  staleGraph: string;
  gridPreferences: Readonly<Record<string, string>>;
  programmeShiftMs: number;
  servedAt: number;
  children: ReactNode;
}) {
  setProgrammeShift(programmeShiftMs);
  const staleGraph = useMemo(() => JSON.parse(words) as StaleGraph, [words]);
  // What one account says of an app must never stand in the place of what another says.
  const account = appOfPath(usePathname())?.accountId ?? '';
  const [clients] = useState(() => new Map<string, QueryClient>());
  const client = clients.get(account) ?? makeQueryClient(staleGraph, tellWarning, () => clients.values());
  clients.set(account, client);
  const [all] = useState(() => () => clients.values());
  useLive(all, staleGraph, servedAt);
  // What happened while the server was away, or nobody was signed in, is not known: everything shown is asked again.
  useEffect(() => {
    const askAgain = () => {
      for (const one of clients.values()) void one.invalidateQueries();
    };
    const stops = [subscribeToReach(() => isServerAway() || askAgain()), subscribeToReturn(askAgain)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [clients]);
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
