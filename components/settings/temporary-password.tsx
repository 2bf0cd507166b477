'use client';

import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import type { Temporary } from './team-words';

/** Shows a temporary password this once. */
export default function TemporaryPassword({
  temporary,
  onClose,
}: {
  temporary: Temporary;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="A temporary password"
      description={`For ${temporary.email}. It is shown this once and kept nowhere; when they sign in they choose their own.`}
    >
      <div className="flex flex-wrap items-center gap-3">
        <code className="rounded-md border bg-sunken px-3 py-1.5 font-mono text-sm">
          {temporary.password}
        </code>
        <CopyButton text={temporary.password}>Copy</CopyButton>
      </div>
    </Dialog>
  );
}
