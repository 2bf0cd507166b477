'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useUpdate } from '@/components/programme/use-update';
import { refusedWords } from '@/components/texts/refused-words';
import { Button } from '@/components/ui/button';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { toast, toastError } from '@/components/ui/toast';
import { demoPasswordMutation, type TextResource } from '@/lib/browser/texts';

/** Whether reviewers need an account. */
export function DemoSwitch({ resource, mayWrite }: { resource: TextResource; mayWrite: boolean }) {
  const { save, isSaving } = useUpdate('betaAppReviewDetails', resource.id);
  const isRequired = resource.attributes?.demoAccountRequired === true;
  const change = async (demoAccountRequired: boolean) => {
    try {
      await save({
        attributes: { demoAccountRequired },
        before: { demoAccountRequired: resource.attributes?.demoAccountRequired ?? null },
        done: demoAccountRequired ? 'Sign-in is required' : 'Sign-in is not required',
      });
    } catch (error) {
      void toastError('It was not changed', error);
    }
  };
  return (
    <Switch
      label="Sign-in required"
      hint="Reviewers need an account to see the app: give them one that stays valid."
      checked={isRequired}
      disabled={!mayWrite || isSaving}
      onChange={(checked) => void change(checked)}
    />
  );
}

/** The password of the demo account: it can be set and removed, and is shown to nobody. */
export function DemoPassword({ resource }: { resource: TextResource }) {
  const [typed, setTyped] = useState('');
  const save = useMutation(demoPasswordMutation(resource.id));
  const isSet = resource.meta?.isSet?.includes('demoAccountPassword') === true;
  const send = (password: string | null) =>
    save.mutate(password, {
      onSuccess() {
        setTyped('');
        // The one before is known to nobody here: there is no way back to it.
        void toast({ title: password === null ? 'The password was removed' : 'The password was set' });
      },
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== '') send(typed);
  };
  const atField = refusedWords(save.error, 'demoAccountPassword');
  return (
    <form onSubmit={submit} className="grid gap-2 sm:max-w-md" noValidate>
      <TextField
        label="Password of the demo account"
        type="password"
        autoComplete="new-password"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={atField}
        hint={
          isSet
            ? 'A password is set. Flightdeck shows it to nobody and keeps no copy; a new one takes its place.'
            : 'No password is set. It goes to App Store Connect alone: Flightdeck keeps no copy.'
        }
      />
      {save.error && !atField ? <Refusal error={save.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={save.isPending} disabled={typed === ''}>
          {isSet ? 'Replace the password' : 'Set the password'}
        </Button>
        {isSet ? (
          <Button variant="ghost" disabled={save.isPending} onClick={() => send(null)}>
            Remove the password
          </Button>
        ) : null}
      </div>
    </form>
  );
}
