const ROWS = 'main [data-list] [data-list-row]';

/**
 * Keys of lists that are no grid: whatever is marked `data-list`, with rows marked `data-list-row`. `j k` move the
 * focus from row to row: to the row where it takes the focus, else to its link, button or box. Enter opens the
 * row's `data-open`, `x` ticks its box, `esc` closes what is open and leaves it, `/` goes to the page's search.
 */
export function handleListKey(event: KeyboardEvent): boolean {
  // A grid has keys of its own.
  if (document.querySelector('main [data-row]')) return false;
  if (!document.querySelector('main [data-list]')) return false;
  const { key } = event;
  if (key === '/') return toSearch();
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const focused = document.activeElement;
  const at = rows.findIndex((row) => row.contains(focused));
  const step = { j: 1, k: -1 }[key];
  if (step !== undefined) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (row) focusRow(row);
    return row !== undefined;
  }
  const row = rows[at];
  if (!row) return false;
  if (key === 'x') return press(row.querySelector('input[type="checkbox"]'));
  // Enter on a link or a button inside the row is that one's own.
  if (key === 'Enter') return focused === row && press(row.querySelector('[data-open]'));
  if (key !== 'Escape') return false;
  if (press(row.querySelector('[data-open][aria-expanded="true"]'))) focusRow(row);
  else if (focused instanceof HTMLElement) focused.blur();
  return true;
}

/** Gives a row of a list the focus, and brings it into sight. */
export function focusRow(row: HTMLElement): void {
  const target = row.matches('[tabindex]')
    ? row
    : (row.querySelector<HTMLElement>('a[href]') ??
      row.querySelector<HTMLElement>('button, input, summary') ??
      row);
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

function press(element: HTMLElement | null): boolean {
  element?.click();
  return element !== null;
}

function toSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}
