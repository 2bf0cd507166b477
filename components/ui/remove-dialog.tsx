'use client';

import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';

/** Asks before something is taken away for good. */
export default function RemoveDialog({
  title,
  description,
  verb = 'Remove',
  keep = 'Keep it',
  busy,
  onClose,
  onRemove,
}: {
  title: string;
  description: ReactNode;
  verb?: string;
  /** The way out, said as what then stays. */
  keep?: string;
  busy: boolean;
  onClose: () => void;
  onRemove: () => void;
}) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      <div className="dialog-actions">
        <Button onClick={onClose}>{keep}</Button>
        <Button variant="danger" busy={busy} onClick={onRemove}>
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
