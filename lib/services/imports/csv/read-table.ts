import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { formatCount } from '@/lib/format/numbers';
import { type AddressList, readAddressList } from './address-list';
import { cleanCell } from './cells';
import { type DecodedFile, decodeFile } from './decode';
import type { Encoding } from './encodings';
import { openQuoteLine } from './open-quote';
import { FileRefusal, MAX_COLUMNS, MAX_RECORD_CHARACTERS, MAX_ROWS } from './refusal';
import { guessSeparator, type Separator } from './separator';

export interface TableRow {
  /** Line of the file where the record ends, 1-based, as an editor counts. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly encoding: DecodedFile['encoding'];
  readonly hasByteOrderMark: boolean;
  readonly howDecoded: DecodedFile['how'];
  /** A list of addresses has one row for each person: the name if any has one, and the address. */
  readonly kind: 'table' | 'list';
  readonly separator: Separator;
  /** Rows that are not blank, with clean cells, all of the same width. */
  readonly rows: readonly TableRow[];
  readonly width: number;
  /** Lines of a list that are a header or comments; those of a table are told by its layout. */
  readonly skipped: readonly number[];
}

const CHUNK_CHARACTERS = 64 * 1024;

/** What a person chose instead of what would be guessed. */
export interface ReadChoices {
  readonly encoding?: Encoding | undefined;
  readonly separator?: Separator | undefined;
  readonly kind?: Table['kind'] | undefined;
}

/**
 * Reads a file or pasted text as people have them: a table with any of four separators or a list of addresses, any
 * usual encoding, ragged rows, Excel's quirks.
 * @throws FileRefusal with the line where reading ended
 */
export async function readTable(bytes: Uint8Array, choices: ReadChoices = {}): Promise<Table> {
  const decoded = decodeFile(bytes, choices.encoding);
  const { text } = decoded;
  refuseLongLines(text);
  const isTable = choices.kind === 'table' || choices.separator !== undefined;
  const list = isTable ? null : readAddressList(text);
  return list ? listTable(list, decoded) : csvTable(decoded, choices.separator);
}

function listTable({ people, skipped }: AddressList, decoded: DecodedFile): Table {
  if (people.length > MAX_ROWS) throw tooManyRows();
  const hasNames = people.some(({ name }) => name !== '');
  const rows = people.map(({ line, name, address }) => ({
    line,
    cells: hasNames ? [name, address] : [address],
  }));
  return { ...howRead(decoded), kind: 'list', separator: ',', rows, width: hasNames ? 2 : 1, skipped };
}

function howRead({ encoding, hasByteOrderMark, how }: DecodedFile) {
  return { encoding, hasByteOrderMark, howDecoded: how };
}

async function csvTable(decoded: DecodedFile, separator?: Separator): Promise<Table> {
  const { text } = decoded;
  const guess = guessSeparator(text);
  const delimiter = separator ?? guess.separator;
  const skippedLines = guess.skip > 0 ? 1 : 0;
  const rows: { line: number; cells: string[] }[] = [];
  for await (const { record, info } of records(text.slice(guess.skip), delimiter, skippedLines)) {
    if (record.length > MAX_COLUMNS) {
      const message = `Line ${info.lines + skippedLines} has ${formatCount(record.length)} columns; at most ${MAX_COLUMNS} are read.`;
      throw new FileRefusal('TOO_MANY_COLUMNS', message, info.lines + skippedLines);
    }
    const cells = record.map(cleanCell);
    while (cells.length > 0 && cells.at(-1) === '') cells.pop();
    if (cells.length === 0) continue;
    if (rows.length >= MAX_ROWS) {
      throw tooManyRows();
    }
    rows.push({ line: info.lines + skippedLines, cells });
  }
  if (rows.length === 0) throw new FileRefusal('EMPTY', 'The file has no rows.');
  const width = rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0);
  for (const row of rows) while (row.cells.length < width) row.cells.push('');
  return { ...howRead(decoded), kind: 'table', separator: delimiter, rows, width, skipped: [] };
}

function tooManyRows(): FileRefusal {
  return new FileRefusal('TOO_MANY_ROWS', 'The file has more than 50,000 rows. Split it into several files.');
}

/** Before parsing, so that a line of a million separators makes no million cells. */
function refuseLongLines(text: string): void {
  let line = 1;
  let start = 0;
  for (const end of text.matchAll(/\r\n|\n|\r|$/g)) {
    if (end.index - start > MAX_RECORD_CHARACTERS) throw tooLong(line);
    start = end.index + end[0].length;
    line += 1;
  }
}

function tooLong(line: number): FileRefusal {
  const where = `The row at line ${formatCount(line)}`;
  return new FileRefusal('LINE_TOO_LONG', `${where} is longer than 64 KB; this is no list of testers.`, line);
}

function notClosed(line: number): FileRefusal {
  const where = `A quotation mark opened at line ${formatCount(line)}`;
  return new FileRefusal('UNCLOSED_QUOTE', `${where} is not closed. Close it, or leave it out.`, line);
}

async function* records(
  text: string,
  delimiter: Separator,
  skippedLines: number,
): AsyncGenerator<{ record: string[]; info: Info }> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    // `"Lind, Mara", "12 Road, Town"`: a quotation mark after a space opens a cell too.
    ltrim: delimiter !== '\t',
    max_record_size: MAX_RECORD_CHARACTERS,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  const source = Readable.from(chunks(text));
  // pipe() does not pass errors on, but the generator below cannot fail.
  source.pipe(parser);
  try {
    for await (const row of parser) yield row as { record: string[]; info: Info };
  } catch (error) {
    throw asRefusal(error, { text, delimiter, skippedLines });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** In pieces, so that other requests get their turn while a large file is read. */
function* chunks(text: string): Generator<Buffer> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + CHUNK_CHARACTERS);
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end += 1;
    yield Buffer.from(text.slice(start, end));
    start = end;
  }
}

function asRefusal(
  error: unknown,
  { text, delimiter, skippedLines }: { text: string; delimiter: Separator; skippedLines: number },
): unknown {
  if (!(error instanceof CsvError)) return error;
  const read = 'lines' in error && typeof error.lines === 'number' ? error.lines : undefined;
  const line = read === undefined ? undefined : read + skippedLines;
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
    case 'CSV_QUOTE_NOT_CLOSED': {
      const opened = openQuoteLine(text, delimiter, MAX_RECORD_CHARACTERS);
      return opened === null ? tooLong(line ?? 1) : notClosed(opened + skippedLines);
    }
    default:
      return new FileRefusal('UNREADABLE', `The file cannot be read at line ${line ?? '?'}.`, line);
  }
}
