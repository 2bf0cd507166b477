/** What spreadsheets run as a formula when a cell begins with it, full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u;
const ESCAPED_FORMULA = /^'+[=+\-@\t\r\n＝＋－＠]/u;

/** Makes a cell harmless in a spreadsheet by a leading `'`; {@link unescapeFormula} takes it off again. */
export function escapeFormula(cell: string): string {
  if (isPlainStart(cell.charCodeAt(0))) return cell;
  return FORMULA_START.test(cell) || ESCAPED_FORMULA.test(cell) ? `'${cell}` : cell;
}

/** Letters and digits of ASCII begin no formula; nearly every cell begins with one. */
function isPlainStart(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** The cell as it was before {@link escapeFormula}. */
export function unescapeFormula(cell: string): string {
  return ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Spaces of every kind, zero-width characters and marks of direction that cling to copied cells. */
const CLINGING = /[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/** A cell as a person meant it: without what clings to its ends, without Excel's `="…"`, without our `'`. */
export function cleanCell(cell: string): string {
  const plain = unescapeFormula(cell);
  const excel = /^="([^"]*)"$/.exec(plain.trim());
  return withoutClinging(excel?.[1] ?? plain);
}

/** Sign by sign from both ends: a pattern for the end would begin anew at every blank within a cell. */
function withoutClinging(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && CLINGING.test(text[start] ?? '')) start += 1;
  while (end > start && CLINGING.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

/** One CSV line with CR LF; cells are formula-safe and quoted where they must be. */
export function csvLine(cells: readonly (string | number | boolean | null | undefined)[]): string {
  let line = '';
  for (let index = 0; index < cells.length; index += 1) {
    line += index === 0 ? csvCell(cells[index]) : `,${csvCell(cells[index])}`;
  }
  return `${line}\r\n`;
}

function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const cell = escapeFormula(value);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
