'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import { changePasswordMutation } from '@/lib/browser/settings';

/** Changes one's own password; a temporary one leads on to `onDone`. */
export function PasswordForm({ email, onDone }: { email: string; onDone?: () => void }) {
  const change = useMutation(changePasswordMutation());
  const error = change.error instanceof ApiError ? change.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    change.mutate(
      { currentPassword: String(form.get('currentPassword')), newPassword: String(form.get('newPassword')) },
      {
        onSuccess: () => {
          if (onDone) return onDone();
          element.reset();
          void toast({ title: 'Password changed', detail: 'Other browsers were signed out.' });
        },
      },
    );
  };
  const isAtField = error?.detailFor('currentPassword') ?? error?.detailFor('newPassword');
  return (
    <form onSubmit={submit} className="grid max-w-md gap-4" noValidate>
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <TextField
        label={onDone ? 'Temporary password' : 'Current password'}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        error={error?.detailFor('currentPassword')}
        required
      />
      <TextField
        label="New password"
        name="newPassword"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters; a few words are easy to remember and hard to guess."
        error={error?.detailFor('newPassword')}
        required
      />
      <Refusal error={isAtField ? null : error} />
      <div>
        <Button type="submit" variant="primary" busy={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
