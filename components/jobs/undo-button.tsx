'use client';

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTakeBack } from '@/components/activity/use-take-back';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import type { Job } from '@/lib/browser/jobs';

const UndoDialog = onDemand(() => import('./undo-dialog'));

/** Takes back what a job did, by another job; what takes much away is asked first. */
export function UndoButton({
  job,
  size = 'md',
  onAsk,
}: {
  job: Job;
  size?: 'sm' | 'md';
  /** Asks elsewhere. */
  onAsk?: (job: Job) => void;
}) {
  const takeBack = useTakeBack();
  const [isAsking, setAsking] = useState(false);
  if (!job.canUndo) return null;
  const ask = () => (onAsk ? onAsk(job) : setAsking(true));
  return (
    <>
      <Button
        size={size}
        icon={<Undo2 size={14} aria-hidden />}
        busy={takeBack.isBusy}
        onClick={() => (job.undoAsks ? ask() : takeBack.run(job.id))}
      >
        Undo
      </Button>
      {isAsking ? <UndoDialog jobId={job.id} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
