'use client';

import { useMemo } from 'react';
import { type ListSpec, type ListState, listState, NOT, UNGROUPED } from '@/lib/browser/lists';
import { useUrlState } from '../use-url-state';

/** What a person chose in a list, kept in the address bar: search replaces the entry, filters and sort add one. */
export function useListState(spec: ListSpec) {
  const { values, set } = useUrlState();
  const state = useMemo(() => listState(spec, values), [spec, values]);
  return {
    state,
    setSearch: (q: string) => set({ q }, 'replace'),
    setSort: (sort: string) => set({ sort: sort === spec.defaultSort ? null : sort }, 'push'),
    setFilter: (change: Readonly<Record<string, readonly string[]>>) => set(change, 'push'),
    setGrouped: (isGrouped: boolean) => {
      const { by = '', unasked = [] } = spec.grouping ?? {};
      const isUsual = unasked.includes(state.sort.replace(/^-/, '')) === isGrouped;
      set({ group: isUsual ? null : isGrouped ? by : UNGROUPED, closed: null }, 'push');
    },
    setClosed: (closed: readonly string[]) => set({ closed }, 'replace'),
    clear: () => set({ q: null, ...cleared(spec) }, 'push'),
  };
}

function cleared(spec: ListSpec): Record<string, null> {
  return Object.fromEntries(
    spec.filters
      .filter(({ tab }) => tab === undefined)
      .flatMap(({ param }) => [
        [param, null],
        [NOT + param, null],
      ]),
  );
}

/** Whether anything narrows the list. */
export function isNarrowed(spec: ListSpec, state: ListState): boolean {
  const isTab = (name: string) => spec.filters.some(({ param, tab }) => tab !== undefined && param === name);
  return (
    state.q !== '' ||
    Object.entries(state.filters).some(([name, chosen]) => chosen.length > 0 && !isTab(name))
  );
}
