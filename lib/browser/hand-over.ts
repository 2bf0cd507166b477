import { mutationOptions } from '@tanstack/react-query';
import type { ExportFormat } from '@/lib/services/hand-over/export';
import { ApiError, api } from './api';
import type { TriageBody } from './feedback';

export type { ExportFormat };

/** What is handed over: a report in its account, or an issue. */
export interface HandedOver {
  readonly kind: 'report' | 'issue';
  readonly id: string;
  readonly accountId: string;
}

/** A report or an issue as Markdown; `thread` for the whole thread that crashed. @throws ApiError */
export async function markdownOf(
  { kind, id, accountId }: HandedOver,
  stack: 'top' | 'thread',
): Promise<string> {
  const noun = kind === 'report' ? 'feedback' : 'issues';
  const query = new URLSearchParams({ stack, account: accountId });
  const response = await fetch(`/api/${noun}/${encodeURIComponent(id)}/markdown?${query}`, {
    credentials: 'same-origin',
  });
  if (response.ok) return response.text();
  const body = (await response.json().catch(() => null)) as { errors?: ApiError['problems'] } | null;
  throw new ApiError(response.status, body?.errors ?? []);
}

/** Notes which reports are to be downloaded; the answer names the file. */
export function prepareExportMutation() {
  return mutationOptions({
    mutationFn: (body: { target: TriageBody['target']; format: ExportFormat; confirm: string }) =>
      api<{ data: { id: string; count: number } }>('/api/feedback/export', { method: 'POST', body }),
    meta: { stale: ['activity'] },
  });
}

/** Apple's two kinds of reports. */
export type AppleReport = 'betaFeedbackCrashSubmissions' | 'betaFeedbackScreenshotSubmissions';

/** Deletes one report at App Store Connect, which has to be confirmed by a word. */
export function deleteReport({ id, accountId, type, typed }: ToDelete): Promise<unknown> {
  return api<unknown>(`/api/v1/${type}/${encodeURIComponent(id)}`, { method: 'DELETE', accountId, typed });
}

interface ToDelete extends Pick<HandedOver, 'id' | 'accountId'> {
  readonly type: string;
  readonly typed: string;
}

/** Deletes a report at App Store Connect; here it is only marked. */
export function deleteAtAppleMutation() {
  return mutationOptions({
    mutationFn: deleteReport,
    meta: { stale: ['feedback', 'issues', 'activity'] },
  });
}

/** Where a file that was prepared is. */
export function exportAddress(id: string): string {
  return `/api/feedback/export/${encodeURIComponent(id)}`;
}
