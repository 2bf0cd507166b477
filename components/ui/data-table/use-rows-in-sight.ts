'use client';

import { type RefObject, useEffect, useMemo, useState } from 'react';
import { floor } from '../bottom-bars';

/** Rows drawn above and below those in sight. */
const OVERSCAN = 12;
/** What the server draws, px: what a usual window shows. The browser draws the rest at once, in a room that is kept. */
const FIRST_PAINT = 880;

interface Sight {
  readonly start: number;
  readonly end: number;
}

/**
 * Which rows of a list of equal heights are in the window, with a few more on both sides. Being of equal height,
 * they need no measuring, which keeps a general virtualiser of 10 KB out of every list.
 */
export function useRowsInSight(body: RefObject<HTMLElement | null>, count: number, height: number): Sight {
  const [sight, setSight] = useState<Sight>({ start: 0, end: Math.ceil(FIRST_PAINT / height) });
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const start = Math.max(0, Math.floor(-top / height) - OVERSCAN);
      const end = Math.ceil((window.innerHeight - top) / height) + OVERSCAN;
      setSight((before) => (before.start === start && before.end === end ? before : { start, end }));
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, [body, height]);
  return useMemo(
    () => ({ start: Math.min(sight.start, count), end: Math.min(Math.max(sight.end, 0), count) }),
    [sight, count],
  );
}

/** Brings a row into the window when it is not, below whatever sticks to the top. */
export function revealRow(body: HTMLElement | null, index: number, height: number): void {
  if (!body) return;
  const stuck = 96;
  const top = body.getBoundingClientRect().top + index * height;
  const below = top + height - floor();
  if (top < stuck) window.scrollBy({ top: top - stuck });
  else if (below > 0) window.scrollBy({ top: below + height });
}
