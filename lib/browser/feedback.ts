import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { CrashView, ShownReport } from '@/lib/services/feedback/crash';
import type { Colleague } from '@/lib/services/feedback/inbox';
import type { BuildRate, IssueFigures } from '@/lib/services/feedback/issue';
import type { IssuePage as AnyIssuePage } from '@/lib/services/feedback/issue-page';
import type { NoticeTold } from '@/lib/services/feedback/notices';
import type { ReportPage as AnyReportPage } from '@/lib/services/feedback/report';
import type { TriageAnswer, TriageBody } from '@/lib/services/feedback/triage';
import { api } from './api';
import { keys } from './keys';
import type { OwnMeta, ResourceObject } from './types';

/** What lists say of an issue. */
export interface IssueTold {
  readonly id: string;
  readonly kind: 'crash' | 'report';
  readonly title: string;
  /** What people call a crash issue: #128. */
  readonly number: number | null;
  readonly status: string;
  readonly assigneeId: string | null;
  readonly assigneeName: string | null;
  readonly priority: number;
  readonly resolvedLabel: string | null;
  readonly snoozedUntil: number | null;
  readonly snoozedDate: string | null;
  readonly regressedAt: number | null;
  readonly reportCount: number;
  readonly version: number;
  readonly labels: readonly string[];
  /** Of a tracker outside. */
  readonly link: string | null;
  /** Of which it is one. */
  readonly duplicate: { readonly id: string; readonly title: string } | null;
}

/** A report as the inbox lists it; attributes without a value are left out. */
export type FeedbackResource = ResourceObject<
  {
    readonly type: string;
    readonly createdDate?: string;
    /** Cut where it is long. */
    readonly comment?: string;
    readonly deviceModel?: string;
    readonly osVersion?: string;
    readonly locale?: string;
    readonly appPlatform?: string;
    readonly buildId?: string;
    readonly testerId?: string;
    readonly issueId?: string;
    readonly goneAt?: number;
    readonly logState?: string;
    readonly topFrame?: string;
    readonly crashKind?: string;
  },
  OwnMeta & {
    readonly issue: IssueTold | null;
    readonly build: {
      readonly id: string;
      readonly version: string | null;
      readonly trainVersion: string | null;
      readonly platform: string | null;
    } | null;
    readonly tester: {
      readonly firstName: string | null;
      readonly lastName: string | null;
      readonly email: string | null;
    } | null;
    /** How many pictures are in each state. */
    readonly pictures: Readonly<Record<string, number>>;
    readonly deviceName?: string;
  }
>;

/** A crash issue as lists show it. */
export type IssueResource = ResourceObject<
  {
    readonly title: string;
    readonly crashKind?: string;
    readonly topFrame?: string;
    readonly status: string;
    readonly reportCount: number;
    readonly testerCount: number;
    readonly firstDate?: string;
    readonly lastDate?: string;
  },
  OwnMeta & { readonly issue: IssueTold | null }
>;

/** Who can be given feedback to work on. */
export function colleaguesOptions() {
  return queryOptions({
    queryKey: keys.own('team', 'colleagues'),
    queryFn: ({ signal }) => api<{ data: readonly Colleague[] }>('/api/feedback/people', { signal }),
    staleTime: 300_000,
  });
}
export type { BuildRate, Colleague, CrashView, IssueFigures, NoticeTold, ShownReport, TriageBody };

/** One report with all that its page shows. */
export type ReportPage = Omit<AnyReportPage, 'report'> & { readonly report: FeedbackResource };
/** One crash issue with all that its page shows. */
export type IssuePage = Omit<AnyIssuePage, 'issue'> & { readonly issue: IssueResource };

/** One report with all that its page shows. */
export function reportOptions(id: string) {
  return queryOptions({
    queryKey: keys.own('feedback', `report ${id}`),
    queryFn: ({ signal }) =>
      api<{ data: ReportPage }>(`/api/feedback/${encodeURIComponent(id)}${accountInAddress()}`, { signal }),
  });
}

/** What the log of a crash says; `again` asks Apple once more for one that it did not have. */
export function crashOptions(id: string, accountId: string) {
  return queryOptions({
    queryKey: keys.own('feedback', `crash ${accountId} ${id}`),
    queryFn: ({ signal }) =>
      api<{ data: CrashView }>(
        `/api/feedback/${encodeURIComponent(id)}/log?account=${encodeURIComponent(accountId)}`,
        { signal },
      ),
    staleTime: 60_000,
  });
}

/** Where the log itself is. */
export function logAddress(id: string, accountId: string): string {
  return `/api/feedback/${encodeURIComponent(id)}/log?as=text&account=${encodeURIComponent(accountId)}`;
}

/** Where a picture of a report is. */
export function pictureAddress(id: string, accountId: string, position: number): string {
  return `/api/feedback/${encodeURIComponent(id)}/pictures/${position}?account=${encodeURIComponent(accountId)}`;
}

/** Where something that was drawn on a copy of one is. */
export function drawingAddress(id: string, accountId: string, drawing: string): string {
  return `/api/feedback/${encodeURIComponent(id)}/drawings/${encodeURIComponent(drawing)}?account=${encodeURIComponent(accountId)}`;
}

/** Keeps what was drawn on a copy of a picture. */
export function addDrawingMutation() {
  return mutationOptions({
    mutationFn: ({ id, accountId, position, file }: Drawn & { position: number; file: Blob }) =>
      api<{ data: { id: string } }>(
        `/api/feedback/${encodeURIComponent(id)}/pictures/${position}/drawings?account=${encodeURIComponent(accountId)}`,
        { method: 'POST', file },
      ),
    meta: { stale: ['feedback', 'activity'] },
  });
}

/** Deletes what was drawn; the picture itself stays. */
export function removeDrawingMutation() {
  return mutationOptions({
    mutationFn: ({ id, accountId, drawing }: Drawn & { drawing: string }) =>
      api<unknown>(drawingAddress(id, accountId, drawing), { method: 'DELETE' }),
    meta: { stale: ['feedback', 'activity'] },
  });
}

interface Drawn {
  readonly id: string;
  readonly accountId: string;
}

/** One crash issue with all that its page shows. */
export function issueOptions(id: string) {
  return queryOptions({
    queryKey: keys.own('feedback', `issue ${id}`),
    queryFn: ({ signal }) => api<{ data: IssuePage }>(`/api/issues/${encodeURIComponent(id)}`, { signal }),
  });
}

/** How often an issue happens in the newest builds it was seen in; asked of Apple where it may be. */
export function issueRateOptions(id: string) {
  return queryOptions({
    queryKey: keys.own('feedback', `rate ${id}`),
    queryFn: ({ signal }) =>
      api<{ data: readonly BuildRate[] }>(`/api/issues/${encodeURIComponent(id)}/rate`, { signal }),
    staleTime: 300_000,
  });
}

/** The account that the address of a report names, where several have it. */
function accountInAddress(): string {
  const account = globalThis.location && new URLSearchParams(location.search).get('account');
  return account ? `?account=${encodeURIComponent(account)}` : '';
}

/** Decides about reports or issues. */
export function triageMutation() {
  return mutationOptions({
    mutationFn: (body: TriageBody) =>
      api<{ data: TriageAnswer }>('/api/feedback/triage', { method: 'POST', body }),
    meta: { stale: ['feedback', 'issues', 'activity', 'notices'] },
  });
}

/** Takes a decision back by its audit entry. */
export function undoTriageMutation() {
  return mutationOptions({
    mutationFn: (auditId: string) =>
      api<unknown>(`/api/activity/${encodeURIComponent(auditId)}/undo`, { method: 'POST' }),
    meta: { stale: ['feedback', 'issues', 'activity'] },
  });
}

/** Says something about an issue. */
export function addNoteMutation() {
  return mutationOptions({
    mutationFn: (body: { issueId: string; feedbackId?: string; text: string; mentions: string[] }) =>
      api<unknown>('/api/feedback/notes', { method: 'POST', body }),
    meta: { stale: ['feedback', 'issues', 'activity'] },
  });
}
/** Changes a note of one's own. */
export function changeNoteMutation() {
  return mutationOptions({
    mutationFn: (body: { id: string; text: string; mentions: string[] }) =>
      api<unknown>('/api/feedback/notes', { method: 'PATCH', body }),
    meta: { stale: ['feedback', 'issues', 'activity', 'notices'] },
  });
}
/** Takes a note of one's own away, or has it back. */
export function removeNoteMutation() {
  return mutationOptions({
    mutationFn: (body: { id: string; isBack: boolean }) =>
      api<unknown>('/api/feedback/notes', { method: 'DELETE', body }),
    meta: { stale: ['feedback', 'issues', 'activity'] },
  });
}

interface Notices {
  readonly data: { readonly unread: number; readonly notices: readonly NoticeTold[] };
}

/** What the bell tells: asked again when the stream says so, and now and then for where there is no stream. */
export function noticesOptions() {
  return queryOptions({
    queryKey: keys.own('notices', ''),
    queryFn: ({ signal }) => api<Notices>('/api/notices', { signal }),
    staleTime: 30_000,
    refetchInterval: 300_000,
  });
}

/** Marks notices as read: these, or all. */
export function readNoticesMutation() {
  return mutationOptions({
    mutationFn: (ids: readonly string[] | null) =>
      api<Notices>('/api/notices', { method: 'POST', body: ids === null ? {} : { ids } }),
    meta: { stale: ['notices'] },
  });
}
