import { createHash } from 'node:crypto';

/** A UUID that is a pure function of its parts. */
export function uuidFrom(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\u0000')).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Ten characters as App Store Connect's key ids have them. */
export function keyIdFrom(...parts: readonly (string | number)[]): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const bytes = createHash('sha256').update(parts.join('\u0000')).digest();
  return [...bytes.subarray(0, 10)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

/** Hands out ids for what is created here: the same run of requests gives the same ids. */
export class IdSource {
  readonly #seed: number;
  readonly #next = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A fresh id of a type; `taken` guards against ids that an earlier run of the same programme handed out. */
  fresh(type: string, taken: (id: string) => boolean): string {
    for (let n = this.#next.get(type) ?? 0; ; n += 1) {
      const id = uuidFrom('created', this.#seed, type, n);
      if (taken(id)) continue;
      this.#next.set(type, n + 1);
      return id;
    }
  }
}
