'use client';

import { conflictIn, rebased, type TextRow, textOf, withText } from '@/components/texts/edits';
import { LanguageRow } from '@/components/texts/language-row';
import { MarkedArea } from '@/components/texts/marked-area';
import { refusedWords } from '@/components/texts/refused-words';
import type { TextRows } from '@/components/texts/use-text-rows';
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
  const value = textOf(row, edits, FIELD);
  const conflict = conflictIn(row, edits, FIELD);
  const error = errors[row.locale];
  const atField = refusedWords(error, FIELD);
  const mayRemove = row.id !== null || edits[row.locale]?.isAdded === true;
  return (
    <li className="grid gap-2">
      <LanguageRow
        row={row}
        texts={texts}
        mayRemove={mayRemove}
        marks={
          <>
            {isPrimary ? <Badge>Primary</Badge> : null}
            {isMissing && value === '' ? <span className="text-attention text-sm">Missing</span> : null}
          </>
        }
      >
        <MarkedArea
          label={`What to Test in ${language}`}
          value={value}
          isMarked
          limit={TEXT_LIMIT}
          isDisabled={isSaving}
          error={atField}
          onChange={(text) => setEdits((now) => withText(now, row, FIELD, text))}
        />
      </LanguageRow>
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
