'use client';

import { useMutation } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import type { Job } from '@/lib/browser/jobs';
import { restoreMutation } from '@/lib/browser/people';

const RestoreDialog = onDemand(() => import('./restore-dialog'));
const REMOVALS = ['prune-testers', 'remove-from-app', 'remove-from-group', 'delete-testers'];

/** Invites again whom a removal took away: the job keeps the list. */
export function RestoreButton({ job }: { job: Job }) {
  const router = useRouter();
  const mayRun = useMay('jobs:run');
  const [isAsking, setAsking] = useState(false);
  const restore = useMutation(restoreMutation());
  if (!mayRun || !REMOVALS.includes(job.kind) || job.counts.done === 0) return null;
  // Whoever can simply be put back needs no new invitation.
  if (job.canUndo) return null;
  return (
    <>
      <Button icon={<Undo2 size={14} aria-hidden />} onClick={() => setAsking(true)}>
        Restore
      </Button>
      {isAsking ? (
        <RestoreDialog
          jobId={job.id}
          error={restore.error}
          isBusy={restore.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            restore.mutate(job.id, {
              onSuccess: ({ data }) => router.push(`/jobs/${encodeURIComponent(data.jobId)}`),
            })
          }
        />
      ) : null}
    </>
  );
}
