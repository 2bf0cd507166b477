import type { QueryClient, QueryFilters } from '@tanstack/react-query';

/**
 * Has everything of these queries asked anew. A first question that is still under way is asked again too: its answer
 * may be of before the change, and would be taken for fresh.
 */
export function makeStale(client: QueryClient, filters: QueryFilters): void {
  const { predicate = () => true } = filters;
  void client.cancelQueries({
    ...filters,
    predicate: (query) => query.state.data === undefined && predicate(query),
  });
  void client.invalidateQueries(filters);
}
