import { hashWords, mix, Random } from './prng';

const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Four hexadecimal digits for each 16-bit number: ids are made by the hundred thousand. */
const HEX4 = Array.from({ length: 65_536 }, (_, word) => word.toString(16).padStart(4, '0'));

function hex4(word: number): string {
  return HEX4[word & 0xffff] ?? '';
}

/** UUID-shaped text from four words (version and variant digits set as in a random UUID). */
export function uuidOf(a: number, b: number, c: number, d: number): string {
  const version = hex4((b & 0x0fff) | 0x4000);
  const variant = hex4(((c >>> 16) & 0x3fff) | 0x8000);
  return `${hex4(a >>> 16)}${hex4(a)}-${hex4(b >>> 16)}-${version}-${variant}-${hex4(c)}${hex4(d >>> 16)}${hex4(d)}`;
}

/** Ids of one kind: the n-th is always the same, and no other has to be made to know it. */
export type IdSeries = (n: number) => string;

/** UUID-like ids for everything that Apple gives UUIDs. */
export function uuidSeries(key: string): IdSeries {
  const [a, b, c, d] = hashWords(key);
  return (n) => uuidOf(mix(a, n), mix(b, n), mix(c, n), mix(d, n));
}

/** Base64-like ids of 43 characters, as feedback has. */
export function feedbackIdSeries(key: string): IdSeries {
  return (n) => {
    const random = new Random(`${key}/${n}`);
    let text = 'A';
    while (text.length < 43) text += BASE64_URL[random.word() & 63];
    return text;
  };
}
