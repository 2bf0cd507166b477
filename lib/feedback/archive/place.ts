/** What lies in a place. */
export interface Lying {
  /** SHA-256 of what it should hold, hexadecimal. */
  readonly hash: string;
  readonly size: number;
  /** When it was put there, ms since 1970. */
  readonly at: number;
}

/** Where files are kept under the hash of their bytes. All throw PlaceError. */
export interface Place {
  readonly name: 'folder' | 'bucket';
  /** Puts a whole file there, or nothing. */
  put(hash: string, bytes: Uint8Array, type: string): Promise<void>;
  /** Null when there is none. */
  get(hash: string): Promise<Uint8Array | null>;
  /** Puts a whole file of this machine there, or nothing; the file itself may be gone afterwards. */
  putFile(hash: string, file: string, type: string): Promise<void>;
  /** Where it lies on this machine; null when it must be copied to be read piece by piece, or is not there. */
  pathOf(hash: string): Promise<string | null>;
  /** Copies it to a path where nothing is; false when there is none. */
  copyTo(hash: string, file: string): Promise<boolean>;
  /** Does nothing when there is none. */
  remove(hash: string): Promise<void>;
  /** All files, in no order. */
  list(): AsyncIterable<Lying>;
  /** Takes away what was begun and not finished; only for whoever alone writes. */
  tidy(): Promise<void>;
}

/** A place cannot be used now; the message is for people and holds no secret. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
  constructor(
    readonly reason: 'full' | 'away' | 'refused',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** Whether a text is a hash and so may stand in a path. */
export const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text);
