'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';

/** Where a page is already that the address follows to, or null. */
let ahead: string | null = null;
const listeners = new Set<() => void>();
const setAhead = (path: string | null) => {
  ahead = path;
  for (const listener of listeners) listener();
};

/**
 * Goes to a page of the same kind, which is there already: only its address changes, without the server being asked.
 * Whoever listens to the address does so in their own time, and the page does not wait for them.
 */
export function goAhead(href: string): void {
  setAhead(new URL(href, window.location.href).pathname);
  window.history.replaceState(null, '', href);
  window.scrollTo(0, 0);
}

/** Whose page is shown: the one that the address names, or will name in a moment. */
export function useShownId(section: string, first: string): string {
  const path = usePathname();
  const shown = useSyncExternalStore(subscribe, () => ahead, never);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address that has changed is the truth again
  useEffect(() => setAhead(null), [path]);
  const [, at, id] = (shown ?? path).split('/');
  if (at !== section || !id) return first;
  try {
    return decodeURIComponent(id);
  } catch {
    return first;
  }
}

const never = () => null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
