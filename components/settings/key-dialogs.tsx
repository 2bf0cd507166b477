'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, TypedConfirm } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { changeAccountMutation, removeAccountMutation } from '@/lib/browser/settings';
import type { Account } from '@/lib/browser/types';
import { isSameTyped, wordToType } from '@/lib/format/typed';
import type { KeyDialog } from './key-dialog';
import { KeyFields, NO_KEY } from './key-fields';
import { KeyForm, KeyProblem } from './key-form';

/** The dialogs of the keys page, loaded when one is opened. */
export default function KeyDialogs({ dialog, onClose }: { dialog: KeyDialog; onClose: () => void }) {
  const shown = { open: true, onOpenChange: (open: boolean) => !open && onClose() };
  if (dialog.kind === 'add') {
    return (
      <Dialog {...shown} title="Add an App Store Connect key">
        <KeyForm
          onCancel={onClose}
          onAdded={(account) => {
            void toast({ title: `${account.name} added`, detail: 'The first sync begins now.' });
            onClose();
          }}
        />
      </Dialog>
    );
  }
  if (dialog.kind === 'replace') return <Replace account={dialog.account} onClose={onClose} />;
  return <Remove account={dialog.account} onClose={onClose} />;
}

function Replace({ account, onClose }: { account: Account; onClose: () => void }) {
  const [key, setKey] = useState({ ...NO_KEY, kind: account.kind, issuerId: account.issuerId });
  const [confirm, setConfirm] = useState('');
  const change = useMutation(changeAccountMutation());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(false);
  };
  const save = (anyway: boolean) =>
    change.mutate(
      { id: account.id, key, confirm, ...(anyway ? { anyway } : {}) },
      {
        onSuccess: () => {
          void toast({ title: `The key of ${account.name} was replaced` });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Replace the key of ${account.name}`}
      description="What was fetched stays; sync goes on with the new key."
    >
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <KeyFields
          value={key}
          onChange={setKey}
          error={change.error instanceof ApiError ? change.error : null}
        />
        <TextField
          label={`Type ${wordToType(account.name)} to confirm`}
          value={confirm}
          onChange={(event) => setConfirm(event.target.value)}
          hint="The key that is stored now is destroyed."
          autoComplete="off"
          required
        />
        {change.error ? (
          <KeyProblem
            error={change.error}
            onAnyway={() => save(true)}
            onInstead={(form) => {
              setKey({ ...key, ...form });
              change.reset();
            }}
          />
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={change.isPending}
            disabled={!isSameTyped(account.name, confirm)}
          >
            Check and replace
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Remove({ account, onClose }: { account: Account; onClose: () => void }) {
  const remove = useMutation(removeAccountMutation());
  return (
    <TypedConfirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${account.name}?`}
      word={account.name}
      verb="Remove the key"
      busy={remove.isPending}
      error={<Refusal error={remove.error} />}
      onConfirm={() =>
        remove.mutate(
          { id: account.id, confirm: wordToType(account.name) },
          {
            onSuccess: () => {
              void toast({ title: `${account.name} removed` });
              onClose();
            },
          },
        )
      }
    >
      The key is destroyed here and its apps are no longer fetched. Nothing changes in App Store Connect;
      revoke the key there too. The activity of this account is kept.
    </TypedConfirm>
  );
}
