'use client';

import { useMutation } from '@tanstack/react-query';
import { Pause, Play, RotateCw, X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMay } from '@/components/shell/use-may';
import { Button } from '@/components/ui/button';
import { toastError } from '@/components/ui/toast';
import { changeJobMutation, type Job, type JobAction } from '@/lib/query/jobs';
import { ACTION_WORDS, actionWords } from './job-words';

const CancelDialog = dynamic(() => import('./cancel-dialog'), { ssr: false });

const ICONS: Readonly<Record<JobAction, typeof Pause>> = {
  pause: Pause,
  resume: Play,
  cancel: X,
  retry: RotateCw,
};

/** What can be done with a job in its present state. */
export function JobActions({ job, size = 'md' }: { job: Job; size?: 'sm' | 'md' }) {
  const mayRun = useMay('jobs:run');
  const change = useMutation(changeJobMutation());
  const [isAsking, setAsking] = useState(false);
  if (!mayRun) return null;
  const run = (action: JobAction) =>
    change.mutate(
      { id: job.id, action },
      { onError: (error) => void toastError(`${ACTION_WORDS[action]}: not done`, error) },
    );
  return (
    <>
      {job.actions.map((action) => {
        const Icon = ICONS[action];
        return (
          <Button
            key={action}
            size={size}
            variant={action === 'cancel' ? 'ghost' : 'secondary'}
            icon={<Icon size={14} aria-hidden />}
            busy={change.isPending && change.variables?.action === action}
            onClick={() => (action === 'cancel' ? setAsking(true) : run(action))}
          >
            {actionWords(job, action)}
          </Button>
        );
      })}
      {isAsking ? (
        <CancelDialog
          job={job}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            run('cancel');
          }}
        />
      ) : null}
    </>
  );
}
