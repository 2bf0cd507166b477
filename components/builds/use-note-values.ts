import { useQuery } from '@tanstack/react-query';
import { noteValuesOptions } from '@/lib/browser/note-templates';
import type { BuildResource } from '@/lib/browser/types';
import type { NoteValues } from '@/lib/format/note-variables';

/** What the variables of templates are for a build; what the row says of it until they are here. */
export function useNoteValues(build: BuildResource): NoteValues {
  const { data } = useQuery(noteValuesOptions(build.id));
  return (
    data?.data ?? {
      ...{ version: build.meta?.trainVersion ?? null, build: build.attributes?.version ?? null },
      ...{ previous: null, at: Date.now() },
    }
  );
}
