'use client';

import { useMemo } from 'react';
import { type ListSpec, type ListState, listState } from '@/lib/query/lists';
import { useUrlState } from '../use-url-state';

/** What a person chose in a list, kept in the address bar: search replaces the entry, filters and sort add one. */
export function useListState(spec: ListSpec) {
  const { values, set } = useUrlState();
  const state = useMemo(() => listState(spec, values), [spec, values]);
  return {
    state,
    setSearch: (q: string) => set({ q }, 'replace'),
    setSort: (sort: string) => set({ sort: sort === spec.defaultSort ? null : sort }, 'push'),
    setFilter: (param: string, chosen: readonly string[]) => set({ [param]: chosen }, 'push'),
    clear: () =>
      set({ q: null, ...Object.fromEntries(spec.filters.map(({ param }) => [param, null])) }, 'push'),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(state: ListState): boolean {
  return state.q !== '' || Object.values(state.filters).some((chosen) => chosen.length > 0);
}
