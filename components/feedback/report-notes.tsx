'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useState } from 'react';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { Section } from '@/components/ui/section';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import {
  addNoteMutation,
  type Colleague,
  changeNoteMutation,
  type ReportPage,
  removeNoteMutation,
} from '@/lib/browser/feedback';
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
  const meant = mentionedIn(text, people);
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
          <OneNote key={note.id} note={note} />
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

/** Whoever is named whole after an @ is meant; of two of one name both. */
function mentionedIn(text: string, people: readonly Colleague[]): readonly Colleague[] {
  return people.filter(({ name, isYou }) => !isYou && text.includes(`@${name}`));
}

function OneNote({ note }: { note: ReportPage['notes'][number] }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { people } = useColleagues();
  const change = useMutation(changeNoteMutation());
  const remove = useMutation(removeNoteMutation());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft === null) return;
    change.mutate(
      { id: note.id, text: draft, mentions: mentionedIn(draft, people).map(({ id }) => id) },
      {
        onSuccess: () => setDraft(null),
        onError: (error) => void toastError('The note was not changed', error),
      },
    );
  };
  const takeAway = () =>
    remove.mutate(
      { id: note.id, isBack: false },
      {
        onSuccess: () =>
          void toast({
            title: 'Note deleted',
            undo: () => remove.mutateAsync({ id: note.id, isBack: true }),
          }),
        onError: (error) => void toastError('The note was not deleted', error),
      },
    );
  return (
    <li className="grid gap-1 rounded-md border p-3 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 text-ink-soft text-xs">
        <bdi className="font-medium text-ink">{note.author}</bdi>
        <Time at={note.createdAt} />
        {note.isEdited ? <span>changed since</span> : null}
        {note.isYours && draft === null ? (
          <span className="ml-auto flex gap-1">
            <Button size="sm" variant="ghost" onClick={() => setDraft(note.text)}>
              Change
            </Button>
            <Button size="sm" variant="ghost" busy={remove.isPending} onClick={takeAway}>
              Delete
            </Button>
          </span>
        ) : null}
      </p>
      {draft === null ? (
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
          {note.text}
        </p>
      ) : (
        <form onSubmit={submit} className="grid gap-2">
          <TextArea
            label="Change the note"
            value={draft}
            dir="auto"
            maxLength={10_000}
            onChange={({ target }) => setDraft(target.value)}
          />
          <p className="flex gap-2">
            <Button type="submit" size="sm" busy={change.isPending} disabled={draft.trim() === ''}>
              Save
            </Button>
            <Button size="sm" variant="ghost" onClick={() => setDraft(null)}>
              Cancel
            </Button>
          </p>
        </form>
      )}
    </li>
  );
}
