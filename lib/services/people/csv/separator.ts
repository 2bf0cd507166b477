export type Separator = ',' | ';' | '\t';

export interface SeparatorGuess {
  readonly separator: Separator;
  /** Characters to skip: Excel's own `sep=;` line. */
  readonly skip: number;
}

const SEPARATORS: readonly Separator[] = [',', ';', '\t'];
const SAMPLE_RECORDS = 50;

/** Finds the separator: what a `sep=` line says, else the one that cuts the first records most evenly. */
export function guessSeparator(text: string): SeparatorGuess {
  const told = /^"?sep=([,;\t])"?[^\S\r\n]*(?:\r\n|\n|\r|$)/i.exec(text);
  if (told) return { separator: told[1] as Separator, skip: told[0].length };
  const counts = countPerRecord(text);
  let best: Separator = ',';
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const score = evenness(counts.map((record) => record[separator]));
    if (score > bestScore) {
      best = separator;
      bestScore = score;
    }
  }
  return { separator: best, skip: 0 };
}

/** Share of the records cut like the first one, weighed up a little by how many columns that makes. */
function evenness(counts: readonly number[]): number {
  const first = counts[0] ?? 0;
  const used = first > 0 ? first : mostFrequent(counts);
  if (used === 0) return 0;
  const same = counts.filter((count) => count === used).length / counts.length;
  const some = counts.filter((count) => count > 0).length / counts.length;
  return (first > 0 ? 1 : 0.2) * (same + some / 2) + Math.min(used, 10) / 100;
}

function mostFrequent(counts: readonly number[]): number {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** How often each separator stands outside quotation marks, for the first records that are not blank. */
function countPerRecord(text: string): Record<Separator, number>[] {
  const records: Record<Separator, number>[] = [];
  const end = Math.min(text.length, 256 * 1024);
  let current = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  let blank = true;
  for (let index = 0; index <= end && records.length < SAMPLE_RECORDS; index += 1) {
    const character = index === end ? '\n' : (text[index] ?? '\n');
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      if (!blank) records.push(current);
      current = { ',': 0, ';': 0, '\t': 0 };
      blank = true;
      continue;
    } else if (!quoted && (character === ',' || character === ';' || character === '\t')) {
      current[character] += 1;
    }
    if (character.trim() !== '') blank = false;
  }
  return records;
}
