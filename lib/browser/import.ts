import { mutationOptions, queryOptions } from '@tanstack/react-query';
import type { ColumnGuess } from '@/lib/services/imports/csv/columns';
import type { Encoding } from '@/lib/services/imports/csv/encodings';
import type { Field } from '@/lib/services/imports/csv/headers';
import type { PlannedRow, RowOutcome } from '@/lib/services/imports/plan';
import type { ImportPreview, ImportQuestion } from '@/lib/services/imports/service';
import { api } from './api';
import { keys } from './keys';

export type { PlannedRow as ImportRow } from '@/lib/services/imports/plan';
export type { Encoding, ImportPreview, ImportQuestion, RowOutcome };
export type ImportColumn = ColumnGuess['columns'][number];

export type ImportField = Field;
/** Field → column, 0-based. */
export type ImportMapping = Partial<Record<ImportField, number>>;
export const OUTCOMES: readonly RowOutcome[] = ['invite', 'addToGroup', 'alreadyThere', 'held', 'invalid'];

export interface ImportOptions {
  readonly appId: string;
  readonly accountId?: string;
  /** Groups for rows that name none. */
  readonly groupIds: readonly string[];
  /** Builds given one by one instead. */
  readonly buildIds: readonly string[];
  /** Guessed when absent. */
  readonly mapping?: ImportMapping;
  readonly hasHeader?: boolean;
  readonly separator?: ',' | ';' | '\t' | '|';
  readonly encoding?: Encoding;
  readonly kind?: 'table' | 'list';
  /** Names that look broken, by row or `*` for all others. */
  readonly names?: Readonly<Record<string, 'keep' | 'drop'>>;
  /** What a group's name means; '' leaves it out. */
  readonly groupNames?: Readonly<Record<string, string>>;
  /** Which of several testers of an address is meant. */
  readonly records?: Readonly<Record<string, string>>;
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

/** So many rows are shown at a time. */
export const PREVIEW_ROWS = 100;

/** Sends the file, which is read once: what an import would do, its draft, and the first rows of all. */
export function importPreviewOptions(file: ImportFile, options: ImportOptions) {
  const params = new URLSearchParams({ options: JSON.stringify(options), limit: String(PREVIEW_ROWS) });
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

/** Other rows of a draft: of one outcome or of all, a page at a time. */
export function importRowsOptions(draft: string, { outcome, offset, limit }: PreviewPage) {
  const params = new URLSearchParams({ draft, offset: String(offset), limit: String(limit) });
  if (outcome) params.set('outcome', outcome);
  return queryOptions({
    queryKey: keys.own('people', `import rows ${params}`),
    queryFn: ({ signal }) =>
      api<{ data: { rows: readonly PlannedRow[] } }>(`/api/people/import/preview?${params}`, { signal }),
    // A draft never changes.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Queues a draft as a job. */
export function startImportMutation() {
  return mutationOptions({
    mutationFn: ({ draft }: { draft: string }) =>
      api<{ data: { jobId: string } }>(`/api/people/import?${new URLSearchParams({ draft })}`, {
        method: 'POST',
      }),
    meta: { stale: ['jobs'] },
  });
}
