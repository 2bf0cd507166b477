'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DraftNote } from '@/components/drafts/draft-note';
import { useDraft } from '@/components/drafts/use-draft';
import { useApps } from '@/components/shell/known';
import { AddLanguage } from '@/components/texts/add-language';
import { refusedWords } from '@/components/texts/refused-words';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Refusal } from '@/components/ui/error-state';
import { TextField } from '@/components/ui/field';
import { type ClipChange, clipDomainsOptions, invocationsOptions } from '@/lib/browser/app-clips';
import { languageName } from '@/lib/format/languages';
import {
  type Clip,
  type ClipForm,
  changesOf,
  type Invocation,
  invocationsOf,
  isForeign,
  problemsOf,
  readClipForm,
  refusedAt,
  titlesBy,
} from './clips';
import { useClipChanges } from './use-changes';

/** Writes an address and its titles, new or as they are; what Apple refuses is said at its field, the rest is saved. */
export default function InvocationDialog({
  clip,
  appId,
  others,
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
  const primary = useApps().find(({ id }) => id === appId)?.attributes?.primaryLocale ?? 'en-US';
  // Read anew after each save: what went through is not sent again.
  const { data, isFetching } = useQuery(invocationsOptions(clip.bundleId));
  const before =
    invocation && ((data && invocationsOf(data).find(({ id }) => id === invocation.id)) ?? invocation);
  const [form, setForm] = useState<ClipForm>({
    url: invocation?.url ?? '',
    titles: invocation
      ? invocation.titles.map(({ locale, title }) => ({ locale, title }))
      : [{ locale: primary, title: '' }],
  });
  const draft = useDraft({
    key: invocation ? `app-clip/${invocation.id}` : `app-clip/new/${clip.bundleId}`,
    ...{ value: form, restore: setForm, read: readClipForm },
  });
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [isTried, setTried] = useState(false);
  const { isBusy, make, send, sendAll } = useClipChanges(appId);
  const domains = useQuery({ ...clipDomainsOptions(clip.bundleId, 'Cache'), retry: false }).data?.data
    ?.attributes?.domains;
  const known = (domains ?? []).flatMap(({ domain }) => domain ?? []);
  const problems = isTried ? problemsOf(form) : {};
  const changes = before ? changesOf(before, form) : null;
  const isTwice = others.some(({ url }) => url === form.url.trim());
  const setTitle = (locale: string, title: string) =>
    setForm({ ...form, titles: form.titles.map((one) => (one.locale === locale ? { locale, title } : one)) });

  const done = () => {
    draft.clear();
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problemsOf(form)).length > 0) return;
    if (!before) {
      const made = { bundleId: clip.bundleId, url: form.url.trim(), titles: titlesBy(form.titles) };
      const [refused] = await sendAll([made], make, () => 'Address added');
      if (!refused) return done();
      return setErrors({ create: refused.error });
    }
    const refused = await sendAll(
      changesOf(before, form),
      (change: ClipChange) => send(change, before, clip.bundleId),
      () => 'Address saved',
    );
    if (refused.length === 0) return done();
    setErrors(Object.fromEntries(refused.map(({ one, error }) => [fieldOf(one), error])));
  };

  const errorAt = (field: 'url' | 'title', at: string, index: number): string | undefined => {
    if (problems[at]) return problems[at];
    const error = errors[at];
    if (error === undefined) return refusedAt(errors.create, field, index);
    return refusedWords(error, field) ?? (error instanceof Error ? error.message : String(error));
  };
  const isSaid =
    refusedAt(errors.create, 'url', -1) !== undefined ||
    form.titles.some((_, index) => refusedAt(errors.create, 'title', index) !== undefined);
  return (
    <Dialog
      open
      wide
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={invocation ? 'Edit the address' : 'Add an address'}
      description={`Testers of ${clip.build} can open the App Clip with it from TestFlight.`}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
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
        {isSaid ? null : <Refusal error={errors.create} />}
        {Object.entries(errors).map(([at, error]) =>
          at === 'create' || at === 'url' || form.titles.some(({ locale }) => locale === at) ? null : (
            <Refusal key={at} error={error} />
          ),
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={isBusy || (isFetching && isTried)}
            disabled={changes?.length === 0}
          >
            {invocation ? 'Save' : 'Add address'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const fieldOf = (change: ClipChange): string => ('locale' in change ? change.locale : 'url');
