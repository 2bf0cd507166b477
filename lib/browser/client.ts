import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api';
import { type Stale, stalePrefixes } from './keys';
import { makeStale } from './make-stale';
import type { StaleGraph } from './types';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: { stale: readonly Stale[] };
  }
}

/** A query client of a browser tab: after each mutation it makes stale, in `all` of them, what the mutation declares. */
export function makeQueryClient(
  graph: StaleGraph,
  onWarning: (words: string) => void = () => {},
  all: (() => Iterable<QueryClient>) | undefined = undefined,
): QueryClient {
  const client: QueryClient = new QueryClient({
    mutationCache: new MutationCache({
      onSuccess: (data) => {
        const warning = warningIn(data);
        if (warning !== null) onWarning(warning);
      },
      // Also after a refusal: an optimistic change must give way to what the server holds.
      onSettled: (_data, _error, _variables, _onMutateResult, mutation) => {
        for (const queryKey of stalePrefixes(mutation.meta?.stale ?? [], graph)) {
          for (const one of all?.() ?? [client]) makeStale(one, { queryKey });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What is shown stays until there is an answer; a page is never given up for a broken connection.
        retry: (failures, error) => isSilent(error) || (failures < 2 && isPassing(error)),
        retryDelay: (failures, error) =>
          isSilent(error) ? SILENCE_MS : Math.min(1_000 * 2 ** failures, 30_000),
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      // A change that cannot be sent is refused at once: sent by itself later, it would surprise.
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

const SILENCE_MS = 2_000;

/** No answer of Flightdeck's: none at all, or a proxy's in its place. */
function isSilent(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || /^HTTP\.50[234]$/.test(error.code));
}

/** Worth asking again: a server that is busy. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && error.status >= 502;
}

/** What the server adds to a success that it could not see on reading again. */
function warningIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('meta' in data)) return null;
  const { meta } = data;
  if (typeof meta !== 'object' || meta === null || !('warning' in meta)) return null;
  return typeof meta.warning === 'string' ? meta.warning : null;
}
