'use client';

import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ListSpec, type ListState, listOptions, PAGE_SIZE, rowsQuery } from '@/lib/browser/lists';
import type { ListDocument, ResourceObject, RowGroup } from '@/lib/browser/types';
import { groupKey, isClosed, toggled } from './group-lines';
import type { Grouping } from './types';

/** So many pages are read at once, at most, to show what stood on the screen before a group was opened. */
const MOST_PAGES = 20;

interface Given<Row extends ResourceObject> {
  readonly spec: ListSpec;
  readonly state: ListState;
  /** The list's query string, closed groups or not. */
  readonly query: string;
  readonly grouping: Grouping<Row> | undefined;
  readonly setClosed: (closed: readonly string[]) => void;
}

/** Closes and opens groups so that what stands below them stays there, however far down somebody is. */
export function useGroups<Row extends ResourceObject>({
  spec,
  state,
  query,
  grouping,
  setClosed,
}: Given<Row>) {
  const client = useQueryClient();
  const [opening, setOpening] = useState<string | null>(null);
  const optionsOf = (closed: readonly string[]) =>
    listOptions<Row>(spec.type, rowsQuery(query, { ...state, closed }));
  const toggle = async (group: RowGroup): Promise<void> => {
    if (!grouping || opening !== null) return;
    const closed = toggled(state.closed, group.id);
    const wanted = optionsOf(closed);
    const shown = client.getQueryData<InfiniteData<ListDocument<Row>>>(optionsOf(state.closed).queryKey);
    const isKnown = client.getQueryData(wanted.queryKey) !== undefined;
    if (shown && !isKnown && isClosed(closed, group.id)) {
      // Cursors know of no closed groups, so what is loaded is the new list but for the rows that go.
      client.setQueryData(wanted.queryKey as readonly unknown[], withoutGroup(shown, group, grouping));
    } else if (shown && !isKnown) {
      const pages = Math.min(MOST_PAGES, shown.pages.length + Math.ceil(group.count / PAGE_SIZE));
      setOpening(group.id);
      await client.prefetchInfiniteQuery({ ...wanted, pages });
      setOpening(null);
    }
    setClosed(closed);
  };
  return { toggle, opening };
}

/** Loaded pages with a single row of a group, to hold its place. */
function withoutGroup<Row extends ResourceObject>(
  data: InfiniteData<ListDocument<Row>>,
  group: RowGroup,
  grouping: Grouping<Row>,
): InfiniteData<ListDocument<Row>> {
  const key = groupKey(group);
  let isHeld = false;
  const isKept = (row: Row) => {
    if (groupKey(grouping.of(row)) !== key) return true;
    const isFirst = !isHeld;
    isHeld = true;
    return isFirst;
  };
  return { ...data, pages: data.pages.map((page) => ({ ...page, data: page.data.filter(isKept) })) };
}
