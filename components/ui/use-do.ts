'use client';

import { useEffect, useRef } from 'react';
import { useUrlState } from './use-url-state';

/**
 * Does what the address asks for once, `?do=invite` for example, and takes it out of the address again: so that the
 * palette, a button elsewhere or a link can open the dialog of a page.
 */
export function useDo(name: string, run: () => void): void {
  const { values, set } = useUrlState();
  const isAsked = values.do === name;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!isAsked) return;
    set({ do: null }, 'replace');
    latest.current();
  }, [isAsked, set]);
}
