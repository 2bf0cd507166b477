'use client';

import { Pause, Play, RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import type { Job, JobAction } from '@/lib/browser/jobs';
import CancelQuestion from './cancel-question';
import { actionWords } from './job-words';
import { useChangeJob } from './use-change-job';

const ICONS: Readonly<Record<JobAction, typeof Pause>> = {
  pause: Pause,
  resume: Play,
  cancel: X,
  retry: RotateCw,
};

/** What can be done with a job in its present state. */
export function JobActions({
  job,
  size = 'md',
  onCancel,
}: {
  job: Job;
  size?: 'sm' | 'md';
  /** Asks elsewhere whether it is to be ended. */
  onCancel?: (job: Job) => void;
}) {
  const mayRun = useMay('jobs:run');
  const { run, pending } = useChangeJob(job.id);
  const [isAsking, setAsking] = useState(false);
  if (!mayRun) return null;
  const ask = () => (onCancel ? onCancel(job) : setAsking(true));
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
            busy={pending === action}
            onClick={() => (action === 'cancel' ? ask() : run(action))}
          >
            {actionWords(job, action)}
          </Button>
        );
      })}
      {isAsking ? <CancelQuestion job={job} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
