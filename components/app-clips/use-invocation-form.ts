'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useDraft } from '@/components/drafts/use-draft';
import { refusedWords } from '@/components/texts/refused-words';
import { ApiError } from '@/lib/browser/api';
import { type ClipChange, readInvocationsMutation } from '@/lib/browser/app-clips';
import { type Clip, type Invocation, invocationsOf, titlesBy } from './clips';
import {
  type ClipForm,
  changesOf,
  formOf,
  problemsOf,
  readClipForm,
  refusedAt,
  withSaved,
  withTheirs,
} from './form';
import { useClipChanges } from './use-changes';

interface Options {
  readonly clip: Clip;
  readonly appId: string;
  readonly invocation: Invocation | null;
  readonly primaryLocale: string;
  readonly onDone: () => void;
}

/** What is typed of an address and its titles, and what became of saving it, part by part. */
export function useInvocationForm({ clip, appId, invocation, primaryLocale, onDone }: Options) {
  const [form, setForm] = useState<ClipForm>(() => formOf(invocation, primaryLocale));
  const draft = useDraft({
    key: invocation ? `app-clip/${invocation.id}` : `app-clip/new/${clip.bundleId}`,
    ...{ value: form, restore: setForm, read: readClipForm },
  });
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [isTried, setTried] = useState(false);
  const { isBusy, make, send, sendAll } = useClipChanges(appId);
  const read = useMutation(readInvocationsMutation());
  const problems = isTried ? problemsOf(form) : {};

  const done = () => {
    draft.clear();
    onDone();
  };

  const create = async () => {
    const made = { bundleId: clip.bundleId, url: form.url.trim(), titles: titlesBy(form.titles) };
    const [refused] = await sendAll([made], make, () => 'Address added');
    if (!refused) return done();
    setErrors({ create: refused.error });
  };

  const change = async (base: Invocation) => {
    let now = form;
    const refused = await sendAll(
      changesOf(form),
      (one) => send(one, base, clip.bundleId),
      () => 'Address saved',
      (one, id) => {
        now = withSaved(now, one, id);
      },
    );
    const said: Record<string, unknown> = {};
    const there = refused.some(({ error }) => mayBeOvertaken(error)) ? await readNow(base.id) : undefined;
    for (const { one, error } of refused) {
      const theirs = there && withTheirs(now, one, there);
      if (theirs) now = theirs.form;
      const words = theirs ? theirs.words && new Error(theirs.words) : error;
      if (words) said[fieldOf(one)] = words;
    }
    if (Object.keys(said).length === 0) return done();
    setForm(now);
    setErrors(said);
  };

  const readNow = async (id: string): Promise<Invocation | undefined> => {
    const list = await read.mutateAsync(clip.bundleId).catch(() => null);
    return list ? invocationsOf(list).find((one) => one.id === id) : undefined;
  };

  const submit = async () => {
    setTried(true);
    if (Object.keys(problemsOf(form)).length > 0) return;
    await (form.base ? change(form.base) : create());
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
  const isShown = (at: string) =>
    at === 'url' || (at === 'create' && isSaid) || form.titles.some(({ locale }) => locale === at);

  return {
    form,
    setForm,
    draft,
    submit,
    errorAt,
    problems,
    /** Refusals that stand at no field. */
    others: Object.entries(errors).filter(([at]) => !isShown(at)),
    isBusy: isBusy || read.isPending,
    hasChanges: form.base === null || changesOf(form).length > 0,
  };
}

const fieldOf = (change: ClipChange): string => ('locale' in change ? change.locale : 'url');

/** Apple refuses a second title in a language as a conflict too. */
const mayBeOvertaken = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 409 || error.status === 404);
