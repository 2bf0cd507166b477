import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ExportedProgramme } from '@/lib/services/programme/export';
import type { Comparison, ShownOperation } from '@/lib/services/programme/plan';
import { api } from './api';
import { keys } from './keys';

export type { Comparison, ShownOperation };

const pathOf = (appId: string) => `/api/programme/apps/${encodeURIComponent(appId)}/file`;

/** The longest file, characters; the server counts bytes, and says so. */
export const FILE_LIMIT = 1024 * 1024;

/** How a programme is written out. */
interface ExportRequest {
  readonly hasPersonalData?: true;
  /** A file whose comments and order are kept. */
  readonly over?: string;
}

/** The programme of an app as a file. */
export function exportFileMutation(appId: string) {
  return mutationOptions({
    mutationFn: (body: ExportRequest) =>
      api<{ data: ExportedProgramme }>(pathOf(appId), { method: 'POST', body }),
    meta: { stale: [] },
  });
}

/** The programme of another app, to begin with. */
export function fileOfOptions(app: { readonly appId: string; readonly accountId?: string } | null) {
  return queryOptions({
    queryKey: keys.related('apps', app?.appId ?? '', `file ${app?.accountId ?? ''}`),
    queryFn: ({ signal }) =>
      api<{ data: ExportedProgramme }>(pathOf(app?.appId ?? ''), {
        method: 'POST',
        body: {},
        accountId: app?.accountId ?? '',
        signal,
      }),
    enabled: app !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A file, and whether what it does not name is to be deleted. */
export interface FileRequest {
  readonly text: string;
  readonly prune: boolean;
}

const bodyOf = ({ text, prune }: FileRequest) => ({ text, ...(prune ? { prune } : {}) });

/** What differs between a file and the programme of an app. */
export function compareFileMutation(appId: string) {
  return mutationOptions({
    mutationFn: (request: FileRequest) =>
      api<{ data: Comparison }>(`${pathOf(appId)}/comparison`, { method: 'POST', body: bodyOf(request) }),
    meta: { stale: [] },
  });
}

/** Applies a file as a job, or tells as a dry run what it would do; refused where the programme has moved since. */
export function applyFileMutation(appId: string) {
  return mutationOptions({
    mutationFn: ({
      plan,
      confirm,
      dryRun,
      ...request
    }: FileRequest & { plan: string; confirm?: number; dryRun: boolean }) =>
      api<{ data: { readonly id: string } }>('/api/jobs', {
        method: 'POST',
        body: {
          kind: 'apply-programme',
          appId,
          ...(dryRun ? { dryRun } : {}),
          input: { ...bodyOf(request), plan, ...(confirm === undefined ? {} : { confirm }) },
        },
      }),
    meta: { stale: ['jobs'] },
  });
}
