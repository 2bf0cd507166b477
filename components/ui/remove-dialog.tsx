'use client';

import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';

/** Asks before something is taken away for good. */
export default function RemoveDialog({
  title,
  description,
  busy,
  onClose,
  onRemove,
}: {
  title: string;
  description: ReactNode;
  busy: boolean;
  onClose: () => void;
  onRemove: () => void;
}) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      <div className="dialog-actions">
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" busy={busy} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </Dialog>
  );
}
