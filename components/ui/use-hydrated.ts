'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Whether the page's scripts have come: until then a press would change the picture and nothing else. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
