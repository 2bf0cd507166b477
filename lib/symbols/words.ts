/** A file cannot be taken in; the message says why, for people. */
export class SymbolsError extends Error {
  override readonly name = 'SymbolsError';
}
