import { queryOptions } from '@tanstack/react-query';
import type { BuildMoment } from '@/lib/services/builds/timeline';
import { api } from './api';
import { keys } from './keys';

export type { BuildMoment };

/** What happened to a build; kept under the builds, so that every write to one asks again. */
export function timelineOptions(buildId: string, accountId: string | undefined) {
  return queryOptions({
    queryKey: keys.related('builds', buildId, `timeline ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly BuildMoment[] }>(`/api/programme/builds/${encodeURIComponent(buildId)}/timeline`, {
        signal,
        accountId,
      }),
  });
}
