import { queryOptions } from '@tanstack/react-query';
import type { BuildReading, BuildUse } from '@/lib/services/builds/usage';
import { api } from './api';
import { keys } from './keys';

export type { BuildReading };

/** How a build is used, with our readings of the days before. */
export function buildUseOptions(buildId: string, accountId: string | undefined) {
  return queryOptions({
    queryKey: keys.related('builds', buildId, `use ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<{ data: BuildUse }>(`/api/programme/builds/${encodeURIComponent(buildId)}/use`, {
        signal,
        accountId,
      }),
  });
}
