'use client';

import { useSyncExternalStore } from 'react';

/** Whether the window is so narrow; not while a page is made or wakes up. */
function narrowerThan(width: string): () => boolean {
  const words = `(width < ${width})`;
  const subscribe = (listener: () => void) => {
    const query = matchMedia(words);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  };
  return () =>
    useSyncExternalStore(
      subscribe,
      () => matchMedia(words).matches,
      () => false,
    );
}

/** Whether the window is as narrow as a phone. */
export const useIsPhone = narrowerThan('40rem');

/** Whether the window has no room for the rail. */
export const useHasNoRail = narrowerThan('48rem');
