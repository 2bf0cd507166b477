import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { DigestBody, DigestView } from '@/lib/services/digest/settings';
import type { DigestPreview } from '@/lib/services/digest/try';
import { api } from './api';
import { keys } from './keys';

export type { DigestBody, DigestView };

/** One's own weekly digest. */
export function digestOptions() {
  return queryOptions({
    queryKey: keys.own('digest', ''),
    queryFn: ({ signal }) => api<{ data: DigestView }>('/api/digest', { signal }),
  });
}

/** What it would say now. */
export function digestPreviewOptions() {
  return queryOptions({
    queryKey: keys.own('digest', 'preview'),
    queryFn: ({ signal }) => api<{ data: DigestPreview }>('/api/digest/preview', { signal }),
    staleTime: 0,
  });
}

/** Says when it comes and of what. */
export function saveDigestMutation() {
  return mutationOptions({
    mutationFn: (body: DigestBody) => api<{ data: DigestView }>('/api/digest', { method: 'PUT', body }),
    meta: { stale: ['digest', 'activity'] },
  });
}

/** Sends it as it is now. */
export function sendDigestMutation() {
  return mutationOptions({
    mutationFn: () => api<{ data: { words: string } }>('/api/digest/send', { method: 'POST' }),
  });
}
