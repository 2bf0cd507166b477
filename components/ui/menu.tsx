'use client';

import { type ReactNode, useRef, useState } from 'react';
import { whenReachable } from '@/lib/browser/reach';
import type { MenuEntry } from './menu-entry';
import { onDemand } from './on-demand';

const load = whenReachable(() => import('./menu-layer'));
const Layer = onDemand(load);

/** A button that opens a menu. The menu's code is fetched when the pointer or the focus reaches the button. */
export function Menu({
  entries,
  label,
  className,
  align = 'start',
  side = 'bottom',
  children,
}: {
  entries: readonly MenuEntry[];
  label: string;
  className: string;
  align?: 'start' | 'end';
  side?: 'bottom' | 'top' | 'right';
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
        aria-haspopup="menu"
        aria-expanded={isOpen}
        className={className}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => setOpen((open) => !open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {isOpen ? (
        <Layer
          anchor={anchor}
          entries={entries}
          label={label}
          align={align}
          side={side}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
