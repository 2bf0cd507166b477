'use client';

import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@/lib/browser/api';
import { undoMutation } from '@/lib/browser/mutations';
import { changeRecordsMutation, type RecordsRequest } from '@/lib/browser/people';
import type { AppTarget } from './selection';

type Change = Pick<RecordsRequest, 'addTags' | 'removeTags' | 'note' | 'protected'>;

/** Changes tags, a note or protection app by app; `undo` touches only those who had it otherwise before. */
export function useRecords(targets: readonly AppTarget[]) {
  const mutation = useMutation(changeRecordsMutation());
  const back = useMutation(undoMutation(['betaTesters']));
  const change = async (wanted: Change) => {
    const done: { changed: readonly string[]; auditId: string | null }[] = [];
    for (const target of targets) {
      const answer = await mutation.mutateAsync({ ...target, ...wanted }).catch((error: unknown) => {
        if (targets.length > 1 && isNobody(error)) return null;
        throw error;
      });
      if (answer) done.push(answer.data);
    }
    const undo = async () => {
      for (const { auditId } of done) if (auditId !== null) await back.mutateAsync(auditId);
    };
    return { changed: done.reduce((sum, { changed }) => sum + changed.length, 0), undo };
  };
  return { change, error: mutation.error, isBusy: mutation.isPending };
}

/** An app of a list across apps in which nothing matches. */
export function isNobody(error: unknown): boolean {
  return error instanceof ApiError && error.problems.some(({ source }) => source?.pointer === '/testers');
}
