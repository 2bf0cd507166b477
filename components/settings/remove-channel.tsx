'use client';

import { useMutation } from '@tanstack/react-query';
import { Name } from '@/components/ui/name';
import RemoveDialog from '@/components/ui/remove-dialog';
import { toast, toastError } from '@/components/ui/toast';
import { removeMailServerMutation } from '@/lib/browser/channels';
import { type ConnectorView, removeConnectorMutation } from '@/lib/browser/connectors';

export type Removing = 'mail' | ConnectorView;

/** Asks before a channel is taken out of use, and takes it. */
export default function RemoveChannel({ removing, onClose }: { removing: Removing; onClose: () => void }) {
  const removeMail = useMutation(removeMailServerMutation());
  const removeConnector = useMutation(removeConnectorMutation());
  const settle = {
    onSuccess: () => void toast({ title: 'The channel was removed' }),
    onError: (failure: Error) => void toastError('The channel was not removed', failure),
    onSettled: onClose,
  };
  const isMail = removing === 'mail';
  return (
    <RemoveDialog
      title={isMail ? 'Remove the mail server?' : 'Remove this channel?'}
      description={
        isMail ? (
          'Nobody is told by e-mail any more. Its password is destroyed; people keep their alerts.'
        ) : (
          <>
            No alerts go to <Name>{removing.name}</Name>, and no feedback is handed over to it any more. Its
            secret is destroyed.
          </>
        )
      }
      busy={removeMail.isPending || removeConnector.isPending}
      onClose={onClose}
      onRemove={() =>
        isMail ? removeMail.mutate(undefined, settle) : removeConnector.mutate(removing.id, settle)
      }
    />
  );
}
