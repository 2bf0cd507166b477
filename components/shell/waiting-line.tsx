'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { Time } from '@/components/ui/time';
import { formatCount } from '@/lib/format/numbers';
import { changesInLine, type InLine, subscribeToLine } from '@/lib/query/line';

const NONE: readonly InLine[] = [];

/** Says that a change waits for App Store Connect, its place, and when it goes out. */
export function WaitingLine() {
  const line = useSyncExternalStore(subscribeToLine, changesInLine, () => NONE);
  const last = line.at(-1);
  const isWaiting = last !== undefined;
  useEffect(() => {
    if (!isWaiting) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isWaiting]);
  return (
    <div role="status" className="fixed inset-x-0 bottom-4 z-50 flex justify-center px-4 empty:hidden">
      {last ? (
        <p className="rounded-lg border bg-raised p-3 text-sm shadow-pop">
          App Store Connect takes no more requests for now.{' '}
          {line.length === 1
            ? 'Your change is the first in line'
            : `Your last change is number ${formatCount(line.length)} in line`}{' '}
          and goes out <Time at={last.until} />, ahead of jobs and syncs. It is lost when this page is closed
          before.
        </p>
      ) : null}
    </div>
  );
}
