import { hintOf } from './headers';
import { kindOf } from './kinds';
import type { Table, TableRow } from './read-table';

/** Titles and comments stand before the header, if at all, in so many rows. */
const SEARCHED_ROWS = 20;

export interface Layout {
  readonly header: TableRow | null;
  /** Rows before this one are no people. */
  readonly from: number;
  /** Lines that are not read: titles and comments. */
  readonly skipped: readonly number[];
}

/** Finds the header by what it says and by being unlike the rows under it; titles may stand above it. */
export function layoutOf(table: Table, wanted: boolean | undefined): Layout {
  const { rows } = table;
  if (table.kind === 'list') return { header: null, from: 0, skipped: table.skipped };
  const comments = commentsOf(rows);
  const lines = (until: number) =>
    rows.flatMap((row, index) => (index < until || comments.has(row) ? [row.line] : []));
  if (wanted === false) return { header: null, from: 0, skipped: lines(0) };
  const at = headerAt(rows, comments) ?? (wanted === true ? rows.findIndex((row) => !comments.has(row)) : -1);
  const header = rows[at];
  if (!header) return { header: null, from: 0, skipped: lines(0) };
  return {
    header: cleanHeader(header),
    from: at + 1,
    skipped: lines(at).filter((line) => line !== header.line),
  };
}

/** The rows of people. A header that comes again, as in files put together from several, is left out. */
export function bodyOf(table: Table, { header, from, skipped }: Layout): readonly TableRow[] {
  const without = new Set(skipped);
  const again = header === null ? null : header.cells.join('\u0001').toLowerCase();
  return table.rows.filter(
    (row, index) =>
      index >= from &&
      !without.has(row.line) &&
      cleanHeader(row).cells.join('\u0001').toLowerCase() !== again,
  );
}

/** Lines that begin with `#`, unless most do: then it is how the rows are numbered. */
function commentsOf(rows: readonly TableRow[]): ReadonlySet<TableRow> {
  const marked = rows.filter((row) => /^(#|\/\/)(?!\d)/.test(row.cells[0] ?? ''));
  const plain = marked.filter((row) => knownHeaders(cleanHeader(row)) < 2);
  return plain.length > 0 && plain.length <= Math.max(5, rows.length * 0.3) && plain.length < rows.length
    ? new Set(plain)
    : new Set();
}

function cleanHeader(row: TableRow): TableRow {
  const [first = '', ...rest] = row.cells;
  return first.startsWith('#') ? { ...row, cells: [first.replace(/^#\s*/, ''), ...rest] } : row;
}

function headerAt(rows: readonly TableRow[], comments: ReadonlySet<TableRow>): number | null {
  const firstPerson = rows.findIndex((row) => !comments.has(row) && row.cells.some(hasAt));
  const end = Math.min(SEARCHED_ROWS, firstPerson < 0 ? rows.length : firstPerson);
  let best: number | null = null;
  let most = 0;
  for (let index = 0; index < end; index += 1) {
    const row = rows[index];
    if (!row || comments.has(row)) continue;
    const known = knownHeaders(cleanHeader(row));
    if (known > most) {
      most = known;
      best = index;
    }
  }
  if (best !== null) return best;
  return firstPerson > 0 && isUnlike(rows, firstPerson, comments) ? firstPerson - 1 : null;
}

/** How many cells are known headers; a cell that only contains such a word counts half. */
function knownHeaders(row: TableRow): number {
  let sum = 0;
  for (const cell of row.cells) {
    if (cell.length > 80) continue;
    const { field, strength, isSecret } = hintOf(cell);
    if (field !== null) sum += strength / 2;
    else if (isSecret && cell.length < 40) sum += 0.5;
  }
  return sum;
}

/** No header is known: words right above the first address that are neither an address gone wrong nor data. */
function isUnlike(rows: readonly TableRow[], firstPerson: number, comments: ReadonlySet<TableRow>): boolean {
  const person = rows[firstPerson];
  const above = rows[firstPerson - 1];
  if (!person || !above || comments.has(above)) return false;
  const column = person.cells.findIndex(hasAt);
  const cell = above.cells[column] ?? '';
  if (cell === '' || isBrokenAddress(cell) || kindOf(cell) === 'number') return false;
  return person.cells.every((value, index) => {
    const kind = kindOf(value);
    return (
      !['date', 'phone', 'number', 'id', 'url'].includes(kind) || kindOf(above.cells[index] ?? '') !== kind
    );
  });
}

function isBrokenAddress(cell: string): boolean {
  return /^[^\s]+\.[a-z]{2,}$/i.test(cell) || /[-_.]/.test(cell) || /\(at\)|\[at\]|\sat\s/i.test(cell);
}

function hasAt(cell: string): boolean {
  return /[@＠﹫]/u.test(cell);
}
