/**
 * Keys of lists that are no grid: whatever is marked `data-list`, with rows marked `data-list-row`. `j k` move the
 * focus from row to row, `x` ticks the row's box, `/` goes to the page's search, `esc` leaves the row.
 */
export function handleListKey(event: KeyboardEvent): boolean {
  // A grid has keys of its own.
  if (document.querySelector('main [data-row]')) return false;
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-list] [data-list-row]')];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const step = { j: 1, k: -1 }[event.key];
  if (step !== undefined) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    const target = row?.querySelector<HTMLElement>('a[href], button, input, summary') ?? row;
    target?.focus();
    row?.scrollIntoView({ block: 'nearest' });
    return true;
  }
  if (event.key === '/') {
    const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
    field?.focus();
    return field !== null;
  }
  if (at < 0) return false;
  const box = rows[at]?.querySelector<HTMLInputElement>('input[type="checkbox"]');
  if (event.key === 'x' && box) {
    box.click();
    return true;
  }
  if (event.key === 'Escape' && document.activeElement instanceof HTMLElement) {
    document.activeElement.blur();
    return true;
  }
  return false;
}
