'use client';

import { useMutation } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { toastError } from '@/components/ui/toast';
import type { Job } from '@/lib/query/jobs';
import { undoMutation } from '@/lib/query/mutations';
import { announceJob } from './watched-jobs';

/** Takes back what a job did, by another job. */
export function UndoButton({ job, size = 'md' }: { job: Job; size?: 'sm' | 'md' }) {
  const undo = useMutation(undoMutation(['betaGroups', 'betaTesters', 'builds']));
  if (!job.canUndo) return null;
  return (
    <Button
      size={size}
      icon={<Undo2 size={14} aria-hidden />}
      busy={undo.isPending}
      onClick={() =>
        undo.mutate(job.id, {
          onSuccess: ({ data }) => {
            if ('jobId' in data) announceJob(data.jobId);
          },
          onError: (error) => void toastError('It could not be undone', error),
        })
      }
    >
      Undo
    </Button>
  );
}
