import { csvLine } from './imports/csv/cells';

export type Cell = string | number | boolean | null;

/** A list as cells under one header. */
export interface Sheet {
  readonly header: readonly string[];
  /** The header as a file for people has it. */
  readonly words?: readonly string[];
  readonly rows: AsyncIterable<readonly Cell[]>;
}

/** A list as a file for spreadsheets, in which no cell is taken for a formula. */
export async function* asCsv({ header, words = header, rows }: Sheet): AsyncGenerator<string> {
  yield `\ufeff${csvLine(words)}`;
  for await (const row of rows) yield csvLine(row);
}

/** A list as JSON, a piece at a time. */
export async function* asJson({ header, rows }: Sheet): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before +
      JSON.stringify(Object.fromEntries(header.map((name, index) => [name, row[index] ?? null])));
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
