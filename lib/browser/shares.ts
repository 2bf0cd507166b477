import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ShareView } from '@/lib/services/sharing/shares';
import { api } from './api';
import type { HandedOver } from './hand-over';
import { keys } from './keys';

export type { ShareView };

/** Every share link, or those of one report or issue. */
export function sharesOptions(of?: HandedOver) {
  const query = of ? `?${new URLSearchParams({ kind: of.kind, id: of.id, account: of.accountId })}` : '';
  return queryOptions({
    queryKey: keys.own('shares', query),
    queryFn: ({ signal }) => api<{ data: readonly ShareView[] }>(`/api/shares${query}`, { signal }),
  });
}

/** Makes a link, whose address is shown this once. */
export function makeShareMutation() {
  return mutationOptions({
    mutationFn: (body: HandedOver & { days: 1 | 7 | 30; hasPictures: boolean }) =>
      api<{ data: { id: string; url: string; expiresAt: string } }>('/api/shares', { method: 'POST', body }),
    meta: { stale: ['shares', 'activity'] },
  });
}

/** Ends a link at once. */
export function revokeShareMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(`/api/shares/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    meta: { stale: ['shares', 'activity'] },
  });
}
