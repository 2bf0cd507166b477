import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ConnectorList, ConnectorView } from '@/lib/services/connectors/connectors';
import type { HandoverList, HandoverView } from '@/lib/services/connectors/handovers';
import { api } from './api';
import type { HandedOver } from './hand-over';
import { keys } from './keys';

export type { ConnectorList, ConnectorView, HandoverList, HandoverView };

/** What the form of a connector holds. */
export interface ConnectorForm
  extends Pick<
    ConnectorView,
    | 'kind'
    | 'name'
    | 'baseUrl'
    | 'isInternal'
    | 'project'
    | 'itemType'
    | 'login'
    | 'title'
    | 'body'
    | 'doesResolve'
    | 'takesAlerts'
  > {
  readonly secret?: string;
  readonly app: { readonly appId: string; readonly accountId?: string } | null;
}

/** Every connector, for who may change them. */
export function connectorsOptions() {
  return queryOptions({
    queryKey: keys.own('connectors', ''),
    queryFn: ({ signal }) => api<{ data: ConnectorList }>('/api/connectors', { signal }),
  });
}

/** Adds a connector, or changes one. */
export function saveConnectorMutation() {
  return mutationOptions({
    mutationFn: ({ id, ...body }: ConnectorForm & { id: string | null }) =>
      id === null
        ? api<{ data: { id: string } }>('/api/connectors', { method: 'POST', body })
        : api<{ data: { id: string } }>(`/api/connectors/${encodeURIComponent(id)}`, { method: 'PUT', body }),
    meta: { stale: ['connectors', 'activity'] },
  });
}

/** Takes a connector out of use. */
export function removeConnectorMutation() {
  return mutationOptions({
    mutationFn: (id: string) =>
      api<unknown>(`/api/connectors/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    meta: { stale: ['connectors', 'activity'] },
  });
}

/** Tries a connector as it stands in the form. */
export function testConnectorMutation() {
  return mutationOptions({
    mutationFn: ({
      id,
      kind,
      baseUrl,
      isInternal,
      project,
      itemType,
      login,
      secret,
    }: ConnectorForm & { id: string | null }) =>
      api<{ data: { words: string } }>('/api/connectors/test', {
        method: 'POST',
        body: {
          ...{ kind, baseUrl, isInternal, project, itemType, login },
          ...(secret === undefined ? {} : { secret }),
          ...(id === null ? {} : { id }),
        },
      }),
    meta: { stale: [] },
  });
}

/** What a template says of the newest report. */
export function previewTemplateMutation() {
  return mutationOptions({
    mutationFn: (body: { title: string; body: string }) =>
      api<{ data: { title: string; body: string } }>('/api/connectors/preview', { method: 'POST', body }),
    meta: { stale: [] },
  });
}

/** What was handed over, and where it can be; asked again while something is not settled. */
export function handoversOptions({ kind, id, accountId }: HandedOver) {
  const query = new URLSearchParams({ kind, id, account: accountId });
  return queryOptions({
    queryKey: keys.own('feedback', `handovers ${query}`),
    queryFn: ({ signal }) => api<{ data: HandoverList }>(`/api/hand-over?${query}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.data.handovers.some((one) => ['sending', 'unsure'].includes(one.state)) ? 5_000 : false,
  });
}

/** What would be sent, before it is edited. */
export function handoverPreviewOptions(connectorId: string, { kind, id, accountId }: HandedOver) {
  return queryOptions({
    queryKey: keys.own('feedback', `handover ${connectorId} ${kind} ${accountId} ${id}`),
    queryFn: ({ signal }) =>
      api<{ data: { title: string; body: string } }>('/api/hand-over/preview', {
        method: 'POST',
        body: { connectorId, kind, id, accountId },
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Hands it over: a second time with the same `attempt` makes nothing. */
export function handOverMutation() {
  return mutationOptions({
    mutationFn: (body: HandedOver & { connectorId: string; attempt: string; title: string; body: string }) =>
      api<{ data: HandoverView }>('/api/hand-over', { method: 'POST', body }),
    meta: { stale: ['feedback', 'issues', 'activity'] },
  });
}

/** What a person decides about what may have been sent. */
export function decideHandoverMutation() {
  return mutationOptions({
    mutationFn: ({ id, decision }: { id: string; decision: 'look' | 'arrived' | 'again' | 'drop' }) =>
      api<{ data: HandoverView }>(`/api/hand-over/${encodeURIComponent(id)}`, {
        method: 'POST',
        body: { decision },
      }),
    meta: { stale: ['feedback', 'activity'] },
  });
}
