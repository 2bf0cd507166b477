'use client';

import { Time } from '@/components/ui/time';
import type { DraftState } from './use-draft';

const LINK = 'rounded-sm font-medium text-accent-ink underline';

/** Says that what stands in a form was kept from before, with the way to begin anew. */
export function DraftNote({ draft }: { draft: DraftState }) {
  return (
    <p role="status" className="flex flex-wrap items-baseline gap-x-2 text-ink-soft text-sm empty:hidden">
      {draft.keptAt === null ? null : (
        <>
          <span>
            Draft kept from <Time at={draft.keptAt} />
          </span>
          {draft.isOffered ? (
            <button type="button" className={LINK} onClick={draft.use}>
              Use it
            </button>
          ) : null}
          <button type="button" className={LINK} onClick={draft.discard}>
            Discard
          </button>
        </>
      )}
    </p>
  );
}
