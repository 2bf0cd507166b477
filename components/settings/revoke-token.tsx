'use client';

import { Name } from '@/components/ui/name';
import RemoveDialog from '@/components/ui/remove-dialog';
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
    <RemoveDialog
      title="Revoke this token?"
      description={
        <>
          Whoever uses <Name>{token.name}</Name> is refused from this moment. It cannot be taken back; make a
          new one instead.
        </>
      }
      verb="Revoke"
      busy={busy}
      onClose={onClose}
      onRemove={onRevoke}
    />
  );
}
