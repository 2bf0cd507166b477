import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api';
import { type Stale, stalePrefixes } from './keys';
import type { StaleGraph } from './types';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: { stale: readonly Stale[] };
  }
}

/** The one query client of a browser tab: after each mutation it makes stale what the mutation declares. */
export function makeQueryClient(graph: StaleGraph): QueryClient {
  const client = new QueryClient({
    mutationCache: new MutationCache({
      // Also after a refusal: an optimistic change must give way to what the server holds.
      onSettled: (_data, _error, _variables, _onMutateResult, mutation) => {
        for (const queryKey of stalePrefixes(mutation.meta?.stale ?? [], graph)) {
          void client.invalidateQueries({ queryKey });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isPassing(error),
      },
    },
  });
  return client;
}

/** Worth asking again: no answer, or a server that is busy. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503 || error.status >= 502);
}
