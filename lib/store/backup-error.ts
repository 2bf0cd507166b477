import { codeOf } from './errors';

/** A database or file cannot be read, written or used for this; the message says why and what to do. */
export class BackupError extends Error {
  override name = 'BackupError';
}

/** Whatever the disk or SQLite refuses is said with the name of the file. */
export async function attempted<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw said(error, file);
  }
}

/** The same error as one that says what to do, where there is something to say. */
export function said(error: unknown, file: string): unknown {
  const code = codeOf(error);
  const refusal = (message: string) => new BackupError(message, { cause: error });
  if (code === 'SQLITE_NOTADB') return refusal(`${file} is not a database.`);
  if (code.startsWith('SQLITE_CORRUPT')) return refusal(`${file} is damaged.`);
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return refusal(`The disk is full: ${file} was not written.`);
  }
  if (/^(E[A-Z]+|SQLITE_(CANTOPEN|READONLY|IOERR).*)$/.test(code)) {
    return refusal(`${file} cannot be used (${code}).`);
  }
  return error;
}
