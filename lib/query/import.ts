import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api';
import { keys } from './keys';

export const IMPORT_FIELDS = ['firstName', 'lastName', 'fullName', 'email', 'groups'] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];
/** Field → column, 0-based. */
export type ImportMapping = Partial<Record<ImportField, number>>;
export type RowOutcome = 'invite' | 'addToGroup' | 'alreadyThere' | 'invalid';
export const OUTCOMES: readonly RowOutcome[] = ['invite', 'addToGroup', 'alreadyThere', 'invalid'];

export interface ImportOptions {
  readonly appId: string;
  readonly accountId?: string;
  /** Groups for rows that name none. */
  readonly groupIds: readonly string[];
  /** Guessed when absent. */
  readonly mapping?: ImportMapping;
  readonly hasHeader?: boolean;
  readonly separator?: ',' | ';' | '\t';
}

export interface ImportRow {
  readonly line: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly groupsCell: string;
  readonly outcome: RowOutcome;
  readonly reason: { readonly code: string; readonly detail: string } | null;
}

/** What a file holds and what would happen with each row; nothing has been sent. */
export interface ImportPreview {
  readonly encoding: string;
  readonly separator: string;
  readonly hasHeader: boolean;
  readonly mapping: ImportMapping;
  readonly columns: readonly {
    readonly index: number;
    readonly header: string | null;
    readonly field: ImportField | null;
    readonly samples: readonly string[];
  }[];
  readonly counts: Readonly<Record<RowOutcome, number>>;
  readonly total: number;
  readonly warnings: readonly string[];
  readonly rows: readonly ImportRow[];
}

/** A file chosen or pasted; `key` is new for each. */
export interface ImportFile {
  readonly key: string;
  readonly name: string;
  readonly blob: Blob;
}

export interface PreviewPage {
  readonly outcome: RowOutcome | null;
  readonly offset: number;
  readonly limit: number;
}

/** What an import would do; rows of one outcome or of all, a page at a time. */
export function importPreviewOptions(file: ImportFile, options: ImportOptions, page: PreviewPage) {
  const params = new URLSearchParams({ options: JSON.stringify(options) });
  if (page.outcome) params.set('outcome', page.outcome);
  params.set('offset', String(page.offset));
  params.set('limit', String(page.limit));
  return queryOptions({
    queryKey: keys.own('people', `import ${file.key} ${params}`),
    queryFn: ({ signal }) =>
      api<{ data: ImportPreview }>(`/api/people/import/preview?${params}`, {
        method: 'POST',
        file: file.blob,
        signal,
      }),
    staleTime: 60_000,
    retry: false,
  });
}

/** Queues the import as a job. */
export function startImportMutation() {
  return mutationOptions({
    mutationFn: ({ file, options }: { file: ImportFile; options: ImportOptions }) =>
      api<{ data: { jobId: string } }>(
        `/api/people/import?${new URLSearchParams({ options: JSON.stringify(options) })}`,
        { method: 'POST', file: file.blob },
      ),
    meta: { stale: ['jobs'] },
  });
}
