'use client';

import { onDemand } from '@/components/ui/on-demand';
import type { Job } from '@/lib/browser/jobs';
import { useChangeJob } from './use-change-job';

const CancelDialog = onDemand(() => import('./cancel-dialog'));

/** Asks whether a job is to be ended for good, and ends it. */
export default function CancelQuestion({ job, onClose }: { job: Job; onClose: () => void }) {
  const { run } = useChangeJob(job.id);
  return (
    <CancelDialog
      job={job}
      onClose={onClose}
      onConfirm={() => {
        onClose();
        run('cancel');
      }}
    />
  );
}
