import { fold } from './fold';

/** What PostgreSQL holds in no text, and SQLite only until somebody reads it as JSON: NUL, and half of a pair. */
const UNSOUND = /[\0\p{Surrogate}]/gu;
/** The same written as an escape; whole pairs and what is itself escaped are met first, and stay. */
const ESCAPED = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(u0000|ud[89a-f][0-9a-f]{2})|[\s\S])/gi;
const MAYBE = /[\0\p{Surrogate}]|\\u/u;

/**
 * A text as both engines hold it: a NUL and half of a surrogate pair become the replacement character, in JSON also
 * where they are written as escapes. Everything that is stored or compared goes through here.
 */
export function storedText(text: string): string {
  if (!MAYBE.test(text)) return text;
  const sound = text.replace(UNSOUND, '\uFFFD');
  const whole = sound.replace(ESCAPED, (written, unsound) => (unsound === undefined ? written : '\\ufffd'));
  return whole === sound || !isJson(sound) ? sound : whole;
}

/** The same for every text in what is given. */
export function storedTexts<Given>(given: Given): Given {
  return mapped(given) as Given;
}

function mapped(given: unknown): unknown {
  if (typeof given === 'string') return storedText(given);
  if (Array.isArray(given)) return given.map(mapped);
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype)
    return given;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mapped(value)]));
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** More letters than any name or address has that people can tell apart. */
const MOST_KEY = 400;

/** The beginning of a text that stands in an index: PostgreSQL's hold 2,700 bytes, for all columns together. */
export function keyText(text: string): string {
  if (text.length <= MOST_KEY) return text;
  const cut = text.slice(0, MOST_KEY);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

const ADDRESS = /\S*@\S*/g;

/** A text as it is searched by everybody: folded, without what holds an e-mail address. */
export const searchedText = (text: string): string =>
  fold(text).replace(ADDRESS, ' ').replace(/\s+/g, ' ').trim();
