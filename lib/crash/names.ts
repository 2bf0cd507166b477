/** The signal named in a text, such as SIGABRT in `EXC_CRASH (SIGABRT)`. */
export function signalIn(text: string): string | null {
  return /\bSIG[A-Z0-9]{2,8}\b/.exec(text)?.[0] ?? null;
}

/** Mach's name of the exception in a text. */
export function machExceptionIn(text: string): string | null {
  return /\bEXC_[A-Z][A-Z_]+\b/.exec(text)?.[0] ?? null;
}
