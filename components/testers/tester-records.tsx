'use client';

import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { useRecords } from '@/components/people/use-records';
import { useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { TextArea, TextField } from '@/components/ui/field';
import { Section } from '@/components/ui/section';
import { Badge } from '@/components/ui/status';
import { Switch } from '@/components/ui/switch';
import { Time } from '@/components/ui/time';
import { toast, toastError } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import type { TesterPage } from '@/lib/browser/testers';
import type { TesterResource } from '@/lib/browser/types';

/** What is ours about a tester: tags, a note, protection. App Store Connect sees none of it. */
export function TesterRecords({
  tester,
  appId,
  own,
}: {
  tester: TesterResource;
  appId: string;
  own: TesterPage | undefined;
}) {
  const mayWrite = useMay('testers:write');
  const accountId = tester.meta?.accountId;
  const { change, error, isBusy } = useRecords([
    { appId, ...(accountId ? { accountId } : {}), testers: { ids: [tester.id] } },
  ]);
  const save = async (wanted: Parameters<typeof change>[0], done: string): Promise<boolean> => {
    try {
      const { undo } = await change(wanted);
      void toast({ title: done, undo });
      return true;
    } catch (refusal) {
      void toastError('Not saved', refusal);
      return false;
    }
  };
  const tagError =
    error instanceof ApiError
      ? error.problems.find(({ source }) => source?.pointer?.startsWith('/addTags'))
      : undefined;
  return (
    <div className="grid gap-8">
      <Section title="Tags">
        <Tags
          tags={tester.meta?.tags ?? []}
          mayWrite={mayWrite}
          error={tagError?.detail}
          isBusy={isBusy}
          onAdd={(tag) => save({ addTags: [tag] }, `Tagged ${tag}`)}
          onRemove={(tag) => save({ removeTags: [tag] }, `Tag ${tag} taken off`)}
        />
      </Section>
      <Section title="Note">
        {mayWrite ? (
          <Note
            key={tester.meta?.note ?? ''}
            of={`${appId}/${tester.id}`}
            note={tester.meta?.note ?? ''}
            isBusy={isBusy}
            onSave={(note) => save({ note }, note.trim() ? 'Note saved' : 'Note removed')}
          />
        ) : (
          <p className="whitespace-pre-wrap break-words text-sm">{tester.meta?.note || 'None.'}</p>
        )}
        {own?.noteAt && own.noteBy ? (
          <p className="text-ink-soft text-xs">
            Last changed by <bdi>{own.noteBy}</bdi> <Time at={own.noteAt} />
          </p>
        ) : null}
      </Section>
      <Switch
        label="Protected"
        hint="Pruning rules never remove this tester."
        checked={tester.meta?.protected ?? false}
        disabled={!mayWrite || isBusy}
        onChange={(isProtected) =>
          void save(
            { protected: isProtected },
            isProtected ? 'Protected from pruning' : 'No longer protected',
          )
        }
      />
    </div>
  );
}

function Tags({
  tags,
  mayWrite,
  error,
  isBusy,
  onAdd,
  onRemove,
}: {
  tags: readonly string[];
  mayWrite: boolean;
  error: string | undefined;
  isBusy: boolean;
  onAdd: (tag: string) => Promise<unknown>;
  onRemove: (tag: string) => Promise<unknown>;
}) {
  const [typed, setTyped] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === '') return;
    await onAdd(typed.trim());
    setTyped('');
  };
  return (
    <div className="grid gap-3">
      {tags.length === 0 ? <p className="text-ink-soft text-sm">None.</p> : null}
      <ul aria-label="Tags" className="flex flex-wrap gap-1.5 empty:hidden">
        {tags.map((tag) => (
          <li key={tag}>
            {mayWrite ? (
              <button
                type="button"
                aria-label={`Take off tag ${tag}`}
                onClick={() => void onRemove(tag)}
                className="inline-flex h-6 items-center gap-1 rounded-full border bg-surface px-2.5 text-xs hover:bg-hover max-sm:h-8"
              >
                <bdi>{tag}</bdi>
                <X size={12} aria-hidden />
              </button>
            ) : (
              <Badge>
                <bdi>{tag}</bdi>
              </Badge>
            )}
          </li>
        ))}
      </ul>
      {mayWrite ? (
        <form onSubmit={submit} className="flex items-end gap-2">
          <div className="flex-1">
            <TextField
              label="Add a tag"
              value={typed}
              maxLength={40}
              autoComplete="off"
              error={error}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <Button type="submit" busy={isBusy} className="h-9" disabled={typed.trim() === ''}>
            Add
          </Button>
        </form>
      ) : null}
    </div>
  );
}

function Note({
  of,
  note,
  isBusy,
  onSave,
}: {
  /** Whose note it is, as drafts are called. */
  of: string;
  note: string;
  isBusy: boolean;
  onSave: (note: string) => Promise<boolean>;
}) {
  const [typed, setTyped] = useState(note);
  const draft = useDraft({
    key: `note/${of}`,
    value: typed,
    restore: setTyped,
    read: (kept) => (typeof kept === 'string' ? kept : null),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSave(typed).then((isSaved) => {
          if (isSaved) draft.clear();
        });
      }}
      className="grid gap-2"
    >
      <TextArea
        label="What the team should know"
        value={typed}
        dir="auto"
        maxLength={4000}
        onChange={(event) => setTyped(event.target.value)}
      />
      <DraftNote draft={draft} />
      {typed !== note ? (
        <div className="flex gap-2">
          <Button type="submit" size="sm" variant="primary" busy={isBusy}>
            Save the note
          </Button>
          <Button size="sm" variant="ghost" onClick={draft.discard}>
            Leave as it was
          </Button>
        </div>
      ) : null}
    </form>
  );
}
