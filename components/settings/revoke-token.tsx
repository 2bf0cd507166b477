'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Name } from '@/components/ui/name';
import type { TokenView } from '@/lib/browser/types';

/** Asks before a token is ended: machines that use it are refused from then on. */
export default function RevokeToken({
  token,
  busy,
  onClose,
  onRevoke,
}: {
  token: TokenView;
  busy: boolean;
  onClose: () => void;
  onRevoke: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Revoke this token?"
      description={
        <>
          Whoever uses <Name>{token.name}</Name> is refused from this moment. It cannot be taken back; make a
          new one instead.
        </>
      }
    >
      <div className="dialog-actions">
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" busy={busy} onClick={onRevoke}>
          Revoke
        </Button>
      </div>
    </Dialog>
  );
}
