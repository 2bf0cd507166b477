'use client';

import { useEffect, useSyncExternalStore } from 'react';
import type { ShownView } from '@/lib/browser/freshness';

let shown: readonly ShownView[] = [];
const listeners = new Set<() => void>();

function change(next: readonly ShownView[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says what the page shows for as long as it does, so that the frame around it tells the same age. */
export function useShow(view: ShownView): void {
  const text = JSON.stringify(view);
  useEffect(() => {
    const mine = JSON.parse(text) as ShownView;
    change([...shown, mine]);
    return () => change(shown.filter((one) => one !== mine));
  }, [text]);
}

/** What the page shows at the moment; undefined where it shows nothing of App Store Connect. */
export function useShown(): ShownView | undefined {
  return useSyncExternalStore(
    subscribe,
    () => shown.at(-1),
    () => undefined,
  );
}
