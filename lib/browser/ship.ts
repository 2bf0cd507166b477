import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { OneJobView } from '@/lib/services/jobs/views';
import type { ReadinessLine } from '@/lib/services/ship/readiness';
import type { Staged } from '@/lib/services/ship/staged';
import { api } from './api';
import { keys } from './keys';
import type { BuildResource } from './types';

export type { ReadinessLine, Staged };

/**
 * What a build needs, as App Store Connect has it now; kept under the builds, so that every write to one asks again, and
 * by its state, so that each new one does.
 */
export function readinessOptions({ id, attributes, meta }: BuildResource) {
  const { accountId, internalBuildState, externalBuildState, betaReviewState } = meta ?? {};
  const state = [attributes?.processingState, internalBuildState, externalBuildState, betaReviewState];
  return queryOptions({
    queryKey: keys.related('builds', id, `readiness ${accountId ?? ''} ${state.join(' ')}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly ReadinessLine[] }>(`/api/programme/builds/${encodeURIComponent(id)}/readiness`, {
        signal,
        accountId,
      }),
    staleTime: 60_000,
    retry: false,
    meta: { asksApple: true },
  });
}

/** What somebody has chosen to ship. */
export interface ShipOrder {
  readonly appId: string;
  readonly accountId: string | undefined;
  readonly input: {
    readonly build: string;
    readonly groups?: readonly string[];
    readonly notes?: Readonly<Record<string, string>>;
    readonly compliance?: { readonly usesNonExemptEncryption: false } | { readonly declarationId: string };
    readonly submit?: boolean;
    readonly notify: string;
    readonly staged?: Staged;
  };
}

function begin({ appId, accountId, input }: ShipOrder, isDryRun: boolean) {
  return api<{ data: { id: string } }>('/api/jobs', {
    method: 'POST',
    body: {
      ...{ kind: 'ship', appId, input },
      ...(accountId === undefined ? {} : { accountId }),
      ...(isDryRun ? { dryRun: true } : {}),
    },
  });
}

/** Asks what shipping would do and whom it would mail; nothing is sent. */
export function planMutation() {
  return mutationOptions({
    mutationFn: async (order: ShipOrder) => {
      const { data } = await begin(order, true);
      return (await api<{ data: OneJobView }>(`/api/jobs/${encodeURIComponent(data.id)}`)).data;
    },
    meta: { stale: ['jobs'] },
  });
}

/** Begins to ship. */
export function shipMutation() {
  return mutationOptions({
    mutationFn: (order: ShipOrder) => begin(order, false),
    meta: { stale: ['jobs'] },
  });
}

const approvalPath = (appId: string) => `/api/programme/apps/${encodeURIComponent(appId)}/ship-approval`;

/** Whether each ship of an app waits for a second person, and whether there is another one who may approve. */
export function approvalOptions(appId: string, accountId: string | undefined) {
  return queryOptions({
    queryKey: keys.own('jobs', `approval ${appId} ${accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<{ data: { isWanted: boolean; hasSecond: boolean } }>(approvalPath(appId), { signal, accountId }),
  });
}

export function changeApprovalMutation(appId: string, accountId: string | undefined) {
  return mutationOptions({
    mutationFn: (isWanted: boolean) =>
      api<{ data: { isWanted: boolean } }>(approvalPath(appId), {
        method: 'PUT',
        body: { isWanted },
        accountId,
      }),
    meta: { stale: ['jobs', 'activity'] },
  });
}
