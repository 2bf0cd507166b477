import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ExpiryCandidate, ExpiryPreview } from '@/lib/services/expiry/plan';
import type { ExpireBuildsInput, ExpiryRules } from '@/lib/services/expiry/rules';
import { api } from './api';
import { keys } from './keys';

export type { ExpireBuildsInput, ExpiryCandidate, ExpiryRules };

/** An app, and the account where the page's address names none. */
interface AppOfBuilds {
  readonly appId: string;
  readonly accountId?: string | undefined;
}

/** Which builds would be expired, and why; nothing is asked before there is something to ask. */
export function expiryPreviewOptions({ appId, accountId }: AppOfBuilds, input: ExpireBuildsInput | null) {
  return queryOptions({
    queryKey: keys.related('builds', 'to expire', `${appId} ${accountId ?? ''} ${JSON.stringify(input)}`),
    queryFn: ({ signal }) =>
      api<{ data: ExpiryPreview }>('/api/programme/builds-to-expire', {
        method: 'POST',
        body: { appId, input },
        accountId,
        signal,
      }),
    enabled: input !== null,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** Expires builds as a job, or tells as a dry run what it would do. */
export function expireBuildsMutation() {
  return mutationOptions({
    mutationFn: ({
      appId,
      accountId,
      input,
      dryRun,
    }: AppOfBuilds & { input: ExpireBuildsInput; dryRun: boolean }) =>
      api<{ data: { readonly id: string } }>('/api/jobs', {
        method: 'POST',
        body: { kind: 'expire-builds', appId, input, ...(dryRun ? { dryRun } : {}) },
        accountId,
      }),
    meta: { stale: ['jobs'] },
  });
}
