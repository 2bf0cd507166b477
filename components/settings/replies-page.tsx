'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorState } from '@/components/ui/late-error';
import { Name } from '@/components/ui/name';
import { onDemand } from '@/components/ui/on-demand';
import { ListSkeleton } from '@/components/ui/skeleton';
import { toast, toastError } from '@/components/ui/toast';
import { useDo } from '@/components/ui/use-do';
import { removeReplyMutation, repliesOptions, type SavedReplyView } from '@/lib/browser/replies';

const SavedReplyDialog = onDemand(() => import('./saved-reply-dialog'));
const RemoveDialog = onDemand(() => import('@/components/ui/remove-dialog'));

/** Texts that testers are answered with. */
export function RepliesPage() {
  const { data, error, refetch } = useQuery(repliesOptions());
  const [editing, setEditing] = useState<SavedReplyView | 'new' | null>(null);
  const [removing, setRemoving] = useState<SavedReplyView | null>(null);
  const remove = useMutation(removeReplyMutation());
  useDo('add', () => setEditing('new'));
  if (error && !data)
    return (
      <ErrorState title="The replies could not be loaded" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <ListSkeleton rows={3} />;
  const add = (
    <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing('new')}>
      Add a reply
    </Button>
  );
  return (
    <div className="grid gap-4">
      {data.data.length === 0 ? (
        <EmptyState title="No saved replies yet" action={add}>
          App Store Connect has no way to answer a tester. A saved reply opens your mail program with what you
          would write again and again.
        </EmptyState>
      ) : (
        <>
          <ul aria-label="Saved replies" className="grid divide-y border-y">
            {data.data.map((reply) => (
              <li key={reply.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-60">
                  <p className="font-medium">
                    <Name>{reply.name}</Name>
                  </p>
                  <p dir="auto" className="line-clamp-2 text-ink-soft text-sm wrap-anywhere">
                    {reply.body}
                  </p>
                </div>
                <span className="flex gap-1">
                  <Button
                    variant="ghost"
                    onClick={() => setEditing(reply)}
                    aria-label={`Change ${reply.name}`}
                  >
                    Change
                  </Button>
                  <Button
                    variant="ghost"
                    onClick={() => setRemoving(reply)}
                    aria-label={`Remove ${reply.name}`}
                  >
                    Remove
                  </Button>
                </span>
              </li>
            ))}
          </ul>
          <div>{add}</div>
        </>
      )}
      {editing ? (
        <SavedReplyDialog reply={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      ) : null}
      {removing ? (
        <RemoveDialog
          title="Remove this reply?"
          description={
            <>
              Nobody can answer with <Name>{removing.name}</Name> any more.
            </>
          }
          busy={remove.isPending}
          onClose={() => setRemoving(null)}
          onRemove={() =>
            remove.mutate(removing.id, {
              onSuccess: () => void toast({ title: `The reply “${removing.name}” was removed` }),
              onError: (failure) => void toastError('The reply was not removed', failure),
              onSettled: () => setRemoving(null),
            })
          }
        />
      ) : null}
    </div>
  );
}
