'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { keepPlace } from '@/components/ui/data-table/memory';
import { isTyping } from '@/components/ui/typing';
import { type ListScope, type ListSpec, listQuery, listState, neighboursOptions } from '@/lib/query/lists';

interface Neighbour {
  readonly id: string;
  readonly appId: string | null;
}

/** The list that a detail was opened from. */
export interface DetailList {
  readonly spec: ListSpec;
  readonly scope: ListScope;
  /** Where the list is shown. */
  readonly path: string;
  readonly hrefOf: (row: Neighbour) => string;
}

export interface DetailNeighbours {
  readonly previous: string | undefined;
  readonly next: string | undefined;
  /** The address of the list as it was. */
  readonly list: string;
  readonly place: number | null;
  readonly total: number | null;
}

/**
 * Who stands before and after a row in the list it was opened from, wherever it stands there; `j` next, `k` previous,
 * `esc` back to the list, at the row that was shown last.
 */
export function useDetailNeighbours(
  { spec, scope, path, hrefOf }: DetailList,
  id: string,
  appId: string,
  hasKeys = true,
): DetailNeighbours {
  const chosen = useSearchParams().toString();
  const query = listQuery(spec, listState(spec, Object.fromEntries(new URLSearchParams(chosen))), scope);
  const { data } = useQuery({
    ...neighboursOptions(spec.type, id, query, appId),
    placeholderData: keepPreviousData,
  });
  const found = data?.data;
  const to = (row: Neighbour | null | undefined) =>
    row ? `${hrefOf(row)}${chosen ? `?${chosen}` : ''}` : undefined;
  const params = new URLSearchParams(chosen);
  params.delete('list');
  const rest = params.toString();
  const neighbours = {
    previous: to(found?.previous),
    next: to(found?.next),
    list: `${path}${rest ? `?${rest}` : ''}`,
    place: found?.place ?? null,
    total: found?.total ?? null,
  };
  const { place } = neighbours;
  useEffect(() => {
    if (place !== null) keepPlace(`${path}?${query}`, { key: `${appId} ${id}`, index: place - 1 });
  }, [path, query, appId, id, place]);
  useKeys(neighbours, hasKeys);
  return neighbours;
}

/** Ignored while typing. A step replaces the one before, so that back leads to the list. */
function useKeys({ previous, next, list }: DetailNeighbours, hasKeys: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!hasKeys) return;
    const listener = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey || isTyping(event)) return;
      const step = { j: next, k: previous }[event.key];
      if (step !== undefined) router.replace(step);
      else if (event.key === 'Escape') router.push(list);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [router, previous, next, list, hasKeys]);
}
