'use client';

import { useIsPhone } from '@/components/ui/use-is-phone';
import type { Density } from './preferences';

const HEIGHT: Record<Density, number> = { compact: 34, roomy: 44 };
const CARD_HEIGHT = 76;
const TALL_CARD_HEIGHT = 104;

/** The height of a row in pixels: by density, or that of a card on a phone, which buttons make taller. */
export function useRowHeight(density: Density, hasButtons: boolean): number {
  if (!useIsPhone()) return HEIGHT[density];
  return hasButtons ? TALL_CARD_HEIGHT : CARD_HEIGHT;
}
