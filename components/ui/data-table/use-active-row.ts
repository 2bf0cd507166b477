'use client';

import { useCallback, useEffect, useState } from 'react';
import { PAGE_SIZE } from '@/lib/browser/lists';
import type { ResourceObject } from '@/lib/browser/types';
import { type Line, lineKey } from './group-lines';
import { takePlace } from './memory';
import type { LoadedRows } from './use-rows';

/**
 * The row the eye is on. Another search or order begins without one; coming back from a row begins at that row, and
 * what lies before it is loaded again where the cache has forgotten it.
 */
export function useActiveRow<Row extends ResourceObject>(
  here: string,
  lines: readonly Line<Row>[],
  { hasMore, more, isRefreshing }: Pick<LoadedRows<Row>, 'hasMore' | 'more' | 'isRefreshing'>,
): [number, (index: number) => void] {
  const [active, setActive] = useState({ here, index: -1 });
  const [sought, setSought] = useState<ReturnType<typeof takePlace>>(null);
  const [isSettled, setSettled] = useState('');
  useEffect(() => {
    if (isSettled === here) return;
    setSettled(here);
    setSought(takePlace(here));
  }, [here, isSettled]);
  useEffect(() => {
    if (!sought || isRefreshing || lines.length === 0) return;
    const index = lines.findIndex((line) => lineKey(line) === sought.key);
    if (index < 0 && hasMore && lines.length <= sought.index + 2 * PAGE_SIZE) {
      more();
      return;
    }
    setSought(null);
    // What has left the list meanwhile leaves its place to the row that stands there now.
    setActive({ here, index: index >= 0 ? index : Math.min(sought.index, lines.length - 1) });
  }, [sought, isRefreshing, lines, hasMore, more, here]);
  const set = useCallback((index: number) => setActive({ here, index }), [here]);
  return [active.here === here ? Math.min(active.index, lines.length - 1) : -1, set];
}
