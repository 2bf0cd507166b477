import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ErasureView, Known } from '@/lib/services/person/known';
import { api } from './api';
import { deleteReport } from './hand-over';
import { keys } from './keys';

export type { AtApple, ErasureView, Known } from '@/lib/services/person/known';

const RUNNING_MS = 2_000;

/** What is known of whoever has an address; asked again while it is being erased. */
export function personOptions(address: string) {
  return queryOptions({
    queryKey: keys.own('person', address),
    queryFn: ({ signal }) =>
      api<{ data: Known }>('/api/person', { method: 'POST', body: { address }, signal }),
    enabled: address !== '',
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchInterval: ({ state }) =>
      state.data?.data.erasures.some(({ state: is }) => is === 'running') ? RUNNING_MS : false,
  });
}

/** Prepares the download of it; gives its address. */
export function personExportMutation() {
  return mutationOptions({
    mutationFn: async (address: string) => {
      const body = { address };
      const { data } = await api<{ data: { id: string } }>('/api/person/export', { method: 'POST', body });
      return `/api/person/export/${encodeURIComponent(data.id)}`;
    },
    meta: { stale: ['activity'] },
  });
}

/** Orders that it goes from here. */
export function erasePersonMutation() {
  return mutationOptions({
    mutationFn: (body: { address: string; confirm: string }) =>
      api<{ data: ErasureView }>('/api/person/erasures', { method: 'POST', body }),
    meta: { stale: ['person', 'feedback', 'issues', 'activity', 'views', 'jobs'] },
  });
}

/** Deletes erased reports at App Store Connect, one after the other; whatever stops it leaves the rest as it was. */
export function deleteErasedMutation() {
  return mutationOptions({
    async mutationFn({ reports, typed, onDeleted }: ErasedToDelete) {
      for (const [at, report] of reports.entries()) {
        await deleteReport({ ...report, typed });
        onDeleted(at + 1);
      }
    },
    meta: { stale: ['person', 'feedback', 'issues', 'activity'] },
  });
}

interface ErasedToDelete {
  readonly reports: Known['atApple']['reports'];
  readonly typed: string;
  onDeleted(count: number): void;
}
