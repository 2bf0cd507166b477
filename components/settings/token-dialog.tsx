'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { AppOptions, wantedApp } from '@/components/shell/app-options';
import { useApps } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { ApiError } from '@/lib/browser/api';
import { makeTokenMutation } from '@/lib/browser/settings';
import { TOKEN_PERMISSIONS, TOKEN_WORDS } from './token-words';

const DAYS = [
  [30, '30 days'],
  [90, '90 days'],
  [365, 'A year'],
] as const;

/** Makes a token and shows it this once. */
export default function TokenDialog({ onClose }: { onClose: () => void }) {
  const apps = useApps();
  const make = useMutation(makeTokenMutation());
  const [token, setToken] = useState<string | null>(null);
  const error = make.error instanceof ApiError ? make.error : null;
  const isAtField = error?.detailFor('name');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate(
      {
        name: String(form.get('name')),
        permissions: TOKEN_PERMISSIONS.filter((each) => form.get(each) !== null),
        app: wantedApp(apps, String(form.get('app'))),
        days: Number(form.get('days')),
      },
      { onSuccess: ({ data }) => setToken(data.token) },
    );
  };
  if (token !== null)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title="The token"
        description="It is shown this once and kept nowhere. Put it where your build machine keeps its secrets, as FLIGHTDECK_TOKEN."
      >
        <div className="flex flex-wrap items-center gap-3">
          <code className="break-all rounded-md border bg-sunken px-3 py-1.5 font-mono text-sm">{token}</code>
          <CopyButton text={token}>Copy</CopyButton>
        </div>
      </Dialog>
    );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Make a token">
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <TextField
          label="Name"
          name="name"
          placeholder="Release pipeline"
          hint="Who uses it, so that a colleague knows what breaks when it is revoked."
          error={error?.detailFor('name')}
          required
        />
        <fieldset className="grid gap-2">
          <legend className="mb-1 font-medium text-sm">It may</legend>
          {TOKEN_PERMISSIONS.map((each) => (
            <label key={each} className="flex items-center gap-2 text-sm">
              <input type="checkbox" name={each} defaultChecked />
              {TOKEN_WORDS[each]}
            </label>
          ))}
        </fieldset>
        <SelectField label="For" name="app" defaultValue="">
          <option value="">All apps</option>
          <AppOptions apps={apps} />
        </SelectField>
        <SelectField label="Valid for" name="days" defaultValue="90">
          {DAYS.map(([days, words]) => (
            <option key={days} value={days}>
              {words}
            </option>
          ))}
        </SelectField>
        <Refusal error={isAtField ? null : error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={make.isPending}>
            Make token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
