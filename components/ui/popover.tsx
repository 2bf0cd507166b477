'use client';

import { type ReactNode, useRef, useState } from 'react';
import { whenReachable } from '@/lib/browser/reach';
import { onDemand } from './on-demand';

const load = whenReachable(() => import('./popover-layer'));
const Layer = onDemand(load);

/** A button that opens a panel beside it. The panel's frame is fetched when the pointer or focus reaches the button. */
export function Popover({
  label,
  title,
  align = 'end',
  className,
  panel,
  children,
}: {
  label?: string;
  title: string;
  align?: 'start' | 'end';
  className: string;
  /** What it shows; given how to close it where choosing something there ends it. */
  panel: ReactNode | ((close: () => void) => ReactNode);
  children: ReactNode;
}) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        aria-label={label}
        data-tip={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className={className}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => setOpen((open) => !open)}
      >
        {children}
      </button>
      {isOpen ? (
        <Layer anchor={anchor} title={title} align={align} onClose={() => setOpen(false)}>
          {typeof panel === 'function' ? panel(() => setOpen(false)) : panel}
        </Layer>
      ) : null}
    </>
  );
}
