'use client';

import { Name } from '@/components/ui/name';
import RemoveDialog from '@/components/ui/remove-dialog';
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
    <RemoveDialog
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
      verb="Delete"
      keep="Keep them"
      busy={busy}
      onClose={onClose}
      onRemove={onDelete}
    />
  );
}
