'use client';

import { useMutation } from '@tanstack/react-query';
import { toastError } from '@/components/ui/toast';
import { changeJobMutation, type JobAction } from '@/lib/browser/jobs';
import { ACTION_WORDS } from './job-words';

/** Pauses, resumes, cancels or retries a job; a refusal is told by a toast. */
export function useChangeJob(id: string): {
  run: (action: JobAction) => void;
  /** What is being asked for at the moment. */
  pending: JobAction | null;
} {
  const change = useMutation(changeJobMutation());
  return {
    run: (action) =>
      change.mutate(
        { id, action },
        { onError: (error) => void toastError(`${ACTION_WORDS[action]}: not done`, error) },
      ),
    pending: change.isPending ? change.variables.action : null,
  };
}
