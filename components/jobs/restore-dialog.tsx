'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import type { Job } from '@/lib/browser/jobs';
import { formatPlural } from '@/lib/format/numbers';

/** Says what a restore does: new invitations into the same groups, and who cannot be brought back. */
export default function RestoreDialog({
  job,
  error,
  isBusy,
  onClose,
  onConfirm,
}: {
  job: Job;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Restore who was removed?"
      description={`${formatPlural(job.counts.done, 'tester')} of this job get a new invitation into the groups they were in. Whoever came by public link left no address and can only join by a link again.`}
    >
      <Refusal error={error} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={isBusy} onClick={onConfirm}>
          Send {formatPlural(job.counts.done, 'invitation')}
        </Button>
      </div>
    </Dialog>
  );
}
