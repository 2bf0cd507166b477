import { queryOptions } from '@tanstack/react-query';
import type { Ending, ExpiryCalendar, Need } from '@/lib/services/builds/expiry';
import { api } from './api';
import { keys } from './keys';

export type { Ending, ExpiryCalendar, Need };

/** What ends when, of one app or of all; kept under the builds, so that every write to one asks again. */
export function expiryOptions(appId: string | undefined, which: 'tested' | 'all') {
  const query = new URLSearchParams({ which, ...(appId === undefined ? {} : { app: appId }) });
  return queryOptions({
    queryKey: keys.related('builds', appId ?? '', `expiry ${query}`),
    queryFn: ({ signal }) => api<{ data: ExpiryCalendar }>(`/api/programme/expiry?${query}`, { signal }),
  });
}
