'use client';

import { useState } from 'react';
import { useUrlState } from '@/components/ui/use-url-state';

/** Whether two builds are compared: which ones stands in the address, so that a link opens the same. */
export function useCompare() {
  const { values, set } = useUrlState();
  const [isAsked, setAsked] = useState(false);
  return {
    isOpen: isAsked || values.vs !== undefined,
    open: () => setAsked(true),
    close: () => {
      setAsked(false);
      set({ of: null, vs: null }, 'push');
    },
  };
}
