'use client';

import { useMutation } from '@tanstack/react-query';
import { TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { type AppleReport, deleteAtAppleMutation, type HandedOver } from '@/lib/browser/hand-over';

/** What has to be typed: a report has no name of its own. */
const WORD = 'delete';

/** Deletes a report at App Store Connect, where there is no way back; what is kept here stays. */
export default function DeleteAtApple({
  of,
  type,
  onClose,
}: {
  of: HandedOver;
  type: AppleReport;
  onClose: () => void;
}) {
  const remove = useMutation(deleteAtAppleMutation());
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete this report at Apple?"
      word={WORD}
      verb="Delete at Apple"
      busy={remove.isPending}
      error={<Refusal error={remove.error} />}
      onConfirm={() =>
        remove.mutate(
          { ...of, type, typed: WORD },
          {
            onSuccess() {
              void toast({ title: 'Deleted at Apple; it stays here' });
              onClose();
            },
          },
        )
      }
    >
      <p>
        App Store Connect loses it for good: its comment, its facts and its pictures or crash log. What
        Flightdeck has of it stays here, marked as gone at Apple. Pictures and logs that are not here yet can
        never be fetched.
      </p>
    </TypedConfirm>
  );
}
