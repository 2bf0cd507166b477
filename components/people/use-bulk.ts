'use client';

import { useMutation, useQueries } from '@tanstack/react-query';
import {
  type BulkKind,
  type BulkPreview,
  type BulkRequest,
  bulkPreviewOptions,
  startBulkMutation,
} from '@/lib/browser/people';
import type { AppTarget } from './selection';
import { isNobody } from './use-records';

interface Choice {
  readonly groupId: string;
  readonly buildId: string;
}

/** The operation in each app it concerns: what it would do there, and how to start it. */
export function useBulk(kind: BulkKind, targets: readonly AppTarget[], choice: Choice, isReady: boolean) {
  const requests = targets.map(
    (target): BulkRequest => ({
      kind,
      ...target,
      ...(choice.groupId ? { groupId: choice.groupId } : {}),
      ...(choice.buildId ? { buildId: choice.buildId } : {}),
    }),
  );
  const answers = useQueries({
    queries: requests.map((request) => ({ ...bulkPreviewOptions(request), enabled: isReady, retry: false })),
  });
  const start = useMutation(startBulkMutation());
  const parts = answers.flatMap((answer, index) => {
    const request = requests[index];
    return answer.data && request ? [{ request, preview: answer.data.data }] : [];
  });
  // An app of the list without any tester that matches is no error.
  const errors = answers.flatMap(({ error }) =>
    error && !(targets.length > 1 && isNobody(error)) ? [error] : [],
  );
  const begin = async (): Promise<string[]> => {
    const jobs: string[] = [];
    for (const { request, preview } of parts) {
      const confirmed = preview.confirmWord === null ? {} : { confirm: preview.confirmWord };
      jobs.push((await start.mutateAsync({ ...request, ...confirmed })).data.jobId);
    }
    return jobs;
  };
  return {
    preview:
      isReady && parts.length > 0 && !answers.some(({ isPending }) => isPending)
        ? merged(parts.map((part) => part.preview))
        : null,
    isPending: isReady && answers.some(({ isPending }) => isPending),
    error: start.error ?? errors[0] ?? null,
    isStarting: start.isPending,
    begin,
  };
}

function merged(previews: readonly BulkPreview[]): Omit<BulkPreview, 'kind' | 'title'> {
  const count = previews.reduce((sum, preview) => sum + preview.count, 0);
  const [first] = previews;
  const words = previews.filter(({ confirmWord }) => confirmWord !== null);
  return {
    count,
    // Several apps are one question: how many in all.
    confirmWord: previews.length === 1 && first ? first.confirmWord : words.length > 0 ? count : null,
    sample: previews.flatMap((preview) => preview.sample).slice(0, 10),
    takesAway: previews.flatMap((preview) => preview.takesAway),
    warnings: previews.flatMap((preview) => preview.warnings),
  };
}
