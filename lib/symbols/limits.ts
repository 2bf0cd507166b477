const MB = 1024 * 1024;

/** How much is taken in at once: a judgement between the dSYMs of a large app and what fills a disk. */
export interface SymbolLimits {
  /** Of what is sent, bytes. */
  readonly upload: number;
  /** Of what comes out of it, bytes. */
  readonly unpacked: number;
  /** Files and folders of an archive. */
  readonly entries: number;
  /** Slices and binaries with symbols. */
  readonly binaries: number;
  /** How many times larger a thing may become when it is unpacked, once it is larger than `innocent`. */
  readonly ratio: number;
  /** What is smaller is no bomb, bytes. */
  readonly innocent: number;
}

export const SYMBOL_LIMITS: SymbolLimits = {
  // An integer of the database.
  upload: 2000 * MB,
  unpacked: 6144 * MB,
  entries: 50_000,
  binaries: 500,
  ratio: 100,
  innocent: 32 * MB,
};

/** Bytes in words: "12 MB". */
export function inMegabytes(bytes: number): string {
  return bytes >= 1024 * MB
    ? `${(bytes / 1024 / MB).toFixed(1)} GB`
    : `${Math.max(1, Math.round(bytes / MB))} MB`;
}
