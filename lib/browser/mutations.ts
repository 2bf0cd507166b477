import {
  type InfiniteData,
  mutationOptions,
  type QueryClient,
  type QueryKey,
  queryOptions,
} from '@tanstack/react-query';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import type { UndoPreview } from '@/lib/services/jobs/undo-job';
import { api } from './api';
import { keys, type Stale } from './keys';
import type { ListDocument, OneDocument, ResourceObject } from './types';

type Attributes = Readonly<Record<string, unknown>>;

interface Update {
  readonly type: ResourceType;
  readonly id: string;
  readonly attributes: Attributes;
  /** What the person saw before; the server refuses when it is no longer so. */
  readonly expect?: Attributes;
}

/** Changes a resource, on screen at once; a refusal puts back what was there. */
export function updateMutation(client: QueryClient, type: ResourceType) {
  return mutationOptions({
    mutationFn: ({ id, attributes, expect }: Omit<Update, 'type'>) =>
      api<OneDocument>(`/api/v1/${type}/${encodeURIComponent(id)}`, {
        method: 'PATCH',
        body: { data: { type, id, attributes }, ...(expect ? { meta: { expect } } : {}) },
      }),
    onMutate: async ({ id, attributes }) => {
      await client.cancelQueries({ queryKey: keys.type(type) });
      const before = client.getQueriesData({ queryKey: keys.type(type) });
      client.setQueriesData({ queryKey: keys.type(type) }, (data: unknown) =>
        withChange(data, id, attributes),
      );
      return before;
    },
    onError: (_error, _update, before) => restore(client, before ?? []),
    meta: { stale: [type] },
  });
}

/** Takes a written change back by its audit entry, or a job by its id; rejects with the reason when it cannot be. */
export function undoMutation(stale: readonly Stale[]) {
  return mutationOptions({
    mutationFn: (auditId: string) =>
      api<OneDocument | { readonly data: { readonly jobId: string } }>(
        `/api/activity/${encodeURIComponent(auditId)}/undo`,
        { method: 'POST' },
      ),
    meta: { stale: [...stale, 'activity', 'jobs'] },
  });
}

/** What taking a job back would do. */
export function undoPreviewOptions(jobId: string) {
  return queryOptions({
    queryKey: keys.own('activity', `undo ${jobId}`),
    queryFn: ({ signal }) =>
      api<{ data: UndoPreview }>(`/api/activity/${encodeURIComponent(jobId)}/undo`, { signal }),
    staleTime: 0,
    retry: false,
  });
}

/** Asks for a sync of one account, or of all. */
export function runSyncMutation() {
  return mutationOptions({
    mutationFn: (body: { accountId?: string; mode: 'full' | 'incremental' }) =>
      api<unknown>('/api/sync', { method: 'POST', body }),
    meta: { stale: ['sync'] },
  });
}

function restore(client: QueryClient, before: readonly [QueryKey, unknown][]): void {
  for (const [key, data] of before) client.setQueryData(key, data);
}

/** A cached document, or pages of them, with one resource's attributes changed. */
export function withChange(data: unknown, id: string, attributes: Attributes): unknown {
  if (isPages(data)) return { ...data, pages: data.pages.map((page) => changed(page, id, attributes)) };
  return isDocument(data) ? changed(data, id, attributes) : data;
}

function changed<D extends ListDocument | OneDocument>(document: D, id: string, attributes: Attributes): D {
  const change = (one: ResourceObject) =>
    one.id === id ? { ...one, attributes: { ...one.attributes, ...attributes } } : one;
  const { data } = document;
  return { ...document, data: Array.isArray(data) ? data.map(change) : change(data as ResourceObject) };
}

function isPages(data: unknown): data is InfiniteData<ListDocument> {
  return typeof data === 'object' && data !== null && Array.isArray((data as { pages?: unknown }).pages);
}

function isDocument(data: unknown): data is ListDocument | OneDocument {
  return (
    typeof data === 'object' && data !== null && 'data' in data && (data as { data: unknown }).data !== null
  );
}
