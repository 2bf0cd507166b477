import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { AlertPreview } from '@/lib/services/alerting/preview';
import type { QuietHours } from '@/lib/services/alerting/quiet';
import type { AlertRuleView } from '@/lib/services/alerting/rules';
import type { MyAlerts, ToldView } from '@/lib/services/alerting/view';
import { api } from './api';
import { keys } from './keys';

export type { AlertPreview, AlertRuleView, MyAlerts, QuietHours, ToldView };
export type ChannelChoice = MyAlerts['channels'][number];

/** What the form of an alert holds. */
export interface AlertForm
  extends Pick<AlertRuleView, 'kind' | 'threshold' | 'least' | 'channels' | 'isEnabled'> {
  readonly app: { readonly appId: string; readonly accountId?: string } | null;
}

/** Everything about one's own alerts; asked again while something is on its way. */
export function alertsOptions() {
  return queryOptions({
    queryKey: keys.own('alerts', ''),
    queryFn: ({ signal }) => api<{ data: MyAlerts }>('/api/alerts', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.data.told.some((one) => one.state === 'pending' || one.state === 'sending')
        ? 5_000
        : 60_000,
  });
}

/** What all one's alerts would have sent in the last 30 days. */
export function alertsPreviewOptions() {
  return queryOptions({
    queryKey: keys.own('alerts', 'preview'),
    queryFn: ({ signal }) => api<{ data: AlertPreview }>('/api/alerts/preview', { signal }),
    staleTime: 60_000,
  });
}

/** The same of one that is not kept yet. */
export function alertPreviewMutation() {
  return mutationOptions({
    mutationFn: (body: AlertForm) =>
      api<{ data: AlertPreview }>('/api/alerts/preview', { method: 'POST', body }),
    meta: { stale: [] },
  });
}

const path = (id: string) => `/api/alerts/${encodeURIComponent(id)}`;

/** Adds an alert, or changes one as it was seen. */
export function saveAlertMutation() {
  return mutationOptions({
    mutationFn: ({ rule, ...body }: AlertForm & { rule: Pick<AlertRuleView, 'id' | 'version'> | null }) =>
      rule === null
        ? api<{ data: { id: string } }>('/api/alerts', { method: 'POST', body })
        : api<{ data: { id: string } }>(path(rule.id), {
            method: 'PUT',
            body: { ...body, version: rule.version },
          }),
    meta: { stale: ['alerts', 'channels', 'activity'] },
  });
}

export function removeAlertMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(path(id), { method: 'DELETE' }),
    meta: { stale: ['alerts', 'channels', 'activity'] },
  });
}

/** Adds what most people want to be told of. */
export function addUsualAlertsMutation() {
  return mutationOptions({
    mutationFn: (channels: readonly ('bell' | 'mail')[]) =>
      api<{ data: { added: number } }>('/api/alerts/usual', { method: 'POST', body: { channels } }),
    meta: { stale: ['alerts', 'channels', 'activity'] },
  });
}

export function saveQuietHoursMutation() {
  return mutationOptions({
    mutationFn: (body: QuietHours) => api<{ data: QuietHours }>('/api/alerts/quiet', { method: 'PUT', body }),
    meta: { stale: ['alerts', 'activity'] },
  });
}

/** Tries one's own bell or mailbox. */
export function testOwnChannelMutation() {
  return mutationOptions({
    mutationFn: (channel: 'bell' | 'mail') =>
      api<{ data: { words: string } }>('/api/alerts/test', { method: 'POST', body: { channel } }),
    meta: { stale: ['alerts', 'notices'] },
  });
}
