'use client';

import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useApps } from '@/components/shell/known';
import { AddLanguage } from '@/components/texts/add-language';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { clipDomainsOptions } from '@/lib/browser/app-clips';
import { languageName } from '@/lib/format/languages';
import { type Clip, type Invocation, isForeign } from './clips';
import { useInvocationForm } from './use-invocation-form';

/** Writes an address and its titles, new or as they are; what Apple refuses is said at its field, the rest is saved. */
export default function InvocationDialog({
  clip,
  appId,
  others: beside,
  invocation,
  onClose,
}: {
  clip: Clip;
  appId: string;
  /** The other addresses of the build. */
  others: readonly Invocation[];
  invocation: Invocation | null;
  onClose: () => void;
}) {
  const primaryLocale = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? 'en-US';
  const { form, setForm, draft, submit, errorAt, problems, others, isBusy, hasChanges } = useInvocationForm({
    ...{ clip, appId, invocation, primaryLocale, onDone: onClose },
  });
  const domains = useQuery({ ...clipDomainsOptions(clip.bundleId, 'Cache'), retry: false }).data?.data
    ?.attributes?.domains;
  const known = (domains ?? []).flatMap(({ domain }) => domain ?? []);
  const isTwice = beside.some(({ url }) => url === form.url.trim());
  const setTitle = (locale: string, title: string) =>
    setForm({ ...form, titles: form.titles.map((one) => (one.locale === locale ? { locale, title } : one)) });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={invocation ? 'Edit the address' : 'Add an address'}
      description={`Testers of ${clip.build} can open the App Clip with it from TestFlight.`}
    >
      <form onSubmit={onSubmit} noValidate className="grid gap-4">
        <DraftNote draft={draft} />
        <TextField
          label="Address"
          type="url"
          dir="ltr"
          autoComplete="off"
          placeholder="https://example.com/menu"
          value={form.url}
          disabled={isBusy}
          error={errorAt('url', 'url', -1)}
          hint={
            isForeign(form.url.trim(), known)
              ? `This domain is not among those that Apple checks for this App Clip (${known.join(', ')}): the address may not open it.`
              : isTwice
                ? 'Another address of this build is the same.'
                : undefined
          }
          onChange={(event) => setForm({ ...form, url: event.target.value })}
        />
        {form.titles.map(({ locale, title }, index) => (
          <div key={locale} className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <TextField
                label={`Title in ${languageName(locale)}`}
                dir="auto"
                autoComplete="off"
                value={title}
                disabled={isBusy}
                error={errorAt('title', locale, index)}
                onChange={(event) => setTitle(locale, event.target.value)}
              />
            </div>
            <Button
              variant="ghost"
              className="mt-6.5"
              aria-label={`Remove ${languageName(locale)}`}
              disabled={isBusy || form.titles.length === 1}
              onClick={() => setForm({ ...form, titles: form.titles.filter((one) => one.locale !== locale) })}
            >
              Remove
            </Button>
          </div>
        ))}
        {problems.titles ? (
          <p role="alert" className="text-bad text-sm">
            {problems.titles}
          </p>
        ) : null}
        <AddLanguage
          used={form.titles.map(({ locale }) => locale)}
          onAdd={(locale) => setForm({ ...form, titles: [...form.titles, { locale, title: '' }] })}
        />
        {others.map(([at, error]) => (
          <Refusal key={at} error={error} />
        ))}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={!hasChanges}>
            {invocation ? 'Save' : 'Add address'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
