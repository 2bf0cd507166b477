import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import type { Account, ArchiveStatus, MachinePermission, Me, Member, NewKey, Role, TokenView } from './types';

/** The App Store Connect keys. */
export function accountsOptions() {
  return queryOptions({
    queryKey: keys.own('accounts', ''),
    queryFn: ({ signal }) => api<{ data: readonly Account[] }>('/api/accounts', { signal }),
  });
}

/** Adds a key after a live check on the server; a key that does not work is refused with what is wrong. */
export function addAccountMutation() {
  return mutationOptions({
    mutationFn: (body: NewKey & { name: string; anyway?: boolean }) =>
      api<{ data: Account }>('/api/accounts', { method: 'POST', body }),
    meta: { stale: ['accounts', 'sync', 'overview'] },
  });
}

/** Renames an account or puts another key in its place. */
export function changeAccountMutation() {
  return mutationOptions({
    mutationFn: ({
      id,
      ...body
    }: {
      id: string;
      name?: string;
      key?: NewKey;
      confirm?: string;
      anyway?: boolean;
    }) => api<{ data: Account }>(`/api/accounts/${encodeURIComponent(id)}`, { method: 'PATCH', body }),
    meta: { stale: ['accounts', 'sync', 'activity', 'overview', 'apps'] },
  });
}

/** Destroys a key. */
export function removeAccountMutation() {
  return mutationOptions({
    mutationFn: ({ id, confirm }: { id: string; confirm: string }) =>
      api<unknown>(`/api/accounts/${encodeURIComponent(id)}`, { method: 'DELETE', body: { confirm } }),
    meta: { stale: ['accounts', 'sync', 'activity', 'overview', 'apps'] },
  });
}

/** Everybody who may sign in. */
export function teamOptions() {
  return queryOptions({
    queryKey: keys.own('team', ''),
    queryFn: ({ signal }) => api<{ data: readonly Member[] }>('/api/team', { signal }),
  });
}

interface TeamAnswer {
  readonly data: Member;
  /** Shown once and kept nowhere. */
  readonly meta?: { readonly temporaryPassword?: string };
}

/** Adds a person; the answer holds a temporary password, shown this once. */
export function inviteMutation() {
  return mutationOptions({
    mutationFn: (body: { email: string; name: string | null; role: Role }) =>
      api<TeamAnswer>('/api/team', { method: 'POST', body }),
    meta: { stale: ['team', 'activity'] },
  });
}

/** Changes a person's role or state, or gives a new temporary password. */
export function changeMemberMutation() {
  return mutationOptions({
    mutationFn: (body: { id: string; role?: Role; isDisabled?: boolean; resetPassword?: true }) =>
      api<TeamAnswer>('/api/team', { method: 'PATCH', body }),
    meta: { stale: ['team', 'activity'] },
  });
}

/** What the archive of pictures holds, and its rules. */
export function archiveOptions() {
  return queryOptions({
    queryKey: keys.own('archive', ''),
    queryFn: ({ signal }) => api<{ data: ArchiveStatus }>('/api/archive', { signal }),
  });
}

/** Sets how much the archive keeps, and for how long. */
export function changeArchiveMutation() {
  return mutationOptions({
    mutationFn: (body: ArchiveStatus['rules']) =>
      api<{ data: ArchiveStatus }>('/api/archive', { method: 'PATCH', body }),
    meta: { stale: ['archive', 'activity'] },
  });
}

/** The tokens of build machines. */
export function tokensOptions() {
  return queryOptions({
    queryKey: keys.own('tokens', ''),
    queryFn: ({ signal }) => api<{ data: readonly TokenView[] }>('/api/tokens', { signal }),
  });
}

/** Makes a token, which is shown this once. */
export function makeTokenMutation() {
  return mutationOptions({
    mutationFn: (body: {
      name: string;
      permissions: readonly MachinePermission[];
      app: { appId: string; accountId?: string } | null;
      days: number;
    }) => api<{ data: { id: string; token: string } }>('/api/tokens', { method: 'POST', body }),
    meta: { stale: ['tokens', 'activity'] },
  });
}

/** Ends a token at once. */
export function revokeTokenMutation() {
  return mutationOptions({
    mutationFn: (id: string) => api<unknown>(`/api/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    meta: { stale: ['tokens', 'activity'] },
  });
}

/** Changes one's own password; other browsers are signed out. */
export function changePasswordMutation() {
  return mutationOptions({
    mutationFn: (body: { currentPassword: string; newPassword: string }) =>
      api<{ data: Me }>('/api/me', { method: 'PATCH', body }),
    meta: { stale: ['me', 'activity'] },
  });
}

/** Creates the first admin for whoever holds the one-time token, and signs them in. */
export function setupMutation() {
  return mutationOptions({
    mutationFn: (body: { token: string; email: string; name: string | null; password: string }) =>
      api<unknown>('/api/setup', { method: 'POST', body }),
    meta: { stale: ['me'] },
  });
}
