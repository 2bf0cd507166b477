'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '@/components/ui/toast';
import {
  type ClipChange,
  changeInvocationMutation,
  createInvocationMutation,
  type NewInvocation,
} from '@/lib/browser/app-clips';
import type { Invocation } from './clips';
import { titlesBy } from './clips';

type Back = () => Promise<unknown>;

/** Sends changes of invocations one after the other, and knows how each is taken back. */
export function useClipChanges(appId: string) {
  const create = useMutation(createInvocationMutation(appId));
  const change = useMutation(changeInvocationMutation(appId));
  const [isBusy, setBusy] = useState(false);

  const make = async (one: NewInvocation & { readonly bundleId: string }): Promise<Back> => {
    const { data } = await create.mutateAsync(one);
    return () => change.mutateAsync({ kind: 'delete', id: data.id });
  };

  const makeAgain =
    ({ url, titles }: Invocation, bundleId: string): Back =>
    () =>
      create.mutateAsync({ bundleId, url, titles: titlesBy(titles) });

  const send = async (one: ClipChange, before: Invocation, bundleId: string): Promise<Back> => {
    const answer = await change.mutateAsync(one);
    switch (one.kind) {
      case 'url':
        return () => change.mutateAsync({ ...one, url: before.url });
      case 'title': {
        const title = before.titles.find(({ id }) => id === one.id)?.title ?? '';
        return () => change.mutateAsync({ ...one, title });
      }
      case 'new-title':
        return () => change.mutateAsync({ kind: 'no-title', id: answer.data?.id ?? '', locale: one.locale });
      case 'no-title': {
        const title = before.titles.find(({ id }) => id === one.id)?.title ?? '';
        const { locale } = one;
        return () => change.mutateAsync({ kind: 'new-title', invocationId: before.id, locale, title });
      }
      case 'delete':
        return makeAgain(before, bundleId);
    }
  };

  /** All of them in turn; where one is refused the others are tried, and it is told with its place in the row. */
  const sendAll = async <One>(
    all: readonly One[],
    run: (one: One) => Promise<Back>,
    said: (count: number) => string,
  ): Promise<{ readonly one: One; readonly error: unknown }[]> => {
    setBusy(true);
    const backs: Back[] = [];
    const refused: { one: One; error: unknown }[] = [];
    for (const one of all) {
      try {
        backs.push(await run(one));
      } catch (error) {
        refused.push({ one, error });
      }
    }
    setBusy(false);
    const undo = async () => {
      for (const back of backs.toReversed()) await back();
    };
    if (backs.length > 0) void toast({ title: said(backs.length), undo });
    return refused;
  };

  return { isBusy, make, send, sendAll };
}
