import { queryOptions } from '@tanstack/react-query';
import type { Upload, Uploads } from '@/lib/services/builds/uploads';
import { api } from './api';
import { keys } from './keys';

export type { Upload };

/** Uploads that are no builds, of one app or of all; kept under the builds, which they may become. */
export function uploadsOptions(appId: string | undefined, accountId?: string) {
  const query = appId === undefined ? '' : `?app=${encodeURIComponent(appId)}`;
  return queryOptions({
    queryKey: keys.related('builds', 'uploads', `${query} ${accountId ?? ''}`),
    queryFn: ({ signal }) => api<{ data: Uploads }>(`/api/programme/uploads${query}`, { signal, accountId }),
    staleTime: 60_000,
  });
}
