/** Why a file cannot be read at all; `line` is 1-based where it is known. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
  constructor(
    readonly code: FileRefusalCode,
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

export type FileRefusalCode =
  | 'EMPTY'
  | 'TOO_LARGE'
  | 'NOT_TEXT'
  | 'WORKBOOK'
  | 'TOO_MANY_COLUMNS'
  | 'TOO_MANY_ROWS'
  | 'LINE_TOO_LONG'
  | 'UNCLOSED_QUOTE'
  | 'UNREADABLE';

/** The largest file taken, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** The longest record (a line, or several inside quotation marks), in characters. */
export const MAX_RECORD_CHARACTERS = 64 * 1024;
export const MAX_COLUMNS = 200;
export const MAX_ROWS = 50_000;
