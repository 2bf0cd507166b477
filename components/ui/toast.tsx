'use client';

import { useSyncExternalStore } from 'react';
import { ApiError } from '@/lib/browser/api';
import { onDemand } from './on-demand';
import { saidOnce } from './said-once';
import { signInPath } from './sign-in-path';

const Layer = onDemand(() => import('./toast-layer'));

let wanted = false;
const listeners = new Set<() => void>();
function want(): void {
  wanted = true;
  for (const listener of listeners) listener();
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The place where toasts appear; its code is fetched with the first toast. */
export function Toasts() {
  const isWanted = useSyncExternalStore(
    subscribe,
    () => wanted,
    () => false,
  );
  return isWanted ? <Layer /> : null;
}

/** How long a change can be undone from its toast, in ms. */
const UNDO_MS = 7_000;

export interface ToastWords {
  title: string;
  detail?: string | undefined;
  /** What takes the change back; resolves when it is back, rejects with the reason when it could not be. */
  undo?: (() => Promise<unknown>) | undefined;
  /** The undo says itself that it is through. */
  isQuietUndo?: boolean;
  /** Where it can be seen. */
  link?: { readonly label: string; readonly open: () => void };
}

/** Says that something was done; with `undo` it can be taken back for seven seconds. */
export async function toast({ title, detail, undo, isQuietUndo, link }: ToastWords): Promise<void> {
  want();
  const { toast: show } = await import('sonner');
  const seen = link ? { cancel: { label: link.label, onClick: link.open } } : {};
  if (!undo) {
    show(title, { description: detail, ...seen, ...(link ? { duration: UNDO_MS } : {}) });
    return;
  }
  const revert = async () => {
    try {
      await undo();
      if (!isQuietUndo) show('Undone', { description: title });
    } catch (error) {
      void toastError('It could not be undone', error);
    }
  };
  show(title, {
    description: detail,
    duration: UNDO_MS,
    action: { label: 'Undo', onClick: () => void revert() },
    ...seen,
  });
}

/** Says that something was refused, in the words of who refused it. */
export async function toastError(title: string, error: unknown): Promise<void> {
  want();
  const { toast: show } = await import('sonner');
  const words = saidOnce(title, error instanceof Error ? error.message : String(error));
  show.error(words.title, {
    description: words.detail,
    duration: 12_000,
    ...(error instanceof ApiError && error.isSignedOut
      ? { action: { label: 'Sign in', onClick: () => void open(signInPath()) } }
      : {}),
  });
}
