'use client';

import { type RefObject, useEffect } from 'react';
import { isTyping } from './typing';

/**
 * Keys of a plain list: `j k` move the focus from row to row (elements with `data-row`), Enter opens the row
 * (its `data-open` button or link), Esc leaves it, `/` goes to the search.
 */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  search?: RefObject<HTMLInputElement | null>,
): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      if (handle(event.key, list.current, search?.current)) event.preventDefault();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [list, search]);
}

function handle(key: string, list: HTMLElement | null, search: HTMLInputElement | null | undefined): boolean {
  if (key === '/' && search) {
    search.focus();
    search.select();
    return true;
  }
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const active = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === 'j' || key === 'k') {
    const next = rows[Math.max(0, Math.min(rows.length - 1, active + (key === 'j' ? 1 : -1)))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  }
  const row = rows[active];
  if (!row) return false;
  // Enter on a link or button inside the row is that one's own.
  if (key === 'Enter' && document.activeElement === row) {
    row.querySelector<HTMLElement>('[data-open]')?.click();
    return true;
  }
  if (key !== 'Escape') return false;
  const open = row.querySelector<HTMLElement>('[data-open][aria-expanded="true"]');
  if (open) {
    open.click();
    row.focus();
  } else row.blur();
  return true;
}
