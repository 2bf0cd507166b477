import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';

/** What goes with a group when it is deleted. */
export interface DeletionPreview {
  readonly name: string;
  readonly testers: number;
  readonly losingAccess: number;
  readonly builds: readonly { readonly id: string; readonly label: string }[];
  readonly hasPublicLink: boolean;
  readonly sentences: readonly string[];
}

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
