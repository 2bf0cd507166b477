import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { InvitePreview, inviteBody, KnownHere } from '@/lib/services/imports/invite-one';
import type { PrunePreview, pruneBody, prunePreviewBody, RestorePreview } from '@/lib/services/prune/service';
import type { BulkPreview, bulkBody } from '@/lib/services/testers/bulk';
import type { BulkKind } from '@/lib/services/testers/bulk-kinds';
import type { BulkSummary, summaryBody } from '@/lib/services/testers/bulk-summary';
import type { RecordsChange, recordsBody } from '@/lib/services/testers/records';
import type { testerSelection } from '@/lib/services/testers/selection';
import { ApiError, api } from './api';
import { keys } from './keys';
import type { OneDocument } from './types';

export type { PruneCandidate } from '@/lib/services/prune/service';
export type { BulkKind, BulkPreview, InvitePreview, KnownHere, PrunePreview, RestorePreview };

/** What a route takes, as its schema says; nobody changes what is on its way. */
type Body<Schema extends z.ZodType> = Fixed<z.input<Schema>>;
type Fixed<Value> = Value extends readonly (infer Item)[]
  ? readonly Fixed<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Fixed<Value[Name]> }
    : Value;

/** Testers of one app: those named, or all that a list matches. */
export type TesterSelection = Body<typeof testerSelection>;
export type BulkRequest = Body<typeof bulkBody>;

/** What an operation would do with these testers. */
export function bulkPreviewOptions(body: BulkRequest) {
  return queryOptions({
    queryKey: keys.own('people', `bulk ${JSON.stringify(body)}`),
    queryFn: ({ signal }) =>
      api<{ data: BulkPreview }>('/api/people/bulk/preview', { method: 'POST', body, signal }),
    staleTime: 0,
  });
}

/** What a selection of one app holds. */
export function selectionSummaryOptions(body: Body<typeof summaryBody>) {
  return queryOptions({
    queryKey: keys.own('people', `selection ${JSON.stringify(body)}`),
    queryFn: ({ signal }) =>
      api<{ data: BulkSummary }>('/api/people/bulk/summary', { method: 'POST', body, signal }),
    staleTime: 10_000,
    retry: false,
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
export type PruneRules = Body<typeof prunePreviewBody>['rules'];

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

export type PruneRequest = Body<typeof pruneBody>;

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

/** Whom a restore would write to, and who cannot be brought back. */
export function restorePreviewOptions(jobId: string) {
  return queryOptions({
    queryKey: keys.own('people', `restore ${jobId}`),
    queryFn: ({ signal }) =>
      api<{ data: RestorePreview }>('/api/people/restore/preview', {
        method: 'POST',
        body: { jobId },
        signal,
      }),
    staleTime: 0,
    retry: false,
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

export type RecordsRequest = Body<typeof recordsBody>;

/** Changes what is ours about testers; `changed` names those who had it otherwise. */
export function changeRecordsMutation() {
  return mutationOptions({
    mutationFn: (body: RecordsRequest) =>
      api<{ data: RecordsChange }>('/api/people/records', {
        method: 'PATCH',
        body,
      }),
    meta: { stale: ['betaTesters'] },
  });
}

/** What inviting one person would do; asked while the form is filled in. */
export function invitePreviewOptions(body: Body<typeof inviteBody>) {
  return queryOptions({
    queryKey: keys.own('people', `invite ${JSON.stringify(body)}`),
    queryFn: ({ signal }) =>
      api<{ data: InvitePreview }>('/api/people/invite/preview', { method: 'POST', body, signal }),
    enabled: body.email.includes('@'),
    staleTime: 0,
    retry: false,
  });
}

/** Does what the preview says: invites, or gives somebody whom the app has what is missing. */
export function invitePersonMutation() {
  return mutationOptions({
    mutationFn: async ({ rows, ...place }: Place & { rows: InvitePreview['rows'] }) => {
      for (const row of rows) {
        if (row.outcome === 'addToGroup') await addKnown(place, row);
        else if (row.outcome === 'invite') await inviteAnew(place, row);
      }
    },
    meta: { stale: ['betaTesters'] },
  });
}

/** An app, and its account where it is another than the page's. */
interface Place {
  readonly appId: string;
  readonly accountId?: string | undefined;
}
type Row = InvitePreview['rows'][number];

const linked = (type: string, places: Row['groups']) => ({ data: places.map(({ id }) => ({ type, id })) });

function post({ accountId }: Place, path: string, data: unknown): Promise<OneDocument> {
  return api<OneDocument>(`/api/v1/${path}`, { method: 'POST', body: { data }, accountId });
}

async function addKnown(place: Place, row: Row): Promise<void> {
  try {
    await link(place, row);
  } catch (error) {
    // Apple may hold one address as an internal and an external record: then the other one is created.
    if (!row.isOtherKind || !isConflict(error)) throw error;
    await create(place, row);
  }
}

async function link(place: Place, { testerId, groups, builds }: Row): Promise<void> {
  const name = builds.length > 0 ? 'builds' : 'betaGroups';
  const path = `betaTesters/${encodeURIComponent(testerId ?? '')}/relationships/${name}`;
  await post(place, path, linked(name, builds.length > 0 ? builds : groups).data);
}

function create(place: Place, { email, firstName, lastName, groups, builds }: Row): Promise<OneDocument> {
  const relationships =
    builds.length > 0 ? { builds: linked('builds', builds) } : { betaGroups: linked('betaGroups', groups) };
  const names = { ...(firstName ? { firstName } : {}), ...(lastName ? { lastName } : {}) };
  return post(place, 'betaTesters', { type: 'betaTesters', attributes: { email, ...names }, relationships });
}

/** Somebody who left and is still listed is given access and written to again, where Apple takes no second record. */
async function inviteAnew(place: Place, row: Row): Promise<void> {
  try {
    await create(place, row);
  } catch (error) {
    if (row.testerId === null || !isConflict(error)) throw error;
    await link(place, row).catch((reason: unknown) => {
      if (!isConflict(reason)) throw reason;
    });
    await post(place, 'betaTesterInvitations', {
      type: 'betaTesterInvitations',
      relationships: {
        app: { data: { type: 'apps', id: place.appId } },
        betaTester: { data: { type: 'betaTesters', id: row.testerId } },
      },
    });
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 422);
}
