'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { onDemand } from '@/components/ui/on-demand';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { useKeys } from '@/components/ui/use-keys';
import { keptDraftOptions } from '@/lib/browser/drafts';
import type { BuildResource, ResourceObject } from '@/lib/browser/types';
import { languageName } from '@/lib/format/languages';
import { notesDraftKey } from './notes-draft';
import { useNoteRows } from './use-note-rows';

const NotesEditor = onDemand(() => import('./notes-editor'));

/** What testers of a build are asked to test, in every language, and where it is written. */
export function WhatToTest({
  build,
  included,
  appId,
}: {
  build: BuildResource;
  included: readonly ResourceObject[];
  appId: string;
}) {
  const mayWrite = useMay('programme:write');
  const [isEditing, setEditing] = useState(false);
  // Whether the form was left with something unsaved; null while it was not open yet.
  const [isLeft, setLeft] = useState<boolean | null>(null);
  const edit = mayWrite ? () => setEditing(true) : undefined;
  useKeys({ e: isEditing ? undefined : edit });
  const { rows, missing, shown, primaryLocale } = useNoteRows(included, appId);
  if (isEditing) {
    return (
      <NotesEditor
        build={build}
        appId={appId}
        rows={rows}
        missing={missing}
        primaryLocale={primaryLocale}
        onClose={(hasUnsaved) => {
          setLeft(hasUnsaved);
          setEditing(false);
        }}
      />
    );
  }
  const action = edit ? (
    <Button icon={<Pencil size={14} aria-hidden />} onClick={edit} data-keys="e">
      {rows.length === 0 ? 'Write' : 'Edit'}
    </Button>
  ) : null;
  return (
    <Section title="What to Test" action={action}>
      {edit && isLeft !== false ? (
        <Unsaved buildId={build.id} isJustLeft={isLeft === true} onEdit={edit} />
      ) : null}
      {shown.length === 0 ? (
        <p className="text-ink-soft text-sm">No text has been written for this build.</p>
      ) : (
        <ul className="grid gap-5">
          {shown.map(({ id, locale, texts: { whatsNew } }) => (
            <li key={locale} className="grid gap-1">
              <h3 className="font-medium text-ink-soft text-sm">{languageName(locale)}</h3>
              {whatsNew ? (
                <p dir="auto" className="max-w-prose whitespace-pre-wrap break-words text-base">
                  {whatsNew}
                </p>
              ) : id === null ? (
                <p className="text-attention text-sm">Missing: the test information has this language.</p>
              ) : (
                <p className="text-ink-faint text-sm">Empty</p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Offers what was typed and not saved, on whichever machine. */
function Unsaved({
  buildId,
  isJustLeft,
  onEdit,
}: {
  buildId: string;
  /** It is on its way to the server. */
  isJustLeft: boolean;
  onEdit: () => void;
}) {
  const { data } = useQuery({ ...keptDraftOptions(notesDraftKey(buildId)), enabled: !isJustLeft });
  if (!data && !isJustLeft) return null;
  return (
    <p role="status" className="flex flex-wrap items-baseline gap-x-2 rounded-md bg-sunken px-3 py-2 text-sm">
      <span>You have unsaved text from {isJustLeft ? 'just now' : <Time at={data?.updatedAt} />}.</span>
      <button type="button" className="rounded-sm font-medium text-accent-ink underline" onClick={onEdit}>
        Go on writing
      </button>
    </p>
  );
}
