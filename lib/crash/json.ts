/** A value as JSON has it; whole numbers too large for a double are bigints. */
export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };

/** What could be read, and whether the text ended before the value did. */
export interface ReadJson {
  readonly value: Json;
  readonly isCut: boolean;
  /** Where in the text the value ends. */
  readonly end: number;
}

/** Deeper nesting than any report has is not followed. */
const DEEPEST = 200;

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const NUMBER = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[\s\0]*/y;
const PLAIN = /[^"\\]*/y;

interface Open {
  readonly into: Json[] | { [key: string]: Json };
  key: string | null;
}

/** Numbers that a double would round: they are kept as text, which `addressOf` takes. */
const LONG = /("\s*:\s*)(\d{16,40})(?=\s*[,}\]])/;
const LONGS = new RegExp(LONG, 'g');

/** Reads whole JSON by the engine's own parser, which is ten times as fast; null for everything else. */
function readWhole(all: string, at: number): ReadJson | null {
  const text = all.slice(at);
  const value = parsed(text);
  if (value === undefined) return null;
  const exact = LONG.test(text) ? parsed(text.replace(LONGS, '$1"$2"')) : undefined;
  // A text between quotes may look like a long number: then it is taken as it was.
  return { value: exact === undefined ? value : exact, isCut: false, end: all.length };
}

/** Undefined for what is cut or torn or goes on behind its end: that is read sign by sign. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Reads one value of JSON from `from` on, as far as the text goes: what is cut off, torn or wrong in the middle ends
 * the reading, and everything before it counts. Null when no object or list begins there.
 */
export function readJson(text: string, from = 0): ReadJson | null {
  let at = skip(text, from);
  const first = text[at];
  if (first !== '{' && first !== '[') return null;
  const whole = readWhole(text, at);
  if (whole !== null) return whole;
  const root: Json = first === '{' ? bare() : [];
  const open: Open[] = [{ into: root, key: null }];
  at += 1;
  const done = (isCut: boolean): ReadJson => ({ value: root, isCut, end: at });

  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    at = skip(text, at);
    const sign = text[at];
    if (sign === undefined) return done(true);
    if (sign === ',') {
      at += 1;
    } else if (sign === '}' || sign === ']') {
      if (Array.isArray(top.into) !== (sign === ']')) return done(true);
      at += 1;
      open.pop();
    } else if (!Array.isArray(top.into) && top.key === null) {
      if (sign !== '"') return done(true);
      const key = readString(text, at);
      at = skip(text, key.end);
      if (key.isCut || text[at] !== ':') return done(true);
      at += 1;
      top.key = key.value;
    } else if (sign === '{' || sign === '[') {
      if (open.length >= DEEPEST) return done(true);
      const inner: Json = sign === '{' ? bare() : [];
      put(top, inner);
      open.push({ into: inner, key: null });
      at += 1;
    } else {
      const one = readScalar(text, at);
      if (one === null) return done(true);
      put(top, one.value);
      at = one.end;
      if (one.isCut) return done(true);
    }
  }
  return done(false);
}

const bare = (): { [key: string]: Json } => Object.create(null) as { [key: string]: Json };

function put(open: Open, value: Json): void {
  if (Array.isArray(open.into)) open.into.push(value);
  else if (open.key !== null) open.into[open.key] = value;
  open.key = null;
}

function skip(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function readScalar(text: string, at: number): { value: Json; end: number; isCut: boolean } | null {
  if (text[at] === '"') return readString(text, at);
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word !== undefined) {
    const value = word === 'null' ? null : word === 'true';
    return { value, end: WORD.lastIndex, isCut: false };
  }
  NUMBER.lastIndex = at;
  const digits = NUMBER.exec(text)?.[0];
  if (digits === undefined) return null;
  return { value: numberOf(digits), end: NUMBER.lastIndex, isCut: NUMBER.lastIndex >= text.length };
}

function numberOf(digits: string): number | bigint | null {
  const value = Number(digits);
  if (Number.isSafeInteger(value) || !/^-?\d{16,40}$/.test(digits))
    return Number.isFinite(value) ? value : null;
  return BigInt(digits);
}

function readString(text: string, from: number): { value: string; end: number; isCut: boolean } {
  let at = from + 1;
  let value = '';
  for (;;) {
    PLAIN.lastIndex = at;
    value += PLAIN.exec(text)?.[0] ?? '';
    at = PLAIN.lastIndex;
    if (at >= text.length) return { value, end: at, isCut: true };
    if (text[at] === '"') return { value, end: at + 1, isCut: false };
    const sign = text[at + 1];
    if (sign === undefined) return { value, end: text.length, isCut: true };
    const code = sign === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0] : undefined;
    value += code === undefined ? (ESCAPES[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16));
    at += code === undefined ? 2 : 6;
  }
}

/** The object, or an empty one. */
export function fieldsOf(value: Json | undefined): { readonly [key: string]: Json | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** The list, or an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The text that is not blank; numbers as they are written. */
export function textOf(value: Json | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** The whole number, also one that is written as text; null where it is not exact. */
export function wholeOf(value: Json | undefined): number | null {
  const number =
    typeof value === 'string' && /^\s*(?:0x[0-9a-f]{1,13}|\d{1,15})\s*$/i.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** A number or bigint as an address: hexadecimal with 0x. */
export function addressOf(value: Json | undefined): string | null {
  const long = typeof value === 'string' && /^\d{16,40}$/.test(value) ? BigInt(value) : value;
  if (typeof long === 'bigint') return long < 0n ? null : `0x${long.toString(16)}`;
  const number = wholeOf(value);
  return number === null || number < 0 ? null : `0x${number.toString(16)}`;
}
