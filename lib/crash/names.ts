/** The signal named in a text, such as SIGABRT in `EXC_CRASH (SIGABRT)`. */
export function signalIn(text: string): string | null {
  return /\bSIG[A-Z0-9]{2,8}\b/.exec(text)?.[0] ?? null;
}

/** Mach's name of the exception in a text. */
export function machExceptionIn(text: string): string | null {
  return /\bEXC_[A-Z][A-Z_]+\b/.exec(text)?.[0] ?? null;
}

/** `iPhone OS 26.1 (23B85)` taken apart from behind; of a long line only the beginning is looked at. */
export function systemIn(text: string | null): {
  os: string | null;
  version: string | null;
  build: string | null;
} {
  const told = (text ?? '').trim().slice(0, 200).trimEnd();
  const brackets = /\(([^()]*)\)$/.exec(told);
  const plain = told.slice(0, brackets?.index).trimEnd();
  const version = /\d[\d.]*$/.exec(plain);
  return {
    os: plain.slice(0, version?.index).trimEnd() || null,
    version: version?.[0] ?? null,
    build: brackets?.[1]?.replace(/^Build /, '').trim() || null,
  };
}
