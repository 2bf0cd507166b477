'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { type JobGate, releaseJobMutation } from '@/lib/browser/jobs';

/** Asks before a second stage begins without its readings: what they say so far, and whom it mails. */
export default function ReleaseDialog({
  jobId,
  gate,
  onClose,
}: {
  jobId: string;
  gate: JobGate;
  onClose: () => void;
}) {
  const release = useMutation(releaseJobMutation());
  const one = gate.groups.length === 1 ? gate.groups[0] : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Release to the second stage now?"
      description={`${one ? `“\u2068${one}\u2069” gets` : `${gate.groups.length} groups get`} the build without waiting for more readings. The activity keeps that it was you.`}
    >
      <div className="grid gap-4 text-sm">
        <p className="text-pretty wrap-anywhere">{gate.words}</p>
        <p className="text-pretty wrap-anywhere">{gate.mails}</p>
        <Refusal error={release.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Go on waiting</Button>
          <Button
            variant="primary"
            busy={release.isPending}
            onClick={() => release.mutate(jobId, { onSuccess: onClose })}
          >
            Release now
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
