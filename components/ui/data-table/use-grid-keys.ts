'use client';

import { useEffect, useRef } from 'react';
import { isTyping } from '../typing';

interface Keys {
  readonly count: number;
  readonly active: number;
  readonly move: (index: number) => void;
  readonly open: (index: number) => void;
  readonly peek: (index: number) => void;
  readonly toggle: (index: number, isRange: boolean) => void;
  /** Opens or closes the group the active row is in, or all; absent where the rows stand in no groups. */
  readonly fold: ((isOpen: boolean, isAll: boolean) => void) | undefined;
  readonly edit: ((index: number) => void) | undefined;
  readonly search: () => void;
  /** Gives whether there was anything to close or clear. */
  readonly escape: () => boolean;
}

/**
 * `j k` move, `x` selects, shift makes a range, enter opens, space peeks, `e` edits, `/` searches, `←` and `→` close and
 * open the group of a row, with shift all of them, `esc` closes and clears; ignored while typing.
 */
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

const FOLDS: Readonly<Record<string, boolean>> = { ArrowLeft: false, ArrowRight: true };
const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

function handle(event: KeyboardEvent, keys: Keys): boolean {
  const { count, active } = keys;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isInRow = target?.closest('[data-row]') != null;
  const isNowhere = target === document.body;
  const isElsewhere = !isInRow && !(isNowhere && active >= 0);
  const step = key.startsWith('Arrow') && isElsewhere ? undefined : STEPS[key];
  const fold = isElsewhere ? undefined : FOLDS[key];
  if (fold !== undefined && keys.fold) {
    keys.fold(fold, event.shiftKey);
    return true;
  }
  if (step !== undefined) {
    const next = Math.max(0, Math.min(count - 1, active + step));
    if (event.shiftKey) keys.toggle(next, true);
    keys.move(next);
    return true;
  }
  if (key === '/') {
    keys.search();
    return true;
  }
  if (key === 'Escape') return keys.escape();
  if (active < 0) return false;
  if (key === 'x') keys.toggle(active, event.shiftKey);
  else if (key === 'e' && keys.edit) keys.edit(active);
  // A button, a box or a link that has the focus answers these two itself.
  else if (key === ' ' && (isNowhere || target?.closest('[data-row] a') != null)) keys.peek(active);
  else if (key === 'Enter' && (isNowhere || target?.matches('[data-row] input'))) keys.open(active);
  else return false;
  return true;
}
