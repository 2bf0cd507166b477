import { createHash } from 'node:crypto';

/** Opaque page marks: bound to their query, refused when tampered with, expired at will. */
export class Cursors {
  #generation = 0;
  readonly #salt: string;

  constructor(salt: string) {
    this.#salt = salt;
  }

  encode(query: string, offset: number): string {
    const body = `${this.#generation.toString(36)}.${offset.toString(36)}`;
    return Buffer.from(`${body}.${this.#seal(body, query)}`).toString('base64url');
  }

  /** The offset a cursor stands for; null when it is stale, foreign to the query or invented. */
  decode(query: string, cursor: string): number | null {
    const [generation, offset, seal] = Buffer.from(cursor, 'base64url').toString().split('.');
    if (generation === undefined || offset === undefined || seal === undefined) return null;
    if (seal !== this.#seal(`${generation}.${offset}`, query)) return null;
    if (Number.parseInt(generation, 36) !== this.#generation) return null;
    return Number.parseInt(offset, 36);
  }

  /** Makes every cursor handed out so far stale. */
  expireAll(): void {
    this.#generation += 1;
  }

  #seal(body: string, query: string): string {
    return createHash('sha256').update(`${this.#salt} ${body} ${query}`).digest('base64url').slice(0, 12);
  }
}
