'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { dropDraft, keepDraft, readDraft } from '@/lib/browser/drafts';
import { isServerAway, subscribeToReach } from '@/lib/browser/reach';

const QUIET_MS = 600;

export interface DraftOptions<Value> {
  /** Which form, and of what: `group/new/123`. */
  readonly key: string;
  /** What stands in the form now. Nothing secret may ever be in it. */
  readonly value: Value;
  /** Puts a kept draft into the form. */
  readonly restore: (value: Value) => void;
  /** What was kept, as far as this form still understands it; null when it does not. */
  readonly read: (kept: unknown) => Value | null;
  /** Asks before a draft is put into the form, where that would take the place of what is being begun. */
  readonly isAsking?: boolean;
}

export interface DraftState {
  /** When what stands in the form was kept, if it came from a draft; ISO text. */
  readonly keptAt: string | null;
  /** It waits to be used: somebody had begun to type before the draft was here, or the form always asks. */
  readonly isOffered: boolean;
  readonly use: () => void;
  /** Back to the form as it was, and the draft forgotten. */
  readonly discard: () => void;
  /** Call when what was typed has been sent: there is nothing left to keep. */
  readonly clear: () => void;
}

/**
 * Keeps what is typed into a form on the server, for this person alone, and brings it back when the form is opened
 * again, here or on another machine.
 */
export function useDraft<Value>({
  key,
  value,
  restore,
  read,
  isAsking = false,
}: DraftOptions<Value>): DraftState {
  const [kept, setKept] = useState<{ value: Value; at: string; isOffered: boolean } | null>(null);
  const text = JSON.stringify(value);
  // The form as it was when it opened: being back there means that there is nothing to keep.
  const blank = useRef({ text, value });
  const latest = useRef({ text, value, restore, read });
  const stored = useRef<string | null>(null);
  const isOver = useRef(false);
  // One request after the other: what was sent last must be what stands at the end.
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    latest.current = { text, value, restore, read };
  });

  useEffect(() => {
    const asked = new AbortController();
    readDraft(key, asked.signal).then(
      (draft) => {
        const found = draft && latest.current.read(draft.value);
        if (!draft || found === null || asked.signal.aborted || isOver.current) return;
        const foundText = JSON.stringify(found);
        const isOffered = isAsking || latest.current.text !== blank.current.text;
        // One that waits is left alone until something else is typed.
        if (!isOffered) stored.current = foundText;
        if (foundText === latest.current.text) return;
        if (!isOffered) latest.current.restore(found as Value);
        setKept({ value: found as Value, at: draft.updatedAt, isOffered });
      },
      // A form works without its draft.
      () => undefined,
    );
    return () => asked.abort();
  }, [key, isAsking]);

  const save = useCallback(() => {
    const { text: now, value: current } = latest.current;
    if (isOver.current || now === (stored.current ?? blank.current.text)) return;
    const isBlank = now === blank.current.text;
    stored.current = isBlank ? null : now;
    const send = () => (isBlank ? dropDraft(key) : keepDraft(key, current));
    queue.current = queue.current.then(send).catch(() => {
      // Not kept: the next change tries again, or the server's return.
      if (stored.current === now) stored.current = null;
    });
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the form starts the wait anew
  useEffect(() => {
    const timer = setTimeout(save, QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, save]);

  useEffect(() => subscribeToReach(() => (isServerAway() ? undefined : save())), [save]);

  // Left before the wait was over: closing the form or the page must not lose the last words.
  useEffect(() => {
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      save();
    };
  }, [save]);

  const forget = useCallback(() => {
    queue.current = queue.current.then(() => dropDraft(key)).catch(() => undefined);
  }, [key]);
  const clear = useCallback(() => {
    const isThere = stored.current !== null;
    isOver.current = true;
    stored.current = null;
    setKept(null);
    if (isThere) forget();
  }, [forget]);
  const discard = useCallback(() => {
    setKept(null);
    stored.current = null;
    latest.current.restore(blank.current.value);
    forget();
  }, [forget]);
  const use = useCallback(() => {
    setKept((before) => {
      if (before) latest.current.restore(before.value);
      return before && { ...before, isOffered: false };
    });
  }, []);
  return { keptAt: kept?.at ?? null, isOffered: kept?.isOffered ?? false, use, discard, clear };
}
