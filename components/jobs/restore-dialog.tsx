'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { Skeleton } from '@/components/ui/skeleton';
import { type RestorePreview, restorePreviewOptions } from '@/lib/browser/people';
import { formatPlural } from '@/lib/format/numbers';

/** Says what a restore does: new invitations into the same groups, and who cannot be brought back. */
export default function RestoreDialog({
  jobId,
  error,
  isBusy,
  onClose,
  onConfirm,
}: {
  jobId: string;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const preview = useQuery(restorePreviewOptions(jobId));
  const plan = preview.data?.data;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Restore who was removed?">
      <div className="grid gap-4 text-sm">
        {preview.isPending ? <Skeleton className="h-10" /> : null}
        {plan ? <RestoreWords plan={plan} /> : null}
        <Refusal error={error ?? preview.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={isBusy} disabled={!plan || plan.count === 0} onClick={onConfirm}>
            {plan && plan.count > 0 ? `Send ${formatPlural(plan.count, 'invitation')}` : 'Send invitations'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Who is written to, and who is not and why. */
export function RestoreWords({ plan: { count, others } }: { plan: RestorePreview }) {
  return (
    <>
      <p className="text-ink-soft">
        {count === 0
          ? 'Nobody of this removal can be invited again.'
          : count === 1
            ? '1 tester gets a new invitation into the groups they were in.'
            : `${formatPlural(count, 'tester')} get a new invitation into the groups they were in.`}
      </p>
      {others.length > 0 ? (
        <ul aria-label="Who cannot be brought back" className="grid gap-1 text-ink-soft">
          {others.map(({ reason, count: each }) => (
            <li key={reason}>
              {formatPlural(each, 'tester')}: {reason}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
