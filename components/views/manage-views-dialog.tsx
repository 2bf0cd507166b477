'use client';

import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Name } from '@/components/ui/name';
import { Badge } from '@/components/ui/status';
import { toast, toastError } from '@/components/ui/toast';
import {
  changeViewMutation,
  removeViewMutation,
  type SavedView,
  saveViewMutation,
} from '@/lib/browser/views';

/** Shares, replaces and removes views; a removed one can be brought back. */
export default function ManageViewsDialog({
  views,
  onReplace,
  onClose,
}: {
  views: readonly SavedView[];
  onReplace: (view: SavedView) => void;
  onClose: () => void;
}) {
  const change = useMutation(changeViewMutation());
  const remove = useMutation(removeViewMutation());
  const save = useMutation(saveViewMutation());
  const refused = (error: Error) => void toastError('The view was not changed', error);
  const removeView = ({ id, page, name, query, shared }: SavedView) =>
    remove.mutate(id, {
      onSuccess: () =>
        void toast({
          title: `View ${name} removed`,
          undo: () => save.mutateAsync({ page, name, query, shared }),
        }),
      onError: refused,
    });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Saved views">
      <ul className="grid divide-y border-y">
        {views.map((view) => (
          <li key={view.id} className="flex flex-wrap items-center gap-2 py-2 text-sm">
            <Name className="min-w-0 flex-1 break-words font-medium">{view.name}</Name>
            <Badge>{view.shared ? 'Shared' : 'Only yours'}</Badge>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => change.mutate({ id: view.id, shared: !view.shared }, { onError: refused })}
            >
              {view.shared ? 'Keep to myself' : 'Share'}
            </Button>
            <Button size="sm" variant="ghost" onClick={() => onReplace(view)}>
              Save what is shown
            </Button>
            <IconButton label={`Remove view ${view.name}`} onClick={() => removeView(view)}>
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {views.length === 0 ? <p className="text-ink-soft text-sm">No view is saved any more.</p> : null}
    </Dialog>
  );
}
