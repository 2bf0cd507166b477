'use client';

import { Name } from '@/components/ui/name';
import RemoveDialog from '@/components/ui/remove-dialog';
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
    <RemoveDialog
      title="Remove this connector?"
      description={
        <>
          Nothing more is handed over to <Name>{connector.name}</Name>, and how things stand there is not read
          any more. Its secret is destroyed; links to what was made stay.
        </>
      }
      busy={busy}
      onClose={onClose}
      onRemove={onRemove}
    />
  );
}
