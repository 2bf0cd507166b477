'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Name } from '@/components/ui/name';
import type { SymbolsPage } from '@/lib/browser/types';
import { formatPlural } from '@/lib/format/numbers';

/** Asks before symbols are deleted, and says what goes on without them and what does not. */
export default function DeleteSymbols({
  symbols: { name, arch, reports },
  busy,
  onClose,
  onDelete,
}: {
  symbols: SymbolsPage['stored'][number];
  busy: boolean;
  onClose: () => void;
  onDelete: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete these symbols?"
      description={
        <>
          The symbols of <Name>{name}</Name> ({arch}) are taken out of the archive.{' '}
          {reports === 0
            ? 'No crash report that is here needs them.'
            : `${formatPlural(reports, 'crash report')} had use for them: names that are known stay.`}{' '}
          Crashes of this build that come later, or whose logs were not read yet, show addresses until
          somebody sends the same symbols again.
        </>
      }
    >
      <div className="dialog-actions">
        <Button onClick={onClose}>Keep them</Button>
        <Button variant="danger" busy={busy} onClick={onDelete}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
