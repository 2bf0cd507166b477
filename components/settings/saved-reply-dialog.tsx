'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextArea, TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { type SavedReplyView, saveReplyMutation } from '@/lib/browser/replies';
import { REPLY_PLACEHOLDERS } from '@/lib/format/reply';

/** Adds or changes a saved reply. */
export default function SavedReplyDialog({
  reply,
  onClose,
}: {
  reply: SavedReplyView | null;
  onClose: () => void;
}) {
  const save = useMutation(saveReplyMutation());
  const at = (field: string) => (save.error instanceof ApiError ? save.error.detailFor(field) : undefined);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    save.mutate(
      { reply, name: text('name').trim(), subject: text('subject').trim(), body: text('body') },
      {
        onSuccess() {
          void toast({ title: reply ? 'Reply changed' : 'Reply added' });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={reply ? 'Change the reply' : 'Add a reply'}
    >
      <form onSubmit={submit} className="grid gap-4" noValidate aria-label="Saved reply">
        <TextField
          label="Name"
          name="name"
          defaultValue={reply?.name ?? ''}
          maxLength={80}
          autoComplete="off"
          hint="How you find it; testers do not see it."
          error={at('name')}
          required
        />
        <TextField
          label="Subject"
          name="subject"
          defaultValue={reply?.subject ?? 'Your feedback on {app}'}
          maxLength={200}
          autoComplete="off"
          error={at('subject')}
        />
        <TextArea
          label="Text"
          name="body"
          rows={9}
          dir="auto"
          defaultValue={reply?.body ?? 'Hi {tester first name},\n\n\n\n{your name}'}
          error={at('body')}
        />
        <details className="text-sm">
          <summary>What can stand in subject and text</summary>
          <dl className="mt-2 grid grid-cols-[10rem_minmax(0,1fr)] gap-x-3 gap-y-1">
            {Object.entries(REPLY_PLACEHOLDERS).map(([name, meaning]) => (
              <div key={name} className="contents">
                <dt className="font-mono">{`{${name}}`}</dt>
                <dd className="text-ink-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
        {save.error && !['name', 'subject', 'body'].some(at) ? <Refusal error={save.error} /> : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {reply ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
