import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Light } from '@/lib/format/lights';
import type { AppHealth, Health, LightGroup, listLights } from '@/lib/services/health/health';
import type { Snoozed } from '@/lib/services/health/snoozes';
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
      api<Awaited<ReturnType<typeof listLights>>>(`/api/programme/lights?${query}`, { signal }),
  });
}

/** What is snoozed: of an app or of all. */
export function snoozedOptions(which: Pick<Which, 'app' | 'account'>) {
  const query = new URLSearchParams(
    Object.entries(which).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  return queryOptions({
    queryKey: keys.own('overview', `snoozed ${query}`),
    queryFn: ({ signal }) => api<{ data: readonly Snoozed[] }>(`/api/programme/snoozes?${query}`, { signal }),
  });
}

interface Done {
  readonly meta: { readonly auditId: string };
}

/** Hides a light from the team until then; null for until it gets worse. */
export function snoozeMutation() {
  return mutationOptions({
    mutationFn: (body: { light: string; until: string | null }) =>
      api<Done>('/api/programme/snoozes', { method: 'POST', body }),
    meta: { stale: ['overview', 'activity'] },
  });
}

/** Shows a light again. */
export function wakeMutation() {
  return mutationOptions({
    mutationFn: (light: string) => api<Done>('/api/programme/snoozes', { method: 'DELETE', body: { light } }),
    meta: { stale: ['overview', 'activity'] },
  });
}
