import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { TabCounts } from '@/lib/services/feedback/inbox';
import { api } from './api';
import { keys, type OwnList } from './keys';
import { nextCursor } from './lists';
import type {
  ActivityEntry,
  DocumentMeta,
  Health,
  ListDocument,
  Me,
  Overview,
  SearchAnswer,
  SyncStatus,
} from './types';

const RUNNING_MS = 1_500;
const IDLE_MS = 20_000;

/** Where the sync of each account stands; asked often while one runs. */
export function syncOptions() {
  return queryOptions({
    queryKey: keys.own('sync', ''),
    queryFn: ({ signal }) => api<{ data: readonly SyncStatus[] }>('/api/sync', { signal }),
    // What came with the page is not asked for once more as it wakes up.
    staleTime: RUNNING_MS,
    refetchInterval: ({ state }) =>
      state.data?.data.some((account) => account.status === 'running') ? RUNNING_MS : IDLE_MS,
  });
}

/** Who is signed in and what they may do. */
export function meOptions() {
  return queryOptions({
    queryKey: keys.own('me', ''),
    queryFn: ({ signal }) => api<{ data: Me }>('/api/me', { signal }),
    staleTime: 300_000,
  });
}

interface ActivityDocument extends ListDocument<ActivityEntry> {
  readonly meta?: DocumentMeta & {
    readonly people?: readonly { readonly id: string; readonly name: string }[];
  };
}

/** What was written, newest first; `query` holds the filters. */
export function activityOptions(query: string) {
  return infiniteQueryOptions({
    queryKey: keys.own('activity', query),
    queryFn: ({ pageParam, signal }) =>
      api<ActivityDocument>(
        `/api/activity?${query}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
  });
}

/** What the palette finds. */
export function searchOptions(q: string) {
  return queryOptions({
    queryKey: keys.own('search', q),
    queryFn: ({ signal }) =>
      api<{ data: SearchAnswer }>(`/api/search?q=${encodeURIComponent(q)}`, { signal }),
    enabled: q.trim().length > 1,
  });
}

/** Whether the store can be written, the worker works and there is room on the disk. */
export function healthOptions() {
  return queryOptions({
    queryKey: keys.own('health', ''),
    queryFn: readHealth,
    refetchInterval: 30_000,
    staleTime: 25_000,
  });
}

// Not ready is an answer too (503), and the very one the page must show.
async function readHealth({ signal }: { signal: AbortSignal }): Promise<Health> {
  const response = await fetch('/api/health/ready', { signal, credentials: 'same-origin' });
  return (await response.json()) as Health;
}

/** How many stand under each tab of the inbox, or of the crash issues. */
export function inboxTabsOptions(of: OwnList, appId?: string) {
  const query = new URLSearchParams({ of, ...(appId === undefined ? {} : { app: appId }) }).toString();
  return queryOptions({
    queryKey: keys.own(of, `tabs ${query}`),
    queryFn: ({ signal }) => api<{ data: TabCounts }>(`/api/feedback/tabs?${query}`, { signal }),
  });
}

/** Every app with its counts. */
export function overviewOptions() {
  return queryOptions({
    queryKey: keys.own('overview', ''),
    queryFn: ({ signal }) => api<{ data: Overview }>('/api/overview', { signal }),
  });
}
