'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { saveViewMutation } from '@/lib/browser/views';

/** Keeps the search, filters and sort of a list under a name. */
export default function SaveViewDialog({
  page,
  pageOfAll,
  query,
  onClose,
}: {
  page: string;
  /** The same list in every app, where there is one app now. */
  pageOfAll: string | undefined;
  query: string;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const [isEverywhere, setEverywhere] = useState(false);
  const save = useMutation(saveViewMutation());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { page: isEverywhere && pageOfAll ? pageOfAll : page, name, query, shared: isShared },
      {
        onSuccess: () => {
          void toast({ title: `View ${name} saved` });
          onClose();
        },
      },
    );
  };
  const error = save.error instanceof ApiError ? save.error : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Save this view"
      description={
        query
          ? 'Search, filters and sort as they are now.'
          : 'Nothing is filtered: the view shows everything.'
      }
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <TextField
          label="Name"
          value={name}
          maxLength={80}
          error={error?.detailFor('name')}
          onChange={(event) => setName(event.target.value)}
        />
        <Switch
          label="Share with the team"
          hint="Otherwise only you see it."
          checked={isShared}
          onChange={setShared}
        />
        {pageOfAll ? (
          <Switch
            label="Show it in every app"
            hint="Filters by things of this app, such as its groups, find nobody elsewhere."
            checked={isEverywhere}
            onChange={setEverywhere}
          />
        ) : null}
        <Refusal error={error?.detailFor('name') ? null : save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
