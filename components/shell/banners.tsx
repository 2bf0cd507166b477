'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { healthOptions, syncOptions } from '@/lib/browser/own';
import { whenReachable } from '@/lib/browser/reach';

const BannerList = dynamic(whenReachable(() => import('./banner-list')));

/** Watches for what stands in the way; the words for it are fetched only when there is something. */
export function Banners() {
  const { data: sync } = useQuery(syncOptions());
  const { data: health } = useQuery(healthOptions());
  const isCalm =
    Object.values(health?.checks ?? {}).every(({ ok }) => ok) &&
    (sync?.data ?? []).every(
      ({ workerAlive, accountStatus, waitingUntil }) =>
        workerAlive !== false && (accountStatus ?? 'ok') === 'ok' && !waitingUntil,
    );
  return isCalm ? null : <BannerList />;
}
