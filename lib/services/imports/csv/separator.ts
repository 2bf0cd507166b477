import { isPlainAddress } from './kinds';

export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface SeparatorGuess {
  readonly separator: Separator;
  /** Characters to skip: Excel's own `sep=;` line. */
  readonly skip: number;
}

const SAMPLE_RECORDS = 50;
const SAMPLE_CHARACTERS = 256 * 1024;

/** Finds the separator: what a `sep=` line says, else the one that cuts most records alike and frees addresses. */
export function guessSeparator(text: string): SeparatorGuess {
  const told = /^"?sep=([,;\t|])"?[^\S\r\n]*(?:\r\n|\n|\r|$)/i.exec(text);
  if (told) return { separator: told[1] as Separator, skip: told[0].length };
  const records = firstRecords(text);
  let best: Separator = ',';
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const score = fitness(records, separator);
    if (score > bestScore) {
      best = separator;
      bestScore = score;
    }
  }
  return { separator: best, skip: 0 };
}

/** Share of records cut alike, of cells that are addresses then, and a little for how many columns that makes. */
function fitness(records: readonly string[], separator: Separator): number {
  const cut = records.map((record) => cells(record, separator));
  const usual = mostFrequent(cut.map(({ length }) => length).filter((length) => length > 1));
  if (usual === 0) return 0;
  const same = cut.filter(({ length }) => length === usual).length / cut.length;
  const some = cut.filter(({ length }) => length > 1).length / cut.length;
  const freed = cut.filter((row) => row.some((cell) => isPlainAddress(cell.trim()))).length / cut.length;
  const isLate = (cut[0]?.length ?? 0) < 2;
  return (isLate ? 0.7 : 1) * (same + some / 2) + freed + Math.min(usual - 1, 10) / 100;
}

function mostFrequent(counts: readonly number[]): number {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function cells(record: string, separator: Separator): string[] {
  const found: string[] = [];
  let quoted = false;
  let start = 0;
  for (let index = 0; index < record.length; index += 1) {
    if (record[index] === '"') quoted = !quoted;
    else if (!quoted && record[index] === separator) {
      found.push(record.slice(start, index));
      start = index + 1;
    }
  }
  found.push(record.slice(start));
  return found.map((cell) => cell.trim().replace(/^"(.*)"$/s, '$1'));
}

/** The first records that are not blank, line breaks inside quotation marks kept. */
function firstRecords(text: string): string[] {
  const records: string[] = [];
  const end = Math.min(text.length, SAMPLE_CHARACTERS);
  let start = 0;
  let quoted = false;
  for (let index = 0; index <= end && records.length < SAMPLE_RECORDS; index += 1) {
    const character = index === end ? '\n' : text[index];
    if (character === '"') quoted = !quoted;
    if (quoted || (character !== '\n' && character !== '\r')) continue;
    const record = text.slice(start, index);
    if (record.trim() !== '') records.push(record);
    start = index + 1;
  }
  return records;
}
