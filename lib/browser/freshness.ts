import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { Freshness, ShownView } from '@/lib/services/freshness';
import type { Look } from '@/lib/services/look-again';
import { ApiError, api } from './api';
import { keys } from './keys';
import { makeStale } from './make-stale';

export type { Freshness, ShownView };

const REFRESHING_MS = 1_000;
const IDLE_MS = 15_000;
/** The server reads again what is asked for after five seconds. */
const SETTLING_MS = 6_000;

function queryOf(view: ShownView): string {
  return new URLSearchParams(
    Object.entries(view).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString();
}

/** How old is what a view shows; asked often while it is read again. */
export function freshnessOptions(view: ShownView) {
  const query = queryOf(view);
  return queryOptions({
    queryKey: keys.own('sync', `view ${query}`),
    queryFn: ({ signal }) => api<{ data: Freshness }>(`/api/freshness?${query}`, { signal }),
    refetchInterval: ({ state }) => (isRefreshing(state.data?.data) ? REFRESHING_MS : IDLE_MS),
  });
}

/** Whether a view is being read again or waits for it. */
export function isRefreshing(freshness: Freshness | undefined): boolean {
  const status = freshness?.refresh?.status;
  return status === 'waiting' || status === 'reading';
}

/** Has a view read again: one tester or build at once, everything else by the worker. */
export function refreshViewMutation(client: QueryClient, view: ShownView) {
  return mutationOptions({
    mutationFn: async (): Promise<Look | null> => {
      if (!isOneThing(view)) {
        await api<unknown>('/api/sync', { method: 'POST', body: { view } });
        return null;
      }
      return askAgain(client, view, true);
    },
    meta: { stale: ['sync'] },
  });
}

/** A view of one thing. */
export type OneThing = ShownView & {
  readonly of: 'betaTesters' | 'builds' | 'betaGroups';
  readonly id: string;
};

function isOneThing(view: ShownView): view is OneThing {
  return view.id !== undefined && (view.of === 'betaTesters' || view.of === 'builds');
}

/** Looks at one thing again behind its page, once it is opened and whenever the page is come back to. */
export function lookOptions(client: QueryClient, view: OneThing) {
  return queryOptions({
    queryKey: keys.own('sync', `look ${queryOf(view)}`),
    queryFn: () => askAgain(client, view, false),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
    retry: false,
  });
}

/** Apple's states lag behind some changes: looks again until they have caught up. */
export function settlingOptions(client: QueryClient, view: OneThing) {
  return queryOptions({
    queryKey: keys.own('sync', `settling ${queryOf(view)}`),
    queryFn: () => askAgain(client, view, true),
    staleTime: 0,
    refetchInterval: SETTLING_MS,
    retry: false,
  });
}

async function askAgain(client: QueryClient, { of, id, app }: OneThing, isAsked: boolean): Promise<Look> {
  const body = { type: of, id, isAsked, ...(app === undefined ? {} : { app }) };
  try {
    const { data } = await api<{ data: Look }>('/api/freshness', { method: 'POST', body });
    if (data.outcome === 'read') refetch(client, [of]);
    return data;
  } catch (error) {
    // The page must not stay on what is no longer there.
    if (isGone(error)) refetch(client, [of]);
    throw error;
  }
}

/** Whether the server says that a thing is not there, or no longer. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Fetches anew from our own server what a view shows. */
export function refetchView(client: QueryClient, { of }: ShownView): void {
  if (of === 'feedback') {
    for (const noun of ['feedback', 'issues'] as const) makeStale(client, { queryKey: keys.noun(noun) });
    refetch(client, []);
    return;
  }
  refetch(client, of === 'overview' ? ['apps', 'betaGroups', 'betaTesters', 'builds'] : [of]);
}

/**
 * What asks App Store Connect itself is left out: its reading makes our copy younger, which would have it asked again,
 * and so on for as long as the page is open.
 */
function refetch(client: QueryClient, types: readonly ResourceType[]): void {
  for (const type of types) {
    makeStale(client, { queryKey: keys.type(type), predicate: ({ meta }) => meta?.asksApple !== true });
  }
  makeStale(client, { queryKey: keys.noun('people') });
  makeStale(client, { queryKey: keys.noun('overview') });
  makeStale(client, {
    queryKey: keys.noun('sync'),
    predicate: ({ queryKey }) => String(queryKey[2]).startsWith('view '),
  });
}
