'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { X } from 'lucide-react';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { isSameTyped, wordToType } from '@/lib/format/typed';
import { Button } from './button';

const BACKDROP = 'fixed inset-0 z-40 bg-[#0b0d12]/45';
const POPUP =
  'fixed left-1/2 top-[8dvh] z-50 max-h-[84dvh] w-[min(32rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-auto rounded-lg border bg-raised p-5 shadow-pop data-nested-dialog-open:brightness-55';

/** Where typing starts; a finger would bring up the keyboard over the dialog. */
const FIELD = 'input:enabled:not([type=checkbox],[type=radio],[type=file]),select:enabled,textarea:enabled';

interface Shown {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
}

/** A dialog. Import it only from code that is itself loaded on demand. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  wide = false,
  children,
}: Shown & { description?: ReactNode; wide?: boolean; children: ReactNode }) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={BACKDROP} />
        <BaseDialog.Popup
          ref={popup}
          initialFocus={(opened) =>
            opened === 'touch' ? true : (popup.current?.querySelector<HTMLElement>(FIELD) ?? true)
          }
          className={clsx(POPUP, wide && 'sm:w-[min(48rem,calc(100vw-3rem))]')}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <BaseDialog.Title className="min-w-0 font-semibold text-lg wrap-anywhere">
              <bdi>{title}</bdi>
            </BaseDialog.Title>
            <BaseDialog.Close
              aria-label="Close"
              className="-mt-1 -mr-1 inline-flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover"
            >
              <X size={16} aria-hidden />
            </BaseDialog.Close>
          </div>
          {description ? (
            <BaseDialog.Description className="mb-4 text-ink-soft text-sm">
              {description}
            </BaseDialog.Description>
          ) : null}
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Asks before something that cannot be undone: says what will be lost and wants a word typed. */
export function TypedConfirm({
  open,
  onOpenChange,
  title,
  children,
  word,
  verb,
  busy = false,
  error,
  onConfirm,
}: Shown & {
  /** What will be lost. */
  children: ReactNode;
  /** What must be typed, usually the name of the thing. */
  word: string;
  verb: string;
  busy?: boolean;
  error?: ReactNode;
  onConfirm: () => void;
}) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSameTyped(word, typed)) onConfirm();
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={POPUP}>
          <AlertDialog.Title className="mb-2 font-semibold text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="mb-4 text-ink-soft text-sm">
            {children}
          </AlertDialog.Description>
          <form onSubmit={submit} className="grid gap-4">
            <label className="grid gap-1.5 text-sm">
              <span>
                Type <bdi className="font-semibold">{wordToType(word)}</bdi> to confirm
              </span>
              <input
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                className="field h-9 px-2.5"
              />
            </label>
            {error}
            <div className="dialog-actions">
              <Button onClick={() => onOpenChange(false)}>Keep</Button>
              <Button type="submit" variant="danger" busy={busy} disabled={!isSameTyped(word, typed)}>
                {verb}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
