'use client';

import { useSyncExternalStore } from 'react';
import type { Density } from './preferences';

const PHONE = '(width < 40rem)';
const HEIGHT: Record<Density, number> = { compact: 34, roomy: 44 };
const CARD_HEIGHT = 76;
const TALL_CARD_HEIGHT = 104;

function subscribe(listener: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The height of a row in pixels: by density, or that of a card on a phone, which buttons make taller. */
export function useRowHeight(density: Density, hasButtons: boolean): number {
  const isPhone = useSyncExternalStore(
    subscribe,
    () => matchMedia(PHONE).matches,
    () => false,
  );
  if (!isPhone) return HEIGHT[density];
  return hasButtons ? TALL_CARD_HEIGHT : CARD_HEIGHT;
}
