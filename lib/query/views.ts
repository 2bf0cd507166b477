import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';

/** A list as somebody likes to see it; `query` is what stands behind the question mark. */
export interface SavedView {
  readonly id: string;
  readonly page: string;
  readonly name: string;
  readonly query: string;
  readonly shared: boolean;
  readonly ownerId: string;
  readonly isYours: boolean;
  readonly updatedAt: string;
}

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
