'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { isTyped, TypedField } from '@/components/ui/typed-field';
import type { Comparison } from '@/lib/browser/programme-file';
import { formatPlural } from '@/lib/format/numbers';

/** Says what is deleted, and has the number of it typed. */
export default function ApplyDialog({
  compared: { operations, sent, deletions },
  error,
  isBusy,
  onApply,
  onClose,
}: {
  compared: Comparison;
  error: unknown;
  isBusy: boolean;
  onApply: () => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const isConfirmed = isTyped(deletions, typed);
  const going = operations.filter(({ isDeletion, reason }) => isDeletion && reason === null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isConfirmed) onApply();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Apply ${formatPlural(sent, 'change')}, and delete ${deletions} of them for good?`}
    >
      <form onSubmit={submit} className="grid gap-4 text-sm">
        <ul
          aria-label="What is deleted"
          className="grid max-h-64 gap-1 overflow-auto rounded-md border border-bad bg-bad-soft p-3 text-bad"
        >
          {going.map(({ says }) => (
            <li key={says} className="wrap-anywhere">
              {says}
            </li>
          ))}
        </ul>
        <TypedField word={deletions} value={typed} onChange={setTyped} />
        <Refusal error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" busy={isBusy} disabled={!isConfirmed}>
            Apply {formatPlural(sent, 'change')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
