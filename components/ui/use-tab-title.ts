'use client';

import { useEffect } from 'react';

/** Calls the browser's tab so, also where a page has become another without asking the server. */
export function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Flightdeck`;
  }, [title]);
}
