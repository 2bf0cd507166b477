import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ChannelList, TroubleView } from '@/lib/services/channels/channels';
import type { MailServerView } from '@/lib/services/channels/mail-server';
import { api } from './api';
import { keys } from './keys';

export type { ChannelList, MailServerView, TroubleView };

/** What the form of the mail server holds. */
export interface MailServerForm extends Omit<MailServerView, 'hasPassword'> {
  readonly password?: string;
}

/** How messages go out, and what of it fails at present. */
export function channelsOptions() {
  return queryOptions({
    queryKey: keys.own('channels', ''),
    queryFn: ({ signal }) => api<{ data: ChannelList }>('/api/channels', { signal }),
    refetchInterval: 30_000,
  });
}

/** Sets the mail server up, or changes it. */
export function saveMailServerMutation() {
  return mutationOptions({
    mutationFn: (body: MailServerForm) =>
      api<{ data: MailServerView }>('/api/channels/mail', { method: 'PUT', body }),
    meta: { stale: ['channels', 'alerts', 'activity'] },
  });
}

/** No mail is sent any more. */
export function removeMailServerMutation() {
  return mutationOptions({
    mutationFn: () => api<unknown>('/api/channels/mail', { method: 'DELETE' }),
    meta: { stale: ['channels', 'alerts', 'activity'] },
  });
}

/** Sends a mail to oneself by the server as it stands in the form. */
export function testMailServerMutation() {
  return mutationOptions({
    mutationFn: (body: MailServerForm) =>
      api<{ data: { words: string } }>('/api/channels/mail/test', { method: 'POST', body }),
    meta: { stale: [] },
  });
}

/** Has what waits for a channel tried at once. */
export function retryChannelMutation() {
  return mutationOptions({
    mutationFn: (channel: string) =>
      api<unknown>('/api/channels/retry', { method: 'POST', body: { channel } }),
    meta: { stale: ['channels', 'alerts'] },
  });
}
