'use client';

import {
  conflictIn,
  rebased,
  type TextRow,
  textOf,
  withoutRow,
  withRemoved,
  withText,
} from '@/components/texts/edits';
import { MarkedArea } from '@/components/texts/marked-area';
import { refusedWords } from '@/components/texts/refused-words';
import type { TextRows } from '@/components/texts/use-text-rows';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { onDemand } from '@/components/ui/on-demand';
import { Badge } from '@/components/ui/status';
import { TEXT_LIMIT } from '@/lib/asc/catalogue/limits';
import { languageName } from '@/lib/format/languages';

const ConflictChoice = onDemand(() => import('@/components/texts/conflict-choice'));
const FIELD = 'whatsNew';

/** One language of What to Test: its text, what is wrong with it, and what somebody else made of it. */
export function NotesRow({
  row,
  texts,
  isPrimary,
  isMissing,
}: {
  row: TextRow;
  texts: TextRows;
  isPrimary: boolean;
  isMissing: boolean;
}) {
  const { edits, setEdits, errors, isSaving } = texts;
  const language = languageName(row.locale);
  const isRemoved = edits[row.locale]?.isRemoved === true;
  const value = textOf(row, edits, FIELD);
  const conflict = conflictIn(row, edits, FIELD);
  const error = errors[row.locale];
  const atField = refusedWords(error, FIELD);
  const mayRemove = row.id !== null || edits[row.locale]?.isAdded === true;
  return (
    <li className="grid gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <h3 className="font-medium text-sm">{language}</h3>
        {isPrimary ? <Badge>Primary</Badge> : null}
        {isMissing && value === '' ? <span className="text-attention text-sm">Missing</span> : null}
        {mayRemove && !isRemoved ? (
          <Button
            size="sm"
            variant="ghost"
            className="ml-auto"
            disabled={isSaving}
            aria-label={`Remove ${language}`}
            onClick={() => setEdits(withRemoved(edits, row))}
          >
            Remove
          </Button>
        ) : null}
      </div>
      {isRemoved ? (
        <p role="status" className="flex flex-wrap items-center gap-2 text-attention text-sm">
          {language} will be removed when you save.
          <Button size="sm" onClick={() => setEdits(withoutRow(edits, row.locale))}>
            Keep {language}
          </Button>
        </p>
      ) : (
        <MarkedArea
          label={`What to Test in ${language}`}
          value={value}
          isMarked
          limit={TEXT_LIMIT}
          isDisabled={isSaving}
          error={atField}
          onChange={(text) => setEdits((now) => withText(now, row, FIELD, text))}
        />
      )}
      {conflict ? (
        <ConflictChoice
          conflict={conflict}
          what={`What to Test in ${language}`}
          onMine={() => setEdits(rebased(edits, row, FIELD, conflict.mine))}
          onTheirs={() => setEdits(rebased(edits, row, FIELD, conflict.theirs))}
          onBoth={(text) => setEdits(rebased(edits, row, FIELD, text))}
        />
      ) : null}
      {error && !atField ? <Refusal error={error} /> : null}
    </li>
  );
}
