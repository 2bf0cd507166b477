'use client';

import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { whenReachable } from '@/lib/browser/reach';
import { IconButton } from './button';
import { Name } from './name';
import { onDemand } from './on-demand';
import { isTyping } from './typing';

const load = whenReachable(() => import('./title-form'));
const TitleForm = onDemand(load);
const ahead = () => void load().catch(() => undefined);
/** The title stays until its field can take its place; where its code is gone the page says so. */
const loaded = (then: () => void) => void load().then(then, then);

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
      loaded(() => setOpen(true));
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [isOpen]);

  if (isOpen) return <TitleForm value={value} label={label} onSave={onSave} onClose={() => setOpen(false)} />;
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <Name className="min-w-0 break-words">{value}</Name>
      <IconButton
        ref={pencil}
        label={label}
        keys="e"
        onPointerEnter={ahead}
        onFocus={ahead}
        onClick={() => loaded(() => setOpen(true))}
      >
        <Pencil size={15} aria-hidden />
      </IconButton>
    </span>
  );
}
