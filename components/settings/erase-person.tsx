'use client';

import { useMutation } from '@tanstack/react-query';
import { TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { toast } from '@/components/ui/toast';
import { erasePersonMutation, type Known } from '@/lib/browser/person';

/** Says what goes and what stays, and has the address typed. */
export default function ErasePerson({ known: { address }, onClose }: { known: Known; onClose: () => void }) {
  const erase = useMutation(erasePersonMutation());
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && onClose()}
      title="Erase this person’s data?"
      word={address}
      verb="Erase"
      busy={erase.isPending}
      error={<Refusal error={erase.error} />}
      onConfirm={() =>
        erase.mutate(
          { address, confirm: address },
          {
            onSuccess() {
              void toast({ title: 'Being erased' });
              onClose();
            },
          },
        )
      }
    >
      <div className="grid gap-2">
        <p>
          Comments, pictures, crash logs, notes, tags and history of the person go from Flightdeck for good,
          and a sync does not bring them back. That there was a report, of which build and in which issue,
          stays, so that figures and decisions stay true.
        </p>
        <p>
          The activity is kept: who did what, and when. The person’s name and address in it are replaced, and
          the activity says so itself.
        </p>
        <p>
          What was made in trackers, downloaded or backed up before is not reached from here. Whether the
          person stays a tester is decided in App Store Connect.
        </p>
      </div>
    </TypedConfirm>
  );
}
