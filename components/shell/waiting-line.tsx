'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { useBottomRoom } from '@/components/ui/bottom-bars';
import { Time } from '@/components/ui/time';
import { changesInLine, type InLine, subscribeToLine } from '@/lib/browser/line';
import { formatCount } from '@/lib/format/numbers';

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
  const room = useBottomRoom(isWaiting, 2);
  return (
    <div
      role="status"
      style={{ bottom: room + 16 }}
      className="pointer-events-none fixed inset-x-0 z-50 flex justify-center px-4 empty:hidden"
    >
      {last ? (
        <p
          data-waiting-line=""
          className="pointer-events-auto rounded-lg border bg-raised p-3 text-sm shadow-pop"
        >
          App Store Connect takes no more requests for now.{' '}
          {line.length === 1
            ? 'Your change is the first in line'
            : `Your last change is number ${formatCount(line.length)} in line`}{' '}
          and goes out <Time at={last.until} isToCome />, ahead of jobs and syncs. It is lost when this page
          is closed before.
        </p>
      ) : null}
    </div>
  );
}
