import { queryOptions, replaceEqualDeep } from '@tanstack/react-query';
import type { FacetPage, Neighbour, Neighbours } from '@/lib/services/lists';
import { api } from './api';
import { keys, type ListType } from './keys';
import { type ListScope, narrowing, nextCursor, pathOfList } from './lists';
import type { ListDocument, ResourceObject } from './types';

export type { FacetPage, Neighbour };

// What is asked of a list beside its rows, once somebody does something with it.

/** Who stands before and after a row of a list, or null where it is not in it; one request, wherever the row stands. */
export function neighboursOptions(type: ListType, id: string, query: string, appId?: string) {
  const params = narrowing(query);
  const sort = new URLSearchParams(query).get('sort');
  if (sort) params.set('sort', sort);
  if (appId !== undefined) params.set('inApp', appId);
  return queryOptions({
    queryKey: keys.list(type, `neighbours ${id} ${params}`),
    queryFn: ({ signal }) =>
      api<{ data: Neighbours | null }>(`/api/lists/${type}/neighbours/${encodeURIComponent(id)}?${params}`, {
        signal,
      }),
    retry: false,
    // Whatever has left the list since, such as by a decision, keeps those that stood beside it.
    structuralSharing: (before, now) =>
      (now as { data: Neighbours | null }).data === null && before !== undefined
        ? before
        : replaceEqualDeep(before, now),
  });
}

/** The values of one filter that occur in a list, with their counts; `typed` finds more of them. */
export function facetOptions(type: ListType, field: string, query: string, typed = '') {
  const params = narrowing(query);
  if (typed.trim()) params.set('typed', typed.trim());
  return queryOptions({
    queryKey: keys.list(type, `facet ${field} ${params}`),
    queryFn: ({ signal }) =>
      api<{ data: FacetPage }>(`/api/lists/${type}/facets/${encodeURIComponent(field)}?${params}`, {
        signal,
      }),
    staleTime: 60_000,
  });
}

/** The first rows that typed words find, for choosing one. */
export function foundOptions<Row extends ResourceObject>(type: ListType, scope: ListScope, typed: string) {
  const params = new URLSearchParams({ limit: '30' });
  for (const [name, value] of Object.entries(scope)) params.set(`filter[${name}]`, value);
  if (typed.trim()) params.set('search', typed.trim());
  return queryOptions({
    queryKey: keys.list(type, `found ${params}`),
    queryFn: ({ signal }) => api<ListDocument<Row>>(`${pathOfList(type)}?${params}`, { signal }),
  });
}

/** How many rows a list's query matches, also where its pages say only that there are at least so many. */
export function listTotalOptions(type: ListType, query: string) {
  const params = narrowing(query);
  return queryOptions({
    queryKey: keys.list(type, `total ${params}`),
    queryFn: async ({ signal }) =>
      (await api<{ data: { total: number } }>(`/api/lists/${type}/total?${params}`, { signal })).data.total,
    staleTime: 0,
  });
}

/** Every row a list's query matches, fetched page by page. */
export async function everyRow<Row extends ResourceObject>(type: ListType, query: string): Promise<Row[]> {
  const params = new URLSearchParams(query);
  params.set('limit', '200');
  const rows: Row[] = [];
  for (;;) {
    const page = await api<ListDocument<Row>>(`${pathOfList(type)}?${params}`);
    rows.push(...page.data);
    const cursor = nextCursor(page);
    if (cursor === undefined) return rows;
    params.set('cursor', cursor);
  }
}
