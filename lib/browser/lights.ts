import { queryOptions } from '@tanstack/react-query';
import type { Light } from '@/lib/format/lights';
import type { AppHealth, Health, LightGroup } from '@/lib/services/health/health';
import { api } from './api';
import { keys } from './keys';

export type { AppHealth, Health, Light, LightGroup };

// Kept under the overview, so that whatever makes that stale makes these stale.

/** Every app with its figures and what wants somebody: of all accounts, or of one. */
export function programmeHealthOptions(accountId?: string | null) {
  const query = accountId ? `?${new URLSearchParams({ account: accountId })}` : '';
  return queryOptions({
    queryKey: keys.own('overview', `health ${query}`),
    queryFn: ({ signal }) => api<{ data: Health }>(`/api/programme/health${query}`, { signal }),
  });
}

interface Which {
  readonly app?: string | undefined;
  readonly account?: string | null | undefined;
  readonly kind?: LightGroup['kind'];
  readonly level?: LightGroup['level'];
}

/** The lights of an app, or of a kind and level. */
export function lightsOptions(which: Which) {
  const query = new URLSearchParams(
    Object.entries(which).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  return queryOptions({
    queryKey: keys.own('overview', `lights ${query}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly Light[]; meta: { total: number } }>(`/api/programme/lights?${query}`, { signal }),
  });
}
