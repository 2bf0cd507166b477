'use client';

import { useSyncExternalStore } from 'react';
import type { Density } from './preferences';

const PHONE = '(width < 40rem)';
const HEIGHT: Record<Density, number> = { compact: 34, roomy: 44 };
const CARD_HEIGHT = 76;

function subscribe(listener: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The height of a row in pixels: by density, or that of a card on a phone. */
export function useRowHeight(density: Density): number {
  const isPhone = useSyncExternalStore(
    subscribe,
    () => matchMedia(PHONE).matches,
    () => false,
  );
  return isPhone ? CARD_HEIGHT : HEIGHT[density];
}
