'use client';

import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { keepPlace, pickedKey, takePlace } from '@/components/ui/data-table/memory';
import { focusRow } from './list-keys';

const LINK = 'main [data-list] [data-list-row] a[href]';
/** So long the row may take to be drawn. */
const PATIENCE_MS = 5_000;

const address = () => `list ${window.location.pathname}${window.location.search}`;
const placeOf = (link: Element) => ({ id: link.getAttribute('href') ?? '' });

/** Whoever opens a row of a list that is no grid and comes back finds the focus on that row. */
export function useListPlace(): void {
  const pathname = usePathname();
  useEffect(() => {
    const listener = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest(LINK) : null;
      if (link) keepPlace(address(), placeOf(link), 0);
    };
    // Before the link itself, which may change the address at once.
    document.addEventListener('click', listener, true);
    return () => document.removeEventListener('click', listener, true);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving at another page is the occasion
  useEffect(() => {
    const place = takePlace(address());
    if (!place) return;
    const from = document.activeElement;
    const look = () => {
      const link = [...document.querySelectorAll<HTMLElement>(LINK)].find(
        (one) => pickedKey(placeOf(one)) === place.key,
      );
      const row = link?.closest<HTMLElement>('[data-list-row]');
      // Who has gone elsewhere meanwhile stays there.
      const isFree = [from, document.body].includes(document.activeElement);
      if (row && isFree) focusRow(row);
      if (row || !isFree) stop();
    };
    const changes = new MutationObserver(look);
    changes.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(() => stop(), PATIENCE_MS);
    const stop = () => {
      changes.disconnect();
      clearTimeout(timer);
    };
    look();
    return stop;
  }, [pathname]);
}
