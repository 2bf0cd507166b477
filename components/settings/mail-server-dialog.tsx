'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import {
  type MailServerForm,
  type MailServerView,
  saveMailServerMutation,
  testMailServerMutation,
} from '@/lib/browser/channels';

const FIELDS = ['host', 'port', 'security', 'login', 'password', 'fromAddress', 'fromName'];
const SECURITIES = {
  tls: { name: 'TLS from the start (port 465)', port: 465 },
  starttls: { name: 'STARTTLS (port 587)', port: 587 },
  none: { name: 'None, in our own network only', port: 25 },
} as const;
type Security = keyof typeof SECURITIES;

/** Sets the mail server up, or changes it: tried before it is kept. */
export default function MailServerDialog({
  mail,
  onClose,
}: {
  mail: MailServerView | null;
  onClose: () => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [security, setSecurity] = useState<Security>(mail?.security ?? 'tls');
  const [port, setPort] = useState(String(mail?.port ?? 465));
  const save = useMutation(saveMailServerMutation());
  const test = useMutation(testMailServerMutation());
  const error = [save.error, test.error].find((one) => one instanceof ApiError) as ApiError | undefined;
  const at = (field: string) => error?.detailFor(field);
  const read = (): MailServerForm => {
    const data = new FormData(form.current ?? undefined);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const password = String(data.get('password') ?? '');
    return {
      ...{ host: text('host'), port: Number(port), security, login: text('login') },
      ...{ fromAddress: text('fromAddress'), fromName: text('fromName') },
      isInternal: data.get('isInternal') !== null,
      ...(password === '' ? {} : { password }),
    };
  };
  const fresh = () => {
    save.reset();
    test.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fresh();
    save.mutate(read(), {
      onSuccess() {
        void toast({ title: mail ? 'Mail server changed' : 'Mail server set up' });
        onClose();
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={mail ? 'Change the mail server' : 'Set up a mail server'}
    >
      <form ref={form} onSubmit={submit} className="grid gap-4" noValidate aria-label="Mail server">
        <TextField
          label="Server"
          name="host"
          defaultValue={mail?.host ?? ''}
          placeholder="smtp.example.com"
          autoComplete="off"
          spellCheck={false}
          error={at('host')}
          required
        />
        <SelectField
          label="Encryption"
          value={security}
          error={at('security')}
          onChange={({ target }) => {
            const next = target.value as Security;
            if (port === String(SECURITIES[security].port)) setPort(String(SECURITIES[next].port));
            setSecurity(next);
          }}
        >
          {(Object.keys(SECURITIES) as Security[]).map((one) => (
            <option key={one} value={one}>
              {SECURITIES[one].name}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Port"
          name="port"
          inputMode="numeric"
          value={port}
          onChange={({ target }) => setPort(target.value)}
          error={at('port')}
          required
        />
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            name="isInternal"
            defaultChecked={mail?.isInternal ?? false}
            className="mt-1"
          />
          <span>
            The server stands in our own network
            <span className="block text-ink-soft">Flightdeck then also connects to private addresses.</span>
          </span>
        </label>
        <TextField
          label="Name to sign in with"
          name="login"
          defaultValue={mail?.login ?? ''}
          autoComplete="off"
          hint="Empty where nobody has to."
          error={at('login')}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint={mail?.hasPassword ? 'Empty keeps the one that is stored.' : undefined}
          error={at('password')}
        />
        <TextField
          label="Mail comes from"
          name="fromAddress"
          type="email"
          defaultValue={mail?.fromAddress ?? ''}
          placeholder="flightdeck@example.com"
          autoComplete="off"
          error={at('fromAddress')}
          required
        />
        <TextField
          label="Under the name"
          name="fromName"
          defaultValue={mail?.fromName ?? 'Flightdeck'}
          maxLength={80}
          autoComplete="off"
          error={at('fromName')}
          required
        />
        {test.data ? (
          <p role="status" className="text-sm wrap-anywhere">
            {test.data.data.words}
          </p>
        ) : null}
        {error && !FIELDS.some((field) => at(field)) ? <Refusal error={error} /> : null}
        <div className="dialog-actions">
          <Button
            onClick={() => {
              fresh();
              test.mutate(read());
            }}
            busy={test.isPending}
          >
            Send me a test
          </Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
