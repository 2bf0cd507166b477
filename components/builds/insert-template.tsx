'use client';

import type { BuildResource } from '@/lib/browser/types';
import { filledTemplate } from './filled-template';
import NoteTemplatesDialog from './note-templates-dialog';
import { useNoteValues } from './use-note-values';

/** Takes a template into the form, filled in for the build; nothing is sent before it is saved. */
export default function InsertTemplate({
  build,
  appId,
  written,
  onInsert,
  onClose,
}: {
  build: BuildResource;
  appId: string;
  written: Readonly<Record<string, string>>;
  onInsert: (texts: Readonly<Record<string, string>>, templateId: string) => void;
  onClose: () => void;
}) {
  const values = useNoteValues(build);
  return (
    <NoteTemplatesDialog
      appId={appId}
      written={written}
      takeVerb="Insert"
      whyNot={(template) => filledTemplate(template, values).problem}
      onTake={(template) => onInsert(filledTemplate(template, values).texts, template.id)}
      onClose={onClose}
    />
  );
}
