'use client';

import { useMutation } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { toastError } from '@/components/ui/toast';
import { approveJobMutation } from '@/lib/browser/jobs';

/** The second person's word, without which a job goes no further. */
export function ApproveButton({ jobId }: { jobId: string }) {
  const approve = useMutation(approveJobMutation());
  return (
    <Button
      variant="primary"
      icon={<Check size={14} aria-hidden />}
      busy={approve.isPending}
      onClick={() =>
        approve.mutate(jobId, { onError: (error) => void toastError('It was not approved', error) })
      }
    >
      Approve
    </Button>
  );
}
