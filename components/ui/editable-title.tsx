'use client';

import { Pencil } from 'lucide-react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Button, IconButton } from './button';
import { Name } from './name';
import { isTyping } from './typing';

/** A title that can be changed in place: `e` or the pencil opens it, enter saves, esc leaves it as it was. */
export function EditableTitle({
  value,
  label,
  onSave,
}: {
  value: string;
  label: string;
  /** Rejects with the reason, which is then shown at the field. */
  onSave: (value: string) => Promise<void>;
}) {
  const [isOpen, setOpen] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (!isOpen && wasOpen.current) pencil.current?.focus();
    wasOpen.current = isOpen;
    const listener = (event: KeyboardEvent) => {
      if (event.key !== 'e' || event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [isOpen]);

  if (isOpen) return <TitleForm value={value} label={label} onSave={onSave} onClose={() => setOpen(false)} />;
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <Name className="min-w-0 break-words">{value}</Name>
      <IconButton ref={pencil} label={label} keys="e" onClick={() => setOpen(true)}>
        <Pencil size={15} aria-hidden />
      </IconButton>
    </span>
  );
}

function TitleForm({
  value,
  label,
  onSave,
  onClose,
}: {
  value: string;
  label: string;
  onSave: (value: string) => Promise<void>;
  onClose: () => void;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.select(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed === value) return onClose();
    setBusy(true);
    try {
      await onSave(typed);
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
      field.current?.focus();
    }
  };
  return (
    <form onSubmit={submit} className="flex w-full max-w-xl flex-wrap items-center gap-2 font-normal">
      <input
        ref={field}
        value={typed}
        dir="auto"
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
        className="field h-9 min-w-0 flex-1 px-2.5 text-base"
      />
      <Button type="submit" variant="primary" busy={isBusy}>
        Save
      </Button>
      <Button variant="ghost" onClick={onClose}>
        Cancel
      </Button>
      {problem ? (
        <p id={id} role="alert" className="w-full text-bad text-sm">
          {problem}
        </p>
      ) : null}
    </form>
  );
}
