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
import { type Invocation, titlesBy } from './clips';

/** A change that went through: of what, and its way back. */
interface Done {
  readonly id: string;
  readonly back: () => Promise<unknown>;
}

/** Sends changes of invocations one after the other, and knows how each is taken back. */
export function useClipChanges(appId: string) {
  const create = useMutation(createInvocationMutation(appId));
  const change = useMutation(changeInvocationMutation(appId));
  const [isBusy, setBusy] = useState(false);

  const make = async (one: NewInvocation & { readonly bundleId: string }): Promise<Done> => {
    const { id } = (await create.mutateAsync(one)).data;
    return { id, back: () => change.mutateAsync({ kind: 'delete', id, expect: one.url }) };
  };

  const send = async (one: ClipChange, before: Invocation, bundleId: string): Promise<Done> => {
    const answer = await change.mutateAsync(one);
    const id = one.kind === 'new-title' ? (answer.data?.id ?? '') : one.id;
    return { id, back: () => takeBack(one, id, before, bundleId) };
  };

  const takeBack = (one: ClipChange, id: string, { url, titles }: Invocation, bundleId: string) => {
    switch (one.kind) {
      case 'url':
        return change.mutateAsync({ ...one, url: one.expect, expect: one.url });
      case 'title':
        return change.mutateAsync({ ...one, title: one.expect, expect: one.title });
      case 'new-title':
        return change.mutateAsync({ ...one, kind: 'no-title', id, expect: one.title });
      case 'no-title':
        return change.mutateAsync({ ...one, kind: 'new-title', title: one.expect });
      case 'delete':
        return create.mutateAsync({ bundleId, url, titles: titlesBy(titles) });
    }
  };

  /** All of them in turn; where one is refused the others are tried, and it is told with its place in the row. */
  const sendAll = async <One>(
    all: readonly One[],
    run: (one: One) => Promise<Done>,
    said: (count: number) => string,
    /** Told at once of each that went through. */
    saved?: (one: One, id: string) => void,
  ): Promise<{ readonly one: One; readonly error: unknown }[]> => {
    setBusy(true);
    const backs: Done['back'][] = [];
    const refused: { one: One; error: unknown }[] = [];
    for (const one of all) {
      try {
        const { id, back } = await run(one);
        backs.push(back);
        saved?.(one, id);
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
