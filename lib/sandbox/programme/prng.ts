/** Seeded randomness: everything the programme invents is drawn from here, keyed by what it is for. */

/** Hashes a text into four 32-bit words (cyrb128): the state a generator or an id starts from. */
export function hashWords(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ k, 597399067);
    b = c ^ Math.imul(b ^ k, 2869860233);
    c = d ^ Math.imul(c ^ k, 951274213);
    d = a ^ Math.imul(d ^ k, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/** Mixes two 32-bit words into one, well enough that neighbours share nothing visible. */
export function mix(word: number, salt: number): number {
  let h = (word ^ Math.imul(salt + 0x9e3779b9, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The item at a position, counting round and round; throws a RangeError on an empty list. */
export function cycle<T>(items: readonly T[], position: number): T {
  const item = items[((position % items.length) + items.length) % items.length];
  if (item === undefined) throw new RangeError('a list to choose from is empty');
  return item;
}

/** A small fast generator (sfc32); two made from the same key give the same numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(key: string | readonly [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#counter] = typeof key === 'string' ? hashWords(key) : key;
  }

  /** A whole number from 0 to 2^32 − 1. */
  word(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** A number from 0 up to but not including 1. */
  next(): number {
    return this.word() / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One item; throws a RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    return cycle(items, this.between(0, items.length - 1));
  }

  /** One key, as likely as its weight says. */
  weighted<K>(choices: readonly (readonly [K, number])[]): K {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of choices) {
      left -= weight;
      if (left < 0) return key;
    }
    return cycle(choices, -1)[0];
  }

  /** Upper- or lower-case hexadecimal digits are up to the caller; these are lower. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.word().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }
}
