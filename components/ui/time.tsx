'use client';

import { useSyncExternalStore } from 'react';
import { formatAgo, formatAhead, formatDay } from '@/lib/format/dates';

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

const DAY = /^\d{4}-\d\d-\d\d$/;

/** "3 days ago"; the exact local and UTC time stand in the tooltip. A day without a time stays a day: "yesterday". */
export function Time({
  at,
  className,
  isInDays = false,
  isToCome = false,
}: {
  at: string | number | null | undefined;
  className?: string;
  /** Told in days however many they are, where people count them. */
  isInDays?: boolean;
  /** When something will happen: it never reads as if it had happened already. */
  isToCome?: boolean;
}) {
  useSyncExternalStore(subscribe, halfMinute, halfMinute);
  if (at === null || at === undefined) return <span className={className}>–</span>;
  if (typeof at === 'string' && DAY.test(at)) {
    return (
      <time dateTime={at} data-tip={`${at} (UTC)`} className={className} suppressHydrationWarning>
        {formatDay(at, Date.now())}
      </time>
    );
  }
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  return (
    // Server and browser look at the clock at different moments.
    <time dateTime={iso} className={className} suppressHydrationWarning>
      {isToCome ? formatAhead(at, Date.now()) : formatAgo(at, Date.now(), isInDays)}
    </time>
  );
}
