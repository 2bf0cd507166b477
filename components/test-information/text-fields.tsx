'use client';

import { conflictIn, rebased, type TextRow, textOf, withText } from '@/components/texts/edits';
import { MarkedArea } from '@/components/texts/marked-area';
import { refusedWords } from '@/components/texts/refused-words';
import type { TextRows } from '@/components/texts/use-text-rows';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { onDemand } from '@/components/ui/on-demand';
import type { InformationField } from './information-fields';

const ConflictChoice = onDemand(() => import('@/components/texts/conflict-choice'));

/** The fields of one row, each with Apple's reason at its place and with what somebody else made of it. */
export function TextFields({
  row,
  fields,
  texts,
  isDisabled,
}: {
  row: TextRow;
  fields: readonly InformationField[];
  texts: Pick<TextRows, 'edits' | 'setEdits' | 'errors' | 'isSaving'>;
  isDisabled: boolean;
}) {
  const error = texts.errors[row.locale];
  const isAtField = fields.some(({ name }) => refusedWords(error, name) !== undefined);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {fields.map((field) => (
        <div key={field.name} className={field.isLong ? 'sm:col-span-2' : undefined}>
          <OneField
            row={row}
            field={field}
            texts={texts}
            isDisabled={isDisabled || texts.isSaving}
            error={refusedWords(error, field.name)}
          />
        </div>
      ))}
      {error && !isAtField ? (
        <div className="sm:col-span-2">
          <Refusal error={error} />
        </div>
      ) : null}
    </div>
  );
}

function OneField({
  row,
  field: { name, label, hint, isLong, limit, inputType },
  texts: { edits, setEdits },
  isDisabled,
  error,
}: {
  row: TextRow;
  field: InformationField;
  texts: Pick<TextRows, 'edits' | 'setEdits'>;
  isDisabled: boolean;
  error: string | undefined;
}) {
  const value = textOf(row, edits, name);
  const conflict = conflictIn(row, edits, name);
  const change = (text: string) => setEdits((now) => withText(now, row, name, text));
  const settle = (text: string) => setEdits((now) => rebased(now, row, name, text));
  return (
    <div className="grid gap-2">
      {isLong ? (
        <MarkedArea
          label={label}
          hint={hint}
          isLabelShown
          limit={limit}
          value={value}
          isDisabled={isDisabled}
          error={error}
          onChange={change}
        />
      ) : (
        <TextField
          label={label}
          hint={hint}
          type={inputType ?? 'text'}
          dir="auto"
          autoComplete="off"
          value={value}
          disabled={isDisabled}
          error={error}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {conflict ? (
        <ConflictChoice
          conflict={conflict}
          what={label.toLowerCase()}
          onMine={() => settle(conflict.mine)}
          onTheirs={() => settle(conflict.theirs)}
          onBoth={settle}
        />
      ) : null}
    </div>
  );
}
