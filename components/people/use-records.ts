'use client';

import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@/lib/query/api';
import { changeRecordsMutation, type RecordsRequest } from '@/lib/query/people';
import type { AppTarget } from './selection';

type Change = Pick<RecordsRequest, 'addTags' | 'removeTags' | 'note' | 'protected'>;

/** Changes tags, a note or protection app by app; `undo` touches only those who had it otherwise before. */
export function useRecords(targets: readonly AppTarget[]) {
  const mutation = useMutation(changeRecordsMutation());
  const change = async (wanted: Change) => {
    const done: { target: AppTarget; changed: readonly string[] }[] = [];
    for (const target of targets) {
      const answer = await mutation.mutateAsync({ ...target, ...wanted }).catch((error: unknown) => {
        if (targets.length > 1 && isNobody(error)) return null;
        throw error;
      });
      if (answer) done.push({ target, changed: answer.data.changed });
    }
    const undo = async () => {
      for (const { target, changed } of done) {
        if (changed.length === 0) continue;
        await mutation.mutateAsync({ ...target, testers: { ids: changed }, ...opposite(wanted) });
      }
    };
    return { changed: done.reduce((sum, { changed }) => sum + changed.length, 0), undo };
  };
  return { change, error: mutation.error, isBusy: mutation.isPending };
}

function opposite({ addTags, removeTags, protected: isProtected }: Change): Change {
  return {
    ...(addTags ? { removeTags: addTags } : {}),
    ...(removeTags ? { addTags: removeTags } : {}),
    ...(isProtected === undefined ? {} : { protected: !isProtected }),
  };
}

/** An app of a list across apps in which nothing matches. */
export function isNobody(error: unknown): boolean {
  return error instanceof ApiError && error.problems.some(({ source }) => source?.pointer === '/testers');
}
