'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { freshnessOptions, type ShownView } from '@/lib/browser/freshness';
import { useRefresh } from './as-of';
import { Button } from './button';

/** The age of a view and the way to have just that read again. */
export function useViewSync(view: ShownView) {
  const { data } = useQuery(freshnessOptions(view));
  return { freshness: data?.data, refresh: useRefresh(view, data?.data) };
}

/** Has a view read again; nothing for whom that would be refused. */
export function SyncNow({ sync: { freshness, refresh } }: { sync: ReturnType<typeof useViewSync> }) {
  if (!freshness?.canRefresh) return null;
  return (
    <Button
      size="sm"
      icon={<RotateCw size={13} aria-hidden />}
      busy={refresh.isRunning}
      onClick={refresh.run}
    >
      Sync now
    </Button>
  );
}
