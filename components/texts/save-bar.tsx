'use client';

import { DraftNote } from '@/components/drafts/draft-note';
import { Button } from '@/components/ui/button';
import type { TextRows } from './use-text-rows';

/** Says how much is changed, saves it or gives it up; it stays in sight however long the texts are. */
export function SaveBar({
  texts,
  label,
  problem,
  onSave,
  onClose,
}: {
  texts: Pick<TextRows, 'changes' | 'conflicts' | 'isSaving' | 'draft' | 'discard'>;
  /** What the button says while there is something to save. */
  label: string;
  /** Why nothing can be sent now, in words. */
  problem: string | null;
  onSave: () => void;
  /** Leaves the form; absent where it is the page. */
  onClose?: () => void;
}) {
  const { changes, conflicts, isSaving, draft, discard } = texts;
  const count = changes.length;
  const why = conflicts > 0 ? 'Decide first what becomes of the texts that somebody else changed.' : problem;
  // Where the form is the page, nothing to save is nothing to show.
  if (!onClose && count === 0 && draft.keptAt === null) return null;
  return (
    <div className="sticky bottom-0 z-10 grid gap-2 border-t bg-surface py-3 max-md:bottom-14 in-[[role=dialog]]:-bottom-5! in-[[role=dialog]]:-mb-5 in-[[role=dialog]]:bg-raised in-[[role=dialog]]:pb-5">
      <DraftNote draft={draft} />
      {count > 0 && why ? (
        <p role="status" className="text-attention text-sm">
          {why}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" busy={isSaving} disabled={count === 0 || why !== null} onClick={onSave}>
          {count === 0 ? 'Save' : label}
        </Button>
        {count > 0 ? (
          <Button variant="ghost" disabled={isSaving} onClick={discard}>
            Discard changes
          </Button>
        ) : null}
        {onClose ? (
          <Button variant="ghost" disabled={isSaving} onClick={onClose}>
            Close
          </Button>
        ) : null}
      </div>
    </div>
  );
}
