'use client';

import { useSyncExternalStore } from 'react';
import { formatAgo } from '@/lib/format/dates';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

// One clock for all times on the page, ticking while anybody looks.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
const halfMinute = () => Math.floor(Date.now() / 30_000);

/** "3 days ago"; the exact local and UTC time stand in the tooltip. */
export function Time({ at, className }: { at: string | number | null | undefined; className?: string }) {
  useSyncExternalStore(subscribe, halfMinute, halfMinute);
  if (at === null || at === undefined) return <span className={className}>–</span>;
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  return (
    // Server and browser look at the clock at different moments.
    <time dateTime={iso} data-time={iso} className={className} suppressHydrationWarning>
      {formatAgo(at, Date.now())}
    </time>
  );
}
