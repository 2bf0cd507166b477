import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { JobAction } from '@/lib/jobs/control';
import type { ItemStatus, JobStatus } from '@/lib/jobs/types';
import type { ToldJobView as Job, ItemView as JobItem, OneJobView } from '@/lib/services/jobs/views';
import { api } from './api';
import { keys } from './keys';
import { nextCursor } from './lists';
import { IDLE_MS, isActive, RUNNING_MS, untilNextLook } from './open-jobs';
import type { ListDocument } from './types';

export type { ItemStatus, Job, JobAction, JobItem, JobStatus };
export type JobStep = NonNullable<OneJobView['steps']>[number];
export type JobGate = NonNullable<OneJobView['gate']>;

/** Jobs newest first; `query` holds filters. Asked often while one of them runs. */
export function jobsOptions(query = '') {
  return infiniteQueryOptions({
    queryKey: keys.own('jobs', query),
    queryFn: ({ pageParam, signal }) =>
      api<ListDocument<Job>>(`/api/jobs?${withCursor(query, pageParam)}`, { signal }),
    initialPageParam: '',
    getNextPageParam: nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some(isActive)) ? RUNNING_MS * 2 : IDLE_MS,
  });
}

/** One job; asked every second while it runs, and soon after each look of one that waits. */
export function jobOptions(id: string) {
  return queryOptions({
    queryKey: keys.own('jobs', `one ${id}`),
    queryFn: ({ signal }) => api<{ data: OneJobView }>(`/api/jobs/${encodeURIComponent(id)}`, { signal }),
    staleTime: 500,
    refetchInterval: ({ state }) => (state.data ? untilNextLook(state.data.data) : IDLE_MS),
  });
}

/** A job's items in order, all or of one status. */
export function jobItemsOptions(id: string, status: ItemStatus | null, isRunning: boolean) {
  const query = status === null ? 'limit=100' : `status=${status}&limit=100`;
  return infiniteQueryOptions({
    queryKey: keys.own('jobs', `items ${id} ${query}`),
    queryFn: ({ pageParam, signal }) =>
      api<ListDocument<JobItem>>(
        `/api/jobs/${encodeURIComponent(id)}/items?${withCursor(query, pageParam)}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
    refetchInterval: isRunning ? RUNNING_MS * 2 : false,
  });
}

/** Where the rows that failed are downloaded as a file that imports again. */
export function failedFileHref(id: string): string {
  return `/api/jobs/${encodeURIComponent(id)}/failed.csv`;
}

/** Pauses, resumes, cancels, or sends what failed again. */
export function changeJobMutation() {
  return mutationOptions({
    mutationFn: ({ id, action }: { id: string; action: JobAction }) =>
      api<{ data: Job }>(`/api/jobs/${encodeURIComponent(id)}`, { method: 'PATCH', body: { action } }),
    meta: { stale: ['jobs', 'notices'] },
  });
}

/** Goes on with another group in the place of the one that is gone. */
export function changeJobGroupMutation() {
  return mutationOptions({
    mutationFn: ({ id, groupId }: { id: string; groupId: string }) =>
      api<{ data: Job }>(`/api/jobs/${encodeURIComponent(id)}`, { method: 'PATCH', body: { groupId } }),
    meta: { stale: ['jobs'] },
  });
}

/** Approves a job that waits for a second person. */
export function approveJobMutation() {
  return mutationOptions({
    mutationFn: (id: string) =>
      api<{ data: Job }>(`/api/jobs/${encodeURIComponent(id)}`, {
        method: 'PATCH',
        body: { isApproved: true },
      }),
    meta: { stale: ['jobs', 'notices'] },
  });
}

/** Lets the second stage of a job begin, whatever its figures say. */
export function releaseJobMutation() {
  return mutationOptions({
    mutationFn: (id: string) =>
      api<{ data: Job }>(`/api/jobs/${encodeURIComponent(id)}`, {
        method: 'PATCH',
        body: { isReleased: true },
      }),
    meta: { stale: ['jobs', 'notices', 'activity'] },
  });
}

function withCursor(query: string, cursor: string): string {
  return cursor ? `${query}&cursor=${encodeURIComponent(cursor)}` : query;
}
