import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';
import type { OneDocument } from './types';

/** What can be done with many testers of one app at a time. */
export type BulkKind =
  | 'resend-invitations'
  | 'add-to-group'
  | 'remove-from-group'
  | 'remove-from-app'
  | 'delete-testers'
  | 'add-build'
  | 'remove-build';

/** Testers of one app: those named, or all that a list matches. */
export type TesterSelection =
  | { readonly ids: readonly string[] }
  | {
      readonly matching: {
        readonly filter: Readonly<Record<string, readonly string[]>>;
        readonly search?: string;
      };
      readonly except?: readonly string[];
    };

export interface BulkRequest {
  readonly kind: BulkKind;
  readonly appId: string;
  readonly accountId?: string;
  readonly testers: TesterSelection;
  readonly groupId?: string;
  readonly buildId?: string;
  /** The number of testers, typed by a person who removes many. */
  readonly confirm?: number;
}

/** What an operation will do and take away; nothing has been sent. */
export interface BulkPreview {
  readonly kind: BulkKind;
  readonly title: string;
  readonly count: number;
  readonly needsConfirmation: boolean;
  readonly sample: readonly string[];
  readonly takesAway: readonly string[];
  readonly warnings: readonly string[];
}

/** What an operation would do with these testers. */
export function bulkPreviewOptions(body: BulkRequest) {
  return queryOptions({
    queryKey: keys.own('people', `bulk ${JSON.stringify(body)}`),
    queryFn: ({ signal }) =>
      api<{ data: BulkPreview }>('/api/people/bulk/preview', { method: 'POST', body, signal }),
    staleTime: 0,
  });
}

/** Queues the operation as a job. */
export function startBulkMutation() {
  return mutationOptions({
    mutationFn: (body: BulkRequest) =>
      api<{ data: { jobId: string; count: number } }>('/api/people/bulk', { method: 'POST', body }),
    meta: { stale: ['jobs'] },
  });
}

/** What makes a tester one to remove: every condition given must hold. */
export interface PruneRules {
  readonly noSessionDays?: number;
  readonly noFeedbackEver?: boolean;
  readonly invitedBeforeDays?: number;
  readonly unknownInvitation?: 'keep' | 'prune';
  readonly states?: readonly string[];
  readonly groupIds?: readonly string[];
  readonly inviteTypes?: readonly string[];
  readonly neverInstalled?: boolean;
  readonly withoutTags?: readonly string[];
}

export interface PruneCandidate {
  readonly testerId: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: string | null;
  readonly groupIds: readonly string[];
  readonly reasons: readonly string[];
  readonly label: string;
}

/** Who would be removed and why, and why the others stay. */
export interface PrunePreview {
  readonly candidates: readonly PruneCandidate[];
  readonly keptCount: number;
  /** Reason → how many. */
  readonly kept: Readonly<Record<string, number>>;
  readonly source: 'snapshots' | 'apple' | 'none';
}

/** What rules would remove; asked only when a person asks. */
export function prunePreviewOptions(appId: string, rules: PruneRules | null) {
  return queryOptions({
    queryKey: keys.own('people', `prune ${appId} ${JSON.stringify(rules)}`),
    queryFn: ({ signal }) =>
      api<{ data: PrunePreview }>('/api/people/prune/preview', {
        method: 'POST',
        body: { appId, rules },
        signal,
      }),
    enabled: rules !== null,
    staleTime: 0,
  });
}

export interface PruneRequest {
  readonly appId: string;
  readonly rules: PruneRules;
  readonly except: readonly string[];
  readonly resendFirst?: { readonly graceDays: number };
  readonly confirm?: number;
}

/** Queues the removal, and the letters before it when there is a grace period. */
export function startPruneMutation() {
  return mutationOptions({
    mutationFn: (body: PruneRequest) =>
      api<{ data: { jobId: string; resendJobId: string | null; count: number } }>('/api/people/prune', {
        method: 'POST',
        body,
      }),
    meta: { stale: ['jobs'] },
  });
}

/** Queues new invitations for everybody a removal took away. */
export function restoreMutation() {
  return mutationOptions({
    mutationFn: (jobId: string) =>
      api<{ data: { jobId: string; count: number } }>('/api/people/restore', {
        method: 'POST',
        body: { jobId },
      }),
    meta: { stale: ['jobs'] },
  });
}

/** A value that occurs, with how many testers have it. */
export interface Facet {
  readonly value: string;
  readonly count: number;
}
export interface TesterFacets {
  readonly devices: readonly Facet[];
  readonly systems: readonly Facet[];
  readonly installedBuilds: readonly Facet[];
  readonly tags: readonly Facet[];
}

/** What the testers of an app, or of all apps, can be filtered by. */
export function facetsOptions(appId: string | undefined) {
  const query = appId === undefined ? '' : `?app=${encodeURIComponent(appId)}`;
  return queryOptions({
    queryKey: keys.own('people', `facets${query}`),
    queryFn: ({ signal }) => api<{ data: TesterFacets }>(`/api/people/facets${query}`, { signal }),
    staleTime: 120_000,
  });
}

export interface RecordsRequest {
  readonly appId: string;
  readonly accountId?: string;
  readonly testers: TesterSelection;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly note?: string;
  readonly protected?: boolean;
}

/** Changes what is ours about testers; `changed` names those who had it otherwise. */
export function changeRecordsMutation() {
  return mutationOptions({
    mutationFn: (body: RecordsRequest) =>
      api<{ data: { count: number; changed: readonly string[] } }>('/api/people/records', {
        method: 'PATCH',
        body,
      }),
    meta: { stale: ['betaTesters'] },
  });
}

/** How much of Apple's limit of external testers an app has used, and when it runs out. */
export interface Capacity {
  readonly used: number;
  readonly limit: number;
  readonly forecast: {
    readonly perDay: number | null;
    readonly day: string | null;
    readonly daysLeft: number | null;
    readonly isReached: boolean;
  };
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

/** The limit of an app. */
export function capacityOptions(appId: string) {
  return queryOptions({
    queryKey: keys.own('people', `capacity ${appId}`),
    queryFn: ({ signal }) =>
      api<{ data: Capacity }>(`/api/people/apps/${encodeURIComponent(appId)}/capacity`, { signal }),
    staleTime: 120_000,
  });
}

/** One change of a person or of what they have, from the audit trail. */
export interface TesterChange {
  readonly id: string;
  readonly at: string;
  readonly actorEmail: string | null;
  readonly action: string;
  readonly type: string;
  readonly target: string | null;
  readonly status: string;
  readonly detail: string | null;
}

/** What Flightdeck knows of a tester beside Apple's resource. */
export interface TesterPage {
  readonly events: readonly {
    readonly at: string;
    readonly kind: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly days: readonly {
    readonly day: string;
    readonly sessionCount: number | null;
    readonly crashCount: number | null;
    readonly feedbackCount: number | null;
  }[];
  readonly changes: readonly TesterChange[];
  readonly lastActiveDay: string | null;
  readonly feedback: readonly {
    readonly id: string;
    readonly type: string;
    readonly createdDate: string | null;
    readonly comment: string | null;
    readonly deviceModel: string | null;
    readonly buildId: string | null;
  }[];
  readonly feedbackTotal: number;
  readonly builds: readonly {
    readonly id: string;
    readonly version: string | null;
    readonly trainVersion: string | null;
    readonly expired: boolean;
  }[];
  readonly elsewhere: readonly {
    readonly testerId: string;
    readonly accountId: string;
    readonly appId: string;
    readonly appName: string | null;
    readonly state: string | null;
    readonly groupCount: number;
  }[];
  readonly noteBy: string | null;
  readonly noteAt: string | null;
}

const testerPath = (appId: string, testerId: string) =>
  `/api/people/apps/${encodeURIComponent(appId)}/testers/${encodeURIComponent(testerId)}`;

/** The page of a tester. */
export function testerPageOptions(appId: string, testerId: string) {
  return queryOptions({
    queryKey: keys.own('people', `tester ${appId} ${testerId}`),
    queryFn: ({ signal }) => api<{ data: TesterPage }>(testerPath(appId, testerId), { signal }),
  });
}

export interface TesterUsage {
  readonly period: string;
  readonly days: number;
  readonly sessionCount: number;
  readonly crashCount: number;
  readonly feedbackCount: number;
}

/** What a tester did over 7, 30, 90 and 365 days, live from Apple. */
export function testerUsageOptions(appId: string, testerId: string) {
  return queryOptions({
    queryKey: keys.own('people', `usage ${appId} ${testerId}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly TesterUsage[] }>(`${testerPath(appId, testerId)}/usage`, { signal }),
    staleTime: 300_000,
    retry: false,
  });
}

export interface Invitation {
  readonly appId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Apple takes either groups or single builds. */
  readonly groupIds: readonly string[];
  readonly buildIds: readonly string[];
}

/** Invites one person. */
export function invitePersonMutation() {
  return mutationOptions({
    mutationFn: ({ email, firstName, lastName, groupIds, buildIds }: Invitation) => {
      const linked = (type: string, ids: readonly string[]) => ({ data: ids.map((id) => ({ type, id })) });
      const relationships =
        buildIds.length > 0
          ? { builds: linked('builds', buildIds) }
          : { betaGroups: linked('betaGroups', groupIds) };
      const names = {
        ...(firstName.trim() ? { firstName: firstName.trim() } : {}),
        ...(lastName.trim() ? { lastName: lastName.trim() } : {}),
      };
      return api<OneDocument>('/api/v1/betaTesters', {
        method: 'POST',
        body: {
          data: { type: 'betaTesters', attributes: { email: email.trim(), ...names }, relationships },
        },
      });
    },
    meta: { stale: ['betaTesters'] },
  });
}
