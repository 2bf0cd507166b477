'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { AppOptions, keptOption, wantedApp } from '@/components/shell/app-options';
import { useApps } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextArea, TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import { ApiError } from '@/lib/browser/api';
import {
  type ConnectorForm,
  type ConnectorList,
  type ConnectorView,
  previewTemplateMutation,
  saveConnectorMutation,
  testConnectorMutation,
} from '@/lib/browser/connectors';
import { CONNECTOR_KINDS, connectorWords } from '@/lib/format/connectors';

type Kind = ConnectorView['kind'];
const KINDS = Object.keys(CONNECTOR_KINDS) as Kind[];
const isTracker = (kind: Kind) => connectorWords(kind).project !== undefined;

/** Adds or changes a connector: tried and shown before it is kept. */
export default function ConnectorDialog({
  connector,
  list,
  kinds = KINDS,
  onClose,
}: {
  connector: ConnectorView | null;
  list: ConnectorList;
  /** Which kinds can be chosen: from the page of channels, messengers alone, for alerts. */
  kinds?: readonly Kind[];
  onClose: () => void;
}) {
  const apps = useApps();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<Kind>(connector?.kind ?? kinds[0] ?? 'github');
  const save = useMutation(saveConnectorMutation());
  const test = useMutation(testConnectorMutation());
  const preview = useMutation(previewTemplateMutation());
  const words = connectorWords(kind);
  // People call it what the page does on which they are.
  const what = kinds === KINDS ? 'connector' : 'channel';
  const error = [save.error, test.error, preview.error].find((one) => one instanceof ApiError) as
    | ApiError
    | undefined;
  const at = (field: string) => error?.detailFor(field);
  const isAtField = ['name', 'baseUrl', 'project', 'login', 'secret', 'title', 'body'].some((field) =>
    at(field),
  );
  const read = (): ConnectorForm & { id: string | null } => {
    const data = new FormData(form.current ?? undefined);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const secret = text('secret');
    return {
      ...{
        id: connector?.id ?? null,
        kind,
        name: text('name'),
        baseUrl: text('baseUrl'),
        project: text('project'),
      },
      ...{ itemType: text('itemType'), login: text('login'), title: text('title'), body: text('body') },
      ...{ isInternal: data.get('isInternal') !== null, doesResolve: data.get('doesResolve') !== null },
      takesAlerts: data.get('takesAlerts') !== null,
      ...(secret === '' ? {} : { secret }),
      app: wantedApp(apps, text('app'), connector?.app),
    };
  };
  const fresh = () => {
    for (const one of [save, test, preview]) one.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fresh();
    save.mutate(read(), {
      onSuccess() {
        void toast({ title: `The ${what} was ${connector ? 'changed' : 'added'}` });
        onClose();
      },
    });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={connector ? `Change the ${what}` : `Add a ${what}`}
    >
      <form ref={form} onSubmit={submit} className="grid gap-4" noValidate>
        <SelectField
          label="To"
          value={kind}
          disabled={connector !== null}
          onChange={({ target }) => {
            fresh();
            setKind(target.value as Kind);
          }}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {connectorWords(one).name}
            </option>
          ))}
        </SelectField>
        <div key={kind} className="grid gap-4">
          <TextField
            label="Name"
            name="name"
            defaultValue={connector?.name ?? words.name}
            error={at('name')}
            required
          />
          {words.address === undefined ? null : (
            <TextField
              label="Address"
              name="baseUrl"
              type="url"
              inputMode="url"
              defaultValue={connector?.baseUrl ?? words.address}
              hint={words.addressHint || undefined}
              error={at('baseUrl')}
            />
          )}
          <label className="flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              name="isInternal"
              defaultChecked={connector?.isInternal ?? false}
              className="mt-1"
            />
            <span>
              The server stands in our own network
              <span className="block text-ink-soft">
                Flightdeck then also asks private addresses, and plain http. Otherwise only the internet, by
                https.
              </span>
            </span>
          </label>
          {words.project === undefined ? null : (
            <TextField
              label={words.project}
              name="project"
              defaultValue={connector?.project ?? ''}
              hint={words.projectHint}
              error={at('project')}
            />
          )}
          {words.itemType === undefined ? null : (
            <TextField
              label={words.itemType}
              name="itemType"
              defaultValue={connector?.itemType ?? ''}
              hint={words.itemHint}
              error={at('itemType')}
            />
          )}
          {words.login === undefined ? null : (
            <TextField
              label={words.login}
              name="login"
              defaultValue={connector?.login ?? ''}
              hint={words.loginHint}
              error={at('login')}
              autoComplete="off"
            />
          )}
          <TextField
            label={words.secret}
            name="secret"
            type="password"
            autoComplete="new-password"
            hint={connector ? 'Empty keeps the one that is stored.' : words.secretHint || undefined}
            error={at('secret')}
          />
          <SelectField label="For" name="app" defaultValue={keptOption(apps, connector?.app)}>
            <option value="">All apps</option>
            <AppOptions apps={apps} kept={connector?.app} />
          </SelectField>
          {isTracker(kind) ? (
            <label className="flex items-center gap-2 text-sm">
              <input type="checkbox" name="doesResolve" defaultChecked={connector?.doesResolve ?? false} />
              What is closed there is resolved here
            </label>
          ) : (
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                name="takesAlerts"
                defaultChecked={connector?.takesAlerts ?? kinds !== KINDS}
              />
              People may have their alerts sent there
            </label>
          )}
          <TextField
            label="Title"
            name="title"
            defaultValue={connector?.title ?? list.defaults.title}
            error={at('title')}
          />
          <TextArea
            label="Text (Markdown)"
            name="body"
            rows={7}
            defaultValue={connector?.body ?? list.defaults.body}
            error={at('body')}
            className="font-mono"
          />
        </div>
        <details className="text-sm">
          <summary>What can stand in title and text</summary>
          <dl className="mt-2 grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">
            {Object.entries(list.placeholders).map(([name, meaning]) => (
              <div key={name} className="contents">
                <dt className="font-mono">{`{{${name}}}`}</dt>
                <dd className="text-ink-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
        {preview.data ? (
          <section aria-label="Preview" className="grid gap-2 rounded-md border bg-sunken p-3 text-sm">
            <h3 className="font-semibold wrap-anywhere">{preview.data.data.title}</h3>
            <pre className="max-h-60 overflow-auto whitespace-pre-wrap font-mono text-xs wrap-anywhere">
              {preview.data.data.body}
            </pre>
          </section>
        ) : null}
        {test.data ? <p role="status">{test.data.data.words}</p> : null}
        {error && !isAtField ? <Refusal error={error} /> : null}
        <div className="dialog-actions">
          <Button
            onClick={() => {
              fresh();
              const { title, body } = read();
              preview.mutate({ title, body });
            }}
            busy={preview.isPending}
          >
            Preview
          </Button>
          <Button
            onClick={() => {
              fresh();
              test.mutate(read());
            }}
            busy={test.isPending}
          >
            {isTracker(kind) ? 'Try it' : 'Send a test message'}
          </Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {connector ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
