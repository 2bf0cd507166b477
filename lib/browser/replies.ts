import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ReplyTo, SavedReplyView } from '@/lib/services/feedback/replies';
import { api } from './api';
import { keys } from './keys';

export type { ReplyTo, SavedReplyView };

/** What the form of a saved reply holds. */
export type ReplyForm = Pick<SavedReplyView, 'name' | 'subject' | 'body'>;

const path = (id: string) => `/api/replies/${encodeURIComponent(id)}`;

/** Every saved reply. */
export function repliesOptions() {
  return queryOptions({
    queryKey: keys.own('replies', ''),
    queryFn: ({ signal }) => api<{ data: readonly SavedReplyView[] }>('/api/replies', { signal }),
  });
}

/** Adds a saved reply, or changes one as it was seen. */
export function saveReplyMutation() {
  return mutationOptions({
    mutationFn: ({ reply, ...body }: ReplyForm & { reply: SavedReplyView | null }) =>
      reply === null
        ? api<{ data: { id: string } }>('/api/replies', { method: 'POST', body })
        : api<{ data: { id: string } }>(path(reply.id), {
            method: 'PUT',
            body: { ...body, version: reply.version },
          }),
    meta: { stale: ['replies', 'activity'] },
  });
}

/** Takes a saved reply away. */
export function removeReplyMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(path(id), { method: 'DELETE' }),
    meta: { stale: ['replies', 'activity'] },
  });
}

const ofReport = (id: string, accountId: string) =>
  `/api/feedback/${encodeURIComponent(id)}/reply?account=${encodeURIComponent(accountId)}`;

/** To whom, and with what, a report is answered. */
export function replyToOptions(id: string, accountId: string) {
  return queryOptions({
    queryKey: keys.own('replies', `to ${accountId} ${id}`),
    queryFn: ({ signal }) => api<{ data: ReplyTo }>(ofReport(id, accountId), { signal }),
  });
}

/** Notes that an answer was opened in a mail program. */
export function noteReplyMutation() {
  return mutationOptions({
    mutationFn: ({ id, accountId, replyId }: { id: string; accountId: string; replyId: string | null }) =>
      api<unknown>(ofReport(id, accountId), { method: 'POST', body: { replyId } }),
    meta: { stale: ['activity'] },
  });
}
