'use client';

import { useQuery } from '@tanstack/react-query';
import { useTakeBack } from '@/components/activity/use-take-back';
import { Consequences } from '@/components/people/consequences';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState } from '@/components/ui/late-error';
import { Skeleton } from '@/components/ui/skeleton';
import { undoPreviewOptions } from '@/lib/browser/mutations';
import { formatPlural } from '@/lib/format/numbers';

/** Says whom taking a job back would touch and what they lose, and begins it as another job. */
export default function UndoDialog({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const { data, error } = useQuery(undoPreviewOptions(jobId));
  const takeBack = useTakeBack(onClose);
  const preview = data?.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Take this back?"
      {...(preview ? { description: preview.title } : {})}
    >
      <div className="grid gap-4">
        {error ? <ErrorState title="It cannot be taken back" error={error} /> : null}
        {preview ? (
          <Consequences takesAway={preview.takesAway} warnings={preview.warnings} />
        ) : error ? null : (
          <Skeleton className="h-16" />
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            variant="danger"
            busy={takeBack.isBusy}
            disabled={!preview}
            onClick={() => takeBack.run(jobId)}
          >
            {preview ? `Take it back for ${formatPlural(preview.count, 'tester')}` : 'Take it back'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
