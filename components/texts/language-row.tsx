'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { languageName } from '@/lib/format/languages';
import { type TextRow, withoutRow, withRemoved } from './edits';
import type { TextRows } from './use-text-rows';

/** The head of one language and, unless it is to be removed, its fields. */
export function LanguageRow({
  row,
  texts: { edits, setEdits, isSaving },
  marks,
  mayRemove,
  children,
}: {
  row: TextRow;
  texts: TextRows;
  /** What stands beside its name. */
  marks: ReactNode;
  mayRemove: boolean;
  children: ReactNode;
}) {
  const language = languageName(row.locale);
  const isRemoved = edits[row.locale]?.isRemoved === true;
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <h3 className="font-medium text-sm">{language}</h3>
        {marks}
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
        children
      )}
    </>
  );
}
