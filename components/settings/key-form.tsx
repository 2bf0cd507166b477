'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { ApiError } from '@/lib/browser/api';
import { addAccountMutation } from '@/lib/browser/settings';
import type { Account, NewKey } from '@/lib/browser/types';
import { KeyFields, NO_KEY } from './key-fields';

/** Adds an App Store Connect key; the server tries it live first and says what is wrong. */
export function KeyForm({
  onAdded,
  onCancel,
}: {
  onAdded: (account: Account) => void;
  onCancel?: () => void;
}) {
  const [name, setName] = useState('');
  const [key, setKey] = useState(NO_KEY);
  const add = useMutation(addAccountMutation());
  const error = add.error instanceof ApiError ? add.error : null;
  const save = (anyway: boolean) =>
    add.mutate({ ...key, name, ...(anyway ? { anyway } : {}) }, { onSuccess: ({ data }) => onAdded(data) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(false);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <TextField
        label="Name"
        hint="What your team calls this App Store Connect account."
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={error?.detailFor('name')}
        required
      />
      <KeyFields value={key} onChange={setKey} error={error} />
      {add.error ? (
        <KeyProblem
          error={add.error}
          onAnyway={() => save(true)}
          onInstead={(form) => {
            setKey({ ...key, ...form });
            add.reset();
          }}
        />
      ) : null}
      <div className="dialog-actions">
        {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
        <Button type="submit" variant="primary" busy={add.isPending}>
          {add.isPending ? 'Checking with App Store Connect' : 'Check and add the key'}
        </Button>
      </div>
    </form>
  );
}

/** How the same key would be entered right, as the server has found out. */
type Form = Partial<Pick<NewKey, 'kind' | 'issuerId'>>;

interface Told {
  readonly message?: string;
  readonly advice?: string;
  readonly instead?: Form;
  /** What the button says that goes on all the same. */
  readonly anyway?: string;
}

/** Whether the reason stands at the field it is about already. */
function isAtField(error: Error): boolean {
  const fields = ['name', 'privateKey', 'kind', 'keyId', 'issuerId'];
  return error instanceof ApiError && fields.some((field) => error.detailFor(field) !== undefined);
}

/** What is wrong with a key and what to do about it, as far as no field says so. */
export function KeyProblem({
  error,
  onInstead,
  onAnyway,
}: {
  error: Error;
  onInstead: (form: Form) => void;
  onAnyway: () => void;
}) {
  const meta = error instanceof ApiError ? error.problems[0]?.meta : undefined;
  const { message, advice, instead, anyway } = (meta ?? {}) as Told;
  return (
    <div role="alert" className="grid gap-1 rounded-md bg-bad-soft px-3 py-2 text-sm">
      {isAtField(error) ? null : (
        <>
          <p className="font-medium text-bad">{message ?? error.message}</p>
          {advice ? <p>{advice}</p> : null}
        </>
      )}
      <p className="text-ink-soft">Nothing of the key was kept.</p>
      {instead ? (
        <div className="mt-1">
          <Button size="sm" onClick={() => onInstead(instead)}>
            {instead.kind === 'team' ? 'Enter it as a team key' : 'Enter it as an individual key'}
          </Button>
        </div>
      ) : null}
      {anyway ? (
        <div className="mt-1">
          <Button size="sm" onClick={onAnyway}>
            {anyway}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
