'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useRef, useState } from 'react';

const load = () => import('./popover-layer');
const Layer = dynamic(load, { ssr: false });

/** A button that opens a panel beside it. The panel's frame is fetched when the pointer or focus reaches the button. */
export function Popover({
  label,
  title,
  className,
  panel,
  children,
}: {
  label?: string;
  title: string;
  className: string;
  panel: ReactNode;
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
        <Layer anchor={anchor} title={title} onClose={() => setOpen(false)}>
          {panel}
        </Layer>
      ) : null}
    </>
  );
}
