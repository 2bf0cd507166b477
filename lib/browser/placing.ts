import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { SeenIn } from '@/lib/services/feedback/issue-choices';
import type { Variant } from '@/lib/services/feedback/issue-variants';
import type { PlacingAnswer, PlacingBody } from '@/lib/services/feedback/placing';
import { api } from './api';
import type { IssueResource } from './feedback';
import { keys } from './keys';
import { nextCursor } from './lists';
import type { ListDocument } from './types';

export type { PlacingAnswer, PlacingBody, SeenIn, Variant };

/** A crash issue to choose, with the builds that it was seen in. */
export type IssueChoice = IssueResource & { readonly meta?: { readonly seenIn?: SeenIn | null } };

const CHOICES = 20;

/** Crash issues of an app to choose one of, page by page; `ids` asks for these alone. */
export function issueChoicesOptions(
  { appId, accountId }: { appId: string; accountId: string | undefined },
  typed: string,
  ids?: readonly string[],
) {
  const params = new URLSearchParams({ 'filter[app]': appId, limit: String(CHOICES) });
  if (ids !== undefined) params.set('filter[id]', ids.join(','));
  if (typed.trim() !== '') params.set('search', typed.trim());
  return infiniteQueryOptions({
    queryKey: keys.own('issues', `choices ${accountId ?? ''} ${params}`),
    queryFn: ({ pageParam, signal }) =>
      api<ListDocument<IssueChoice>>(
        `/api/issues/choices?${params}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        { signal, accountId },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
  });
}

/** The ways into a crash issue, each by its calls. */
export function variantsOptions(id: string) {
  return queryOptions({
    queryKey: keys.own('issues', `variants ${id}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly Variant[] }>(`/api/issues/${encodeURIComponent(id)}/variants`, { signal }),
  });
}

/** Merges, splits, attaches or takes out. */
export function placingMutation() {
  return mutationOptions({
    mutationFn: (body: PlacingBody) =>
      api<{ data: PlacingAnswer }>('/api/feedback/placing', { method: 'POST', body }),
    meta: { stale: ['feedback', 'issues', 'activity', 'notices'] },
  });
}
