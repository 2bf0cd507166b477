'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useState } from 'react';
import { useMay } from '@/components/shell/use-may';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { toastError } from '@/components/ui/toast';
import { addNoteMutation, type ReportPage, removeNoteMutation } from '@/lib/browser/feedback';
import { useColleagues } from './use-colleagues';

/** What the team says to each other; a colleague chosen below the text is told by the bell. */
export function ReportNotes({
  notes,
  issueId,
  feedbackId,
  field,
}: {
  notes: ReportPage['notes'];
  issueId: string;
  feedbackId?: string;
  field: RefObject<HTMLTextAreaElement | null>;
}) {
  const mayWrite = useMay('feedback:write');
  const { people } = useColleagues();
  const [text, setText] = useState('');
  const add = useMutation(addNoteMutation());
  const remove = useMutation(removeNoteMutation());
  // Whoever is named whole after an @ is meant; of two of one name both.
  const meant = people.filter(({ name, isYou }) => !isYou && text.includes(`@${name}`));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const mentions = meant.map(({ id }) => id);
    add.mutate(
      { issueId, ...(feedbackId === undefined ? {} : { feedbackId }), text, mentions },
      {
        onSuccess: () => setText(''),
        onError: (error) => void toastError('The note was not saved', error),
      },
    );
  };
  return (
    <Section title="Notes">
      {notes.length === 0 ? <p className="text-ink-soft text-sm">None so far.</p> : null}
      <ul className="grid gap-3">
        {notes.map((note) => (
          <li key={note.id} className="grid gap-1 rounded-md border p-3 text-sm">
            <p className="flex flex-wrap items-center gap-x-2 text-ink-soft text-xs">
              <bdi className="font-medium text-ink">{note.author}</bdi>
              <Time at={note.createdAt} />
              {note.isEdited ? <span>changed since</span> : null}
              {note.isYours ? (
                <button
                  type="button"
                  onClick={() =>
                    remove.mutate(note.id, {
                      onError: (error) => void toastError('The note was not deleted', error),
                    })
                  }
                  className="ml-auto rounded-sm px-1 hover:text-ink"
                >
                  Delete
                </button>
              ) : null}
            </p>
            <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
              {note.text}
            </p>
          </li>
        ))}
      </ul>
      {mayWrite ? (
        <form onSubmit={submit} className="grid gap-2">
          <TextArea
            label="Write a note"
            ref={field}
            value={text}
            dir="auto"
            maxLength={10_000}
            hint="Write @ and the name of a colleague, and the bell tells them."
            onChange={(event) => setText(event.target.value)}
          />
          {meant.length > 0 ? (
            <p role="status" className="text-ink-soft text-xs">
              Tells {meant.map(({ name }) => name).join(', ')}
            </p>
          ) : null}
          <Button type="submit" className="w-fit" busy={add.isPending} disabled={text.trim() === ''}>
            Save the note
          </Button>
        </form>
      ) : null}
    </Section>
  );
}
