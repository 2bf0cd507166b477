import { useMutation } from '@tanstack/react-query';
import type { TextChange } from '@/components/texts/edits';
import type { SentText } from '@/components/texts/use-text-rows';
import { ApiError } from '@/lib/browser/api';
import { type NoteChange, writeNotesMutation } from '@/lib/browser/texts';

/** Sends all languages of What to Test of a build together: the build is read once for all of them. */
export function useSendNotes(
  buildId: string,
): (changes: readonly TextChange[]) => Promise<ReadonlyMap<string, SentText>> {
  const write = useMutation(writeNotesMutation(buildId));
  return async (changes) => {
    const { data } = await write.mutateAsync(changes.map(noteOf));
    return new Map(
      data.map((one) => [
        one.locale,
        one.status === 'done'
          ? { id: one.id, auditId: one.auditId }
          : { id: one.id, error: new ApiError(one.code, one.errors) },
      ]),
    );
  };
}

function noteOf(change: TextChange): NoteChange {
  const { locale } = change;
  const expect = change.kind === 'create' ? null : (change.expect.whatsNew ?? null);
  if (change.kind === 'delete') return { kind: 'remove', locale, expect };
  return { kind: 'write', locale, whatsNew: change.attributes.whatsNew ?? null, expect };
}
