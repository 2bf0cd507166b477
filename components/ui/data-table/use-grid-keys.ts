'use client';

import { useEffect, useRef } from 'react';
import { isTyping } from '../typing';

interface Keys {
  readonly count: number;
  readonly active: number;
  readonly move: (index: number) => void;
  readonly toggle: (index: number, isRange: boolean) => void;
  readonly edit: ((index: number) => void) | undefined;
  readonly search: () => void;
  /** Gives whether there was anything to clear. */
  readonly escape: () => boolean;
}

/** `j k` move, `x` selects, shift makes a range, `e` edits, `/` searches, `esc` clears; ignored while typing. */
export function useGridKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      if (handle(event, latest.current)) event.preventDefault();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function handle(
  event: KeyboardEvent,
  { count, active, move, toggle, edit, search, escape: clear }: Keys,
): boolean {
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step !== undefined) {
    const next = Math.max(0, Math.min(count - 1, active + step));
    if (event.shiftKey) toggle(next, true);
    move(next);
    return true;
  }
  if (event.key.toLowerCase() === 'x' && active >= 0) {
    toggle(active, event.shiftKey);
    return true;
  }
  if (event.key === 'e' && edit && active >= 0) {
    edit(active);
    return true;
  }
  if (event.key === '/') {
    search();
    return true;
  }
  return event.key === 'Escape' && clear();
}
