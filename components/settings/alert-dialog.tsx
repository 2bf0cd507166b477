'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { AppOptions, keptOption, wantedApp } from '@/components/shell/app-options';
import { useApps, useMay } from '@/components/shell/known';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { SelectField, TextField } from '@/components/ui/field';
import { toast } from '@/components/ui/toast';
import {
  type AlertForm,
  type AlertRuleView,
  alertPreviewMutation,
  type MyAlerts,
  saveAlertMutation,
} from '@/lib/browser/alerts';
import { ApiError } from '@/lib/browser/api';
import { ALERT_KIND_NAMES, type AlertKind, alertSentence, alertWords } from '@/lib/format/alerts';
import { ChannelFields } from './channel-fields';
import { PreviewedFacts } from './previewed-facts';

const ABOUT = ['Builds', 'Testers', 'Feedback', 'Flightdeck'] as const;
const FIELDS = ['kind', 'app', 'threshold', 'least', 'channels'];

/** Adds an alert, or changes one; what it would have sent is shown before it is kept. */
export default function AlertDialog({
  rule,
  alerts,
  onClose,
}: {
  rule: AlertRuleView | null;
  alerts: MyAlerts;
  onClose: () => void;
}) {
  const apps = useApps();
  const mayJobs = useMay('jobs:read');
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<AlertKind>(rule?.kind ?? 'buildProcessed');
  const [figures, setFigures] = useState({ threshold: rule?.threshold ?? null, least: rule?.least ?? null });
  const save = useMutation(saveAlertMutation());
  const preview = useMutation(alertPreviewMutation());
  const words = alertWords(kind);
  const error = [save.error, preview.error].find((one) => one instanceof ApiError) as ApiError | undefined;
  const at = (field: string) => error?.detailFor(field);
  const threshold = words.threshold ? (figures.threshold ?? words.threshold.usual) : null;
  const least = words.sessions ? (figures.least ?? words.sessions.usual) : null;
  const read = (): AlertForm => {
    const data = new FormData(form.current ?? undefined);
    return {
      ...{ kind, threshold, least, isEnabled: rule?.isEnabled ?? true },
      app: wantedApp(apps, String(data.get('app') ?? ''), rule?.app),
      channels: data.getAll('channels').map(String),
    };
  };
  const fresh = () => {
    save.reset();
    preview.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fresh();
    save.mutate(
      { ...read(), rule },
      {
        onSuccess() {
          void toast({ title: rule ? 'Alert changed' : 'Alert added' });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={rule ? 'Change the alert' : 'Add an alert'}
    >
      <form ref={form} onSubmit={submit} className="grid gap-4" noValidate aria-label="Alert">
        <SelectField
          label="Tell me when"
          value={kind}
          hint={alertSentence({ kind, threshold, least })}
          error={at('kind')}
          onChange={({ target }) => {
            fresh();
            setKind(target.value as AlertKind);
            setFigures({ threshold: null, least: null });
          }}
        >
          {ABOUT.map((about) => (
            <optgroup key={about} label={about}>
              {ALERT_KIND_NAMES.filter((one) => {
                const { about: its, needs } = alertWords(one);
                return its === about && (needs === undefined || mayJobs);
              }).map((one) => (
                <option key={one} value={one}>
                  {alertWords(one).name}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
        {words.threshold ? (
          <Figure
            figure={words.threshold}
            value={threshold}
            error={at('threshold')}
            onChange={(value) => setFigures({ ...figures, threshold: value })}
          />
        ) : null}
        {words.sessions ? (
          <Figure
            figure={words.sessions}
            value={least}
            error={at('least')}
            onChange={(value) => setFigures({ ...figures, least: value })}
          />
        ) : null}
        <SelectField
          label={words.isOfAccount ? 'For the account of' : 'For'}
          name="app"
          defaultValue={keptOption(apps, rule?.app)}
          error={at('app')}
        >
          <option value="">{words.isOfAccount ? 'Any app, that is all accounts' : 'All apps'}</option>
          <AppOptions apps={apps} kept={rule?.app} />
        </SelectField>
        <ChannelFields
          channels={alerts.channels}
          chosen={rule?.channels ?? ['bell']}
          error={at('channels')}
        />
        {preview.data ? (
          <section
            aria-label="What it would have sent"
            className="grid gap-2 rounded-md border bg-sunken p-3"
          >
            <PreviewedFacts preview={preview.data.data} channels={alerts.channels} />
          </section>
        ) : null}
        {error && !FIELDS.some((field) => at(field)) ? <Refusal error={error} /> : null}
        <div className="dialog-actions">
          <Button
            busy={preview.isPending}
            onClick={() => {
              fresh();
              preview.mutate(read());
            }}
          >
            What it would have sent
          </Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {rule ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Figure({
  figure: { label, least, most },
  value,
  error,
  onChange,
}: {
  figure: { readonly label: string; readonly least: number; readonly most: number };
  value: number | null;
  error: string | undefined;
  onChange: (value: number) => void;
}) {
  return (
    <TextField
      label={label}
      type="number"
      inputMode="numeric"
      min={least}
      max={most}
      value={value === null || Number.isNaN(value) ? '' : value}
      onChange={({ target }) => onChange(target.valueAsNumber)}
      error={error}
      className="max-w-40"
    />
  );
}
