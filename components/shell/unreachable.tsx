'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { isServerAway, noteSilence, subscribeToReach } from '@/lib/browser/reach';
import { Banner } from './banner';

const AWAY = {
  state: 'server.away',
  says: 'Flightdeck cannot be reached',
  advice: 'What you typed is kept. Trying again …',
} as const;

/** Says that the server gives no answer, for as long as it gives none. Part of the page: nothing can be fetched then. */
export function Unreachable() {
  const isAway = useSyncExternalStore(subscribeToReach, isServerAway, () => false);
  useEffect(() => {
    addEventListener('offline', noteSilence);
    return () => removeEventListener('offline', noteSilence);
  }, []);
  return isAway ? (
    <div className="sticky top-13 z-30">
      <Banner words={AWAY} />
    </div>
  ) : null;
}
