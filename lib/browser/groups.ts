import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { DeletionPreview } from '@/lib/services/groups/groups';
import { api } from './api';
import { keys } from './keys';

export type { DeletionPreview };

const pathOf = (groupId: string) => `/api/people/groups/${encodeURIComponent(groupId)}`;

/** How many testers lose which builds with a group. */
export function deletionOptions(groupId: string) {
  return queryOptions({
    queryKey: keys.related('betaGroups', groupId, 'deletion'),
    queryFn: ({ signal }) => api<{ data: DeletionPreview }>(`${pathOf(groupId)}/deletion`, { signal }),
    staleTime: 0,
  });
}

export interface CloneRequest {
  readonly groupId: string;
  readonly name: string;
  /** Another app than the group's own. */
  readonly appId?: string;
  /** The account of that app. */
  readonly accountId?: string;
  readonly testers: boolean;
  readonly builds: boolean;
}

/** Queues the making of a group like another as a job. */
export function cloneMutation() {
  return mutationOptions({
    mutationFn: ({ groupId, ...body }: CloneRequest) =>
      api<{ data: { jobId: string; steps: number } }>(`${pathOf(groupId)}/clone`, { method: 'POST', body }),
    meta: { stale: ['jobs'] },
  });
}
