'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { ApiError } from '@/lib/browser/api';
import { inviteMutation } from '@/lib/browser/settings';
import type { Role } from '@/lib/browser/types';
import { label } from '@/lib/format/labels';
import { ROLE_WORDS, ROLES, type Temporary } from './team-words';

/** Adds a person to the team. */
export default function InviteDialog({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded: (temporary: Temporary) => void;
}) {
  const [role, setRole] = useState<Role>('viewer');
  const invite = useMutation(inviteMutation());
  const error = invite.error instanceof ApiError ? invite.error : null;
  const isAtField = error?.detailFor('email') ?? error?.detailFor('name');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email'));
    invite.mutate(
      { email, name: String(form.get('name')) || null, role },
      {
        onSuccess: ({ meta }) => {
          if (meta?.temporaryPassword) onAdded({ email, password: meta.temporaryPassword });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Add a person">
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <TextField label="E-mail" name="email" type="email" error={error?.detailFor('email')} required />
        <TextField label="Name" name="name" error={error?.detailFor('name')} />
        <SelectField
          label="Role"
          value={role}
          hint={ROLE_WORDS[role]}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {ROLES.map((each) => (
            <option key={each} value={each}>
              {label(each)}
            </option>
          ))}
        </SelectField>
        <Refusal error={isAtField ? null : error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={invite.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
