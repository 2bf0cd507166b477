'use client';

import { useEffect, useState } from 'react';

/** From the window's edge upwards: the phone's sections, the bar of the selection, the line of waiting changes. */
const BARS = ['[data-phone-bar]', '[data-bulk-bar]', '[data-waiting-line]'] as const;

function tops(bars: readonly string[], isCounted: (bar: DOMRect) => boolean = () => true): number[] {
  return [...document.querySelectorAll<HTMLElement>(bars.join())]
    .map((bar) => bar.getBoundingClientRect())
    .filter((bar) => bar.height > 0 && isCounted(bar))
    .map(({ top }) => top);
}

/** Where the room for what is read ends, px from the top: at the highest bar. */
export function floor(): number {
  return Math.min(window.innerHeight, ...tops(BARS));
}

/**
 * What the bars in the lower half of the window take of its bottom, px, for what stands on them; kept up to date while
 * `isNeeded`. `count` of them, from the edge upwards.
 */
export function useBottomRoom(isNeeded: boolean, count: number = BARS.length): number {
  const [room, setRoom] = useState(0);
  useEffect(() => {
    if (!isNeeded) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { innerHeight } = window;
      const top = Math.min(
        innerHeight,
        ...tops(BARS.slice(0, count), ({ bottom }) => bottom > innerHeight / 2),
      );
      setRoom(Math.round(innerHeight - top));
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    // Bars come, go, wrap their words and stick while a toast is shown.
    const changes = new MutationObserver(later);
    changes.observe(document.body, { childList: true, subtree: true, characterData: true });
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      changes.disconnect();
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, [isNeeded, count]);
  return room;
}
