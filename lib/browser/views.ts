import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { SavedView } from '@/lib/services/views';
import { api } from './api';
import { keys } from './keys';

export type { SavedView };

/** The views of a page: the team's and one's own. */
export function viewsOptions(page: string) {
  return queryOptions({
    queryKey: keys.own('views', page),
    queryFn: ({ signal }) =>
      api<{ data: readonly SavedView[] }>(`/api/views?page=${encodeURIComponent(page)}`, { signal }),
  });
}

/** Keeps a view under a name. */
export function saveViewMutation() {
  return mutationOptions({
    mutationFn: (body: { page: string; name: string; query: string; shared: boolean }) =>
      api<{ data: SavedView }>('/api/views', { method: 'POST', body }),
    meta: { stale: ['views'] },
  });
}

/** Renames, shares or replaces a view. */
export function changeViewMutation() {
  return mutationOptions({
    mutationFn: (body: { id: string; name?: string; query?: string; shared?: boolean }) =>
      api<{ data: SavedView }>('/api/views', { method: 'PATCH', body }),
    meta: { stale: ['views'] },
  });
}

/** Removes a view. */
export function removeViewMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>('/api/views', { method: 'DELETE', body: { id } }),
    meta: { stale: ['views'] },
  });
}
