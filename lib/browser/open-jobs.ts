import { queryOptions } from '@tanstack/react-query';
import type { JobStatus } from '@/lib/jobs/types';
import type { ToldJobView as Job } from '@/lib/services/jobs/views';
import { api } from './api';
import { keys } from './keys';
import type { ListDocument } from './types';

const OPEN: readonly JobStatus[] = ['queued', 'running'];
/** How often a job is asked for while it runs, and while nothing happens, ms. */
export const RUNNING_MS = 1_000;
export const IDLE_MS = 15_000;

/** Whether the worker still has something to do for it without anybody's help. */
export function isOpen(job: Pick<Job, 'status'>): boolean {
  return OPEN.includes(job.status);
}

/** Whether it is being worked on or next in line: one that is scheduled for a later day rests until then. */
export function isActive(job: Pick<Job, 'status' | 'scheduledAt'>): boolean {
  return isOpen(job) && (job.scheduledAt === null || Date.parse(job.scheduledAt) <= Date.now());
}

/** How long until a job's page asks again, ms: every second while it runs, and soon after a job that waits looks again. */
export function untilNextLook(job: Pick<Job, 'status' | 'scheduledAt'>, now = Date.now()): number {
  if (!isOpen(job)) return IDLE_MS;
  const rest = job.scheduledAt === null ? 0 : Date.parse(job.scheduledAt) - now;
  return Math.min(IDLE_MS, Math.max(0, rest) + RUNNING_MS);
}

/** Whether nothing goes on until a person has done something. */
export function isNeedy({ status, hold }: Pick<Job, 'status' | 'hold'>): boolean {
  return status === 'parked' || (status === 'paused' && hold !== null);
}

/** The jobs that are not over, for the icon: running, waiting, paused, or in need of somebody. */
export function openJobsOptions() {
  return someJobsOptions('status=queued,running,paused,parked&limit=50', 1_000);
}

/** The jobs that ended last, for the icon's panel. */
export function endedJobsOptions() {
  return someJobsOptions('status=done,failed,cancelled&limit=5', 0);
}

function someJobsOptions(query: string, staleTime: number) {
  return queryOptions({
    queryKey: keys.own('jobs', `some ${query}`),
    queryFn: ({ signal }) => api<ListDocument<Job>>(`/api/jobs?${query}`, { signal }),
    staleTime,
    refetchInterval: ({ state }) => (state.data?.data.some(isActive) ? RUNNING_MS * 2 : IDLE_MS),
  });
}
