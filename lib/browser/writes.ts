import { mutationOptions } from '@tanstack/react-query';
import type { ResourceType } from '@/lib/asc/catalogue/types';
import { api } from './api';
import type { Linkage, OneDocument } from './types';

/** What a new resource is made of, as Apple takes it. */
export interface NewResource {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data: Linkage | readonly Linkage[] }>>;
}

/** Which account a write goes to, where no id of the request tells it. */
interface Place {
  readonly accountId?: string | undefined;
}

/** Creates a resource; the answer's `meta.auditId` is what an undo needs. */
export function createMutation(type: ResourceType) {
  return mutationOptions({
    mutationFn: ({ accountId, ...parts }: NewResource & Place) =>
      api<OneDocument>(`/api/v1/${type}`, { method: 'POST', body: { data: { type, ...parts } }, accountId }),
    meta: { stale: [type] },
  });
}

interface Deletion extends Place {
  readonly id: string;
  readonly typed?: string;
  /** What the person saw before; the server refuses when it is no longer so. */
  readonly expect?: Readonly<Record<string, unknown>>;
}

/** Deletes a resource; a group only with its name `typed`. */
export function deleteMutation(type: ResourceType) {
  return mutationOptions({
    mutationFn: ({ id, typed, accountId, expect }: Deletion) =>
      api<Pick<OneDocument, 'meta'>>(`/api/v1/${type}/${encodeURIComponent(id)}`, {
        method: 'DELETE',
        accountId,
        typed,
        ...(expect ? { body: { meta: { expect } } } : {}),
      }),
    meta: { stale: [type] },
  });
}

export interface LinkageChange {
  readonly id: string;
  readonly change: 'add' | 'remove';
  readonly ids: readonly string[];
}

/** Adds members to a relationship, or takes them away. */
export function linkageMutation(type: ResourceType, name: string, target: ResourceType) {
  return mutationOptions({
    mutationFn: (change: LinkageChange) => sendLinkage(type, name, target, change),
    meta: { stale: [type, target] },
  });
}

/** The request behind {@link linkageMutation}. */
export function sendLinkage(
  type: ResourceType,
  name: string,
  target: ResourceType,
  { id, change, ids }: LinkageChange,
) {
  return api<Pick<OneDocument, 'meta'>>(`/api/v1/${type}/${encodeURIComponent(id)}/relationships/${name}`, {
    method: change === 'add' ? 'POST' : 'DELETE',
    body: { data: ids.map((one) => ({ type: target, id: one })) },
  });
}
