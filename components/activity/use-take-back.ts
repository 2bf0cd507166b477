'use client';

import { useMutation } from '@tanstack/react-query';
import { announceJob } from '@/components/jobs/watched-jobs';
import { toast, toastError } from '@/components/ui/toast';
import { undoMutation } from '@/lib/browser/mutations';

export interface TakeBack {
  readonly run: (id: string) => void;
  readonly isBusy: boolean;
}

/** Takes a change back, or a whole job by another one, which tells itself when it is through. */
export function useTakeBack(onBegun?: () => void): TakeBack {
  const undo = useMutation(undoMutation(['betaGroups', 'betaTesters', 'builds']));
  const run = (id: string) =>
    undo.mutate(id, {
      onSuccess: (answer) => {
        onBegun?.();
        if ('jobId' in answer.data) announceJob(answer.data.jobId);
        else void toast({ title: 'Undone' });
      },
      onError: (error) => void toastError('It could not be undone', error),
    });
  return { run, isBusy: undo.isPending };
}
