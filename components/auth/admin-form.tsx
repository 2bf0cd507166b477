'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { ApiError } from '@/lib/browser/api';
import { setupMutation } from '@/lib/browser/settings';

const FIELDS = ['token', 'email', 'name', 'password'];

/** Creates the first admin for whoever holds the one-time token. */
export function AdminForm({ onDone }: { onDone: () => void }) {
  const create = useMutation(setupMutation());
  const error = create.error instanceof ApiError ? create.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    create.mutate(
      {
        token: text('token'),
        email: text('email'),
        name: text('name') || null,
        password: String(form.get('password')),
      },
      { onSuccess: onDone },
    );
  };
  const isAtField = FIELDS.some((field) => error?.detailFor(field));
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <TextField
        label="One-time token"
        name="token"
        autoComplete="off"
        spellCheck={false}
        error={error?.detailFor('token')}
        required
        autoFocus
        className="font-mono"
      />
      <TextField label="Your name" name="name" autoComplete="name" error={error?.detailFor('name')} />
      <TextField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        error={error?.detailFor('email')}
        required
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters; a few words are easy to remember and hard to guess."
        error={error?.detailFor('password')}
        required
      />
      <Refusal error={isAtField ? null : error} />
      <Button type="submit" variant="primary" busy={create.isPending} className="h-9">
        Create the admin
      </Button>
    </form>
  );
}
