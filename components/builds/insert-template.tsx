'use client';

import { useQuery } from '@tanstack/react-query';
import { noteValuesOptions } from '@/lib/browser/note-templates';
import type { BuildResource } from '@/lib/browser/types';
import { filledTemplate } from './filled-template';
import NoteTemplatesDialog from './note-templates-dialog';

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
  onInsert: (texts: Readonly<Record<string, string>>) => void;
  onClose: () => void;
}) {
  const { data } = useQuery(noteValuesOptions(build.id));
  const values = data?.data ?? {
    ...{ version: build.meta?.trainVersion ?? null, build: build.attributes?.version ?? null },
    ...{ previous: null, at: Date.now() },
  };
  return (
    <NoteTemplatesDialog
      appId={appId}
      written={written}
      takeVerb="Insert"
      whyNot={(template) => filledTemplate(template, values).problem}
      onTake={(template) => onInsert(filledTemplate(template, values).texts)}
      onClose={onClose}
    />
  );
}
