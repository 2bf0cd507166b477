'use client';

import type { Picked } from './types';

/** Where somebody was in a list when a row was opened. */
interface Place {
  readonly key: string;
  readonly index: number;
}

export type Kept =
  | { readonly kind: 'some'; readonly rows: readonly Picked[] }
  /** All that `query` matches, minus some; it ends where the list shows something else. */
  | { readonly kind: 'all'; readonly query: string; readonly except: readonly Picked[] };

const PLACE = 'fd-place ';
const SELECTION = 'fd-selection ';

// Of this tab only, and ids at most: what is selected is nobody else's business.
function read(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store only forgets.
  }
}

/** What tells a row apart from all others. */
export function pick(row: { readonly id: string; readonly meta?: unknown }): Picked {
  const { appId, accountId } = (row.meta ?? {}) as { appId?: unknown; accountId?: unknown };
  return {
    id: row.id,
    ...(typeof appId === 'string' ? { appId } : {}),
    ...(typeof accountId === 'string' ? { accountId } : {}),
  };
}

/** One word for a selected row: one person stands in several apps, and one app in several accounts. */
export function pickedKey({ id, appId = '', accountId = '' }: Picked): string {
  return `${accountId} ${appId} ${id}`;
}

/** One word for a row of a list. */
export function rowKey(row: { readonly id: string; readonly meta?: unknown }): string {
  return pickedKey(pick(row));
}

/** Keeps which row of a list was opened, and where it stood; `list` is the list's path and query string. */
export function keepPlace(list: string, row: Picked, index: number): void {
  write(PLACE + list, { key: pickedKey(row), index } satisfies Place);
}

/** The row that was opened from a list, once: a list that is visited anew begins at its top. */
export function takePlace(list: string): Place | null {
  const place = read(PLACE + list) as Place | null;
  write(PLACE + list, null);
  return place;
}

/** Whether a row of the list was opened and nobody has come back to it since. */
export function hasPlace(list: string): boolean {
  return read(PLACE + list) !== null;
}

/** Keeps what is selected in a list. */
export function keepSelection(list: string, kept: Kept): void {
  write(SELECTION + list, kept.kind === 'some' && kept.rows.length === 0 ? null : kept);
}

/** What was selected in a list, or nothing. */
export function keptSelection(list: string): Kept {
  return (read(SELECTION + list) as Kept | null) ?? { kind: 'some', rows: [] };
}
