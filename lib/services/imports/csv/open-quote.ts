/**
 * The line where a quotation mark opens that is not closed within so many characters; null where none is. The parser
 * only knows where it gave up. As there, a mark opens at the beginning of a cell, and closes wherever it is not doubled.
 */
export function openQuoteLine(text: string, delimiter: string, within: number): number | null {
  let line = 1;
  let opened: { line: number; at: number } | null = null;
  let isStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const isBreak = sign === '\n' || (sign === '\r' && text[at + 1] !== '\n');
    if (opened && at - opened.at > within) return opened.line;
    if (sign === '"' && opened) {
      if (text[at + 1] === '"') at += 1;
      else opened = null;
    } else if (sign === '"' && isStart) {
      opened = { line, at };
      isStart = false;
    } else if (!opened) {
      isStart = isBreak || sign === delimiter || (isStart && /\s/.test(sign));
    }
    if (isBreak) line += 1;
  }
  return opened?.line ?? null;
}
