import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { whenReachable } from '@/lib/browser/reach';

/**
 * A part of the page whose code is fetched when it is first shown, as a dialog is. While Flightdeck gives no answer it
 * is waited for; the page stays.
 */
export function onDemand<Part extends (props: never) => ReactNode>(
  load: () => Promise<{ default: Part }>,
): Part {
  // A part keeps its type, also where that depends on what it is given.
  return dynamic(whenReachable(load), { ssr: false }) as unknown as Part;
}
