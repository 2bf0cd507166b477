'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Job } from '@/lib/browser/jobs';
import { formatCount } from '@/lib/format/numbers';

/** Asks before a job is ended for good: what is done stays done, the rest is never sent. */
export default function CancelDialog({
  job,
  onClose,
  onConfirm,
}: {
  job: Job;
  onClose: () => void;
  onConfirm: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Cancel this job?"
      description={`${formatCount(job.counts.done)} done stay done. ${formatCount(job.counts.pending)} are not sent. A cancelled job cannot be resumed; to go on later, pause it.`}
    >
      <div className="dialog-actions">
        <Button onClick={onClose}>Let it run</Button>
        <Button variant="danger" onClick={onConfirm}>
          Cancel the job
        </Button>
      </div>
    </Dialog>
  );
}
