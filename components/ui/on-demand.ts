import dynamic from 'next/dynamic';
import type { ComponentType } from 'react';
import { whenReachable } from '@/lib/browser/reach';

/**
 * A part of the page whose code is fetched when it is first shown, as a dialog is. While Flightdeck gives no answer it
 * is waited for; the page stays.
 */
export function onDemand<Props>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  return dynamic(whenReachable(load), { ssr: false });
}
