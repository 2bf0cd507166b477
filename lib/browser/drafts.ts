import { queryOptions } from '@tanstack/react-query';
import type { Draft } from '@/lib/services/drafts';
import { api } from './api';
import { keys } from './keys';

export type { Draft };

/** One's own draft of a form, or null. Asked once when the form opens, never from a cache. */
export async function readDraft(key: string, signal?: AbortSignal): Promise<Draft | null> {
  const { data } = await api<{ data: Draft | null }>(`/api/drafts?key=${encodeURIComponent(key)}`, {
    signal,
  });
  return data;
}

/** Whether a form that is not open has a draft; asked again whenever that comes into sight. */
export function keptDraftOptions(key: string) {
  return queryOptions({
    queryKey: keys.own('me', `draft ${key}`),
    queryFn: ({ signal }) => readDraft(key, signal),
    staleTime: 0,
  });
}

/** Keeps what stands in a form; goes on when the page is left meanwhile. */
export function keepDraft(key: string, value: unknown): Promise<{ data: Draft }> {
  return api<{ data: Draft }>('/api/drafts', { method: 'PUT', body: { key, value }, keepalive: true });
}

/** Forgets a draft. */
export function dropDraft(key: string): Promise<unknown> {
  return api<unknown>('/api/drafts', { method: 'DELETE', body: { key }, keepalive: true });
}
