import { csvLine } from './imports/csv/cells';

export type Cell = string | number | boolean | null;

/** A list as cells under one header. */
export interface Sheet {
  readonly header: readonly string[];
  /** The header as a file for people has it. */
  readonly words?: readonly string[];
  /** As many at once as are read at once: to wait for each row alone costs more than the row. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** A list as a file for spreadsheets, in which no cell is taken for a formula. */
export async function* asCsv({ header, words = header, rows }: Sheet): AsyncGenerator<string> {
  yield `\ufeff${csvLine(words)}`;
  for await (const some of rows) {
    let text = '';
    for (const row of some) text += csvLine(row);
    if (text !== '') yield text;
  }
}

/** A list as JSON, a piece at a time. */
export async function* asJson({ header, rows }: Sheet): AsyncGenerator<string> {
  let before = '[\n';
  for await (const some of rows) {
    let text = '';
    for (const row of some) {
      const named = Object.fromEntries(header.map((name, index) => [name, row[index] ?? null]));
      text += before + JSON.stringify(named);
      before = ',\n';
    }
    if (text !== '') yield text;
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
