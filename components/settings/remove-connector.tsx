'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Name } from '@/components/ui/name';
import type { ConnectorView } from '@/lib/browser/connectors';

/** Asks before a connector is taken out of use. */
export default function RemoveConnector({
  connector,
  busy,
  onClose,
  onRemove,
}: {
  connector: ConnectorView;
  busy: boolean;
  onClose: () => void;
  onRemove: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Remove this connector?"
      description={
        <>
          Nothing more is handed over to <Name>{connector.name}</Name>, and how things stand there is not read
          any more. Its secret is destroyed; links to what was made stay.
        </>
      }
    >
      <div className="dialog-actions">
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" busy={busy} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </Dialog>
  );
}
