import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { WebhookList, WebhookView } from '@/lib/services/webhooks/view';
import type { Registered } from '@/lib/services/webhooks/webhooks';
import { api } from './api';
import { keys } from './keys';
import { nextCursor } from './lists';
import type { ListDocument, ResourceObject } from './types';

export type { WebhookList, WebhookView };

/** Every app, and how its events come; what came meanwhile is asked for while the page is open. */
export function webhooksOptions() {
  return queryOptions({
    queryKey: keys.own('webhooks', ''),
    queryFn: ({ signal }) => api<{ data: WebhookList }>('/api/webhooks', { signal }),
    refetchInterval: 10_000,
  });
}

/** Registers webhooks at App Store Connect; an outcome for each app. */
export function registerWebhooksMutation() {
  return mutationOptions({
    mutationFn: (apps: readonly Pick<WebhookView, 'accountId' | 'appId'>[]) =>
      api<{ data: readonly Registered[] }>('/api/webhooks', { method: 'POST', body: { apps } }),
    meta: { stale: ['webhooks', 'activity'] },
  });
}

/** Tells App Store Connect again how to send, with a new secret if wished. */
export function renewWebhookMutation() {
  return mutationOptions({
    mutationFn: ({ id, isNewSecret }: { id: string; isNewSecret: boolean }) =>
      api<unknown>(`/api/webhooks/${encodeURIComponent(id)}`, { method: 'PUT', body: { isNewSecret } }),
    meta: { stale: ['webhooks', 'activity'] },
  });
}

/** Deletes a webhook there and here. */
export function removeWebhookMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(`/api/webhooks/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    meta: { stale: ['webhooks', 'activity'] },
  });
}

/** Has App Store Connect send a test. */
export function pingWebhookMutation() {
  return mutationOptions({
    mutationFn: (id: string) =>
      api<unknown>(`/api/webhooks/${encodeURIComponent(id)}/ping`, { method: 'POST' }),
    meta: { stale: ['webhooks', 'activity'] },
  });
}

export type DeliveryResource = ResourceObject<{
  readonly createdDate?: string | null;
  readonly deliveryState?: string | null;
  readonly errorMessage?: string | null;
  readonly redelivery?: boolean | null;
  readonly response?: { readonly httpStatusCode?: number | null } | null;
}>;

/** What App Store Connect has sent by a webhook, and what it was answered. */
export function deliveriesOptions({ id, accountId }: { id: string; accountId: string }) {
  return infiniteQueryOptions({
    queryKey: keys.related('webhooks', id, 'deliveries'),
    queryFn: ({ signal, pageParam }) =>
      api<ListDocument<DeliveryResource>>(
        `/api/v1/webhooks/${encodeURIComponent(id)}/deliveries?include=event&limit=50${
          pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''
        }`,
        { signal, accountId },
      ),
    initialPageParam: '',
    getNextPageParam: nextCursor,
    meta: { asksApple: true },
    staleTime: 0,
  });
}

/** Has App Store Connect send once more what it has sent. */
export function redeliverMutation({ accountId, appId }: { accountId: string; appId: string }) {
  return mutationOptions({
    mutationFn: (deliveryId: string) =>
      api<unknown>(`/api/v1/webhookDeliveries?inApp=${encodeURIComponent(appId)}`, {
        method: 'POST',
        accountId,
        body: {
          data: {
            type: 'webhookDeliveries',
            relationships: { template: { data: { type: 'webhookDeliveries', id: deliveryId } } },
          },
        },
      }),
    meta: { stale: ['webhooks', 'webhookDeliveries', 'activity'] },
  });
}
